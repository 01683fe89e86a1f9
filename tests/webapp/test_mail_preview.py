"""The mail before it is sent is the mail that is sent (T20), and looking at it changes nothing."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func
from sqlmodel import Session, select

from models.conferences.conferences import (
    Conference,
    ConferenceStatus,
    DatePrecision,
    Participation,
    Series,
)
from models.database import Database
from models.officers import Officer
from models.reminders.composing import compose, people_waiting
from models.reminders.messages import Message, Reminder
from models.reminders.queueing import queue_due
from models.reminders.rules import ReminderRule
from tests.judge import JudgingClient

RULE = {
    "subject_kind": "conference", "amount": "2", "unit": "weeks", "direction": "before", "anchor": "date",
    "send_at": "09:30", "to_lead": "y", "to_participants": "y", "repeat_unit": "weeks", "holiday_policy": "exact",
    "rule_class": "duty", "with_calendar": "y",
}  # fmt: skip
DUE = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)  # 09:30 in Leipzig, two weeks before


@pytest.fixture
def change(database: Database, now: datetime) -> Callable[..., Any]:
    """Do something in a session and commit it."""

    def do(work: Callable[[Session], Any], at: datetime = now) -> Any:
        with database.write(at) as session:
            answer = work(session)
            session.commit()
        return answer

    return do


@pytest.fixture
def conference(change: Callable[..., Any], ben: Officer) -> int:
    """Ben goes to a conference on 15.03.2027."""

    def add(session: Session) -> int:
        row = Conference(
            name="FABprobe <b>Rom</b>", year=2027, starts_on=date(2027, 3, 15), ends_on=date(2027, 3, 19),
            date_precision=DatePrecision.DAY, status=ConferenceStatus.ANNOUNCED, series=Series.FABX, city="Rom",
        )  # fmt: skip
        session.add(row)
        session.flush()
        session.add(Participation(conference_id=row.key, officer_id=ben.key))
        return row.key

    return int(change(add))


@pytest.fixture
def rule(client: JudgingClient, conference: int) -> str:
    """The address of a rule that is switched off."""
    return str(client.post("/erinnerungen/regeln/neu", data=RULE).location)


def _counts(database: Database, now: datetime) -> list[int]:
    with database.read(now) as session:
        return [session.exec(select(func.count()).select_from(kind)).one() for kind in (Reminder, Message)]


def _sent(app: Flask, database: Database, rule: str, officer: Officer) -> bytes:
    """The bytes of the mail that the sender writes for this colleague at the due moment."""
    settings = app.extensions["lotse_settings"].mail
    with database.write(DUE) as session:
        queue_due(session, DUE)
        for key in people_waiting(session):
            compose(session, key, settings, DUE)
        session.commit()
    with database.read(DUE) as session:
        wanted = select(Message).join(Reminder, Reminder.message_id == Message.id)
        wanted = wanted.where(
            Message.officer_id == officer.key, Reminder.rule_id == int(rule.rsplit("/", 1)[1])
        )
        return session.exec(wanted).one().body


def _without_separators(mail: bytes) -> bytes:
    """What stands between the parts of a mail is drawn by lot each time it is written."""
    return re.sub(rb"={15}\d+==", b"=", mail)


def test_t20_the_mail_on_the_page_is_byte_by_byte_the_mail_that_is_sent(
    app: Flask, client: JudgingClient, database: Database, ben: Officer, conference: int, rule: str
) -> None:
    chosen = f"person={ben.key}&anlass={conference}.-P2W"
    page = client.get(f"{rule}/vorschau?{chosen}")
    assert page.status_code == 200
    shown = client.get(f"{rule}/vorschau.eml?{chosen}")
    assert shown.mimetype == "message/rfc822"
    client.post(f"{rule}/schalten", data={"an": "ja"})
    sent = _sent(app, database, rule, ben)
    assert _without_separators(shown.data) == _without_separators(sent)
    mail = message_from_bytes(sent, policy=default)
    assert str(mail["To"]) == "Ben Büro <ben@lotse.example>"
    text = mail.get_body(("plain",))
    assert text is not None
    for line in str(text.get_content()).splitlines():
        assert line.replace("<", "&lt;").replace(">", "&gt;") in page.text
    assert any(part.get_content_type() == "text/calendar" for part in mail.walk())


def test_looking_at_a_mail_stores_nothing(
    client: JudgingClient, database: Database, now: datetime, ben: Officer, rule: str
) -> None:
    for _ in range(3):
        assert client.get(f"{rule}/vorschau?person={ben.key}").status_code == 200
    assert _counts(database, now) == [0, 0]
    with database.read(now) as session:
        stored = session.get_one(ReminderRule, int(rule.rsplit("/", 1)[1]))
        assert (stored.is_on, stored.version) == (False, 1)


def test_the_rules_page_leads_to_each_persons_mail(
    client: JudgingClient, anna: Officer, ben: Officer, conference: int, rule: str
) -> None:
    page = client.get(rule).text
    for officer in (anna, ben):
        assert f"{rule}/vorschau?person={officer.key}&amp;anlass={conference}.-P2W" in page
    mine = client.get(f"{rule}/vorschau").text  # oneself, on the first occasion
    assert "anna@lotse.example" in mine
    assert "FABprobe &lt;b&gt;Rom&lt;/b&gt;" in mine
    assert "<b>Rom</b>" not in mine


def test_who_does_not_get_a_mail_is_told_who_does(
    client: JudgingClient, change: Callable[..., Any], conference: int, rule: str
) -> None:
    def add(session: Session) -> int:
        carla = Officer(name="Carla Chef", email="carla@lotse.example")
        session.add(carla)
        session.flush()
        return carla.key

    page = client.get(f"{rule}/vorschau?person={change(add)}").text
    assert "Carla Chef bekommt diese E-Mail nicht. Sie geht an Anna Amt, Ben Büro." in page


def test_the_mail_of_what_is_late_already_is_shown(
    client: JudgingClient, change: Callable[..., Any], conference: int, rule: str
) -> None:
    def sooner(session: Session) -> None:
        row = session.get_one(Conference, conference)
        row.starts_on, row.ends_on = date(2026, 12, 1), date(2026, 12, 4)

    change(sooner)
    page = client.get(f"{rule}/vorschau?anlass={conference}.-P2W").text
    assert "Sie geht sofort hinaus" in page
    assert "anna@lotse.example" in page


def test_what_is_not_planned_and_nonsense_are_said_plainly(
    client: JudgingClient, change: Callable[..., Any], conference: int, rule: str
) -> None:
    assert "nicht mehr geplant" in client.get(f"{rule}/vorschau?anlass=4711.-P9W").text
    assert client.get(f"{rule}/vorschau.eml?anlass=4711.-P9W").status_code == 404
    assert client.get(f"{rule}/vorschau?person=4711").status_code == 404
    assert client.get(f"{rule}/vorschau?person=Anna").status_code == 404
    assert client.get("/erinnerungen/regeln/4711/vorschau").status_code == 404
    change(
        lambda session: setattr(session.get_one(Conference, conference), "status", ConferenceStatus.CANCELLED)
    )
    assert "verschickt in den nächsten zwölf Monaten nichts" in client.get(f"{rule}/vorschau").text
    client.post(f"{rule}/entfernen")
    assert client.get(f"{rule}/vorschau").status_code == 404
