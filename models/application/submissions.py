"""What was sent to the network, with which attachments, and what came back."""

from datetime import date

from sqlmodel import Field

from models.base import ADDRESS, N_, NAME, NOTE, Labelled, Recorded, enum_column, text


class Channel(Labelled):
    MAIL = "mail", N_("E-mail")
    FORM = "form", N_("Web form")
    LETTER = "letter", N_("Letter")
    OTHER = "other_channel", N_("Otherwise")


class ReplyKind(Labelled):
    RECEIPT = "receipt", N_("Receipt")
    QUERY = "query", N_("Query by the network")
    ANSWER = "answer", N_("Our answer")
    ACCEPTED = "accepted", N_("Acceptance")
    DECLINED = "declined", N_("Refusal")
    OTHER = "other_reply", N_("Other letter")


class Submission(Recorded, table=True):
    """The pledge as it was sent; without `sent_on` it is being prepared."""

    __tablename__ = "submission"

    application_id: int = Field(foreign_key="application.id", ondelete="CASCADE", index=True)
    recipient: str = text(NAME)
    recipient_address: str = text(ADDRESS, personal=True)
    channel: Channel = enum_column(Channel, Channel.MAIL)
    sent_on: date | None = None
    text_sent: str = text(NOTE)
    file_number: str = text(NAME)
    note: str = text(NOTE)

    def title(self, language: str) -> str:
        if self.sent_on is None:
            return "Einreichung (in Vorbereitung)" if language == "de" else "Submission (in preparation)"
        if language == "de":
            return f"Einreichung vom {self.sent_on.strftime('%d.%m.%Y')}"
        return f"Submission of {self.sent_on.isoformat()}"


class SubmissionAttachment(Recorded, table=True):
    """What was attached: a revision of a piece of evidence, as it was then."""

    __tablename__ = "submission_attachment"

    submission_id: int = Field(foreign_key="submission.id", ondelete="CASCADE", index=True)
    revision_id: int = Field(foreign_key="evidence_revision.id", index=True)

    def title(self, language: str) -> str:
        return "Anlage" if language == "de" else "Attachment"


class SubmissionReply(Recorded, table=True):
    """One letter after the submission, theirs or ours. A query may name the day by which it is to be answered."""

    __tablename__ = "submission_reply"

    submission_id: int = Field(foreign_key="submission.id", ondelete="CASCADE", index=True)
    kind: ReplyKind = enum_column(ReplyKind)
    dated_on: date
    who: str = text(NAME, personal=True)
    body: str = text(NOTE)
    answer_due_on: date | None = None
    evidence_id: int | None = Field(default=None, foreign_key="evidence.id", ondelete="SET NULL")

    def title(self, language: str) -> str:
        return f"Schreiben vom {self.dated_on:%d.%m.%Y}" if language == "de" else f"Letter of {self.dated_on}"
