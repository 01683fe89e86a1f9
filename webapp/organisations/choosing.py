"""Choosing an organisation in a form, or writing the name of a new one."""

from typing import Any

from wtforms import validators

from models.base import NAME
from models.contacts.organisations import Organisation, OrganisationKind, organisations
from models.folding import fold
from webapp.database import city, db
from webapp.forms import BaseForm, TextField, number_choice
from webapp.words import L_, _


class OrganisationChoice(BaseForm):
    """The fields and their checks; the form that needs an organisation inherits them."""

    organisation_id = number_choice(
        L_("Organisation"), lambda: [(o.key, o.name) for o in organisations(db())], validators=[]
    )
    new_organisation = TextField(L_("Or a new one: its name"), NAME)

    def validate_organisation_id(self, field: Any) -> None:
        if field.data is None and not self.new_organisation.data:
            raise validators.ValidationError(_("Choose an organisation, or write the name of a new one."))
        if field.data is not None and self.new_organisation.data:
            raise validators.ValidationError(
                _("Either choose an organisation or write a new name, not both.")
            )

    def validate_new_organisation(self, field: Any) -> None:
        wanted = fold(field.data or "")
        if wanted and any(fold(one.name) == wanted for one in organisations(db())):
            raise validators.ValidationError(
                _("There is an organisation of this name already. Please choose it above.")
            )

    def take_organisation(self, kind: OrganisationKind) -> int:
        """The chosen organisation's id, or that of a new one of this kind in our city."""
        if self.organisation_id.data is not None:
            return int(self.organisation_id.data)
        new = Organisation(name=self.new_organisation.data, kind=kind, country_code="DE", city=city().name)
        db().add(new)
        db().flush()
        return new.key
