"""The form of a place."""

import re
from typing import Any

from flask import request
from wtforms import Field, validators
from wtforms.widgets import TextInput

from models.base import CODE, LINE, NAME, NOTE, URL
from models.places import (
    FIRST_YEAR,
    LAST_YEAR,
    LATITUDE,
    LONGITUDE,
    NULL_ISLAND,
    Activity,
    Certainty,
    Membership,
    Place,
    PlaceType,
    namesake,
)
from webapp.as_of import AsOfField
from webapp.database import db
from webapp.filters import decimal
from webapp.forms import (
    BaseForm,
    LongTextField,
    TextField,
    WebAddressField,
    WholeNumberField,
    choice_field,
    country_field,
)
from webapp.words import L_, _


class DegreesField(Field):
    """Degrees as a decimal number, with point or comma, up to `most` on both sides of zero; or nothing."""

    widget = TextInput()

    def __init__(self, label: Any, most: float, **kwargs: Any) -> None:
        super().__init__(label, [validators.Optional()], **kwargs)
        self.most = most
        self.render_kw = {"inputmode": "decimal", "autocomplete": "off"}

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else decimal(self.data)

    def process_formdata(self, values: list[str]) -> None:
        typed = values[0].strip().replace(",", ".").replace("−", "-") if values else ""
        self.data = None
        if not typed:
            return
        if not re.fullmatch(r"[+-]?\d{1,3}(\.\d{1,15})?", typed, re.ASCII) or abs(float(typed)) > self.most:
            text = _("Please write a number from -{most} to {most}, for example 51.3397.")
            raise ValueError(text.format(most=int(self.most)))
        self.data = float(typed)


class PlaceForm(BaseForm):
    """A city, region, country or island, and what is known about its membership."""

    name = TextField(L_("Name"), NAME, required=True)
    type = choice_field(L_("Type"), PlaceType, default=PlaceType.CITY)
    country_code = country_field(L_("Country"))
    membership = choice_field(L_("Membership"), Membership, default=Membership.MEMBER)
    activity = choice_field(L_("Activity"), Activity, default=Activity.UNKNOWN)
    as_of = AsOfField(L_("State as of"), CODE)
    joined_year = WholeNumberField(L_("Joined in"), FIRST_YEAR, LAST_YEAR)
    joined_year_alt = WholeNumberField(L_("Year according to another source"), FIRST_YEAR, LAST_YEAR)
    joined_event = TextField(L_("Occasion of joining"), LINE)
    website = WebAddressField(L_("Website"), URL)
    partners = LongTextField(L_("Partners"), NOTE)
    source = LongTextField(L_("Source"), NOTE)
    certainty = choice_field(L_("How sure this is"), Certainty, default=Certainty.MEDIUM)
    note_de = LongTextField(L_("Note (German)"), NOTE)
    note_en = LongTextField(L_("Note (English)"), NOTE)
    learnt = LongTextField(L_("What we learnt there"), NOTE)
    lat = DegreesField(L_("Latitude"), LATITUDE)
    lon = DegreesField(L_("Longitude"), LONGITUDE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country_code.flags.required = True

    def validate_name(self, field: Field) -> None:
        key = (request.view_args or {}).get("key")
        stored = db().get(Place, key) if key is not None else None
        is_same = stored is not None and (stored.name, stored.type, stored.country_code) == (
            field.data, self.type.data, self.country_code.data,
        )  # fmt: skip
        if not is_same and namesake(db(), field.data, self.type.data, self.country_code.data, key):
            raise validators.ValidationError(
                _(
                    "A place of this name, type and country is here already. Please tell them apart by their names."
                )
            )

    def validate_country_code(self, field: Field) -> None:
        if not field.data:
            raise validators.ValidationError(_("Please choose a country."))

    def validate_joined_year_alt(self, field: Field) -> None:
        if field.data is not None and field.data == self.joined_year.data:
            raise validators.ValidationError(
                _("This is the same year as above. Leave it empty if the sources agree.")
            )

    def validate(self, extra_validators: Any = None) -> bool:
        """Both degrees or none, and not 0, 0; each field's own rules besides."""
        fine = bool(super().validate(extra_validators))
        for field, other in ((self.lat, self.lon), (self.lon, self.lat)):
            if field.data is None and other.data is not None and not field.errors:
                field.errors = [_("Please give latitude and longitude, or neither.")]
                fine = False
        if self.lat.data == 0 and self.lon.data == 0:
            self.lat.errors, fine = [_(NULL_ISLAND)], False
        return fine
