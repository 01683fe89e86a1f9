"""Forms of the application as a whole."""

from typing import Any

from wtforms import validators

from models.application.states import ApplicationState
from models.base import CODE, NAME, NOTE, URL
from webapp.as_of import AsOfField
from webapp.database import today
from webapp.forms import (
    BaseForm,
    DayField,
    LongTextField,
    TextField,
    WebAddressField,
    choice_field,
    officer_field,
)
from webapp.reasons import check_reason, needs_reason, reason_field
from webapp.words import L_, _


def not_in_future(_form: Any, field: Any) -> None:
    """A day on which something happened has come."""
    if field.data and field.data > today():
        raise validators.ValidationError(_("This day lies in the future."))


class ApplicationForm(BaseForm):
    """The case as a whole; its state has a page of its own."""

    case_lead_id = officer_field(L_("Case lead"))
    deputy_id = officer_field(L_("Deputy"))
    file_number = TextField(L_("File number"), NAME)
    record_url = WebAddressField(L_("Link to the electronic record"), URL)
    handbook_url = WebAddressField(L_("Handbook page"), URL)
    note = LongTextField(L_("Note"), NOTE)


class StateForm(BaseForm):
    """Where the whole case stands, since when and why."""

    state = choice_field(L_("State of the joining"), ApplicationState)
    state_since = DayField(L_("Since"), required=True, checks=[not_in_future])
    reason = reason_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = kwargs.get("obj")
        self.before = (row.state, row.state_since) if row is not None else None

    def validate_reason(self, field: Any) -> None:
        if self.before is not None:
            state, since = self.before
            is_moved = needs_reason(
                since, self.state_since.data
            )  # the page offers today: saved by mistake, it is told
            check_reason(field, state is not self.state.data or is_moved)


class ComparisonForm(BaseForm):
    """What is true today, in both languages."""

    now_de = LongTextField(L_("Today (German)"), NOTE)
    now_en = LongTextField(L_("Today (English)"), NOTE)
    as_of = AsOfField(L_("State as of"), CODE)
    source = LongTextField(L_("Source"), NOTE)
