"""One more mail on a day of one's own."""

from datetime import date
from typing import Any

from wtforms import validators

from webapp.database import today
from webapp.filters import day
from webapp.forms import BaseForm, DayField
from webapp.words import L_, _


class AgainForm(BaseForm):
    """From tomorrow on; up to a conference's own date (`last`)."""

    again_day = DayField(L_("Remind me again on"), required=True)

    def __init__(self, *args: Any, last: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.last = last

    def validate_again_day(self, field: Any) -> None:
        if field.data is not None and field.data <= today():
            raise validators.ValidationError(_("Please choose a day from tomorrow on."))
        if field.data is not None and self.last is not None and field.data > self.last:
            raise validators.ValidationError(
                _("The conference begins on {day}. Please choose a day until then.").format(
                    day=day(self.last)
                )
            )
