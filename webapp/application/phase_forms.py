"""Forms of phases."""

from typing import Any

from wtforms import BooleanField, RadioField, validators
from wtforms.fields.choices import SelectChoice

from models.application.phase_order import DateConflict, date_conflict, order_of
from models.application.phases import Phase, phases
from models.base import LINE, NAME, NOTE, Recorded
from webapp.application.forms import not_in_future
from webapp.database import db
from webapp.filters import day
from webapp.forms import BaseForm, DayField, LongTextField, TextField, TickedRows, officer_field
from webapp.reasons import check_reason, needs_reason, reason_field
from webapp.words import L_, _, language


def conflict_words(conflict: DateConflict) -> str:
    """Why a day cannot be, with the other phase and its day."""
    text = (
        _("“{phase}” comes before and is due only on {day}.")
        if conflict.comes_before
        else _("“{phase}” comes after and is due already on {day}.")
    )
    return text.format(phase=conflict.other.title(language()), day=day(conflict.other.due_on))


class PhaseForm(BaseForm):
    """Who and when."""

    responsible_id = officer_field(L_("Responsible"))
    deputy_id = officer_field(L_("Deputy"))
    due_on = DayField(L_("Due on"))
    reason = reason_field()
    file_number = TextField(L_("File number"), NAME)
    note = LongTextField(L_("Note"), NOTE)

    def __init__(self, phase: Phase, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, obj=phase, **kwargs)
        self.phase, self.due_before = phase, phase.due_on

    def validate_due_on(self, field: Any) -> None:
        if self.phase.closed_on is None and field.data != self.due_before:
            conflict = date_conflict(db(), self.phase, field.data)
            if conflict is not None:
                raise validators.ValidationError(conflict_words(conflict))

    def validate_reason(self, field: Any) -> None:
        check_reason(field, needs_reason(self.due_before, self.due_on.data))


class CloseForm(BaseForm):
    """Whether the phase is finished. What still speaks against it must be confirmed."""

    finished = RadioField(L_("Have you finished this phase?"), choices=[], validate_choice=False)
    closed_on = DayField(L_("Closed on"), checks=[not_in_future])
    anyway = BooleanField(L_("I close the phase although this is still open."))

    def __init__(self, *args: Any, is_warned: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.finished.choices = [SelectChoice("yes", _("Yes")), SelectChoice("later", _("No, later"))]
        if not is_warned:
            del self.anyway

    @property
    def is_finished(self) -> bool:
        return bool(self.finished.data == "yes")

    def validate_finished(self, field: Any) -> None:
        if field.data not in ("yes", "later"):
            raise validators.ValidationError(_("Please choose yes or no."))
        if self.is_finished and not self.closed_on.data and not self.closed_on.process_errors:
            raise validators.ValidationError(_("Please write the day on which the phase was finished."))

    def validate_anyway(self, field: Any) -> None:
        if self.is_finished and not field.data:
            raise validators.ValidationError(_("Please confirm that the phase is closed all the same."))


class ReopenForm(BaseForm):
    """A closed phase is opened again, with a reason."""

    reason = reason_field()

    def validate_reason(self, field: Any) -> None:
        check_reason(field, True)


class PhasesField(TickedRows):
    """Any number of phases, as check boxes."""

    def stored_for(self, row: Recorded) -> list[int]:
        return sorted(order_of(db(), getattr(row, "application_id", 0)).get(row.key, ()))


class PhaseShapeForm(BaseForm):
    """What a phase is called, and what comes before it."""

    label_de = TextField(L_("Title (German)"), LINE, required=True)
    label_en = TextField(L_("Title (English)"), LINE)
    before = PhasesField(L_("Which phases must be closed before?"))

    def __init__(self, application_id: int, phase_id: int | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [row for row in phases(db(), application_id) if row.id != phase_id]
        self.before.choices = [SelectChoice(str(row.key), row.title(language())) for row in others]
