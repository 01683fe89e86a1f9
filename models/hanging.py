"""What hangs on a row, holds it back, and goes with it: read from the metadata, so that no noun is forgotten."""

from typing import Any

from sqlalchemy import ColumnElement, String, Table, delete, func, select, type_coerce
from sqlmodel import Session, SQLModel

# Rows that speak of any table's row by (subject_kind, subject_id) and go when it goes.
SPEAKING = ("comment", "follow_up", "reminder_rule")


def _speaks_of(table: Table, kind: str, key: int) -> ColumnElement[bool]:
    # As text: a rule's enumeration knows only what can be reminded of.
    speaks = (type_coerce(table.c.subject_kind, String) == kind) & (table.c.subject_id == key)
    return speaks & table.c.removed_at.is_(None) if "removed_at" in table.c else speaks


def _referring(table: Table, kind: str, key: int) -> list[tuple[str, Any]]:
    """Conditions that find the rows of `table` which refer to the row `key` of table `kind`."""
    found = [
        (foreign.ondelete or "", foreign.parent == key)
        for foreign in table.foreign_keys
        if foreign.column.table.name == kind
    ]
    if table.name in SPEAKING:
        found.append(("CASCADE", _speaks_of(table, kind, key)))
    return found


def hanging_on(session: Session, kind: str, key: int) -> dict[str, int]:
    """How many rows of which table would be deleted with this row."""
    return _count(session, kind, key, lambda ondelete: ondelete == "CASCADE")


def held_back_by(session: Session, kind: str, key: int) -> dict[str, int]:
    """How many rows of which table forbid deleting this row."""
    return _count(session, kind, key, lambda ondelete: ondelete == "")


def pointing_at(session: Session, kind: str, key: int) -> dict[str, int]:
    """How many rows of which table name this row, and would lose it without being deleted."""
    return _count(session, kind, key, lambda ondelete: ondelete == "SET NULL")


def _count(session: Session, kind: str, key: int, wanted: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for table in SQLModel.metadata.sorted_tables:
        for ondelete, condition in _referring(table, kind, key):
            if wanted(ondelete):
                number = (
                    session.connection()
                    .execute(select(func.count()).select_from(table).where(condition))
                    .scalar()
                )
                if number:
                    found[table.name] = found.get(table.name, 0) + number
    return found


# Tables whose rows can be reminded of and go with the row they hang on.
_REMINDED_CHILDREN = ("follow_up", "conference_deadline")


def _children(session: Session, kind: str, key: int) -> list[tuple[str, int]]:
    found = []
    for name in _REMINDED_CHILDREN:
        table = SQLModel.metadata.tables[name]
        for ondelete, condition in _referring(table, kind, key):
            if ondelete == "CASCADE":
                ids = session.connection().execute(select(table.c.id).where(condition)).scalars()
                found += [(name, child) for child in ids]
    return found


def _remove_rules(session: Session, kind: str, key: int) -> None:
    # A rule that has reminded stays for the record of what went out.
    table = SQLModel.metadata.tables["reminder_rule"]
    values = {"removed_at": session.info["now"], "is_on": False}
    session.connection().execute(table.update().where(_speaks_of(table, kind, key)).values(values))


def delete_with_hanging(session: Session, row: Any) -> None:
    """Delete a row and what speaks of it; foreign keys do the rest."""
    kind = str(type(row).__tablename__)
    for child, key in _children(session, kind, row.key):
        _remove_rules(session, child, key)
    _remove_rules(session, kind, row.key)
    for name in ("comment", "follow_up", "tag_link"):
        table = SQLModel.metadata.tables[name]
        session.connection().execute(delete(table).where(_speaks_of(table, kind, row.key)))
    session.delete(row)
    session.flush()
