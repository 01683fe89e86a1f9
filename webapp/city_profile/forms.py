"""Forms of the city's profile."""

import re
from typing import Any

from wtforms import validators

from models.application.city_profile import ProfileKind
from models.base import ADDRESS, LINE, NAME, NOTE, URL
from webapp.forms import (
    BaseForm,
    DayField,
    LongTextField,
    TextField,
    WebAddressField,
    WholeNumberField,
    email_check,
)
from webapp.words import L_, _

FIRST_YEAR, LAST_YEAR = 2011, 2100  # the network's template takes no earlier year
NETWORK_DOMAIN = ".fab.city"


class PictureField(TextField):
    """A picture: a web address, or a file in the `assets` folder of the network's template."""

    def pre_validate(self, form: Any) -> None:
        if self.data and not re.match(r"(https?://[^\s/]+|assets/[A-Za-z0-9])[^\s]*$", self.data):
            raise validators.ValidationError(_("A picture begins with https:// or assets/."))


class ProfileForm(BaseForm):
    """What the city says about itself."""

    differential = TextField(L_("What sets the city apart"), LINE)
    description = LongTextField(L_("Description"), NOTE)
    subdomain = TextField(L_("Address in the network"), NAME)
    joined_year = WholeNumberField(L_("Member since"), FIRST_YEAR, LAST_YEAR)
    local_site_url = WebAddressField(L_("The city's own page"), URL)
    contact_email = TextField(L_("Contact address"), ADDRESS, checks=[email_check])
    social = LongTextField(L_("Social networks"), NOTE)
    privacy_url = WebAddressField(L_("Legal notice and privacy"), URL)
    hero_image = PictureField(L_("Large picture"), URL)

    def validate_subdomain(self, field: Any) -> None:
        """Who types leipzig.fab.city means leipzig."""
        field.data = (
            (field.data or "").casefold().removeprefix("https://").strip("/").removesuffix(NETWORK_DOMAIN)
        )
        if not re.fullmatch(r"|[a-z0-9]([a-z0-9-]*[a-z0-9])?", field.data):
            raise validators.ValidationError(
                _("Only small letters from a to z, digits and hyphens, like leipzig for leipzig.fab.city.")
            )

    def validate_social(self, field: Any) -> None:
        wrong = [line for line in field.data.split("\n") if line.strip() and not _is_address(line.strip())]
        if wrong:
            raise validators.ValidationError(
                _("This is no web address: {line}. It begins with https:// or http://.").format(
                    line=wrong[0][:80]
                )
            )


def _is_address(line: str) -> bool:
    return re.fullmatch(r"https?://[^\s/,]+[^\s,]*", line) is not None


class FigureForm(BaseForm):
    """A number that proves that the city is alive."""

    headline = TextField(L_("What is counted"), LINE, required=True)
    value = TextField(L_("Value"), NAME, required=True)


class ProjectForm(BaseForm):
    """What is being made, and with whom."""

    headline = TextField(L_("Title"), LINE, required=True)
    status = TextField(L_("Status"), NAME)
    summary = LongTextField(L_("Summary"), NOTE)
    partners = TextField(L_("Partners"), LINE)
    url = WebAddressField(L_("Web address"), URL)
    image = PictureField(L_("Picture"), URL)


class NewsForm(BaseForm):
    """What happened."""

    headline = TextField(L_("Title"), LINE, required=True)
    dated_on = DayField(L_("Date"), required=True)
    summary = LongTextField(L_("Summary"), NOTE)
    url = WebAddressField(L_("Web address"), URL)


class EventForm(BaseForm):
    """What takes place."""

    headline = TextField(L_("Title"), LINE, required=True)
    dated_on = DayField(L_("Date"), required=True)
    venue = TextField(L_("Venue"), LINE)
    url = WebAddressField(L_("Web address"), URL)


ENTRY_FORMS: dict[ProfileKind, type[BaseForm]] = {
    ProfileKind.SNAPSHOT: FigureForm,
    ProfileKind.PROJECT: ProjectForm,
    ProfileKind.NEWS: NewsForm,
    ProfileKind.EVENT: EventForm,
}
