"""The form of a declaration."""

from typing import Any

from wtforms import validators

from models.base import NAME, NOTE
from models.contacts.organisations import organisations
from webapp.database import db, today
from webapp.forms import BaseForm, DayField, LongTextField, TextField, number_choice
from webapp.words import L_, _


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
