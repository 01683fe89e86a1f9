"""Taking an import back: what was not changed since is as it was before; what was is left alone, and said."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from models.base import N_, Recorded
from models.imports.applying import NotPreparedError
from models.imports.batches import BatchState, ImportBatch, ImportChange
from models.imports.columns import is_as_made, is_there, plain_columns, points_to, put
from models.imports.plan import Left, Remark, kind_of

Hanging = Callable[[str, int], dict[str, int]]
Remove = Callable[[Recorded], None]

DELETED = N_("It was deleted since; there is nothing to take back.")
CHANGED = N_("This was changed since, and stays as it is now.")
TARGET_GONE = N_("What stood there before no longer exists.")
IN_USE = N_("The new row was changed since, or something was added to it. It stays.")


@dataclass
class Retraction:
    """What taking back would do: `restore` maps rows to their old columns, `remove` are rows that the import made."""

    restore: list[tuple[Recorded, dict[str, Any]]] = field(default_factory=list)
    remove: list[Recorded] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


def changes_of(session: Session, batch: ImportBatch) -> list[ImportChange]:
    """What an import did, in its order."""
    found = select(ImportChange).where(ImportChange.batch_id == batch.key)
    return list(session.exec(found.order_by(col(ImportChange.id))))


def retraction(session: Session, batch: ImportBatch, hanging: Hanging) -> Retraction:
    """What taking this import back would do now. `hanging` counts what would go with a row (overview.hanging_on)."""
    found = Retraction()
    made: dict[int, list[ImportChange]] = {}
    for change in changes_of(session, batch):
        if change.before is None:
            made.setdefault(change.row_number, []).append(change)
            continue
        row = session.get(kind_of(change.subject_kind), change.subject_id)
        if row is None:
            found.left.append(Left(change.row_number, "", Remark(DELETED)))
        else:
            look_at(session, found, change, row)
    for changes in made.values():
        _look_at_made(session, found, changes, hanging)
    return found


def look_at(session: Session, found: Retraction, change: ImportChange, row: Recorded) -> None:
    """The columns that are still as the import left them go back."""
    before, title = change.before or {}, row.title("de")
    now = plain_columns(row, change.after)
    same = [name for name, value in change.after.items() if now[name] == value]
    gone = [name for name in same if not is_there(session, type(row), name, before[name])]
    since = tuple(name for name in change.after if name not in same and now[name] != before[name])
    if since:
        found.left.append(Left(change.row_number, title, Remark(CHANGED, columns=since)))
    if gone:
        found.left.append(Left(change.row_number, title, Remark(TARGET_GONE, columns=tuple(gone))))
    back = {name: before[name] for name in same if name not in gone}
    if back:
        found.restore.append((row, back))


def _look_at_made(session: Session, found: Retraction, changes: list[ImportChange], hanging: Hanging) -> None:
    """What one line of the file made goes together or stays together."""
    rows = [(change, session.get(kind_of(change.subject_kind), change.subject_id)) for change in changes]
    there = [(change, row) for change, row in rows if row is not None]
    number = changes[0].row_number
    if not there:
        found.left.append(Left(number, "", Remark(DELETED)))
    elif any(_is_in_use(change, row, changes, hanging) for change, row in there):
        found.left.append(Left(number, there[0][1].title("de"), Remark(IN_USE)))
    else:
        found.remove += [row for _change, row in reversed(there)]


def _is_in_use(change: ImportChange, row: Recorded, together: list[ImportChange], hanging: Hanging) -> bool:
    if not is_as_made(row, change.after):
        return True
    ours = sum(
        points_to(kind_of(other.subject_kind), other.after, change.subject_kind, change.subject_id)
        for other in together
    )
    return sum(hanging(change.subject_kind, change.subject_id).values()) > ours


def revert(
    session: Session, batch: ImportBatch, now: datetime, hanging: Hanging, remove: Remove
) -> list[Left]:
    """Take the import back as far as it can be, and answer what stays. `remove` deletes a row with what hangs on it.
    Raises NotPreparedError for a batch that is not imported. The caller commits."""
    session.refresh(batch, with_for_update=True)
    if batch.state is not BatchState.APPLIED:
        raise NotPreparedError
    session.info["reason"] = f"Einfuhr zurückgenommen: {batch.file_name}"
    found = retraction(session, batch, hanging)
    for row, values in found.restore:
        put(row, values)
    session.flush()
    for row in found.remove:
        remove(row)
    batch.state, batch.reverted_at = BatchState.REVERTED, now
    batch.mapping = {**batch.mapping, "kept": [row.stored() for row in found.left]}
    session.flush()
    session.info.pop("reason")
    return found.left
