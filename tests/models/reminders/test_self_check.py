"""The weekly report: when it is due, what it counts, and that it names nobody."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from models.city import the_city
from models.database import Database
from models.officers import Officer
from models.reminders.letters import MailSettings
from models.reminders.messages import Message, MessageKind, MessageState, the_sender
from models.reminders.self_check import Machine, compose_self_check, is_self_check_due, last_self_check

BERLIN = ZoneInfo("Europe/Berlin")
MAIL = MailSettings("https://lotse.example", "lotse@lotse.example", "secret")
MACHINE = Machine("0002", 12_345_000_000)


def seven(day: int, month: int = 11) -> datetime:
    """7:00 in Berlin in 2026."""
    return datetime(2026, month, day, 7, tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, seven(25), True),  # the first one: the next morning, whatever day it is
        (seven(23), seven(24), False),
        (seven(23), seven(29), False),  # Sunday
        (seven(23), seven(30), True),  # the next Monday
        (seven(24), seven(30), True),  # one that was a day late moves back to Monday
        (seven(30), seven(30), False),  # by hand on a Monday morning
        (seven(23), seven(1, 12), True),  # Monday was missed
        (seven(1, 12), seven(2, 12), False),
        (seven(19, 10), seven(26, 10), True),  # summer time ended between
        (seven(23) + timedelta(days=400), seven(25), True),  # the clock was wrong then
    ],
)
def test_it_is_due_on_mondays_and_after_a_monday_that_was_missed(
    last: datetime | None, now: datetime, due: bool
) -> None:
    assert is_self_check_due(last, now, BERLIN) is due


def test_after_a_monday_and_tuesday_off_it_comes_on_wednesday_and_then_on_mondays_again() -> None:
    last, sent = None, []
    for number in range(70):
        now = seven(23) + timedelta(days=number)
        if number not in (14, 15) and is_self_check_due(last, now, BERLIN):
            sent.append(number)
            last = now
    assert sent == [0, 7, 16, 21, 28, 35, 42, 49, 56, 63]


def _set_contact(database: Database, now: datetime) -> None:
    with database.write(now) as session:
        the_city(session).technical_email = "it@lotse.example"
        session.commit()


def test_without_a_contact_there_is_none(database: Database, now: datetime) -> None:
    with database.write(now) as session:
        assert compose_self_check(session, MACHINE, MAIL, now) is None
        assert last_self_check(session) is None


def test_it_counts_the_week_and_names_nobody(database: Database, anna: Officer, now: datetime) -> None:
    _set_contact(database, now)
    with database.write(now) as session:
        states = {MessageState.SENT: 3, MessageState.FAILED: 2, MessageState.UNCERTAIN: 1}
        for state, number in states.items():
            for days in range(number):
                session.add(_mail(anna, state, now - timedelta(days=days, hours=1)))
        session.add(_mail(anna, MessageState.SENT, now - timedelta(days=8)))
        session.add(_mail(anna, MessageState.COMPOSED, None))
        message = compose_self_check(session, MACHINE, MAIL, now)
        session.commit()
        assert message is not None
        mail = message_from_bytes(message.body, policy=default)
    assert mail["To"] == "Technische Ansprechperson <it@lotse.example>"
    assert message.officer_id is None
    assert "bitte nachsehen" in mail["Subject"]
    text = mail.get_body(("plain",)).get_content()
    for line in (
        "Gesendete E-Mails: 3", "Gescheiterte E-Mails: 2", "E-Mails mit „Zustellung prüfen“: 1",
        "Wartende E-Mails: 1", "Verpasste Erinnerungen: 0", "Freier Speicherplatz für Daten: 12,3 GB",
        "Letzte Sicherung durch dieses Programm: keine in den letzten 14 Tagen", "Letzter Lauf: noch keiner",
    ):  # fmt: skip
        assert line in text, line
    assert "das der Alarm" in text
    for private in ("Anna", "anna@", "Geheimer Betreff"):
        assert private not in message.body.decode(), private


def _mail(officer: Officer, state: MessageState, settled_at: datetime | None) -> Message:
    moment = settled_at or datetime(2026, 11, 22, tzinfo=UTC)
    return Message(
        kind=MessageKind.REMINDER, officer_id=officer.key, to_name=officer.name, to_address=officer.email,
        language="de", subject="Geheimer Betreff", state=state, settled_at=settled_at, ready_at=moment,
        composed_at=moment,
    )  # fmt: skip


def test_a_quiet_week_has_a_quiet_subject_line(database: Database, now: datetime) -> None:
    _set_contact(database, now)
    with database.write(now) as session:
        message = compose_self_check(session, MACHINE, MAIL, now)
        assert message is not None
        assert message.subject == "Fab City Lotse: Wochenbericht"
        the_sender(session).paused_at = now
        again = compose_self_check(session, MACHINE, MAIL, now)
        assert again is not None
        assert "bitte nachsehen" in again.subject


def test_one_that_still_waits_is_replaced(database: Database, now: datetime) -> None:
    _set_contact(database, now)
    with database.write(now) as session:
        compose_self_check(session, MACHINE, MAIL, now)
        later = compose_self_check(session, MACHINE, MAIL, now + timedelta(days=7))
        session.commit()
        assert session.exec(select(Message)).all() == [later]
        assert last_self_check(session) == now + timedelta(days=7)
