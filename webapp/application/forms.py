"""Forms of the application."""

from typing import Any

from wtforms import validators

from models.application.states import ApplicationState
from models.base import CODE, NAME, NOTE, URL
from models.contacts.organisations import organisations
from webapp.as_of import AsOfField
from webapp.database import db, today
from webapp.forms import (
    BaseForm,
    DayField,
    LongTextField,
    TextField,
    WebAddressField,
    choice_field,
    number_choice,
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


class DeclarationForm(BaseForm):
    """A lab actor's wish to join; the actor is chosen, or written if it is new."""

    organisation_id = number_choice(
        L_("Lab actor"), lambda: [(o.key, o.name) for o in organisations(db())], validators=[]
    )
    new_organisation = TextField(L_("Or a new one: its name"), NAME)
    declared_on = DayField(L_("Declared on"), required=True)
    signed_by = TextField(L_("Signed by"), NAME)
    file_number = TextField(L_("File number"), NAME)
    note = LongTextField(L_("Note"), NOTE)
    withdrawn_on = DayField(L_("Withdrawn on"))

    def validate_organisation_id(self, field: Any) -> None:
        if field.data is None and not self.new_organisation.data:
            raise validators.ValidationError(_("Choose a lab actor, or write the name of a new one."))
        if field.data is not None and self.new_organisation.data:
            raise validators.ValidationError(_("Either choose a lab actor or write a new name, not both."))

    def validate_declared_on(self, field: Any) -> None:
        if field.data and field.data > today():
            raise validators.ValidationError(_("This day lies in the future."))

    def validate_withdrawn_on(self, field: Any) -> None:
        if field.data and self.declared_on.data and field.data < self.declared_on.data:
            raise validators.ValidationError(_("This lies before the declaration."))


class ComparisonForm(BaseForm):
    """What is true today, in both languages."""

    now_de = LongTextField(L_("Today (German)"), NOTE)
    now_en = LongTextField(L_("Today (English)"), NOTE)
    as_of = AsOfField(L_("State as of"), CODE)
    source = LongTextField(L_("Source"), NOTE)
