"""Forms of costs."""

from typing import Any

from wtforms import Field, validators
from wtforms.widgets import TextInput

from models.application.amounts import AmountError, read_amount, typed_text
from models.application.costs import CostKind
from models.base import LINE, NOTE
from models.conferences.conferences import conferences
from webapp.database import db
from webapp.forms import BaseForm, LongTextField, TextField, WholeNumberField, choice_field, number_choice
from webapp.words import L_, _, language

FIRST_YEAR, LAST_YEAR = 2014, 2100  # the network began in 2014


class AmountField(Field):
    """An amount in hundredths of a euro or an hour, as people type it; nothing is unknown, 0 is nought."""

    data: Any

    widget = TextInput()

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, [validators.Optional()], **kwargs)
        self.render_kw = {"inputmode": "decimal", "autocomplete": "off"}

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else typed_text(self.data)

    def shown(self, value: Any) -> str:
        """A stored amount as it is typed."""
        return typed_text(value)

    def process_formdata(self, values: list[str]) -> None:
        self.data = None
        try:
            self.data = read_amount(values[0] if values else "")
        except AmountError:
            raise ValueError(
                _("Please write an amount like 1.250,50 or 12,5, at most 9.999.999,99.")
            ) from None


def _conferences() -> list[tuple[int, str]]:
    return [(row.key, row.title(language())) for row in conferences(db())]


class CostForm(BaseForm):
    """One position: what for, in which year, planned and actual."""

    year = WholeNumberField(L_("Year"), FIRST_YEAR, LAST_YEAR, required=True)
    kind = choice_field(L_("Kind"), CostKind)
    what = TextField(L_("What for"), LINE, required=True)
    planned = AmountField(L_("Planned"))
    actual = AmountField(L_("Actual"))
    conference_id = number_choice(L_("Conference"), _conferences, validators=[])
    source = LongTextField(L_("Source"), NOTE)
    note = LongTextField(L_("Note"), NOTE)
