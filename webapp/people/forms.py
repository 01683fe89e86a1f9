"""The forms of a person: who it is, and a talk that took place."""

from datetime import date
from typing import Any

from wtforms import BooleanField, Field, HiddenField, SelectField, validators
from wtforms.fields.choices import SelectChoice

from models.base import ADDRESS, CODE, LINE, NAME, NOTE
from models.contacts.organisations import organisations
from models.contacts.people import LANGUAGES, Person, language_name, likely_same
from models.contacts.phones import read_phone
from models.contacts.talks import SAID
from models.folding import fold
from webapp.database import db, today
from webapp.forms import BaseForm, DayField, LongTextField, TextField, email_check, number_choice, shown_value
from webapp.organisations.forms import place_field
from webapp.words import L_, _, language


def phone_check(_form: Any, field: Field) -> None:
    """A number that could be dialled, in Germany or with its country code."""
    if field.data and read_phone(field.data) is None:
        raise validators.ValidationError(
            _("Write one number that can be dialled, with its area code: 0341 123-4567, or +34 933 209 520.")
        )


def past_check(_form: Any, field: Field) -> None:
    """A day that has come already."""
    if field.data and field.data > today():
        raise validators.ValidationError(_("This day is still to come."))


def _language_field() -> SelectField:
    def options() -> list[SelectChoice]:
        named = [(language_name(code, language()), code) for code in LANGUAGES]
        rest = sorted(
            ((name, code) for name, code in named if code not in ("de", "en")), key=lambda n: fold(n[0])
        )
        first = [(language_name(code, language()), code) for code in ("de", "en")]
        return [SelectChoice(code, name) for name, code in (*first, *rest)]

    return SelectField(L_("Language"), choices=options, default="en")


class PersonForm(BaseForm):
    """A person. `stored` is the person that is being changed, if any."""

    given_name = TextField(L_("Given name"), NAME)
    family_name = TextField(L_("Family name"), NAME, required=True)
    function = TextField(L_("Function"), NAME)
    organisation_id = number_choice(
        L_("Organisation"), lambda: [(o.key, o.name) for o in organisations(db())]
    )
    place_id = place_field()
    email = TextField(L_("E-mail"), ADDRESS, checks=[email_check])
    phone = TextField(L_("Phone"), CODE, checks=[phone_check])
    language = _language_field()
    source = TextField(L_("Source"), LINE, required=True)
    source_on = DayField(L_("Date of the source"), required=True, checks=[past_check])
    last_talk_on = DayField(L_("Last talk"), checks=[past_check])
    next_contact_on = DayField(L_("Next contact"))
    next_contact_shown = HiddenField()
    note = LongTextField(L_("Note"), NOTE)
    save_anyway = BooleanField(L_("Save anyway"))

    def __init__(self, stored: Person | None = None, next_on: date | None = None, **kwargs: Any) -> None:
        super().__init__(obj=stored, next_contact_on=next_on, next_contact_shown=_iso(next_on), **kwargs)
        self.stored = stored
        self.twins: list[Person] = []

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

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field's own rules; then, unless it is wanted, nobody is stored twice."""
        if not super().validate(extra_validators):
            return False
        self.twins = self._twins()
        if self.twins and not self.save_anyway.data:
            self.save_anyway.errors = [
                _("Somebody here has the same e-mail address, or this name and organisation.")
            ]
            return False
        return True

    def _twins(self) -> list[Person]:
        names = ("given_name", "family_name", "email", "organisation_id")
        typed = {name: self[name].data for name in names}
        if self.stored and all(getattr(self.stored, name) == value for name, value in typed.items()):
            return []  # was accepted before
        return likely_same(db(), Person(**typed), self.stored.id if self.stored else None)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


class TalkForm(BaseForm):
    """A talk: when it was, what was said, when to talk again."""

    held_on = DayField(L_("Date of the talk"), required=True, checks=[past_check])
    said = LongTextField(L_("What was said"), SAID)
    next_on = DayField(L_("Next contact"))

    def validate_next_on(self, field: Field) -> None:
        if field.data and field.data < today():
            raise validators.ValidationError(_("This day is over already."))
