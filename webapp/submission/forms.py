"""Forms of a submission and of the letters after it."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, validators
from wtforms.fields.choices import SelectChoice

from models.application.states import ApplicationState
from models.application.submissions import Channel, ReplyKind, attachable, attachments
from models.base import ADDRESS, NAME, NOTE, Recorded
from models.evidence.evidence import Evidence, EvidenceRevision
from webapp.application.forms import not_in_future
from webapp.database import db
from webapp.filters import day
from webapp.forms import (
    BaseForm,
    DayField,
    LongTextField,
    TextField,
    TickedRows,
    choice_field,
    email_check,
)
from webapp.reasons import check_reason, reason_field
from webapp.words import L_, _, language

OFFERED = 200  # pieces of evidence, the newest; nobody reads a longer list of check boxes


class AttachmentsField(TickedRows):
    """Any number of pieces of evidence in force, as check boxes; each stands for its revision of today."""

    def stored_for(self, row: Recorded) -> list[int]:
        return sorted(revision.key for _evidence, revision in attachments(db(), row.key))

    def offer(self, chosen: list[tuple[Evidence, EvidenceRevision]]) -> None:
        """Offer the newest pieces in force; what was chosen before stays as it was chosen."""
        rows = attachable(db(), OFFERED)
        known = {revision.key for _evidence, revision in rows}
        rows += [row for row in chosen if row[1].key not in known]
        self.choices = [
            SelectChoice(str(revision.key), _name(evidence, revision)) for evidence, revision in rows
        ]


def _name(evidence: Evidence, revision: EvidenceRevision) -> str:
    """The evidence, its date, and the number of its revision if a newer one has taken its place."""
    parts = [revision.title(language())] if revision.replaced_at is not None else []
    parts += [_("of {day}").format(day=day(revision.dated_on))] if revision.dated_on else []
    return f"{evidence.name} ({', '.join(parts)})" if parts else evidence.name


class SubmissionForm(BaseForm):
    """What is going to be sent."""

    recipient = TextField(L_("To"), NAME, required=True)
    recipient_address = TextField(L_("Mail address"), ADDRESS, checks=[email_check])
    channel = choice_field(L_("Way"), Channel)
    text_sent = LongTextField(L_("Text"), NOTE)
    attachments = AttachmentsField(L_("Attachments"))
    file_number = TextField(L_("File number"), NAME)
    note = LongTextField(L_("Note"), NOTE)


class SentNoteForm(BaseForm):
    """After it was sent, the text and its attachments stay as they were."""

    file_number = TextField(L_("File number"), NAME)
    note = LongTextField(L_("Note"), NOTE)


class SentForm(BaseForm):
    """It was sent, by hand, outside of this program."""

    sent_on = DayField(L_("Was sent on"), required=True, checks=[not_in_future])
    with_state = BooleanField(L_("Set the state of the joining to “submitted”"))


class NotSentForm(BaseForm):
    """It was noted as sent by mistake."""

    reason = reason_field()

    def validate_reason(self, field: Any) -> None:
        check_reason(field, True)


class ReplyForm(BaseForm):
    """One letter: theirs or ours."""

    kind = choice_field(L_("Kind of letter"), ReplyKind)
    dated_on = DayField(L_("Date of the letter"), required=True, checks=[not_in_future])
    who = TextField(L_("From whom"), NAME)
    body = LongTextField(L_("What it says"), NOTE)
    answer_due_on = DayField(L_("Answer due on"))
    file = FileField(L_("The letter as a file"))
    state = choice_field(L_("State of the joining"), ApplicationState, empty=L_("leave it as it is"))

    def validate_answer_due_on(self, field: Any) -> None:
        if field.data and self.kind.data is not ReplyKind.QUERY:
            raise validators.ValidationError(_("Only a query waits for an answer."))
        if field.data and self.dated_on.data and field.data < self.dated_on.data:
            raise validators.ValidationError(_("This lies before the letter."))

    @property
    def has_file(self) -> bool:
        return bool(self.file.data and getattr(self.file.data, "filename", ""))
