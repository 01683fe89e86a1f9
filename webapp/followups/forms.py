"""Forms of follow-ups."""

from typing import Any

from wtforms import validators

from models.base import ADDRESS, LINE, NOTE, URL
from models.followups import MOST_MONTHS, FollowUpKind
from webapp.database import today
from webapp.forms import (
    BaseForm,
    DayField,
    LongTextField,
    TextField,
    WebAddressField,
    WholeNumberField,
    choice_field,
    email_check,
    officer_field,
    parse_day,
    typed_text,
)
from webapp.words import L_, _


class FollowUpForm(BaseForm):
    """Ask again, look again, talk again: on a day."""

    kind = choice_field(L_("Kind"), FollowUpKind)
    what = TextField(L_("What"), LINE, required=True)
    waiting_for = TextField(L_("Waiting for"), LINE)
    waiting_email = TextField(L_("Mail address of who owes us something"), ADDRESS, checks=[email_check])
    since_on = DayField(L_("Since"))
    due_on = DayField(L_("Remind on"), required=True)
    repeat_months = WholeNumberField(L_("Again every so many months (0: once)"), 0, MOST_MONTHS)
    address = WebAddressField(L_("Address to look at"), URL)
    responsible_id = officer_field(L_("Responsible"))
    deputy_id = officer_field(L_("Deputy"))
    note = LongTextField(L_("Note"), NOTE)

    def preset(self, day: str, what: str, waiting_for: str = "") -> None:
        """Begin with the day, the words and whom to wait for, as a link named them; without anybody to wait for it is a
        task. What is no day stays as it was."""
        wanted = parse_day(day)
        if wanted is None:
            return
        self.due_on.data, self.what.data = wanted, typed_text(what).strip()[:LINE]
        self.waiting_for.data = typed_text(waiting_for).strip()[:LINE]
        if not self.waiting_for.data:
            self.kind.data, self.since_on.data = FollowUpKind.TASK, None

    def validate_kind(self, field: Any) -> None:
        if field.data is FollowUpKind.WAITING and not self.waiting_for.data:
            raise validators.ValidationError(_("Please say below for whom you wait."))

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        is_valid: bool = super().validate(*args, **kwargs)
        self.repeat_months.data = self.repeat_months.data or 0
        return is_valid


class AskedForm(BaseForm):
    """We have asked: when do we ask next?"""

    due_on = DayField(L_("Ask again on"), required=True)

    def validate_due_on(self, field: Any) -> None:
        if field.data and field.data <= today():
            raise validators.ValidationError(_("Please write a day that is still to come."))
