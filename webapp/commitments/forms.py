"""Forms of the checklist."""

from typing import Any

from wtforms import validators

from models.application.phases import phases
from models.base import LINE, NAME, NOTE, URL
from models.commitments.checklist import CommitmentState, Timing, Who, is_set_back
from webapp.database import db
from webapp.forms import (
    BaseForm,
    DayField,
    LongTextField,
    TextField,
    WebAddressField,
    choice_field,
    number_choice,
    officer_field,
)
from webapp.reasons import check_reason, needs_reason, reason_field
from webapp.words import L_, _, language


class CommitmentForm(BaseForm):
    """What changes about an item while it is worked on."""

    state = choice_field(L_("State"), CommitmentState)
    drop_reason = TextField(L_("Why it does not apply"), LINE)
    responsible_id = officer_field(L_("Responsible"))
    deputy_id = officer_field(L_("Deputy"))
    due_on = DayField(L_("Due on"))
    file_number = TextField(L_("File number"), NAME)
    record_url = WebAddressField(L_("Link to the electronic record"), URL)
    note = LongTextField(L_("Note"), NOTE)
    reason = reason_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = kwargs.get("obj")

    def validate_reason(self, field: Any) -> None:
        if self.item is None:
            return
        is_moved = needs_reason(self.item.due_on, self.due_on.data)
        check_reason(field, is_moved or is_set_back(self.item.state, self.state.data))

    def validate_state(self, field: Any) -> None:
        if field.data is CommitmentState.DROPPED and not self.drop_reason.data:
            raise validators.ValidationError(_("Please say below why this does not apply."))

    def validate_deputy_id(self, field: Any) -> None:
        if field.data is not None and field.data == self.responsible_id.data:
            raise validators.ValidationError(_("The deputy must be somebody else."))


class OwnCommitmentForm(CommitmentForm):
    """An item that the city adds by itself; its words can be changed too."""

    label_de = TextField(L_("Title (German)"), LINE, required=True)
    label_en = TextField(L_("Title (English)"), LINE)
    wanted_de = TextField(L_("What counts as proof"), LINE)
    who = choice_field(L_("Who has to act"), Who, default=Who.CITY)
    timing = choice_field(L_("When"), Timing)
    phase_id = number_choice(L_("Phase"), lambda: [(p.key, p.title(language())) for p in phases(db())])
