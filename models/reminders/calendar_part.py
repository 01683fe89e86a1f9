"""The calendar part of a reminder's mail: who takes part is invited, who does not is informed; news moves the entry or
takes it back (RFC 5546; docs/calendar.md)."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from models.city import City
from models.documents.icalendar import Entry, calendar_bytes
from models.language import translator
from models.officers import Officer
from models.reminders.changes import NEWS_OF, entries_of
from models.reminders.messages import CalendarEntry, Message, MessageState
from models.reminders.situation import Situation


def has_calendar(one: Situation) -> bool:
    """Whether a reminder's mail carries a calendar entry by its rule."""
    return one.rule.with_calendar and one.subject.anchor_on is not None and not one.subject.is_look_up


def keep_entries(session: Session, city: City, several: Sequence[Situation]) -> list[CalendarEntry]:
    """Write down what people and calendars know of the subjects, for news of a later change; without those where
    nothing is news and no calendar shows it."""
    noted = [one.subject for one in several if one.subject.kind in NEWS_OF or has_calendar(one)]
    return entries_of(session, city, noted)


def calendar_part(
    session: Session, city: City, one: Situation, message: Message, link: str, now: datetime
) -> tuple[bytes, str] | None:
    """The calendar file and its METHOD, or None; what calendars know now is noted on the message."""
    known = next(iter(keep_entries(session, city, [one])), None)
    before = _methods_before(session, one.officer, known) if known else set()
    if known is None or not (before if one.is_news else has_calendar(one)):
        return None  # news can move only what is in the calendar
    entry = _entry(one, known, link)
    if entry is None:
        return None
    is_gone = _is_gone(one)
    invites = "REQUEST" in before or (one.is_participant and not is_gone)
    message.calendar_request = f"{known.uid} {known.sequence}"
    if invites and not is_gone and _was_requested(session, message, one.officer):
        return None  # one REQUEST for each SEQUENCE: calendars would ask again
    content, method = calendar_bytes(
        entry,
        now,
        organizer=city.unit_email,
        attendee=(one.officer.name, one.officer.email) if invites else None,
        is_cancelled=is_gone,
    )
    message.calendar_method = method
    return content, method


def _is_gone(one: Situation) -> bool:
    """A calendar cannot hold what was cancelled, or what has no day any more."""
    return one.subject.is_cancelled or one.subject.anchor_on is None


def _entry(one: Situation, known: CalendarEntry, link: str) -> Entry | None:
    subject, language = one.subject, one.officer.language
    day = subject.anchor_on or (one.before.said_on if one.before else None)
    if day is None:
        return None
    _, title = translator(language), subject.title(language)
    return Entry(
        uid=known.uid,
        sequence=known.sequence,
        summary=_("Cancelled: {title}").format(title=title) if _is_gone(one) else title,
        starts_on=day,
        ends_on=subject.end_on if subject.anchor_on else None,
        location=subject.where(language),
        url=link,
    )


def _methods_before(session: Session, officer: Officer, known: CalendarEntry) -> set[str]:
    """How this subject came into the colleague's calendar; empty if it did not."""
    methods = select(Message.calendar_method).where(
        Message.officer_id == officer.key,
        col(Message.calendar_request).startswith(f"{known.uid} "),
        Message.calendar_method != "",
        Message.state != MessageState.FAILED,
    )
    return set(session.exec(methods.distinct()))


def _was_requested(session: Session, message: Message, officer: Officer) -> bool:
    known = select(Message.id).where(
        Message.officer_id == officer.key,
        Message.calendar_request == message.calendar_request,
        Message.calendar_method == "REQUEST",
        col(Message.state).not_in((MessageState.FAILED, MessageState.RETRYING)),
    )
    return session.exec(known.limit(1)).first() is not None
