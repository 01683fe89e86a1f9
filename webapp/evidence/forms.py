"""Forms of evidence."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import validators

from models.base import LINE, NAME, NOTE, URL
from models.evidence.evidence import EvidenceKind, EvidenceRevision
from webapp.access import officer
from webapp.clock import now
from webapp.database import today
from webapp.evidence.uploading import keep
from webapp.forms import BaseForm, DayField, LongTextField, TextField, WebAddressField, fill, officer_field
from webapp.words import L_, _


class ContentForm(BaseForm):
    """What a piece of evidence consists of: a file, a link or a note, and until when it counts."""

    file = FileField(L_("File"))
    url = WebAddressField(L_("Web address"), URL)
    content = LongTextField(L_("Note instead of a document"), NOTE)
    dated_on = DayField(L_("Date of the document"))
    valid_until = DayField(L_("Valid until"))

    def validate_valid_until(self, field: Any) -> None:
        if field.data and self.dated_on.data and field.data < self.dated_on.data:
            raise validators.ValidationError(_("It cannot expire before the date of the document."))

    def revision(self) -> EvidenceRevision | None:
        """The revision that the form describes, its file kept; None where something is wrong, which the form says."""
        given = [
            kind
            for kind, is_given in (
                (EvidenceKind.FILE, self.file.data and self.file.data.filename),
                (EvidenceKind.LINK, self.url.data),
                (EvidenceKind.NOTE, self.content.data),
            )
            if is_given
        ]
        if len(given) != 1:
            self.file.errors = [_("Please give one of the three: a file, a web address or a note.")]
            return None
        revision = EvidenceRevision(evidence_id=0, kind=given[0], added_at=now(), added_by_id=officer().key)
        fill(self, revision)
        fault = keep(self.file.data, revision) if given[0] is EvidenceKind.FILE else None
        if fault is not None:
            self.file.errors = [fault]
            return None
        return revision


class NewEvidenceForm(ContentForm):
    """A new piece of evidence."""

    name = TextField(L_("What it is"), LINE, required=True)


class RevisionForm(ContentForm):
    """A new revision of a piece of evidence."""

    comment = TextField(L_("What is new"), LINE)


class EvidenceForm(BaseForm):
    """What is said of a piece of evidence."""

    name = TextField(L_("What it is"), LINE, required=True)
    owner_id = officer_field(L_("Owner"))
    file_number = TextField(L_("File number"), NAME)
    record_url = WebAddressField(L_("Link to the electronic record"), URL)
    note = LongTextField(L_("Note"), NOTE)


class WithdrawForm(BaseForm):
    """A piece of evidence no longer counts."""

    withdrawn_on = DayField(L_("Withdrawn on"), required=True)
    withdrawn_reason = TextField(L_("Reason"), LINE, required=True)

    def validate_withdrawn_on(self, field: Any) -> None:
        if field.data and field.data > today():
            raise validators.ValidationError(_("It cannot be withdrawn in the future."))
