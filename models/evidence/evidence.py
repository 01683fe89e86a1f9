"""A piece of evidence and its revisions: a file, a link or a note. Old revisions stay, so that it can always be told
which proof lay here on which day."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from sqlalchemy import ColumnElement, UniqueConstraint
from sqlmodel import Field, Session, col, or_, select

from models.base import LINE, N_, NAME, NOTE, URL, Labelled, Recorded, enum_column, hidden, text
from models.officers import duty


class EvidenceKind(Labelled):
    FILE = "file", N_("File")
    LINK = "link", N_("Link")
    NOTE = "note", N_("Note")


class FileState(Labelled):
    """What the last check found on the disk."""

    INTACT = "intact", N_("as it was stored")
    MISSING = "missing_file", N_("missing on the disk")
    CHANGED = "changed_file", N_("changed on the disk")


class EvidenceState(Labelled):
    """Whether something is proven; shown, never stored."""

    MISSING = "missing", N_("missing")
    PRESENT = "present", N_("present")
    EXPIRED = "expired", N_("expired")
    DAMAGED = "damaged", N_("the file is damaged")


class Evidence(Recorded, table=True):
    """A proof. What it consists of stands in its revisions; `owner_id` is reminded before it expires."""

    __tablename__ = "evidence"

    name: str = text(LINE)
    owner_id: int | None = duty(index=True)
    file_number: str = text(NAME)
    record_url: str = text(URL)
    note: str = text(NOTE)
    withdrawn_on: date | None = None
    withdrawn_reason: str = text(LINE)

    def title(self, language: str) -> str:
        return self.name


class EvidenceRevision(Recorded, table=True):
    """One state of a proof, in force from `added_at` until `replaced_at` (None: the current one). `sha256`,
    `file_name`, `media_type` and `size` (bytes) speak of a file, `url` of a link, `content` of a note."""

    __tablename__ = "evidence_revision"
    __table_args__ = (UniqueConstraint("evidence_id", "number"),)

    evidence_id: int = Field(foreign_key="evidence.id", ondelete="CASCADE", index=True)
    number: int = 1
    kind: EvidenceKind = enum_column(EvidenceKind)
    url: str = text(URL)
    sha256: str = text(64, index=True)
    file_name: str = text(NAME)
    media_type: str = text(NAME)
    size: int = 0
    content: str = text(NOTE)
    dated_on: date | None = None
    valid_until: date | None = Field(default=None, index=True)
    comment: str = text(LINE)
    added_at: datetime
    added_by_id: int | None = Field(default=None, foreign_key="officer.id")
    replaced_at: datetime | None = Field(default=None, index=True)
    file_state: FileState = enum_column(FileState, FileState.INTACT)
    checked_at: datetime | None = hidden(default=None)

    def title(self, language: str) -> str:
        return f"{'Fassung' if language == 'de' else 'Revision'} {self.number}"

    def is_valid(self, today: date) -> bool:
        """Whether it still counts: not expired, and its file is what was stored."""
        is_current = self.valid_until is None or self.valid_until >= today
        return is_current and self.file_state is FileState.INTACT


def current_revision(session: Session, evidence_id: int) -> EvidenceRevision | None:
    """The revision in force."""
    found = select(EvidenceRevision).where(
        EvidenceRevision.evidence_id == evidence_id, col(EvidenceRevision.replaced_at).is_(None)
    )
    return session.exec(found.order_by(col(EvidenceRevision.number).desc())).first()


def revisions(session: Session, evidence_id: int) -> list[EvidenceRevision]:
    """All revisions, the newest first."""
    found = select(EvidenceRevision).where(EvidenceRevision.evidence_id == evidence_id)
    return list(session.exec(found.order_by(col(EvidenceRevision.number).desc())))


def add_revision(session: Session, evidence: Evidence, revision: EvidenceRevision) -> EvidenceRevision:
    """Put a new revision in force; the one before it is kept. `revision.added_at` says when."""
    before = current_revision(session, evidence.key)
    revision.evidence_id = evidence.key
    if before is not None:
        before.replaced_at = revision.added_at
        revision.number = before.number + 1
    session.add(revision)
    session.flush()
    return revision


def end_of(day: date, zone: tzinfo) -> datetime:
    """The first moment after this day in the city's zone, in UTC."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone).astimezone(UTC)


def in_force_on(day: date, zone: tzinfo = UTC) -> list[ColumnElement[bool]]:
    """The conditions under which a revision lay here at the end of this day, and its evidence was not withdrawn."""
    end = end_of(day, zone)
    return [
        col(EvidenceRevision.added_at) < end,
        or_(col(EvidenceRevision.replaced_at).is_(None), col(EvidenceRevision.replaced_at) >= end),
        or_(col(Evidence.withdrawn_on).is_(None), col(Evidence.withdrawn_on) > day),
    ]


def evidence_state(found: list[EvidenceRevision], today: date) -> EvidenceState:
    """Missing without any; there while one is valid; else damaged if only the file is at fault; else expired."""
    if not found:
        return EvidenceState.MISSING
    if any(revision.is_valid(today) for revision in found):
        return EvidenceState.PRESENT
    if any(r.valid_until is None or r.valid_until >= today for r in found):
        return EvidenceState.DAMAGED
    return EvidenceState.EXPIRED
