"""What was imported from a file, change by change, so that the whole import can be taken back."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel, and_, col, select

from models.base import CODE, LINE, N_, NAME, Labelled, Recorded, Row, enum_column, text


class ImportKind(Labelled):
    CHECKLIST = "checklist", N_("Our own Excel file of the checklist")
    OWN_LIST = "own_list", N_("An own list")
    EDITION = "edition", N_("Items of an edition")
    CONTACTS = "contacts", N_("Contacts")
    PLACES = "places", N_("Cities & regions")


class BatchState(Labelled):
    READING = "reading", N_("being read")
    PREPARED = "prepared", N_("looked at, not imported")
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


OF_THE_CHECKLIST = (ImportKind.CHECKLIST, ImportKind.OWN_LIST, ImportKind.EDITION)
UNDONE = (BatchState.READING, BatchState.PREPARED, BatchState.FAILED)  # may be thrown away


def batches(session: Session, *kinds: ImportKind) -> list[ImportBatch]:
    """The uploaded files of these kinds, or of the checklist, the newest first."""
    newest = col(ImportBatch.uploaded_at).desc(), col(ImportBatch.id).desc()
    of_kind = select(ImportBatch).where(col(ImportBatch.kind).in_(kinds or OF_THE_CHECKLIST))
    return list(session.exec(of_kind.order_by(*newest)))


def abandoned(session: Session, now: datetime) -> list[ImportBatch]:
    """Files that were uploaded a week ago and never imported."""
    undone = select(ImportBatch).where(col(ImportBatch.state).in_(UNDONE))
    return list(session.exec(undone.where(ImportBatch.uploaded_at < now - KEPT_PREPARED)))


def discard(session: Session, batch: ImportBatch) -> str:
    """Throw a file away that was not imported. Answers the SHA-256 of a file that nothing needs any more, or ""."""
    session.delete(batch)
    session.flush()
    return batch.sha256 if is_unneeded(session, batch.sha256) else ""


def is_unneeded(session: Session, sha256: str, except_id: int | None = None) -> bool:
    """Whether nothing needs a stored file, that one batch aside. Contacts that were imported need theirs no more."""
    is_imported = and_(col(ImportBatch.kind) == ImportKind.CONTACTS, col(ImportBatch.state).not_in(UNDONE))
    needing = select(ImportBatch.id).where(ImportBatch.sha256 == sha256, ~is_imported)
    if except_id is not None:
        needing = needing.where(ImportBatch.id != except_id)
    if session.exec(needing.limit(1)).first() is not None:
        return False
    tables = [t for t in SQLModel.metadata.tables.values() if "sha256" in t.c and t.name != "import_batch"]
    connection = session.connection()
    return all(
        connection.execute(select(t.c.id).where(t.c.sha256 == sha256).limit(1)).first() is None
        for t in tables
    )
