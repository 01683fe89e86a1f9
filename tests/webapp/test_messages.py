"""Pages of mails: what became of them, what is shown of them, what a person decides."""

import email
from collections.abc import Callable
from datetime import date, datetime, timedelta
from email.policy import default
from typing import Any

import pytest
from sqlmodel import Session, select

from models.conferences.conferences import Conference, ConferenceStatus, DatePrecision
from models.database import Database
from models.officers import Officer
from models.reminders.asking import When, Whom, remind_of
from models.reminders.composing import compose, people_waiting
from models.reminders.letters import MailSettings, compose_invitation, compose_reset, compose_test
from models.reminders.messages import MailAddress, Message, MessageState, Reminder, ReminderState
from models.reminders.queueing import queue_due
from models.reminders.rules import SubjectKind, Unit
from models.reminders.settling import settle_refused, settle_sent, settle_uncertain, take
from models.reminders.subjects import load_subject
from tests.judge import JudgingClient

MAIL = MailSettings("http://127.0.0.1:8000", "lotse@lotse.example")
SECRET = "das-geheimnis-des-links"


@pytest.fixture
def change(database: Database, now: datetime) -> Callable[[Callable[[Session], Any]], Any]:
    def do(work: Callable[[Session], Any]) -> Any:
        with database.write(now) as session:
            answer = work(session)
            session.commit()
        return answer

    return do


@pytest.fixture
def mail(change: Callable[..., Any], anna: Officer, now: datetime) -> int:
    """A reminder of a conference, claimed by the sender."""

    def work(session: Session) -> int:
        conference = Conference(
            name="Zürcher Probe", year=2026, starts_on=date(2026, 12, 24), ends_on=date(2026, 12, 26), city="Zürich",
            country_code="CH", date_precision=DatePrecision.DAY, status=ConferenceStatus.ANNOUNCED,
        )  # fmt: skip
        session.add(conference)
        session.flush()
        subject = load_subject(session, SubjectKind.CONFERENCE, conference.key)
        assert subject is not None
        remind_of(session, subject, When(60, Unit.DAYS), Whom(colleagues=frozenset({anna.key})), now)
        queue_due(session, now)
        for key in people_waiting(session):
            compose(session, key, MAIL, now)
        key = session.exec(select(Message.id)).one()
        assert key is not None
        take(session, key, now)
        return key

    return int(change(work))


@pytest.fixture
def invitation(change: Callable[..., Any], anna: Officer, ben: Officer, now: datetime) -> int:
    def work(session: Session) -> int:
        colleague, by = session.get_one(Officer, ben.key), session.get_one(Officer, anna.key)
        return compose_invitation(session, colleague, by, SECRET, MAIL, now).key

    return int(change(work))


def settle(change: Callable[..., Any], key: int, how: Callable[[Session, Message], None]) -> None:
    change(lambda session: how(session, session.get_one(Message, key)))


def get(database: Database, now: datetime, key: int) -> Message:
    with database.read(now) as session:
        return session.get_one(Message, key)


def reminder_state(database: Database, now: datetime, key: int) -> ReminderState:
    with database.read(now) as session:
        return session.exec(select(Reminder.state).where(Reminder.message_id == key)).one()


def test_mails_are_listed_searched_filtered_printed_and_taken_to_excel(
    client: JudgingClient, mail: int, invitation: int
) -> None:
    assert "Zürcher Probe" in client.get("/nachrichten").text
    assert "Zürcher Probe" in client.get("/nachrichten?suche=anna").text
    assert "Zürcher Probe" not in client.get("/nachrichten?suche=gibt-es-nicht").text
    claimed = client.get("/nachrichten?zustand=claimed").text
    assert f"/nachrichten/{mail}" in claimed
    assert f'href="/nachrichten/{invitation}"' not in claimed
    assert client.get("/nachrichten?zustand=quatsch&ansicht=druck").status_code == 200
    table = client.get("/nachrichten.csv?suche=anna")
    assert "Zürcher Probe" in table.text
    assert "Ben Büro" not in table.text


def test_before_the_first_mail_the_page_offers_a_test(client: JudgingClient) -> None:
    assert "/erinnerungen/testmail" in client.get("/nachrichten").text
    assert client.get("/nachrichten/1").status_code == 404


def test_a_mail_is_read_as_it_was_sent(
    client: JudgingClient, database: Database, now: datetime, mail: int
) -> None:
    page = client.get(f"/nachrichten/{mail}").text
    assert "anna@lotse.example" in page
    assert 'class="mail-text"' in page
    assert "http://127.0.0.1:8000/e/" in page
    assert "24.12.2026" in page
    downloaded = client.get(f"/nachrichten/{mail}/mail.eml")
    assert downloaded.data == get(database, now, mail).body
    assert downloaded.headers["Content-Disposition"].startswith("attachment")
    assert email.message_from_bytes(downloaded.data, policy=default)["To"]
    entry = client.get(f"/nachrichten/{mail}/termin.ics")
    assert entry.mimetype == "text/calendar"
    assert b"BEGIN:VEVENT" in entry.data
    assert entry.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("filed", [False, True])
def test_a_mail_with_a_sign_in_link_is_never_shown(
    client: JudgingClient,
    change: Callable[..., Any],
    now: datetime,
    ben: Officer,
    invitation: int,
    filed: bool,
) -> None:
    reset = change(lambda s: compose_reset(s, s.get_one(Officer, ben.key), SECRET, MAIL, now).key)
    for key in (invitation, reset):
        if filed:
            # As if the bytes had stayed: even then the page must not show them.
            def file(session: Session, message: Message) -> None:
                message.state = MessageState.FILED

            settle(change, key, file)
        assert SECRET not in client.get(f"/nachrichten/{key}").text
        assert client.get(f"/nachrichten/{key}/mail.eml").status_code == 404
        assert client.get(f"/nachrichten/{key}/termin.ics").status_code == 404
    assert SECRET not in client.get("/nachrichten").text
    assert SECRET not in client.get("/nachrichten.csv").text


def test_a_mail_without_a_date_has_no_calendar_entry(
    client: JudgingClient, change: Callable[..., Any], now: datetime, anna: Officer
) -> None:
    key = change(lambda s: compose_test(s, s.get_one(Officer, anna.key), MAIL, now).key)
    assert client.get(f"/nachrichten/{key}").status_code == 200
    assert client.get(f"/nachrichten/{key}/mail.eml").status_code == 200
    assert client.get(f"/nachrichten/{key}/termin.ics").status_code == 404


def test_an_uncertain_mail_is_sent_again_when_an_officer_says_so_and_only_once(
    client: JudgingClient,
    bens_client: JudgingClient,
    database: Database,
    now: datetime,
    change: Callable[..., Any],
    mail: int,
) -> None:
    settle(change, mail, lambda session, message: settle_uncertain(session, message, now))
    page = client.get(f"/nachrichten/{mail}").text
    assert f"/nachrichten/{mail}/erneut-senden" in page
    assert f"/nachrichten/{mail}/zugestellt" in page
    assert client.post(f"/nachrichten/{mail}/erneut-senden").status_code == 303
    assert get(database, now, mail).state is MessageState.COMPOSED
    assert (
        bens_client.post(f"/nachrichten/{mail}/zugestellt").status_code == 303
    )  # too late: told, nothing changed
    assert bens_client.post(f"/nachrichten/{mail}/erneut-senden").status_code == 303
    assert get(database, now, mail).state is MessageState.COMPOSED
    assert reminder_state(database, now, mail) is ReminderState.QUEUED


def test_an_uncertain_mail_is_marked_as_delivered(
    client: JudgingClient, database: Database, now: datetime, change: Callable[..., Any], mail: int
) -> None:
    settle(change, mail, lambda session, message: settle_uncertain(session, message, now))
    assert client.post(f"/nachrichten/{mail}/zugestellt").status_code == 303
    assert get(database, now, mail).state is MessageState.SENT
    assert reminder_state(database, now, mail) is ReminderState.SENT
    assert client.get(f"/nachrichten/{mail}").status_code == 200


def test_an_address_on_hold_is_released_by_a_person(
    client: JudgingClient, database: Database, now: datetime, change: Callable[..., Any], mail: int
) -> None:
    reply = "550 5.1.1 unknown <b>user</b>"
    settle(change, mail, lambda s, m: settle_refused(s, m, reply, now, is_unknown=True))
    page = client.get(f"/nachrichten/{mail}").text
    assert "550 5.1.1 unknown &lt;b&gt;user&lt;/b&gt;" in page
    assert f"/nachrichten/{mail}/adresse-geprueft" in page
    for _ in range(2):
        assert client.post(f"/nachrichten/{mail}/adresse-geprueft").status_code == 303
    with database.read(now) as session:
        assert session.exec(select(MailAddress)).all() == []
    assert client.post(f"/nachrichten/{mail}/erneut-senden").status_code == 303
    assert get(database, now, mail).state is MessageState.COMPOSED


def test_a_sent_mail_cannot_be_decided(
    client: JudgingClient, database: Database, now: datetime, change: Callable[..., Any], mail: int
) -> None:
    settle(change, mail, lambda session, message: settle_sent(session, message, now))
    page = client.get(f"/nachrichten/{mail}").text
    assert "erneut-senden" not in page
    for decision in ("erneut-senden", "zugestellt"):
        client.post(f"/nachrichten/{mail}/{decision}")
    assert get(database, now, mail).state is MessageState.SENT


def test_t23_looking_at_a_mail_changes_nothing(
    client: JudgingClient, database: Database, now: datetime, mail: int
) -> None:
    for _ in range(10):
        for address in ("", "/mail.eml", "/termin.ics"):
            client.get(f"/nachrichten/{mail}{address}")
        for decision in ("erneut-senden", "zugestellt", "adresse-geprueft"):
            assert client.get(f"/nachrichten/{mail}/{decision}").status_code == 405
    assert get(database, now, mail).state is MessageState.CLAIMED


def test_every_state_has_words(
    client: JudgingClient, database: Database, now: datetime, change: Callable[..., Any], mail: int
) -> None:
    for state in MessageState:

        def put(session: Session, message: Message, state: MessageState = state) -> None:
            message.state, message.settled_at = state, now + timedelta(minutes=1)

        settle(change, mail, put)
        assert client.get(f"/nachrichten/{mail}").status_code == 200
        assert client.get(f"/nachrichten?zustand={state.value}").status_code == 200
