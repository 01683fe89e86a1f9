"""Forms of the import of contacts: the file with what holds for everybody in it, and what its columns mean."""

from collections.abc import Mapping
from typing import Any

from flask_wtf.file import FileField, FileRequired
from openpyxl.utils import get_column_letter
from wtforms import Field, SelectField
from wtforms.fields.choices import SelectChoice

from models.base import LINE
from models.contacts.exchange.meanings import Meaning, guess_columns, is_usable
from models.contacts.people import DataOrigin, LegalBasis
from models.imports.headings import ListColumn
from webapp.forms import BaseForm, DayField, TextField, choice_field
from webapp.people.fields import past_check
from webapp.words import L_, _


class UploadForm(BaseForm):
    """A file, and the facts of data protection for those of whom the file itself says nothing else."""

    file = FileField(L_("File"), [FileRequired(L_("Please choose a file."))])
    origin = choice_field(L_("Origin of the data"), DataOrigin, default=DataOrigin.THIRD_PARTY.value)
    source = TextField(L_("Source"), LINE, required=True)
    source_on = DayField(L_("Date of the source"), required=True, checks=[past_check])
    legal_basis = choice_field(L_("Legal basis"), LegalBasis)
    purpose = TextField(L_("Purpose"), LINE, required=True)

    @property
    def facts(self) -> dict[str, Any]:
        """As the batch keeps them."""
        return {
            "origin": DataOrigin(self.origin.data).value,
            "source": self.source.data,
            "source_on": self.source_on.data.isoformat(),
            "legal_basis": LegalBasis(self.legal_basis.data).value,
            "purpose": self.purpose.data,
        }


def columns_form(columns: list[ListColumn], chosen: Mapping[str, str]) -> BaseForm:
    """What each column that holds anything means. `chosen`: index -> meaning, of an earlier look."""
    known = {index: meaning.value for index, meaning in guess_columns(columns).items()}
    if chosen:
        known = {int(index): name for index, name in chosen.items()}
    meanings = [
        SelectChoice("", _("do not take over")),
        *(SelectChoice(m.value, _(m.label)) for m in Meaning),
    ]

    class ColumnsForm(BaseForm):
        def validate(self, extra_validators: Any = None) -> bool:
            is_valid = bool(super().validate(extra_validators))
            taken: dict[str, list[Field]] = {}
            for field in self.typed_fields():
                taken.setdefault(field.data, []).append(field)
            for name, same in taken.items():
                if name and not Meaning(name).is_many and len(same) > 1:
                    is_valid = False
                    for field in same:
                        field.errors = [_("Only one column can be this.")]
            if is_valid and not is_usable(self.chosen.values()):
                is_valid = False
                next(iter(self.typed_fields())).errors = [_("Please say which column holds the name.")]
            return is_valid

        @property
        def chosen(self) -> dict[int, Meaning]:
            """Index of the column -> meaning."""
            return {
                int(f.name.removeprefix("column_")): Meaning(f.data) for f in self.typed_fields() if f.data
            }

    for column in columns:
        if not column.samples:
            continue
        letter = get_column_letter(column.index + 1)
        label = _("Column {letter}: {heading}").format(letter=letter, heading=column.heading or "–")
        field = SelectField(label, choices=meanings, default=known.get(column.index, ""))
        setattr(ColumnsForm, f"column_{column.index}", field)
    return ColumnsForm()
