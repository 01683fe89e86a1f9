"""Forms of data protection: sent on, not needed because, objected, kept until."""

from typing import Any

from wtforms import Field, validators

from models.base import LINE, NOTE
from models.calendar_days import add_months
from models.privacy.notices import Exemption
from models.privacy.retention import KEEP_AT_MOST_MONTHS
from webapp.database import today
from webapp.filters import day
from webapp.forms import BaseForm, DayField, LongTextField, TextField, choice_field
from webapp.people.fields import past_check
from webapp.words import L_, _


class SentForm(BaseForm):
    """An information letter was sent."""

    notice_sent_on = DayField(L_("Sent on"), required=True, checks=[past_check])


class WaiveForm(BaseForm):
    """No information letter is needed. The reason is kept in words: one of the law's, or one's own."""

    exemption = choice_field(L_("Why is no letter needed?"), Exemption, empty=L_("Please choose"))
    own_words = TextField(L_("In your own words"), LINE)

    def validate_exemption(self, field: Field) -> None:
        if field.data is None:
            raise validators.ValidationError(_("Please choose a reason."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field's own rules; another reason needs words."""
        is_valid: bool = super().validate(extra_validators)
        if self.exemption.data is Exemption.OTHER and not self.own_words.data:
            self.own_words.errors = [_("Please write the reason.")]
            return False
        return is_valid

    @property
    def reason(self) -> str:
        """What is kept."""
        chosen, own = self.exemption.data, str(self.own_words.data or "")
        if chosen is Exemption.OTHER or chosen is None:
            return own
        return f"{_(chosen.label)} {own}".strip()[:LINE]


class ObjectionForm(BaseForm):
    """The person objected."""

    objected_on = DayField(L_("Objected on"), required=True, checks=[past_check])
    objection = LongTextField(L_("What the person said"), NOTE)


class KeepForm(BaseForm):
    """The data are kept longer, because."""

    keep_until = DayField(L_("Keep until"), required=True)
    keep_reason = TextField(L_("Because"), LINE, required=True)

    def validate_keep_until(self, field: Any) -> None:
        last = add_months(today(), KEEP_AT_MOST_MONTHS)
        if field.data and field.data <= today():
            raise validators.ValidationError(_("Please write a day that is still to come."))
        if field.data and field.data > last:
            raise validators.ValidationError(
                _("At most two years ahead, that is until {day}.").format(day=day(last))
            )
