"""Forms of the application."""

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
from webapp.words import L_, _


class ApplicationForm(BaseForm):
    """The case as a whole."""

    state = choice_field(L_("State"), ApplicationState)
    case_lead_id = officer_field(L_("Case lead"))
    deputy_id = officer_field(L_("Deputy"))
    file_number = TextField(L_("File number"), NAME)
    handbook_url = WebAddressField(L_("Handbook page"), URL)
    note = LongTextField(L_("Note"), NOTE)


class PhaseForm(BaseForm):
    """Who, when, and whether the phase is closed."""

    responsible_id = officer_field(L_("Responsible"))
    deputy_id = officer_field(L_("Deputy"))
    due_on = DayField(L_("Due on"))
    closed_on = DayField(L_("Closed on"))
    file_number = TextField(L_("File number"), NAME)
    note = LongTextField(L_("Note"), NOTE)

    def validate_closed_on(self, field: Any) -> None:
        if field.data and field.data > today():
            raise validators.ValidationError(_("A phase cannot be closed in the future."))


class ComparisonForm(BaseForm):
    """What is true today, in both languages."""

    now_de = LongTextField(L_("Today (German)"), NOTE)
    now_en = LongTextField(L_("Today (English)"), NOTE)
    as_of = AsOfField(L_("State as of"), CODE)
    source = LongTextField(L_("Source"), NOTE)
