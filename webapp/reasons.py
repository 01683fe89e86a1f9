"""Why something was changed: forms ask for it, the history shows it."""

from datetime import date
from typing import Any

from wtforms import validators

from models.base import LINE
from webapp.database import db
from webapp.forms import TextField
from webapp.words import L_, _


class ReasonField(TextField):
    """Why. Whether it may stay empty is judged by the form, which knows what changes."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, LINE, **kwargs)
        self.validators = [validators.Length(max=LINE)]  # an Optional would end the judging of an empty field


def reason_field() -> Any:
    """The field in which a person says why."""
    return ReasonField(L_("Reason for the change"))


def note_reason(reason: str) -> None:
    """Everything that is changed from here on in this request stands in the history with this reason."""
    db().info["reason"] = reason[:LINE]


def needs_reason(old: date | None, new: date | None) -> bool:
    """A date that was set is only moved or taken away with a reason; a first date needs none."""
    return old is not None and old != new


def check_reason(field: Any, needed: bool) -> None:
    """Fail where a reason is needed and none was typed."""
    if needed and not field.data:
        raise validators.ValidationError(
            _("Please say in a few words why. The reason stands in the history.")
        )
