"""The dry run of a large import, row by row, until it is applied or thrown away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, Index, Text, cast, delete, func, update
from sqlmodel import Field, Session, SQLModel, and_, col, select

from models.base import N_, NAME, Labelled, Row, enum_column, text
from models.imports.batches import BatchState, ImportBatch
from models.imports.bulk import insert_many
from models.imports.plan import Left, Remark


class RowChoice(Labelled):
    NEW = "new", N_("add as new")
    UPDATE = "update", N_("complete the one found")
    SKIP = "skip", N_("leave out")


def _personal_json(kind: type) -> Any:
    return Field(
        default_factory=kind, sa_type=JSON, nullable=False, sa_column_kwargs={"info": {"personal": True}}
    )


class ImportRow(Row, table=True):
    """One row or card of a file and what it would change; values as the history writes them."""

    __tablename__ = "import_row"
    __table_args__ = (Index("ix_import_row_number", "batch_id", "number"),)

    batch_id: int = Field(foreign_key="import_batch.id", ondelete="CASCADE")
    number: int
    title: str = text(NAME, personal=True)
    subject_id: int | None = None
    row_version: int = 0
    choice: RowChoice = enum_column(RowChoice, RowChoice.NEW)
    before: dict[str, Any] = _personal_json(dict)
    values: dict[str, Any] = _personal_json(dict)
    faults: list[Any] = _personal_json(list)
    remarks: list[Any] = _personal_json(list)


class RowGroup(Labelled):
    """What a row of a dry run is to its reader."""

    FAULTY = "fehler", N_("faulty")
    OPEN = "offen", N_("to be decided")
    CHANGED = "geaendert", N_("would be completed")
    NEW = "neu", N_("would be added")


def _is_in(group: RowGroup) -> ColumnElement[bool]:
    is_faulty = cast(col(ImportRow.faults), Text) != "[]"
    match group:
        case RowGroup.FAULTY:
            return is_faulty
        case RowGroup.OPEN:
            return and_(col(ImportRow.choice) == RowChoice.SKIP, ~is_faulty)
        case RowGroup.CHANGED:
            return col(ImportRow.choice) == RowChoice.UPDATE
    return col(ImportRow.choice) == RowChoice.NEW


@dataclass(frozen=True)
class RowCounts:
    """How many rows of a dry run are what."""

    groups: Mapping[RowGroup, int]
    unchanged: int

    @property
    def effective(self) -> int:
        """Rows that importing would act on."""
        return self.groups[RowGroup.NEW] + self.groups[RowGroup.CHANGED]


def row_counts(session: Session, batch: ImportBatch) -> RowCounts:
    """Count the rows of a batch."""
    numbers = [func.count().filter(_is_in(group)) for group in RowGroup]
    counted = session.connection().execute(select(*numbers).where(ImportRow.batch_id == batch.key))
    found = counted.one()
    groups = {group: int(number) for group, number in zip(RowGroup, found, strict=True)}
    return RowCounts(groups, int(batch.mapping.get("unchanged", 0)))


def rows_in(
    session: Session, batch: ImportBatch, group: RowGroup, page: int, at_once: int
) -> list[ImportRow]:
    """One page of a group, in the order of the file; one row more than `at_once` tells that there is another page."""
    found = select(ImportRow).where(ImportRow.batch_id == batch.key, _is_in(group))
    ordered = found.order_by(col(ImportRow.number), col(ImportRow.id))
    return list(session.exec(ordered.offset((page - 1) * at_once).limit(at_once + 1)))


def add_rows(session: Session, batch_id: int, rows: Iterable[Mapping[str, Any]]) -> None:
    """Store rows of a dry run."""
    insert_many(
        session, SQLModel.metadata.tables["import_row"], [{**row, "batch_id": batch_id} for row in rows]
    )


def forget_rows(session: Session, batch_id: int) -> None:
    """Delete the rows of a dry run."""
    session.connection().execute(delete(ImportRow).where(col(ImportRow.batch_id) == batch_id))


def remarks_stored(remarks: Iterable[Remark]) -> list[dict[str, Any]]:
    """Remarks as JSON."""
    return [
        {"text": r.text, "values": {k: v if isinstance(v, int) else str(v) for k, v in r.values.items()}}
        | {"columns": list(r.columns)}
        for r in remarks
    ]


def remarks_from(stored: Iterable[Mapping[str, Any]]) -> list[Remark]:
    """Remarks as they were stored."""
    return [Remark(r["text"], r["values"], tuple(r["columns"])) for r in stored]


def without_names(number: int, remark: Remark) -> dict[str, Any]:
    """What is kept of a row that was not imported: its number and the reason, and nothing that could name a person."""
    values = {name: value if isinstance(value, int) else "…" for name, value in remark.values.items()}
    return Left(number, "", Remark(remark.text, values, remark.columns)).stored()


# Reading in the background: who reads holds the row's version; whoever takes it over counts it up.

SILENT_FOR = 60  # seconds without progress, after which another process takes a reading over
ATTEMPTS = 3


@dataclass(frozen=True)
class Claim:
    """The right to read a batch, as long as its row has this version."""

    batch_id: int
    version: int


def claim_reading(session: Session, now: datetime, batch_id: int | None = None) -> Claim | None:
    """Take the oldest batch that waits to be read, or one whose reader has been silent. None: there is nothing to do.
    One that was tried too often fails. The caller commits."""
    waiting = select(ImportBatch).where(ImportBatch.state == BatchState.READING).order_by(col(ImportBatch.id))
    if batch_id is not None:
        waiting = waiting.where(ImportBatch.id == batch_id)
    for batch in session.exec(waiting):
        told = batch.mapping.get("reading", {})
        if told and abs((now - datetime.fromisoformat(told["at"])).total_seconds()) < SILENT_FOR:
            continue
        tried = int(told.get("attempt", 0))
        if tried >= ATTEMPTS:
            _set(session, Claim(batch.key, batch.version), state=BatchState.FAILED, fault=GIVEN_UP)
            continue
        mapping = {**batch.mapping, "reading": {"at": now.isoformat(), "attempt": tried + 1}}
        claim = Claim(batch.key, batch.version + 1)
        if _set(session, Claim(batch.key, batch.version), version=claim.version, mapping=mapping, done=0):
            forget_rows(session, batch.key)
            return claim
    return None


UNDECIDED = N_("Nobody chose what is to be done with it.")
GIVEN_UP = N_("Reading the file was broken off several times. Please split it, or show this to your IT.")


def has_waiting(session: Session) -> bool:
    """Whether any file waits to be read or is being read: a look that keeps nobody from writing."""
    waiting = select(ImportBatch.id).where(ImportBatch.state == BatchState.READING)
    return session.exec(waiting.limit(1)).first() is not None


def _set(session: Session, claim: Claim, **values: Any) -> bool:
    changed = session.connection().execute(
        update(ImportBatch)
        .where(
            col(ImportBatch.id) == claim.batch_id,
            col(ImportBatch.version) == claim.version,
            col(ImportBatch.state) == BatchState.READING,
        )
        .values(**values)
    )
    return bool(changed.rowcount == 1)


def tell_progress(session: Session, claim: Claim, done: int, mapping: Mapping[str, Any]) -> bool:
    """Say how far the reading is. False: somebody else has taken it over, or it was thrown away. The caller commits."""
    return _set(session, claim, done=done, mapping=dict(mapping))


def end_reading(
    session: Session, claim: Claim, done: int, mapping: Mapping[str, Any], fault: str = ""
) -> bool:
    """The whole file is read: a person can look at it. With a fault it could not be. The caller commits."""
    kept = {name: value for name, value in mapping.items() if name != "reading"}
    state = BatchState.FAILED if fault else BatchState.PREPARED
    return _set(session, claim, state=state, done=done, total=done, mapping=kept, fault=fault)
