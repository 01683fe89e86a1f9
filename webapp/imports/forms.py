"""Forms of the imports; those of an own list have a field for each of its columns, words or rows."""

from typing import Any

from flask_wtf.file import FileField
from openpyxl.utils import get_column_letter
from wtforms import HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from models.commitments.checklist import Commitment, CommitmentState
from models.commitments.own_list import Choices, Meaning, guess_columns, guess_state
from models.commitments.own_list_matches import Offer
from models.documents.workbook_reading import Sheet
from models.imports.headings import ListColumn
from webapp.forms import BaseForm
from webapp.words import L_, _, language


class UploadForm(BaseForm):
    """One file."""

    file = FileField(L_("File"))


class ApplyForm(BaseForm):
    """The order to import what the preview showed."""

    seen = HiddenField()


def header_form(sheet: Sheet, guessed: int, shown: int) -> BaseForm:
    """Which row holds the headings."""

    class HeaderForm(BaseForm):
        header = RadioField(
            L_("Row with the headings"),
            choices=[SelectChoice(str(number), str(number)) for number, _cells in sheet.rows[:shown]],
            default=str(guessed),
        )

    return HeaderForm()


def columns_form(columns: list[ListColumn], choices: Choices) -> BaseForm:
    """What each column means."""
    chosen = choices.columns or guess_columns(columns)
    meanings = [
        SelectChoice("", _("do not take over")),
        *(SelectChoice(m.value, _(m.label)) for m in Meaning),
    ]
    by_index = {index: meaning.value for meaning, index in chosen.items()}

    class ColumnsForm(BaseForm):
        def validate(self, extra_validators: Any = None) -> bool:
            is_valid = bool(super().validate(extra_validators))
            taken: dict[str, list[SelectField]] = {}
            for field in self.typed_fields():
                if field.data:
                    taken.setdefault(field.data, []).append(field)
            for same in taken.values():
                for field in same if len(same) > 1 else []:
                    field.errors = [_("Only one column can be this.")]
                    is_valid = False
            if Meaning.TITLE.value not in taken:
                first = next(iter(self.typed_fields()))
                first.errors = [_("Please say which column holds the title.")]
                is_valid = False
            return is_valid

        @property
        def chosen(self) -> dict[str, int]:
            """Meaning -> index of the column."""
            return {f.data: int(f.name.removeprefix("column_")) for f in self.typed_fields() if f.data}

    for column in columns:
        letter = get_column_letter(column.index + 1)
        label = _("Column {letter}: {heading}").format(letter=letter, heading=column.heading or "–")
        setattr(
            ColumnsForm,
            f"column_{column.index}",
            SelectField(label, choices=meanings, default=by_index.get(column.index, "")),
        )
    return ColumnsForm()


def states_form(words: dict[str, str], choices: Choices) -> BaseForm:
    """What each of their words for a state is here."""
    ours = [SelectChoice(state.value, _(state.label)) for state in CommitmentState]
    states = [SelectChoice("", _("leave the state as it is")), *ours]

    class StatesForm(BaseForm):
        @property
        def chosen(self) -> dict[str, str]:
            """Folded word -> our state."""
            return {
                word: field.data for word, field in zip(words, self.typed_fields(), strict=True) if field.data
            }

    for number, (word, written) in enumerate(words.items()):
        guessed = choices.states.get(word) or (None if choices.targets else guess_state(word))
        default = guessed.value if guessed else ""
        setattr(StatesForm, f"word_{number}", SelectField(f"„{written}“", choices=states, default=default))
    return StatesForm()


def targets_form(offers: list[Offer], choices: Choices) -> BaseForm:
    """Which item each row means."""
    code = language()

    class TargetsForm(BaseForm):
        @property
        def chosen(self) -> dict[str, str]:
            """Number of the row -> key of an item, "new" or "skip"."""
            return {f.name.removeprefix("row_"): f.data for f in self.typed_fields()}

    def option(item: Commitment) -> SelectChoice:
        return SelectChoice(str(item.key), item.title(code))

    for offer in offers:
        known = [
            SelectChoice("new", _("a new item of our own")),
            SelectChoice("skip", _("leave this row out")),
        ]
        proposed = choices.targets.get(offer.row.number) or str(offer.proposed or "new")
        label = _("Row {n}: {title}").format(n=offer.row.number, title=offer.row.title[:200] or "–")
        field = SelectField(label, choices=[*known, *map(option, offer.items)], default=proposed)
        setattr(TargetsForm, f"row_{offer.row.number}", field)
    return TargetsForm()
