"""Forms of the carry-over: one answer decided, a draft put in force."""

from typing import Any

from wtforms import BooleanField, RadioField, validators
from wtforms.fields.choices import SelectChoice

from models.commitments.carry_over import Decision
from webapp.forms import BaseForm, number_choice
from webapp.reasons import ReasonField
from webapp.words import L_, _


class DecisionForm(BaseForm):
    """What becomes of one answer. Nothing is chosen beforehand."""

    decision = RadioField(
        L_("Does the answer hold for the new list?"),
        choices=lambda: [
            SelectChoice(Decision.CONFIRMED.value, _("Yes, take it over")),
            SelectChoice(Decision.REFUSED.value, _("No, do not take it over")),
        ],
        validators=[validators.InputRequired(message=L_("Please choose one of the two."))],
    )
    to_id = number_choice(L_("To which new item"), lambda: [])
    reason = ReasonField(L_("Why not"))

    def __init__(self, choices: Any, *, is_own: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if is_own:
            del self.to_id
        else:
            self.to_id.choices = [*self.to_id.choices, *choices]

    def validate_to_id(self, field: Any) -> None:
        if self.decision.data == Decision.CONFIRMED.value and field.data is None:
            raise validators.ValidationError(_("Please choose the new item that gets the answer."))

    def validate_reason(self, field: Any) -> None:
        if self.decision.data == Decision.REFUSED.value and not field.data:
            raise validators.ValidationError(_("Please say why the answer is not taken over."))


class AdoptForm(BaseForm):
    """What moves along when a draft comes into force."""

    with_follow_ups = BooleanField(L_("Open follow-ups move to the new items"), default=True)
    with_comments = BooleanField(L_("Comments move to the new items"), default=True)
