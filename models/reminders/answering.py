"""The answers to a reminder: done, seen, again, another date. Each is harmless when it is given twice."""

from datetime import date, datetime, timedelta

from sqlmodel import Session

from models.base import N_, Labelled
from models.reminders.asking import remind_again
from models.reminders.messages import Reminder
from models.reminders.rules import SubjectKind
from models.reminders.subjects import CANNOT_BE_DONE, Subject, complete, move

A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)


class Answered(Labelled):
    """What became of an answer."""

    DONE = "done", N_("Noted as done. No more mails remind of it.")
    DONE_BEFORE = "done_before", N_("It was done already. Nothing was changed.")
    SEEN = "seen", N_("Noted.")
    GONE = "gone", N_("It was deleted in the meantime. Nothing was changed.")
    AGAIN = "again", N_("You are reminded again.")
    OVER = "over", N_("The conference has begun by then. Nothing was changed.")
    MOVED = "moved", N_("The date was changed.")
    SAME_DATE = "same_date", N_("It has this date already. Nothing was changed.")


class MovedMeanwhileError(Exception):
    """Somebody else gave the subject another date since the page was opened."""


def mark_done(
    session: Session, reminder: Reminder, subject: Subject | None, now: datetime, today: date
) -> Answered:
    """The subject is done; a conference or a proof cannot be done, its reminder is only seen."""
    if subject is None:
        return Answered.GONE
    reminder.answered_at = reminder.answered_at or now
    if subject.kind in CANNOT_BE_DONE:
        return Answered.SEEN
    if not subject.is_open:
        return Answered.DONE_BEFORE
    complete(session, subject, today)
    return Answered.DONE


def last_day_again(subject: Subject) -> date | None:
    """The last day on which one more mail makes sense: a conference's own date; None where there is no such day."""
    return subject.anchor_on if subject.kind is SubjectKind.CONFERENCE else None


def may_come_again(subject: Subject, day: date) -> bool:
    """Whether one more mail on this day makes sense: what is done needs none, nor a conference that has begun."""
    last = last_day_again(subject)
    return subject.is_open and (last is None or day <= last)


def again_on(
    session: Session, reminder: Reminder, subject: Subject | None, officer_id: int, day: date, now: datetime
) -> Answered:
    """One more mail to this colleague on a day (from tomorrow on; the caller looks). The same day twice is one mail."""
    if subject is None:
        return Answered.GONE
    if not subject.is_open:
        return Answered.DONE_BEFORE
    if not may_come_again(subject, day):
        return Answered.OVER
    reminder.answered_at = reminder.answered_at or now
    remind_again(session, subject, officer_id, day, now)
    return Answered.AGAIN


def again_in_a_week(
    session: Session, reminder: Reminder, subject: Subject | None, officer_id: int, now: datetime, today: date
) -> Answered:
    """One more mail to this colleague, a week from today."""
    return again_on(session, reminder, subject, officer_id, today + A_WEEK, now)


def move_to(
    session: Session, reminder: Reminder, subject: Subject, seen: str, day: date, now: datetime
) -> Answered:
    """Another date. `seen` is the date (ISO) that the person saw. Raises MovedMeanwhileError if it is another."""
    if not subject.is_open:
        return Answered.DONE_BEFORE
    if subject.anchor_on == day:
        reminder.answered_at = reminder.answered_at or now
        return Answered.SAME_DATE
    if seen != (subject.anchor_on.isoformat() if subject.anchor_on else ""):
        raise MovedMeanwhileError
    move(session, subject, day)
    reminder.answered_at = reminder.answered_at or now
    return Answered.MOVED
