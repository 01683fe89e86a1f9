"""The form of a person."""

from datetime import date
from typing import Any

from wtforms import BooleanField, Field, HiddenField, validators

from models.base import ADDRESS, CODE, LINE, NAME, NOTE
from models.contacts.duplicates.alike import Reason
from models.contacts.duplicates.duplicates import likely_same_as
from models.contacts.people import DataOrigin, LegalBasis, Person
from webapp.database import db, today
from webapp.forms import (
    DayField,
    LongTextField,
    TextField,
    choice_field,
    email_check,
    shown_value,
)
from webapp.organisations.choosing import OrganisationChoice
from webapp.organisations.forms import place_field
from webapp.people.fields import (
    LanguagesField,
    TagsField,
    language_field,
    order_check,
    past_check,
    phone_check,
)
from webapp.words import L_, _


class PersonForm(OrganisationChoice):
    """A person. `stored` is the person that is being changed, if any."""

    needs_organisation = False

    honorific = TextField(L_("Academic title"), CODE)
    given_name = TextField(L_("Given name"), NAME)
    family_name = TextField(L_("Family name"), NAME, required=True)
    function = TextField(L_("Function"), NAME)
    place_id = place_field()
    email = TextField(L_("E-mail"), ADDRESS, checks=[email_check])
    phone = TextField(L_("Phone"), CODE, checks=[phone_check])
    language = language_field()
    other_languages = LanguagesField(L_("Further languages"))
    tags = TagsField(L_("Tags"))
    role_from = DayField(L_("In this function since"))
    role_to = DayField(L_("In this function until"))
    origin = choice_field(L_("Origin of the data"), DataOrigin, empty="–")
    source = TextField(L_("Source"), LINE, required=True)
    source_on = DayField(L_("Date of the source"), required=True, checks=[past_check])
    legal_basis = choice_field(L_("Legal basis"), LegalBasis, default=LegalBasis.PUBLIC_TASK)
    purpose = TextField(L_("Purpose"), LINE)
    do_not_contact = BooleanField(L_("Do not contact"))
    last_talk_on = DayField(L_("Last talk"), checks=[past_check])
    next_contact_on = DayField(L_("Next contact"))
    next_contact_shown = HiddenField()
    note = LongTextField(L_("Note"), NOTE)
    save_anyway = BooleanField(L_("Save anyway"))
    is_correction = BooleanField(L_("No, I only correct a mistake"))
    has_moved = BooleanField(L_("Yes, keep the function until now among the former ones"))

    moved_on = DayField(L_("Since when"))

    def __init__(self, stored: Person | None = None, next_on: date | None = None, **kwargs: Any) -> None:
        super().__init__(obj=stored, next_contact_on=next_on, next_contact_shown=_iso(next_on), **kwargs)
        self.stored = stored
        self.known_organisation_id = stored.organisation_id if stored else None
        self.twins: list[tuple[Person, tuple[Reason, ...]]] = []
        self.asks_about_move = False
        self.origin.flags.required = stored is None
        if stored is not None and not self.is_submitted():
            self.tags.data = self.tags.stored_for(stored)

    @property
    def has_new_contact(self) -> bool:
        """Whether another day was typed than the one that was shown; only then the planned contact is touched."""
        return bool(_iso(self.next_contact_on.data) != (self.next_contact_shown.data or ""))

    def conflicts_with(self, saved: date | None) -> bool:
        """Whether what a colleague saved contradicts the form; another day of the next contact does so too."""
        was_moved = _iso(saved) != (self.next_contact_shown.data or "")
        if self.has_new_contact and was_moved and saved != self.next_contact_on.data:
            field = self.next_contact_on
            self.conflicts.append(
                (str(field.label.text), shown_value(field, saved), shown_value(field, field.data))
            )
        return bool(self.conflicts)

    def validate_next_contact_on(self, field: Field) -> None:
        if field.data and field.data < today() and self.has_new_contact:
            raise validators.ValidationError(_("This day is over already."))

    def validate_origin(self, field: Field) -> None:
        if field.data is None and field.raw_data:
            raise validators.ValidationError(_("Please choose from whom the data come."))
        field.data = field.data or DataOrigin.UNKNOWN

    def validate_role_to(self, field: Field) -> None:
        order_check(self.role_from, field)

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field's own rules; then, unless it is wanted, nobody is stored twice, and nobody's function is replaced
        without asking what became of the former one."""
        if not super().validate(extra_validators):
            return False
        self.twins = self._twins()
        if self.twins and not self.save_anyway.data:
            self.save_anyway.errors = [_("Somebody who is here already may be the same person.")]
        self.asks_about_move = self._is_elsewhere() and self.is_correction.data == self.has_moved.data
        if self.asks_about_move:
            self.has_moved.errors = [_("Please tick yes or no.")]
        return not (self.save_anyway.errors or self.has_moved.errors)

    def _is_elsewhere(self) -> bool:
        """Whether the person is about to stand in another organisation than before."""
        before = self.stored.organisation_id if self.stored is not None else None
        return before is not None and (
            bool(self.new_organisation.data) or self.organisation_id.data not in (before, None)
        )

    def _twins(self) -> list[tuple[Person, tuple[Reason, ...]]]:
        names = ("given_name", "family_name", "email", "phone", "organisation_id", "place_id")
        typed = {name: self[name].data for name in names}
        if self.stored and all(getattr(self.stored, name) == value for name, value in typed.items()):
            return []  # was accepted before
        return likely_same_as(db(), Person(**typed), self.stored.id if self.stored else None)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
