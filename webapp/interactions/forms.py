"""Forms of the exchange with people: what was said, a mail as a file, a mail that was looked at."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import RadioField, SelectMultipleField, validators
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from models.base import LINE, NOTE
from models.contacts.interactions import InteractionKind
from webapp.database import today
from webapp.forms import BaseForm, DayField, LongTextField, TextField, choice_field
from webapp.words import L_, _


def past_check(_form: Any, field: Any) -> None:
    """A day that has come already."""
    if field.data and field.data > today():
        raise validators.ValidationError(_("This day is still to come."))


def coming_check(_form: Any, field: Any) -> None:
    """A day that is not over yet."""
    if field.data and field.data < today():
        raise validators.ValidationError(_("This day is over already."))


class InteractionForm(BaseForm):
    """A call, mail, meeting, letter or note that is stored."""

    kind = choice_field(L_("Kind"), InteractionKind, default=InteractionKind.CALL)
    held_on = DayField(L_("Day"), required=True, checks=[past_check])
    subject = TextField(L_("Subject"), LINE)
    body = LongTextField(L_("What was said"), NOTE)

    def validate_body(self, field: Any) -> None:
        if self.kind.data is InteractionKind.NOTE and not field.data and not self.subject.data:
            raise validators.ValidationError(_("Please write what is to be noted."))


class RecordForm(InteractionForm):
    """What was said, and when to talk again."""

    next_on = DayField(L_("Next contact"), checks=[coming_check])


class UploadForm(BaseForm):
    """A mail as a file."""

    file = FileField(L_("Mail as a file"))


class TickedFiles(SelectMultipleField):
    """Attachments to keep, by their number in the mail."""

    data: Any

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class LetterForm(BaseForm):
    """A mail that was looked at: what of it is kept, and with whom."""

    person_id = RadioField(L_("With whom"), coerce=int)
    held_on = DayField(L_("Day"), required=True, checks=[past_check])
    subject = TextField(L_("Subject"), LINE)
    body = LongTextField(L_("Text"), NOTE)
    files = TickedFiles(L_("Keep attachments"), coerce=int)
    next_on = DayField(L_("Next contact"), checks=[coming_check])

    def offer(self, people: list[tuple[int, str]], files: list[tuple[int, str]]) -> None:
        """What can be chosen with this mail."""
        self.person_id.choices = [SelectChoice(str(key), name) for key, name in people]
        self.files.choices = [SelectChoice(str(number), name) for number, name in files]
