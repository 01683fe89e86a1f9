"""The form of an organisation."""

from typing import Any

from models.base import ADDRESS, NAME, NOTE, URL
from models.contacts.organisations import Organisation, OrganisationKind
from models.places import places
from webapp.database import db
from webapp.forms import (
    BaseForm,
    LongTextField,
    TextField,
    WebAddressField,
    choice_field,
    country_field,
    email_check,
    number_choice,
)
from webapp.people.fields import TagsField
from webapp.words import L_


def place_field() -> Any:
    """A choice among the cities and regions."""
    return number_choice(L_("City or region in our list"), lambda: [(p.key, p.name) for p in places(db())])


class OrganisationForm(BaseForm):
    """An organisation with its functional address."""

    name = TextField(L_("Name"), NAME, required=True)
    kind = choice_field(L_("Kind"), OrganisationKind, default=OrganisationKind.OTHER)
    role_de = LongTextField(L_("Role (German)"), NOTE)
    role_en = LongTextField(L_("Role (English)"), NOTE)
    city = TextField(L_("City"), NAME)
    country_code = country_field(L_("Country"))
    place_id = place_field()
    email = TextField(L_("Functional e-mail address"), ADDRESS, checks=[email_check])
    website = WebAddressField(L_("Website"), URL)
    source = LongTextField(L_("Source"), NOTE)
    tags = TagsField(L_("Tags"))

    def __init__(self, stored: Organisation | None = None, **kwargs: Any) -> None:
        super().__init__(obj=stored, **kwargs)
        if stored is not None and not self.is_submitted():
            self.tags.data = self.tags.stored_for(stored)
