"""The calendar part of a mail: stable UID, SEQUENCE that counts changes, one REQUEST for each of them."""

from datetime import UTC, date, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from icalendar import Calendar
from sqlmodel import Session, col, select

from models.conferences.conferences import Conference, ConferenceStatus, DatePrecision, Participation, Series
from models.database import Database
from models.officers import Officer
from models.reminders.composing import compose, people_waiting
from models.reminders.messages import Message
from models.reminders.queueing import queue_due
from models.reminders.rules import ReminderRule, SubjectKind, Unit
from models.reminders.settling import settle_sent
from settings import Settings

MARCH = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)


def conference(session: Session, starts_on: date, *going: Officer) -> Conference:
    row = Conference(
        name="Treffen in Linz", series=Series.RELATED, year=2027, starts_on=starts_on, ends_on=starts_on,
        date_precision=DatePrecision.DAY, status=ConferenceStatus.ANNOUNCED, city="Linz", country_code="AT",
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add_all([Participation(conference_id=row.key, officer_id=officer.key) for officer in going])
    return row


def remind(session: Session, days: int, now: datetime) -> None:
    session.add(
        ReminderRule(
            subject_kind=SubjectKind.CONFERENCE,
            amount=days,
            unit=Unit.DAYS,
            to_everyone=True,
            with_calendar=True,
            name_de="x",
            effective_from=now,
            queued_until=now,
        )
    )
    session.flush()


def mails(session: Session, settings: Settings, at: datetime) -> dict[str, Calendar | None]:
    """What is composed at this moment: the calendar part, as icalendar reads it, by recipient."""
    last = session.exec(select(Message.id).order_by(col(Message.id).desc())).first() or 0
    queue_due(session, at)
    for key in people_waiting(session):
        compose(session, key, settings.mail, at)
    found: dict[str, Calendar | None] = {}
    for message in session.exec(select(Message).where(col(Message.id) > last)).all():
        mail = BytesParser(policy=policy.default).parsebytes(message.body)
        assert isinstance(mail, EmailMessage)
        parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
        part = Calendar.from_ical(parts[0].get_payload(decode=True)) if parts else None
        found.setdefault(message.to_name, part)  # of two rules that are due together, the first
        settle_sent(session, message, at)
    session.flush()
    return found


def event(calendar: Calendar | None) -> tuple[str, str, int, date]:
    assert calendar is not None
    [entry] = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), str(entry["UID"]), int(entry["SEQUENCE"]), entry["DTSTART"].dt


def test_who_goes_is_invited_once_for_each_change_and_the_others_are_informed(
    database: Database, settings: Settings, anna: Officer, ben: Officer
) -> None:
    with database.write(MARCH) as session:
        row = conference(session, date(2027, 4, 10), anna)
        remind(session, 30, MARCH)
        remind(session, 20, MARCH)

        first = mails(session, settings, datetime(2027, 3, 11, 8, 0, tzinfo=UTC))
        assert event(first["Anna Amt"])[0] == "REQUEST"
        assert event(first["Ben Büro"])[0] == "PUBLISH"
        assert event(first["Anna Amt"])[1:] == event(first["Ben Büro"])[1:]
        uid = event(first["Anna Amt"])[1]
        assert event(first["Anna Amt"])[2:] == (0, date(2027, 4, 10))

        second = mails(session, settings, datetime(2027, 3, 21, 8, 0, tzinfo=UTC))
        assert second["Anna Amt"] is None  # the same SEQUENCE is not requested twice
        assert event(second["Ben Büro"]) == ("PUBLISH", uid, 0, date(2027, 4, 10))

        row.starts_on = row.ends_on = date(2027, 4, 24)
        session.flush()
        moved = mails(session, settings, datetime(2027, 4, 4, 8, 0, tzinfo=UTC))
        assert event(moved["Anna Amt"]) == ("REQUEST", uid, 1, date(2027, 4, 24))
        assert event(moved["Ben Büro"]) == ("PUBLISH", uid, 1, date(2027, 4, 24))
