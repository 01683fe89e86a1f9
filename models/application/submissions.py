"""What was sent to the network, with which attachments, and what came back."""

from collections.abc import Collection
from datetime import date

from sqlmodel import Field, Session, col, select

from models.application.states import ApplicationState
from models.base import ADDRESS, N_, NAME, NOTE, Labelled, Recorded, enum_column, text
from models.evidence.evidence import Evidence, EvidenceRevision


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


# What each letter says about the case as a whole; a letter that is not named here says nothing about it.
STATE_AFTER = {
    ReplyKind.RECEIPT: ApplicationState.SUBMITTED,
    ReplyKind.QUERY: ApplicationState.QUERY,
    ReplyKind.ANSWER: ApplicationState.SUBMITTED,
    ReplyKind.ACCEPTED: ApplicationState.ACCEPTED,
    ReplyKind.DECLINED: ApplicationState.DECLINED,
}


def submissions(session: Session, application_id: int) -> list[Submission]:
    """The submissions of a case, the newest first; there may be several, for instance after a refusal."""
    found = select(Submission).where(Submission.application_id == application_id)
    return list(session.exec(found.order_by(col(Submission.id).desc())))


def replies(session: Session, submission_id: int) -> list[SubmissionReply]:
    """What came back and what we answered, the earliest first."""
    found = select(SubmissionReply).where(SubmissionReply.submission_id == submission_id)
    return list(session.exec(found.order_by(col(SubmissionReply.dated_on), col(SubmissionReply.id))))


def attachments(session: Session, submission_id: int) -> list[tuple[Evidence, EvidenceRevision]]:
    """What is or was attached: the evidence, and its revision as it was chosen."""
    found = (
        select(Evidence, EvidenceRevision)
        .join(EvidenceRevision, col(EvidenceRevision.evidence_id) == col(Evidence.id))
        .join(SubmissionAttachment, col(SubmissionAttachment.revision_id) == col(EvidenceRevision.id))
        .where(SubmissionAttachment.submission_id == submission_id)
        .order_by(col(Evidence.name), col(EvidenceRevision.id))
    )
    return list(session.exec(found).all())


def attachable(session: Session, limit: int | None = None) -> list[tuple[Evidence, EvidenceRevision]]:
    """Every piece of evidence in force with its current revision: what can be attached; the newest first."""
    found = (
        select(Evidence, EvidenceRevision)
        .join(EvidenceRevision, col(EvidenceRevision.evidence_id) == col(Evidence.id))
        .where(col(EvidenceRevision.replaced_at).is_(None), col(Evidence.withdrawn_on).is_(None))
        .order_by(col(EvidenceRevision.added_at).desc(), col(EvidenceRevision.id).desc())
    )
    return list(session.exec(found.limit(limit)).all())


def attach(session: Session, submission: Submission, revision_ids: Collection[int]) -> None:
    """Attach exactly these revisions."""
    rows = session.exec(
        select(SubmissionAttachment).where(SubmissionAttachment.submission_id == submission.key)
    ).all()
    for row in rows:
        if row.revision_id not in revision_ids:
            session.delete(row)
    there = {row.revision_id for row in rows}
    for key in revision_ids:
        if key not in there:
            session.add(SubmissionAttachment(submission_id=submission.key, revision_id=key))
    session.flush()
