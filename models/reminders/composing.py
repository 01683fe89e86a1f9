"""From reminders to mails: composed once, stored as bytes, checked again at the moment of sending."""

from datetime import datetime

from sqlmodel import Session, col, select

from models.base import LINE, N_
from models.calendar_days import local_day
from models.city import City, the_city
from models.documents.icalendar import Entry, calendar_bytes
from models.documents.mail import Letter, one_line
from models.language import translator, weekday_text
from models.officers import Officer
from models.reminders.claiming import leave_out
from models.reminders.letters import MailSettings, store_mail
from models.reminders.messages import (
    CalendarEntry,
    Message,
    MessageKind,
    MessageState,
    Reason,
    Reminder,
    ReminderState,
)
from models.reminders.occurrences import send_before
from models.reminders.rules import SubjectKind
from models.reminders.situation import Situation, fingerprint, hashed, situation


def _calendar_entry(session: Session, city: City, situation: Situation) -> CalendarEntry:
    subject = situation.subject
    known = session.exec(
        select(CalendarEntry).where(
            CalendarEntry.subject_kind == subject.kind.value, CalendarEntry.subject_id == subject.id
        )
    ).first()
    now_is = hashed(subject.anchor_on, subject.end_on, subject.where_de)
    if known is None:
        uid = f"{subject.kind.value}-{subject.id}@{city.installation}.fab-city-lotse"
        known = CalendarEntry(
            subject_kind=subject.kind.value, subject_id=subject.id, uid=uid, fingerprint=now_is
        )
        session.add(known)
        session.flush()
    elif known.fingerprint != now_is:
        known.sequence += 1
        known.fingerprint = now_is
    return known


def _calendar(
    session: Session, city: City, situation: Situation, message: Message, link: str, now: datetime
) -> tuple[bytes, str] | None:
    subject, officer = situation.subject, situation.officer
    if not situation.rule.with_calendar or subject.anchor_on is None or subject.is_look_up:
        return None
    known = _calendar_entry(session, city, situation)
    entry = Entry(
        uid=known.uid,
        sequence=known.sequence,
        summary=subject.title(officer.language),
        starts_on=subject.anchor_on,
        ends_on=subject.end_on,
        location=subject.where(officer.language),
        url=link,
    )
    if officer.key not in subject.participant_ids:
        return calendar_bytes(entry, now)
    message.calendar_request = f"{known.uid} {known.sequence}"
    if _was_requested(session, message, officer):
        return None  # one REQUEST for each SEQUENCE: calendars would ask again
    return calendar_bytes(entry, now, organizer=city.unit_email, attendee=(officer.name, officer.email))


def _was_requested(session: Session, message: Message, officer: Officer) -> bool:
    known = select(Message.id).where(
        Message.officer_id == officer.key,
        Message.calendar_request == message.calendar_request,
        Message.state != MessageState.FAILED,
    )
    return session.exec(known.limit(1)).first() is not None


# What a mail calls the date it reminds of, and what its subject line says.
_SUBJECT_LINES = {
    SubjectKind.COMMITMENT: N_("Reminder: {title} (due {day})"),
    SubjectKind.PHASE: N_("Reminder: {title} (due {day})"),
    SubjectKind.CONFERENCE: N_("Reminder: {title} begins on {day}"),
    SubjectKind.DEADLINE: N_("Reminder: {title} (last day {day})"),
    SubjectKind.FOLLOW_UP: N_("Follow-up: {title}"),
}

_UNDATED_LINE = N_("Reminder: {title}")  # a guess is never a date


def _letter(situation: Situation, link: str, city: City, now: datetime) -> Letter:
    subject, officer = situation.subject, situation.officer
    _ = translator(officer.language)
    anchor = situation.anchor_on
    left = (anchor - local_day(now, city.time_zone)).days if anchor else 0
    if anchor is None:
        distance = _("The date is not known to the day yet.")
    elif left > 1:
        distance = _("That is in {days} days.").format(days=left)
    elif left >= 0:
        distance = _("That is tomorrow.") if left else _("That is today.")
    else:
        distance = (
            _("That was {days} days ago.").format(days=-left) if left < -1 else _("That was yesterday.")
        )
    facts = [(_("What it is about"), _(subject.kind.label))]
    if anchor is not None:
        facts.append((_("Date"), weekday_text(anchor, officer.language)))
    if subject.end_on and subject.end_on != subject.anchor_on:
        facts.append((_("Last day"), weekday_text(subject.end_on, officer.language)))
    if place := subject.where(officer.language):
        facts.append((_("Place"), place))
    if subject.address:
        facts.append((_("Address to look at"), subject.address))
    why = _("You get this mail because of the reminder “{rule}”.").format(
        rule=situation.rule.title(officer.language)
    )
    return Letter(
        heading=subject.title(officer.language),
        paragraphs=(_("Hello {name},").format(name=officer.name), distance),
        facts=tuple(facts),
        button=(_("Done, remind again, or change the date"), link),
        closing=(why, f"Fab City Lotse · {city.unit}, {city.name}"),
    )


def compose_reminder(
    session: Session, situation: Situation, settings: MailSettings, now: datetime
) -> Message:
    """The mail of one reminder, stored and ready to send."""
    city = the_city(session)
    reminder, subject, officer = situation.reminder, situation.subject, situation.officer
    link = f"{settings.base_url}/erinnerungen/{reminder.key}"
    anchor = situation.anchor_on
    line = translator(officer.language)(_SUBJECT_LINES[subject.kind] if anchor else _UNDATED_LINE)
    day = weekday_text(anchor, officer.language) if anchor else ""
    message = Message(
        kind=MessageKind.REMINDER,
        subject=one_line(line.format(title=subject.title(officer.language), day=day))[:LINE],
        fingerprint=fingerprint([situation], settings),
        ready_at=now,
        composed_at=now,
        send_before=send_before(
            situation.rule, reminder.due_at, anchor or reminder.anchor_on, city.time_zone
        ),
    )
    calendar = _calendar(session, city, situation, message, link, now)
    store_mail(session, message, officer, _letter(situation, link, city, now), city, settings, calendar)
    reminder.message_id, reminder.reason = message.key, Reason.NONE
    return message


def note_fault(session: Session, reminder_id: int) -> None:
    """The program could not write this mail: it tries again at every run, and the page shows it meanwhile."""
    reminder = session.get_one(Reminder, reminder_id)
    if reminder.state is ReminderState.QUEUED and reminder.message_id is None:
        reminder.reason = Reason.FAULTY


def uncomposed(session: Session) -> list[int]:
    """Ids of reminders that are due and have no mail yet."""
    waiting = select(Reminder.id).where(
        Reminder.state == ReminderState.QUEUED, col(Reminder.message_id).is_(None)
    )
    return [key for key in session.exec(waiting.order_by(col(Reminder.id))) if key is not None]


def compose(session: Session, reminder_id: int, settings: MailSettings, now: datetime) -> Message | None:
    """Compose one reminder's mail, or leave it out with its reason."""
    query = select(Reminder).where(Reminder.id == reminder_id).with_for_update(skip_locked=True)
    reminder = session.exec(query).first()
    if reminder is None or reminder.state is not ReminderState.QUEUED or reminder.message_id is not None:
        return None
    found = situation(session, reminder, now)
    if isinstance(found, Reason):
        leave_out(reminder, found)
        return None
    return compose_reminder(session, found, settings, now)
