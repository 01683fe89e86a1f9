"""Mails are looked at ahead of their turn; what changes between two mails of one batch is noticed all the same."""

from datetime import date

import pytest
from sqlmodel import select

import jobs.deliver
from jobs.send_reminders import send_reminders
from models.commitments.checklist import Commitment, CommitmentState
from models.database import Database
from models.officers import Officer
from models.reminders.looking_ahead import Ahead, mark
from models.reminders.messages import MailAddress, Message, Reminder, the_sender
from models.reminders.rules import ReminderRule
from tests.jobs.cases import clock_at, make_due, states, with_server
from tests.jobs.fault_server import FaultServer

MAILS = 4


@pytest.fixture
def server():
    with FaultServer() as running:
        yield running


@pytest.fixture
def relay(settings, server):
    return with_server(settings, server)


@pytest.fixture(params=["another connection", "the sender's own pool"])
def elsewhere(request, database):
    """Where somebody else writes: another process, or another thread of this one."""
    other = Database(database.url) if request.param == "another connection" else database
    yield other
    if other is not database:
        other.close()


def due_alone(database, now, count=MAILS):
    """Items whose reminders are each a mail of its own; their ids in the order of the mails."""
    with database.write(now) as session:
        session.exec(select(ReminderRule).where(ReminderRule.code == "due-commitment")).one().is_urgent = True
        session.commit()
    return make_due(database, now, count)


def send_with(change, database, relay, now, monkeypatch, after=1):
    """A tick during which `change(session)` is committed while mail number `after` is being sent."""
    calls = []

    class Meddled(jobs.deliver.Relay):
        def send(self, *arguments):
            calls.append(arguments)
            if len(calls) == after:
                change()
            return super().send(*arguments)

    monkeypatch.setattr(jobs.deliver, "Relay", Meddled)
    return send_reminders(database, relay, clock_at(now), as_of=False)


def subject_of(database, now, position):
    """The item of the mail at this position."""
    with database.read(now) as session:
        keys = session.exec(select(Message.id).order_by(Message.id)).all()
        return session.exec(select(Reminder.subject_id).where(Reminder.message_id == keys[position])).one()


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("state", CommitmentState.FULFILLED, MAILS - 1),
        ("due_on", date(2027, 6, 1), MAILS - 1),
        ("label_de", "Der neue Titel", MAILS),
    ],
)
def test_what_changes_in_mid_batch_is_noticed_at_its_turn(
    database, elsewhere, relay, server, now, monkeypatch, column, value, expected
):
    due_alone(database, now)

    def change():
        key = subject_of(database, now, 2)
        with elsewhere.write(now) as session:
            setattr(session.get_one(Commitment, key), column, value)
            session.commit()

    send_with(change, database, relay, now, monkeypatch)
    assert len(server.accepted) == expected
    if column == "label_de":
        assert sum(b"Der neue Titel" in mail.data for mail in server.accepted) == 1


def test_an_address_put_on_hold_in_mid_batch_gets_nothing_more(
    database, elsewhere, relay, server, anna, now, monkeypatch
):
    due_alone(database, now)

    def change():
        with elsewhere.write(now) as session:
            session.add(MailAddress(address=anna.email, refusals=2, on_hold_since=now))
            session.commit()

    send_with(change, database, relay, now, monkeypatch)
    assert states(database, now) == [("sent", "")] + [("failed", "on_hold")] * (MAILS - 1)


def test_a_mailbox_that_the_server_refuses_in_mid_batch_gets_nothing_more(
    database, relay, server, now, monkeypatch
):
    due_alone(database, now)
    refuse = {"rcpt": "550 5.1.1 unknown"}
    send_with(lambda: server.replies.update(refuse), database, relay, now, monkeypatch, after=2)
    assert states(database, now)[:2] == [("sent", ""), ("failed", "refused")]
    assert {state for state, _ in states(database, now)[2:]} == {"failed"}
    assert server.replies.pop("rcpt")


def test_a_rule_that_is_switched_off_in_mid_batch_sends_nothing_more(
    database, elsewhere, relay, server, now, monkeypatch
):
    due_alone(database, now)

    def change():
        with elsewhere.write(now) as session:
            session.exec(
                select(ReminderRule).where(ReminderRule.code == "due-commitment")
            ).one().is_on = False
            session.commit()

    send_with(change, database, relay, now, monkeypatch)
    assert len(server.accepted) == 1


def test_a_sender_that_is_paused_in_mid_batch_ends_after_the_mail_at_hand(
    database, elsewhere, relay, server, now, monkeypatch
):
    due_alone(database, now)

    def change():
        with elsewhere.write(now) as session:
            the_sender(session).paused_at = now
            session.commit()

    send_with(change, database, relay, now, monkeypatch)
    assert [state for state, _ in states(database, now)] == ["sent"] + ["composed"] * (MAILS - 1)


def test_a_counter_that_another_process_raised_is_raised_on(
    database, elsewhere, relay, server, now, monkeypatch
):
    due_alone(database, now)

    def change():
        with elsewhere.write(now) as session:
            the_sender(session).counter += 100
            session.commit()

    send_with(change, database, relay, now, monkeypatch)
    with database.read(now) as session:
        assert the_sender(session).counter == MAILS + 100
    assert (relay.data_dir / "sender-counter").read_text() == str(MAILS + 100)


def test_a_heartbeat_and_the_counter_are_written_with_every_claim(database, relay, server, now):
    due_alone(database, now)
    send_reminders(database, relay, clock_at(now), as_of=False)
    with database.read(now) as session:
        assert (the_sender(session).counter, the_sender(session).last_tick_at) == (MAILS, now)
        assert {row.attempts for row in session.exec(select(Message))} == {1}
        assert {row.claimed_until for row in session.exec(select(Message))} == {None}


def test_where_nobody_else_writes_sqlite_needs_no_second_look(database, relay, now, monkeypatch):
    due_alone(database, now)
    real, known = jobs.deliver.claim, []

    def asked(session, message_id, settings, moment, found=None):
        known.append(found is not None)
        return real(session, message_id, settings, moment, found)

    monkeypatch.setattr(jobs.deliver, "claim", asked)
    send_reminders(database, relay, clock_at(now), as_of=False)
    assert known == [database.url.startswith("sqlite")] * MAILS


def test_a_look_ahead_changes_nothing_and_ends_before_what_needs_a_closer_look(
    database, settings, relay, server, anna, now
):
    due_alone(database, now)
    with FaultServer(greeting="554 no") as away:
        send_reminders(database, with_server(settings, away), clock_at(now), as_of=True)
    key = subject_of(database, now, 2)
    with database.write(now) as session:
        session.get_one(Commitment, key).state = CommitmentState.DROPPED
        session.commit()
    ahead = Ahead(relay.mail)
    with database.write(now) as session:
        ahead.look(session, now, 0)
        is_sqlite = mark(session) is not None
        session.rollback()
    assert len(ahead.mails) == (2 if is_sqlite else 0)
    assert states(database, now) == [("composed", "")] * MAILS
    with database.read(now) as session:
        assert session.get_one(Officer, anna.key).is_active
