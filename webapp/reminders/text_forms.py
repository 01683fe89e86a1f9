"""The form of a mail text: a subject line and a body in both languages, checked against the tokens that exist."""

from typing import Any

from wtforms import validators

from models.base import LINE, NAME, NOTE
from models.reminders.texts import MailText, TextCode, Wording, faults
from webapp.forms import BaseForm, LongTextField, TextField, officer_field
from webapp.words import L_, _

FAULTS_SHOWN = 5
FIELDS = ("subject_de", "body_de", "subject_en", "body_en")


class MailTextForm(BaseForm):
    """Four fields; `usual` is what is said without them, by field. A field that is empty or says the same is stored
    empty, so that it follows the built-in text."""

    name = TextField(L_("Name of this text"), NAME, required=True)
    subject_de = TextField(L_("Subject line (German)"), LINE)
    body_de = LongTextField(L_("Text (German)"), NOTE)
    subject_en = TextField(L_("Subject line (English)"), LINE)
    body_en = LongTextField(L_("Text (English)"), NOTE)
    officer_id = officer_field(L_("As a mail to"))

    def __init__(self, *args: Any, code: TextCode, usual: dict[str, Wording], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_submitted() and not self.version.raw_data:
            self.version.data = (
                ""  # opened before there was a row: not the version of the one that is there now
            )
        self.code = code
        self.usual = {
            f"{part}_{language}": getattr(words, part)
            for language, words in usual.items()
            for part in ("subject", "body")
        }

    def show_usual(self) -> None:
        """Begin with what is said now, where nothing was written."""
        for name in FIELDS:
            self[name].data = self[name].data or self.usual[name]

    def forget_usual(self, row: MailText) -> None:
        """Keep in the row only what differs."""
        for name in FIELDS:
            if getattr(row, name) == self.usual[name]:
                setattr(row, name, "")

    def is_usual(self) -> bool:
        """Whether nothing differs from what is said without this text."""
        return all((self[name].data or "") in ("", self.usual[name]) for name in FIELDS)

    def typed(self, language: str) -> Wording:
        """What stands in the form in one language."""
        return Wording(self[f"subject_{language}"].data or "", self[f"body_{language}"].data or "")

    def _check(self, field: Any, *, is_subject: bool) -> None:
        found = [fault.said(_) for fault in faults(field.data or "", self.code, is_subject=is_subject)]
        if field.data and found:
            more = [_("And more like this.")] if len(found) > FAULTS_SHOWN else []
            raise validators.ValidationError(" ".join(found[:FAULTS_SHOWN] + more))

    def validate_subject_de(self, field: TextField) -> None:
        self._check(field, is_subject=True)

    def validate_subject_en(self, field: TextField) -> None:
        self._check(field, is_subject=True)

    def validate_body_de(self, field: LongTextField) -> None:
        self._check(field, is_subject=False)

    def validate_body_en(self, field: LongTextField) -> None:
        self._check(field, is_subject=False)
