"""Nothing comes back to life: what was erased is changed by nobody, and nothing new hangs on it.

Whoever still has a form of an erased contact open is told that somebody was faster.
"""

from typing import Any

from sqlalchemy import event, inspect, select
from sqlmodel import Session, SQLModel

from models.database import LotseSession, OutdatedError

_PROTOCOLS = ("audit_entry", "erasure", "contact_export")  # say that somebody was here, and no more


@event.listens_for(LotseSession, "before_flush")
def keep_erased(session: Session, _context: Any, _instances: Any) -> None:
    """Raises OutdatedError for a change that would write about somebody who was erased."""
    if session.info.get("erasing"):
        return
    people: set[int] = set()
    for row in (*session.new, *session.dirty):
        if isinstance(row, SQLModel) and row.__tablename__ not in _PROTOCOLS:
            people |= _people_written_about(row, is_new=row in session.new)
    if people and _has_erased(session, people):
        raise OutdatedError


def _people_written_about(row: Any, *, is_new: bool) -> set[int]:
    """The people a row belongs to, if anything is said in it that was not said before."""
    table = row.__tablename__
    if table == "person":
        return {row.id} if not is_new and row.id is not None and session_changes(row) else set()
    found = {getattr(row, name, None) for name in _columns_to_people(table)}
    if getattr(row, "subject_kind", "") == "person":
        found.add(row.subject_id)
    people = {key for key in found if isinstance(key, int)}
    return people if people and (is_new or _says_more(row, table)) else set()


def session_changes(row: Any) -> bool:
    """Whether a flush would write this row."""
    return bool(inspect(row).session.is_modified(row))


def _says_more(row: Any, table: str) -> bool:
    """Whether words were added, or the row was led to somebody."""
    state = inspect(row)
    leading = (*_columns_to_people(table), "subject_id")
    for attribute in state.mapper.column_attrs:
        history = state.attrs[attribute.key].history
        if history.has_changes() and history.added:
            is_led = attribute.key in leading
            if is_led or (isinstance(history.added[0], str | bytes | dict | list) and history.added[0]):
                return True
    return False


def _columns_to_people(table: str) -> tuple[str, ...]:
    foreign = SQLModel.metadata.tables[table].foreign_keys
    return tuple(f.parent.name for f in foreign if f.column.table.name == "person")


def _has_erased(session: Session, people: set[int]) -> bool:
    person = SQLModel.metadata.tables["person"]
    wanted = select(person.c.erased_on).where(person.c.id.in_(people))
    # On PostgreSQL: waits for an erasure that is under way, and then sees it.
    found = session.connection().execute(wanted.with_for_update(read=True, key_share=True)).scalars()
    return any(day is not None for day in found)
