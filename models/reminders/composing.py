"""From reminders to mails: composed once, stored as bytes, checked again at the moment of sending (points 3, 4)."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from models.base import LINE
from models.city import the_city
from models.documents.mail import one_line
from models.officers import Officer
from models.reminders.about import read_together
from models.reminders.bundles import Waiting, bundles, next_digest
from models.reminders.calendar_part import calendar_part, has_calendar, keep_entries
from models.reminders.claiming import leave_out
from models.reminders.letters import MailSettings, store_mail, unsubscribe_headers
from models.reminders.messages import (
    Message,
    MessageKind,
    MessageState,
    Occasion,
    Reason,
    Reminder,
    ReminderState,
)
from models.reminders.reaching import LATE
from models.reminders.recipients import surroundings
from models.reminders.rules import RuleClass
from models.reminders.situation import Situation, fingerprint, situation
from models.reminders.writing import collected_letter, link_to, single_letter

_KINDS = {Occasion.MOVED: MessageKind.MOVED, Occasion.CANCELLED: MessageKind.CANCELLED}


def people_waiting(session: Session) -> list[int]:
    """Officers with reminders that are due and have no mail yet; without those the program failed at."""
    waiting = select(Reminder.person_id).where(*_WAITING, Reminder.reason != Reason.FAULTY)
    return sorted(set(session.exec(waiting.distinct())))


def faulty_waiting(session: Session) -> list[int]:
    """Ids of reminders the program failed at: each is tried by itself."""
    waiting = select(Reminder.id).where(*_WAITING, Reminder.reason == Reason.FAULTY)
    return [key for key in session.exec(waiting.order_by(col(Reminder.id))) if key is not None]


def waiting_of(session: Session, officer_id: int) -> list[int]:
    """Ids of a colleague's reminders that are due and have no mail yet."""
    waiting = select(Reminder.id).where(*_WAITING, Reminder.person_id == officer_id)
    return [key for key in session.exec(waiting.order_by(col(Reminder.id))) if key is not None]


_WAITING = (col(Reminder.state) == ReminderState.QUEUED, col(Reminder.message_id).is_(None))


def compose(
    session: Session,
    officer_id: int,
    settings: MailSettings,
    now: datetime,
    *,
    only: Collection[int] | None = None,
    without: Collection[int] = (),
) -> list[Message]:
    """Compose the mails of one colleague, or leave reminders out with their reasons. `only` and `without` name
    reminders."""
    query = select(Reminder).where(*_WAITING, Reminder.person_id == officer_id).order_by(col(Reminder.id))
    rows = session.exec(query.with_for_update(skip_locked=True)).all()
    chosen = [row for row in rows if (only is None or row.id in only) and row.id not in without]
    if not chosen:
        return []
    around, found, kept = surroundings(session), {}, read_together(session, chosen)
    for reminder in chosen:
        if reminder.occasion is Occasion.DUE and now - reminder.due_at > LATE:
            reminder.occasion = Occasion.LATE
        one = situation(session, reminder, now, around)
        if isinstance(one, Reason):
            leave_out(reminder, one)
        else:
            found[reminder.key] = one
    kept.clear()
    if not found:
        return []
    officer = around.officers[officer_id]
    wait_until = (
        next_digest(now, _last_digest(session, officer, now), around.zone) if officer.wants_digest else None
    )
    groups = bundles([_waiting(one) for one in found.values()], wait_until)
    return [_mail(session, [found[key] for key in keys], officer, settings, now) for keys in groups]


def _last_digest(session: Session, officer: Officer, now: datetime) -> datetime | None:
    """When a colleague who wants one mail a day got the latest; what a clock that went ahead says does not count."""
    return session.exec(
        select(Message.composed_at)
        .where(
            Message.officer_id == officer.key,
            Message.kind == MessageKind.DIGEST,
            Message.composed_at <= now,
        )
        .order_by(col(Message.composed_at).desc())
        .limit(1)
    ).first()


def _waiting(one: Situation) -> Waiting:
    in_calendar = has_calendar(one)
    return Waiting(
        key=one.reminder.key,
        occasion=one.reminder.occasion,
        is_urgent=one.rule.is_urgent or one.reminder.occasion is Occasion.ESCALATION,
        has_calendar=in_calendar,
        is_invitation=in_calendar and one.is_participant,
        last_chance=one.last_chance,
    )


def _mail(
    session: Session, several: Sequence[Situation], officer: Officer, settings: MailSettings, now: datetime
) -> Message:
    """The mail about one reminder or several, stored and ready to send."""
    city, first = the_city(session), several[0]
    message = Message(
        kind=_kind(several, officer),
        fingerprint=fingerprint(several, settings),
        ready_at=now,
        composed_at=now,
        send_before=max(one.last_chance for one in several),
    )
    calendar = None
    if len(several) == 1:
        link = link_to(settings.base_url, first)
        message.subject, letter = single_letter(session, first, city, link, now)
        calendar = calendar_part(session, city, first, message, link, now)
    else:
        message.subject, letter = collected_letter(session, several, city, settings.base_url, now)
        keep_entries(session, city, several)
    message.subject = one_line(message.subject)[:LINE]
    name = hashlib.sha256(" ".join(one.reminder.token for one in several).encode()).hexdigest()[:24]
    headers = (*_thread(session, several, officer), *_unsubscribe(several, officer, settings))
    store_mail(session, message, officer, letter, city, settings, calendar, name=name, headers=headers)
    for one in several:
        one.reminder.message_id, one.reminder.reason = message.key, Reason.NONE
        one.reminder.said_on = one.subject.anchor_on
    session.flush()
    return message


def _kind(several: Sequence[Situation], officer: Officer) -> MessageKind:
    """A collection is one even with a single reminder in it, for who wants one mail a day."""
    if several[0].is_news:
        return _KINDS[several[0].reminder.occasion]
    waiting = _waiting(several[0])
    goes_any_time = waiting.is_urgent or waiting.has_calendar
    if len(several) > 1 or (officer.wants_digest and not goes_any_time):
        return MessageKind.DIGEST
    return MessageKind.REMINDER


def _thread(session: Session, several: Sequence[Situation], officer: Officer) -> tuple[tuple[str, str], ...]:
    """Later mails about the same thing answer the first one, so that they stand together (RFC 5322)."""
    if len(several) > 1:
        return ()
    subject = several[0].subject
    first = session.exec(
        select(Message.message_id)
        .join(Reminder, col(Reminder.message_id) == col(Message.id))
        .where(
            Reminder.subject_kind == subject.kind.value,
            Reminder.subject_id == subject.id,
            Message.officer_id == officer.key,
            col(Message.state).in_((MessageState.SENT, MessageState.FILED, MessageState.UNCERTAIN)),
        )
        .order_by(col(Message.id))
        .limit(1)
    ).first()
    return (("In-Reply-To", first), ("References", first)) if first else ()


def _unsubscribe(
    several: Sequence[Situation], officer: Officer, settings: MailSettings
) -> tuple[tuple[str, str], ...]:
    """An information can be declined by one click (RFC 8058), an official duty cannot."""
    is_information = all(one.rule.rule_class is RuleClass.INFORMATION for one in several)
    return unsubscribe_headers(officer, settings) if is_information else ()


def note_fault(session: Session, reminder_id: int) -> None:
    """The program could not write this mail: it tries again at every run, and the page shows it meanwhile."""
    reminder = session.get_one(Reminder, reminder_id)
    if reminder.state is ReminderState.QUEUED and reminder.message_id is None:
        reminder.reason = Reason.FAULTY
