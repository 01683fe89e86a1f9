"""Forms of accounts."""

from typing import Any

from wtforms import BooleanField, HiddenField, PasswordField, SelectField, validators
from wtforms.fields.choices import SelectChoice

from models.base import ADDRESS, NAME
from models.officers import Role, normal_address, officers
from models.sign_in import PASSWORD_MAX, PASSWORD_MIN
from webapp.database import db
from webapp.forms import BaseForm, TextField, choice_field, email_check, number_choice
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
