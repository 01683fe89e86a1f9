"""The forms of an erasure: why, which mentions, and that somebody has looked."""

import re
from typing import Any

from wtforms import BooleanField, HiddenField, validators

from models.privacy.mentions import Unit
from models.privacy.records import ErasureReason
from webapp.forms import BaseForm, ConfirmForm, choice_field
from webapp.words import L_, _

_UNIT = re.compile(r"([a-z_]{1,60})-(\d{1,9})")


def unit_text(unit: Unit) -> str:
    """A row's name in a form."""
    return f"{unit[0]}-{unit[1]}"


def units_from(text: str) -> set[Unit]:
    """The rows that a form names; what is no row is passed over."""
    found = (_UNIT.fullmatch(one) for one in text.split(","))
    return {(one[1], int(one[2])) for one in found if one}


class EraseForm(BaseForm):
    """Why, and that it was looked at. `shown`: the mentions that the page offered to tick."""

    reason = choice_field(L_("Reason"), ErasureReason, empty=L_("Please choose"))
    shown = HiddenField()
    is_checked = BooleanField(L_("I have checked this."))

    def validate_reason(self, field: Any) -> None:
        if field.data is None:
            raise validators.ValidationError(_("Please choose why the contact is erased."))

    def validate_is_checked(self, field: Any) -> None:
        if not field.data:
            raise validators.ValidationError(_("Please look through the list and confirm it."))


class SureForm(ConfirmForm):
    """The second step: nothing to fill in."""
