"""What subjects are called, many at once and of those that were deleted too: for lists of reminders."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from models.audit import Action, AuditEntry
from models.base import Recorded
from models.conferences.conferences import Conference, ConferenceDeadline
from models.reminders.about import Thing


@dataclass(frozen=True)
class SubjectName:
    """A subject's title in both languages; a deleted one is called as the history calls it."""

    de: str
    en: str
    is_deleted: bool = False

    def title(self, language: str) -> str:
        return self.en if language == "en" else self.de


def subject_names(session: Session, things: Collection[Thing]) -> dict[Thing, SubjectName]:
    """The names of these rows: one query for each kind, one for conferences of deadlines, one for what was deleted."""
    wanted: dict[str, set[int]] = {}
    for kind, key in things:
        wanted.setdefault(kind, set()).add(key)
    found: dict[Thing, SubjectName] = {}
    for kind, rows in _rows_by_kind(session, wanted):
        found |= {(kind, row.key): SubjectName(row.title("de"), row.title("en")) for row in rows}
    _name_deadlines(session, wanted.get("conference_deadline", set()), found)
    missing = set(things) - set(found)
    return found | _deleted(session, missing) if missing else found


def _rows_by_kind(session: Session, wanted: dict[str, set[int]]) -> list[tuple[str, list[Any]]]:
    tables = {str(m.class_.__tablename__): m.class_ for m in Recorded._sa_registry.mappers}
    known: list[tuple[str, Any]] = [(kind, tables[kind]) for kind in wanted if kind in tables]
    return [
        (kind, list(session.exec(select(table).where(col(table.id).in_(wanted[kind])))))
        for kind, table in known
    ]


def _name_deadlines(session: Session, keys: set[int], found: dict[Thing, SubjectName]) -> None:
    """A deadline's own name says nothing without its conference."""
    if not keys:
        return
    joined = select(ConferenceDeadline, Conference).join(
        Conference, col(Conference.id) == col(ConferenceDeadline.conference_id)
    )
    for deadline, conference in session.exec(joined.where(col(ConferenceDeadline.id).in_(keys))):
        name = f"{deadline.name} – {conference.name}"
        found[("conference_deadline", deadline.key)] = SubjectName(name, name)


def _deleted(session: Session, missing: set[Thing]) -> dict[Thing, SubjectName]:
    entries = session.exec(
        select(AuditEntry).where(
            AuditEntry.action == Action.DELETED,
            col(AuditEntry.subject_id).in_({key for _kind, key in missing}),
            col(AuditEntry.subject_kind).in_({kind for kind, _key in missing}),
        )
    )
    return {
        (entry.subject_kind, entry.subject_id): SubjectName(entry.label, entry.label, True)
        for entry in entries
        if (entry.subject_kind, entry.subject_id) in missing
    }
