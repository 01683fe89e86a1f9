"""Forms of accounts."""

from typing import Any

from wtforms import BooleanField, HiddenField, PasswordField, SelectField, validators
from wtforms.fields.choices import SelectChoice

from models.base import ADDRESS, NAME
from models.officers import Role, normal_address, officers
from models.sign_in import PASSWORD_MAX, PASSWORD_MIN
from webapp.database import db, today
from webapp.forms import (
    BaseForm,
    DayField,
    TextField,
    choice_field,
    email_check,
    number_choice,
    officer_field,
)
from webapp.words import L_, _

_LENGTH = L_("Please use %(min)d to %(max)d characters.")


class SignInForm(BaseForm):
    """Address and password; `kept` is typed input that waits for the sign-in."""

    email = TextField(L_("E-mail"), ADDRESS, required=True)
    password = PasswordField(
        L_("Password"), [validators.InputRequired(), validators.Length(max=PASSWORD_MAX)]
    )
    kept = HiddenField()


class ForgottenForm(BaseForm):
    """Ask for a link to a new password."""

    email = TextField(L_("E-mail"), ADDRESS, required=True, checks=[email_check])


class PasswordForm(BaseForm):
    """Choose a password, twice."""

    password = PasswordField(
        L_("New password"),
        [validators.InputRequired(), validators.Length(PASSWORD_MIN, PASSWORD_MAX, _LENGTH)],
    )
    again = PasswordField(L_("The same password again"), [validators.InputRequired()])

    def validate_again(self, field: Any) -> None:
        if field.data != self.password.data:
            raise validators.ValidationError(_("The two passwords differ."))


class FirstAccountForm(PasswordForm):
    """The first colleague of a new installation."""

    name = TextField(L_("Your name"), NAME, required=True)
    email = TextField(L_("Your e-mail"), ADDRESS, required=True, checks=[email_check])
    is_case_lead = BooleanField(L_("I lead this case"), default=True)


def language_field() -> SelectField:
    """The language of pages and mails."""
    return SelectField(L_("Language"), choices=[SelectChoice("de", "Deutsch"), SelectChoice("en", "English")])


class OfficerForm(BaseForm):
    """A colleague."""

    name = TextField(L_("Name"), NAME, required=True)
    email = TextField(L_("E-mail"), ADDRESS, required=True, checks=[email_check])
    role = choice_field(L_("Role"), Role, default=Role.OFFICER)
    language = language_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own_key = getattr(kwargs.get("obj"), "id", None)

    def validate_email(self, field: Any) -> None:
        field.data = normal_address(field.data or "")
        same = [o for o in officers(db(), with_left=True) if o.email == field.data and o.key != self.own_key]
        if same:
            raise validators.ValidationError(_("{name} has this address already.").format(name=same[0].name))


class LeaveForm(BaseForm):
    """To whom everything of a leaving colleague goes."""

    heir_id = number_choice(L_("Hand everything over to"), lambda: [(o.key, o.name) for o in officers(db())])

    def validate_heir_id(self, field: Any) -> None:
        if field.data is None:
            raise validators.ValidationError(_("Please choose who takes over."))


class AbsenceForm(BaseForm):
    """An absence with a deputy: all three, or none of them."""

    absent_from = DayField(L_("Absent from"))
    absent_until = DayField(L_("Absent until"))
    stand_in_id = officer_field(L_("Deputy in that time"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = kwargs["obj"].key
        others = [SelectChoice(str(o.key), o.name) for o in officers(db()) if o.key != own]
        self.stand_in_id.choices = [SelectChoice("", "–"), *others]
        self.has_others = bool(others)

    def empty(self) -> None:
        """Begin with nothing."""
        for field in (self.absent_from, self.absent_until, self.stand_in_id):
            field.data = None

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        fields = (self.absent_from, self.absent_until, self.stand_in_id)
        if is_valid and any(field.data is not None for field in fields):
            self._look_for_gaps()
        return not self.errors

    def _look_for_gaps(self) -> None:
        first, last = self.absent_from.data, self.absent_until.data
        if first is None:
            self.absent_from.errors = [_("Please write the first day of the absence.")]
        if last is None:
            self.absent_until.errors = [_("Please write the last day of the absence.")]
        elif first is not None and last < first:
            self.absent_until.errors = [_("The last day lies before the first day.")]
        elif last < today():
            self.absent_until.errors = [
                _("This day has passed. To take the absence away, please empty all three fields.")
            ]
        if self.stand_in_id.data is None:
            self.stand_in_id.errors = [_("Please choose who gets the reminders in that time.")]


def _as_truth(value: Any) -> bool:
    return str(value) == "True"


class OwnMailForm(BaseForm):
    """What everybody decides about the own mails."""

    wants_digest = SelectField(
        L_("How reminders come"),
        choices=lambda: [
            SelectChoice("False", _("one by one, as they fall due")),
            SelectChoice("True", _("collected: one mail a day, at 8:00")),
        ],
        coerce=_as_truth,
    )
    wants_information = BooleanField(L_("Also send me informations"))
    language = language_field()
