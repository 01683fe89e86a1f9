"""Importing a plan: in one transaction, each row with its history, and each change kept to be taken back."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from models.base import N_, Recorded
from models.imports.batches import BatchState, ImportBatch, ImportChange
from models.imports.columns import all_columns, plain_columns, put
from models.imports.plan import Left, PlannedRow, Remark, kind_of

CHUNK = 500  # keys in one query

Make = Callable[[PlannedRow], Recorded]
Also = Callable[[PlannedRow, Recorded], Iterable[Recorded]]


class NotPreparedError(Exception):
    """The batch was imported, taken back or thrown away meanwhile."""


def reason_of(batch: ImportBatch) -> str:
    """What the history says of each change of an import."""
    return f"Excel-Einfuhr {batch.file_name}"


def apply(
    session: Session,
    batch: ImportBatch,
    rows: list[PlannedRow],
    seen: Mapping[int, int],
    now: datetime,
    make: Make,
    also: Also,
) -> list[Left]:
    """Import the rows without a fault and answer those that were left. `seen` are the versions that the preview showed:
    a row that a colleague changed since is not overwritten. `make` builds a new row, `also` what comes with one (stored
    already). Raises NotPreparedError for a batch that somebody else dealt with. The caller commits."""
    session.refresh(batch, with_for_update=True)
    if batch.state is not BatchState.PREPARED:
        raise NotPreparedError
    session.info["reason"] = reason_of(batch)
    stored, left = _locked(session, rows), []
    done: list[tuple[PlannedRow, Recorded]] = []
    for planned in rows:
        left += [Left(planned.number, planned.title, fault) for fault in planned.faults]
        if not planned.is_effective:
            continue
        row = (
            make(planned)
            if planned.subject_id is None
            else stored.get((planned.subject_kind, planned.subject_id))
        )
        refusal = _refusal(planned, row, seen)
        if row is None or refusal is not None:
            left.append(Left(planned.number, planned.title, refusal or Remark(GONE)))
            continue
        if planned.subject_id is None:
            session.add(row)
        elif planned.after:
            planned.before = plain_columns(row, planned.after)
            put(row, planned.after)
        done.append((planned, row))
    session.flush()
    for planned, row in done:
        _record(session, batch, planned, row, also)
    batch.state, batch.applied_at = BatchState.APPLIED, now
    batch.mapping = {**batch.mapping, "left": [row.stored() for row in left]}
    session.flush()
    session.info.pop("reason")
    return left


GONE = N_("It was deleted meanwhile.")
OVERTAKEN = N_("A colleague changed this after the preview was shown. It was not overwritten.")


def _refusal(planned: PlannedRow, row: Recorded | None, seen: Mapping[int, int]) -> Remark | None:
    if planned.subject_id is None:
        return None
    if row is None:
        return Remark(GONE)
    return None if seen.get(planned.subject_id) == row.version else Remark(OVERTAKEN)


def _locked(session: Session, rows: list[PlannedRow]) -> dict[tuple[str, int], Recorded]:
    """The rows that would be changed, as they are now, held until the commit."""
    wanted: dict[str, list[int]] = {}
    for row in rows:
        if row.subject_id is not None and row.is_effective:
            wanted.setdefault(row.subject_kind, []).append(row.subject_id)
    found: dict[tuple[str, int], Recorded] = {}
    for name, keys in wanted.items():
        kind = kind_of(name)
        for start in range(0, len(keys), CHUNK):
            some = select(kind).where(col(kind.id).in_(sorted(keys)[start : start + CHUNK]))
            for stored in session.exec(some.with_for_update(), execution_options={"populate_existing": True}):
                found[(name, stored.key)] = stored
    return found


def _record(session: Session, batch: ImportBatch, planned: PlannedRow, row: Recorded, also: Also) -> None:
    before = None if planned.subject_id is None else planned.before
    after = all_columns(row) if before is None else planned.after
    if after:
        session.add(_change(batch, planned.number, row, before, after))
    for made in also(planned, row):
        session.add(_change(batch, planned.number, made, None, all_columns(made)))


def _change(
    batch: ImportBatch,
    number: int,
    row: Recorded,
    before: dict[str, object] | None,
    after: dict[str, object],
) -> ImportChange:
    return ImportChange(
        batch_id=batch.key,
        row_number=number,
        subject_kind=str(type(row).__tablename__),
        subject_id=row.key,
        before=before,
        after=after,
    )
