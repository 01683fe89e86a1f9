"""Choosing an organisation in a form, or writing the name of a new one."""

from typing import Any

from wtforms import validators

from models.base import NAME
from models.contacts.organisations import Organisation, OrganisationKind, organisations
from models.folding import fold
from models.places import Place
from webapp.database import city, db
from webapp.forms import BaseForm, TextField, number_choice
from webapp.words import L_, _


class OrganisationChoice(BaseForm):
    """The fields and their checks; the form that needs an organisation inherits them."""

    organisation_id = number_choice(
        L_("Organisation"), lambda: [(o.key, o.name) for o in organisations(db())], validators=[]
    )
    new_organisation = TextField(L_("Or a new one: its name"), NAME)

    needs_organisation = True
    known_organisation_id: int | None = None  # what stood in the form; a new name beside it takes its place

    def validate_organisation_id(self, field: Any) -> None:
        if self.new_organisation.data and field.data == self.known_organisation_id:
            field.data = None
        if self.needs_organisation and field.data is None and not self.new_organisation.data:
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
        return int(self.take_optional_organisation(kind) or 0)

    def take_optional_organisation(self, kind: OrganisationKind, place: Place | None = None) -> int | None:
        """As `take_organisation`, where none need be named; a new one is in this place, if it is given."""
        if self.organisation_id.data is not None or not self.new_organisation.data:
            chosen: int | None = self.organisation_id.data
            return chosen
        where: dict[str, Any] = {"country_code": "DE", "city": city().name}
        if place is not None:
            where = {"city": place.name, "country_code": place.country_code, "place_id": place.key}
        new = Organisation(name=self.new_organisation.data, kind=kind, **where)
        db().add(new)
        db().flush()
        return new.key
