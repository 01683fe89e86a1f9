"""What was imported from a file, change by change, so that the whole import can be taken back."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, Session, col, select

from models.base import CODE, LINE, N_, NAME, Labelled, Recorded, Row, enum_column, text
from models.evidence.evidence import EvidenceRevision


class ImportKind(Labelled):
    CHECKLIST = "checklist", N_("Our own Excel file of the checklist")
    OWN_LIST = "own_list", N_("An own list")
    EDITION = "edition", N_("Items of an edition")
    CONTACTS = "contacts", N_("Contacts")
    PLACES = "places", N_("Cities & regions")


class BatchState(Labelled):
    READING = "reading", N_("being read")
    PREPARED = "prepared", N_("looked at, not imported")
    APPLYING = "applying", N_("being imported")
    FAILED = "failed", N_("could not be read")
    APPLIED = "applied", N_("imported")
    REVERTED = "reverted", N_("taken back")


class ImportBatch(Recorded, table=True):
    """One uploaded file. `mapping` holds what a person decided: column -> meaning, their words -> ours."""

    __tablename__ = "import_batch"

    kind: ImportKind = enum_column(ImportKind)
    edition_id: int | None = Field(default=None, foreign_key="handbook_edition.id", ondelete="CASCADE")
    sha256: str = text(64)
    file_name: str = text(NAME)
    uploaded_at: datetime
    uploaded_by_id: int | None = Field(default=None, foreign_key="officer.id")
    mapping: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, nullable=False)
    state: BatchState = enum_column(BatchState, BatchState.PREPARED)
    applied_at: datetime | None = None
    reverted_at: datetime | None = None
    file_format: str = text(CODE)
    done: int = 0  # rows read so far, of `total`
    total: int = 0
    fault: str = text(LINE)  # a msgid

    def title(self, language: str) -> str:
        return self.file_name


class ImportChange(Row, table=True):
    """What the import did to one row, columns by name, as the history has them: `before` is None for one it made."""

    __tablename__ = "import_change"

    batch_id: int = Field(foreign_key="import_batch.id", ondelete="CASCADE", index=True)
    row_number: int
    subject_kind: str = text(CODE)
    subject_id: int
    before: dict[str, Any] | None = Field(
        default=None, sa_type=JSON, nullable=True, sa_column_kwargs={"info": {"personal": True}}
    )
    after: dict[str, Any] = Field(
        default_factory=dict, sa_type=JSON, nullable=False, sa_column_kwargs={"info": {"personal": True}}
    )


KEPT_PREPARED = timedelta(days=7)


def batches(session: Session) -> list[ImportBatch]:
    """All uploaded files, the newest first."""
    newest = col(ImportBatch.uploaded_at).desc(), col(ImportBatch.id).desc()
    return list(session.exec(select(ImportBatch).order_by(*newest)))


def abandoned(session: Session, now: datetime) -> list[ImportBatch]:
    """Files that were looked at a week ago and never imported."""
    return list(
        session.exec(
            select(ImportBatch).where(
                ImportBatch.state == BatchState.PREPARED, ImportBatch.uploaded_at < now - KEPT_PREPARED
            )
        )
    )


def discard(session: Session, batch: ImportBatch) -> str:
    """Throw a file away that was not imported. Answers the SHA-256 of a file that nothing needs any more, or ""."""
    session.delete(batch)
    session.flush()
    for table, column in ((ImportBatch, ImportBatch.sha256), (EvidenceRevision, EvidenceRevision.sha256)):
        if session.exec(select(table).where(col(column) == batch.sha256).limit(1)).first() is not None:
            return ""
    return batch.sha256
