"""Dates that moved or were cancelled after somebody was told of them (reminders, point 7)."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from models.city import City
from models.reminders.messages import (
    CalendarEntry,
    Message,
    MessageState,
    Occasion,
    Reason,
    Reminder,
    ReminderState,
    token_of,
)
from models.reminders.rules import SubjectKind
from models.reminders.subjects import Subject, load_subject

Person = tuple[str, int, int]  # kind and key of a subject, officer

# A follow-up's date says when to ask again: another one is a new wish, and no news for whoever was asked before. A
# proof gets another date when it was renewed: that is what the reminder asked for.
NEWS_OF = (SubjectKind.COMMITMENT, SubjectKind.PHASE, SubjectKind.CONFERENCE, SubjectKind.DEADLINE)
OVER_AFTER = timedelta(days=14)  # a date that passed longer ago is nobody's news any more
_ON_ITS_WAY = (MessageState.CLAIMED, MessageState.UNCERTAIN)


def hashed(*parts: object) -> str:
    """A short name for these values: another one as soon as one of them changes."""
    return hashlib.sha256(json.dumps(parts, default=str, ensure_ascii=False).encode()).hexdigest()


def _content(subject: Subject) -> str:
    """What a calendar shows of a subject."""
    return hashed(subject.anchor_on, subject.end_on, subject.where_de)


def entries_of(session: Session, city: City, subjects: Sequence[Subject]) -> list[CalendarEntry]:
    """What people and calendars know of each of these subjects. When what a calendar shows of it changes, SEQUENCE
    counts on; the date itself is left to `notice_changes`, which also tells people."""
    names = sorted({(subject.kind.value, subject.id) for subject in subjects})
    known = {(entry.subject_kind, entry.subject_id): entry for entry in _named(session, names)}
    for subject in subjects:
        entry = known.get((subject.kind.value, subject.id))
        if entry is None:
            known[subject.kind.value, subject.id] = _first_entry(session, city, subject)
        elif entry.fingerprint != _content(subject):
            entry.sequence += 1
            entry.fingerprint = _content(subject)
    session.flush()
    return [known[subject.kind.value, subject.id] for subject in subjects]


def _first_entry(session: Session, city: City, subject: Subject) -> CalendarEntry:
    entry = CalendarEntry(
        subject_kind=subject.kind.value,
        subject_id=subject.id,
        uid=f"{subject.kind.value}-{subject.id}@{city.installation}.fab-city-lotse",
        fingerprint=_content(subject),
        starts_on=subject.anchor_on,
        is_cancelled=subject.is_cancelled,
    )
    session.add(entry)
    return entry


def notice_changes(
    session: Session, touched: Mapping[str, set[int]] | None, today: date, now: datetime
) -> set[Person]:
    """Queue one "Terminverschiebung" or "Absage" for everybody who was told of a date that is another now. `touched`
    limits the look to these subjects; None looks at all. Answers who gets one. Changes between two looks are one."""
    told: set[Person] = set()
    for entry in _entries(session, touched, today):
        subject = load_subject(session, SubjectKind(entry.subject_kind), entry.subject_id)
        if subject is not None:
            told |= _notice(session, entry, subject, today, now)
    session.flush()
    return told


def _entries(
    session: Session, touched: Mapping[str, set[int]] | None, today: date
) -> Iterable[CalendarEntry]:
    wanted = select(CalendarEntry).where(col(CalendarEntry.subject_kind).in_([k.value for k in NEWS_OF]))
    if touched is None:
        is_ahead = or_(
            col(CalendarEntry.starts_on) >= today - OVER_AFTER, col(CalendarEntry.starts_on).is_(None)
        )
        return session.exec(wanted.where(is_ahead)).all()
    keys = [(kind.value, key) for kind in NEWS_OF for key in sorted(touched.get(kind.value, ()))]
    return _named(session, keys)


def _named(session: Session, keys: Iterable[tuple[str, int]]) -> list[CalendarEntry]:
    """The entries of these subjects, kind by kind: SQLite uses the index for this, and not for pairs."""
    by_kind: dict[str, list[int]] = {}
    for kind, key in keys:
        by_kind.setdefault(kind, []).append(key)
    found: list[CalendarEntry] = []
    for kind, some in by_kind.items():
        of_kind = select(CalendarEntry).where(CalendarEntry.subject_kind == kind)
        for start in range(0, len(some), 5000):
            named = col(CalendarEntry.subject_id).in_(some[start : start + 5000])
            found += session.exec(of_kind.where(named)).all()
    return found


def _notice(
    session: Session, entry: CalendarEntry, subject: Subject, today: date, now: datetime
) -> set[Person]:
    is_other = subject.is_cancelled != entry.is_cancelled or subject.anchor_on != entry.starts_on
    if not is_other or not (subject.is_open or subject.is_cancelled):
        return set()
    if _is_past(subject, today) and entry.starts_on is not None and entry.starts_on >= today:
        return (
            set()
        )  # moved to the past, perhaps a slip: people and calendars know the date that they were told
    was_cancelled, before, entry.starts_on = entry.is_cancelled, entry.starts_on, subject.anchor_on
    entry.is_cancelled, entry.fingerprint = subject.is_cancelled, _content(subject)
    entry.sequence += 1
    if before is not None and before < today - OVER_AFTER:
        return set()
    if subject.is_cancelled:
        is_news = not was_cancelled and (before is None or before >= today)
    elif before is None and not was_cancelled and not _was_told_a_date(session, subject):
        is_news = False  # announced for the first time: rules remind of it
    else:  # moved to the past: nothing
        is_news = subject.anchor_on is None or subject.anchor_on >= today
    return _tell(session, entry, subject, now) if is_news else set()


def _is_past(subject: Subject, today: date) -> bool:
    return not subject.is_cancelled and subject.anchor_on is not None and subject.anchor_on < today


def _was_told_a_date(session: Session, subject: Subject) -> bool:
    told = select(Reminder.id).where(
        Reminder.subject_kind == subject.kind.value,
        Reminder.subject_id == subject.id,
        col(Reminder.said_on).is_not(None),
    )
    return session.exec(told.limit(1)).first() is not None


def _tell(session: Session, entry: CalendarEntry, subject: Subject, now: datetime) -> set[Person]:
    occasion = Occasion.CANCELLED if subject.is_cancelled else Occasion.MOVED
    people = who_was_told(session, subject)
    if subject.parent_id is not None and subject.is_cancelled:  # the conference's own cancellation says it
        known = {
            person_id
            for person_id, _rule in _told_of(session, SubjectKind.CONFERENCE.value, subject.parent_id)
        }
        people = [(person_id, rule_id) for person_id, rule_id in people if person_id not in known]
    rows = [_row(entry, rule_id, person_id, occasion, now) for person_id, rule_id in people]
    if rows:
        connection = session.connection()
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        connection.execute(insert(Reminder).on_conflict_do_nothing(), rows)
    return {(entry.subject_kind, entry.subject_id, person_id) for person_id, _rule in people}


def _row(
    entry: CalendarEntry, rule_id: int, person_id: int, occasion: Occasion, now: datetime
) -> dict[str, Any]:
    key = (
        rule_id,
        entry.subject_kind,
        entry.subject_id,
        f"seq:{entry.sequence}",
        occasion.value,
        "officer",
        person_id,
    )
    names = ("rule_id", "subject_kind", "subject_id", "occurrence", "step", "person_kind", "person_id")
    return {
        **dict(zip(names, key, strict=True)), "token": token_of(*key), "due_at": now, "queued_at": now,
        "state": ReminderState.QUEUED, "reason": Reason.NONE, "occasion": occasion,
    }  # fmt: skip


def _was_told(subject_kind: str, subject_id: int) -> tuple[ColumnElement[bool], ...]:
    """Reminders of a subject whose mail went out, or may have."""
    return (
        Reminder.subject_kind == subject_kind,  # type: ignore[return-value]
        Reminder.subject_id == subject_id,
        or_(col(Reminder.state) == ReminderState.SENT, col(Message.state).in_(_ON_ITS_WAY)),
    )


def who_was_told(session: Session, subject: Subject) -> list[tuple[int, int]]:
    """Colleagues who were told of a subject: (officer, the rule that told them last)."""
    return _told_of(session, subject.kind.value, subject.id)


def _told_of(session: Session, subject_kind: str, subject_id: int) -> list[tuple[int, int]]:
    told = (
        select(Reminder.person_id, func.max(col(Reminder.rule_id)))
        .join(Message, col(Message.id) == col(Reminder.message_id), isouter=True)
        .where(*_was_told(subject_kind, subject_id))
        .group_by(col(Reminder.person_id))
        .order_by(col(Reminder.person_id))
    )
    return [(person_id, rule_id) for person_id, rule_id in session.exec(told)]


def has_later_news(session: Session, news: Reminder) -> bool:
    """Whether the same person is told something newer of the same subject."""
    later = select(Reminder.id).where(
        Reminder.subject_kind == news.subject_kind,
        Reminder.subject_id == news.subject_id,
        Reminder.person_id == news.person_id,
        col(Reminder.occasion).in_((Occasion.MOVED, Occasion.CANCELLED)),
        col(Reminder.id) > news.key,
    )
    return session.exec(later.limit(1)).first() is not None


def last_told(session: Session, reminder: Reminder) -> Reminder | None:
    """What the recipient was told last about the same subject, before this reminder."""
    return session.exec(
        select(Reminder)
        .join(Message, col(Message.id) == col(Reminder.message_id), isouter=True)
        .where(
            *_was_told(reminder.subject_kind, reminder.subject_id),
            Reminder.person_id == reminder.person_id,
            Reminder.id != reminder.id,
        )
        .order_by(col(Reminder.id).desc())
        .limit(1)
    ).first()
