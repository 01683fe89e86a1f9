"""Who changed what, when, why: written with every change, never edited.

Every `Recorded` row is covered by the session itself, so no page can forget to write its history.
"""

import enum
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, event, insert, inspect
from sqlmodel import Field, Session, col, select

from models.base import CODE, LINE, N_, NOTE, Labelled, Recorded, Row, enum_column, text
from models.database import LotseSession


class Action(Labelled):
    CREATED = "created", N_("created")
    CHANGED = "changed", N_("changed")
    DELETED = "deleted", N_("deleted")


class AuditEntry(Row, table=True):
    """One change of one row. `changes` maps column -> [old, new], as text or numbers."""

    __tablename__ = "audit_entry"

    at: datetime = Field(index=True)
    officer_id: int | None = Field(default=None, foreign_key="officer.id", index=True)
    subject_kind: str = text(CODE)
    subject_id: int = Field(index=True)
    label: str = text(LINE, personal=True)
    action: Action = enum_column(Action)
    reason: str = text(NOTE)
    changes: dict[str, list[Any]] = Field(default_factory=dict, sa_type=JSON, nullable=False)


_SUBJECT = ("subject_kind", "subject_id")


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return value


def _changes(row: Recorded) -> dict[str, list[Any]]:
    state = inspect(row)
    found: dict[str, list[Any]] = {}
    for attribute in state.mapper.column_attrs:
        if attribute.columns[0].info.get("unaudited") or attribute.key == "id":
            continue
        history = state.attrs[attribute.key].history
        if not history.has_changes():
            continue
        old = plain(history.deleted[0]) if history.deleted else None
        new = plain(history.added[0]) if history.added else None
        if old != new and not (old is None and new in ("", False)):
            found[attribute.key] = [old, new]
    return found


def _led_to(row: Recorded) -> dict[str, list[Any]]:
    """To which contact or subject a deleted row belonged: an erasure finds what is left of it by that."""
    found = {}
    for attribute in inspect(row).mapper.column_attrs:
        leads = {key.column.table.name for key in attribute.columns[0].foreign_keys} & {
            "person",
            "interaction",
        }
        value = plain(getattr(row, attribute.key)) if leads or attribute.key in _SUBJECT else None
        if value is not None:
            found[attribute.key] = [value, None]
    return found


@event.listens_for(LotseSession, "after_flush")
def write_history(session: Session, _context: Any) -> None:
    """Append an entry for every recorded row of this flush."""
    entries = []
    groups = (
        (Action.CREATED, session.new),
        (Action.CHANGED, session.dirty),
        (Action.DELETED, session.deleted),
    )
    for action, rows in groups:
        for row in rows:
            if not isinstance(row, Recorded) or not row.audited:
                continue
            changes = _led_to(row) if action is Action.DELETED else _changes(row)
            if action is Action.CHANGED and not changes:
                continue
            entries.append(
                {
                    "at": session.info["now"],
                    "officer_id": session.info.get("officer_id"),
                    "subject_kind": str(type(row).__tablename__),
                    "subject_id": row.key,
                    "label": row.title("de")[:LINE],
                    "action": action,
                    "reason": session.info.get("reason", ""),
                    "changes": changes,
                }
            )
    if entries and not session.info.get("unrecorded"):
        session.connection().execute(insert(AuditEntry), entries)


def history_of(session: Session, kind: str, subject_id: int) -> list[AuditEntry]:
    """All changes of one row, newest first."""
    return list(
        session.exec(
            select(AuditEntry)
            .where(AuditEntry.subject_kind == kind, AuditEntry.subject_id == subject_id)
            .order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc())
        )
    )


def latest_changes(session: Session, limit: int) -> list[AuditEntry]:
    """What changed last, whatever it was."""
    return list(
        session.exec(
            select(AuditEntry).order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc()).limit(limit)
        )
    )
