"""Reminders that did not lead to a mail: left out, missed, overtaken, or due and not written yet. With the mail log
they are everything that ever fell due, so that nothing is silent."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy import select as choose
from sqlmodel import Session, col, select

from models.officers import Officer
from models.reminders.about import speaks_of
from models.reminders.mail_log import WINDOW, Found, Wanted, has_words
from models.reminders.messages import Reminder, ReminderState
from models.reminders.subject_names import subject_names

_UNTOLD = (ReminderState.SKIPPED, ReminderState.MISSED, ReminderState.SUPERSEDED)
_BATCH = 500


def is_untold() -> ColumnElement[bool]:
    """What was told stands in the mail log; so does what waits in a mail."""
    waits = and_(col(Reminder.state) == ReminderState.QUEUED, col(Reminder.message_id).is_(None))
    return or_(col(Reminder.state).in_(_UNTOLD), waits)


def _conditions(wanted: Wanted, state: ReminderState | None) -> list[Any]:
    found: list[Any] = [is_untold()]
    if state is not None:
        found.append(col(Reminder.state) == state)
    if wanted.officer_id is not None:
        found += [col(Reminder.person_kind) == "officer", col(Reminder.person_id) == wanted.officer_id]
    if wanted.since is not None:
        found.append(col(Reminder.due_at) >= wanted.since)
    if wanted.until is not None:
        found.append(col(Reminder.due_at) < wanted.until)
    if wanted.about is not None:
        found.append(speaks_of(wanted.about))
    return found


def find_untold(
    session: Session, wanted: Wanted, state: ReminderState | None, before: int | None, limit: int
) -> Found[Reminder]:
    """One page, newest first. Words are looked for in the subjects' titles and the recipients' names."""
    query = select(Reminder).where(*_conditions(wanted, state)).order_by(col(Reminder.id).desc())
    if before is not None:
        query = query.where(col(Reminder.id) < before)
    if not wanted.words:
        rows = list(session.exec(query.limit(limit + 1)))
        return Found(rows[:limit], rows[limit - 1].key if len(rows) > limit else None)
    window = list(session.exec(query.limit(WINDOW)))
    rows = _with_words(session, wanted.words, window)
    if len(rows) > limit:
        return Found(rows[:limit], rows[limit - 1].key)
    has_stopped = len(window) == WINDOW
    return Found(rows, window[-1].key if has_stopped else None, has_stopped)


def _with_words(session: Session, words: tuple[str, ...], rows: list[Reminder]) -> list[Reminder]:
    names = subject_names(session, {(row.subject_kind, row.subject_id) for row in rows})
    people = {officer.key: officer.name for officer in session.exec(select(Officer))}

    def said(row: Reminder) -> list[str]:
        name = names.get((row.subject_kind, row.subject_id))
        titles = [name.de, name.en] if name else []
        return [*titles, people.get(row.person_id, "")]

    return [row for row in rows if has_words(words, *said(row))]


def every_untold(session: Session, wanted: Wanted, state: ReminderState | None) -> Iterator[list[Reminder]]:
    """All of them, newest first, in portions."""
    query = select(Reminder).where(*_conditions(wanted, state)).order_by(col(Reminder.id).desc())
    before: int | None = None
    while rows := list(
        session.exec((query if before is None else query.where(col(Reminder.id) < before)).limit(_BATCH))
    ):
        before = rows[-1].key
        yield _with_words(session, wanted.words, rows) if wanted.words else rows


def count_untold(session: Session, wanted: Wanted) -> int:
    """How many there are."""
    query = choose(func.count()).select_from(Reminder).where(*_conditions(wanted, None))
    return int(session.connection().execute(query).scalar_one())
