"""What is written past SQLAlchemy's sessions is what they would have written, and nobody waits for it in between."""

from datetime import timedelta
from sqlite3 import IntegrityError

import pytest
from sqlmodel import col, select

import jobs.deliver
from jobs.send_reminders import send_reminders
from models.database import Database
from models.quick_writes import QuickWrites
from models.reminders.messages import Message, MessageKind, MessageState, Reason, the_sender
from models.reminders.settling import count_turn, settle_delivered, take_unseen
from tests.jobs.cases import clock_at, states, with_server
from tests.jobs.fault_server import FaultServer
from tests.jobs.test_looking_ahead import due_alone


@pytest.fixture
def relay(settings):
    with FaultServer() as running:
        yield with_server(settings, running)


on_sqlite = pytest.mark.parametrize("kind_of_database", ["sqlite"], indirect=True)


@pytest.fixture
def sqlite(database):
    return database


@pytest.fixture
def two(sqlite, relay, now):
    """Two mails that are ready; their ids."""
    due_alone(sqlite, now, 2)
    calls = iter([False])
    send_reminders(sqlite, relay, clock_at(now), as_of=True, is_stopping=lambda: next(calls, True))
    with sqlite.read(now) as session:
        return session.exec(select(Message.id).order_by(col(Message.id))).all()


def stored(database: Database, key: int) -> tuple[object, ...]:
    """A row as it lies in the file, without what tells the mails apart."""
    columns = "state, reason, attempts, claimed_until, settled_at, typeof(settled_at), body = x''"
    with database.engine.connect() as connection:
        found = connection.exec_driver_sql(f"select {columns} from message where id = ?", (key,)).one()
        row = connection.exec_driver_sql("select counter, last_tick_at from sender").one()
        told = connection.exec_driver_sql("select state from reminder where message_id = ?", (key,)).all()
    return (*found, *row, *told)


@on_sqlite
def test_both_ways_store_the_same(sqlite, two, now):
    later = now + timedelta(microseconds=5)
    with sqlite.write(now) as session:
        for mail in session.exec(select(Message)).all():
            mail.kind = MessageKind.RESET  # its body has a link and goes
        session.commit()
    with sqlite.read(now) as session:
        first, second = (session.get_one(Message, key) for key in two)
    with sqlite.write(now) as session:
        assert take_unseen(session, first.key, now)
        session.commit()
    quick = sqlite.quick_writes()
    with quick.transaction():
        assert take_unseen(quick, second.key, now)
        quick.commit()
    assert stored(sqlite, first.key) == stored(sqlite, second.key)
    with sqlite.write(now) as session:
        settle_delivered(session, first, later)
        count_turn(session, 7, later)
        session.commit()
    slow = stored(sqlite, first.key)
    with quick.transaction():
        settle_delivered(quick, second, later)
        count_turn(quick, 7, later)
        quick.commit()
    quick.close()
    assert stored(sqlite, second.key) == slow
    with sqlite.read(now) as session:
        row = session.get_one(Message, second.key)
        assert (row.state, row.settled_at, row.body) == (MessageState.SENT, later, b"")
        assert (the_sender(session).counter, the_sender(session).last_tick_at) == (7, later)


@on_sqlite
def test_what_an_officer_decided_is_not_settled(sqlite, two, now):
    with sqlite.write(now) as session:
        mail = session.get_one(Message, two[0])
        mail.state, mail.reason = MessageState.UNCERTAIN, Reason.NO_ANSWER
        session.commit()
    before = stored(sqlite, two[0])
    quick = sqlite.quick_writes()
    with quick.transaction():
        settle_delivered(quick, mail, now)
        assert not take_unseen(quick, two[0], now)
        quick.commit()
    quick.close()
    assert stored(sqlite, two[0]) == before


@on_sqlite
def test_what_is_not_committed_is_undone_and_others_may_write(sqlite, two, now):
    quick = sqlite.quick_writes()

    def fail():
        with quick.transaction():
            take_unseen(quick, two[0], now)
            quick.raw.execute("update message set state = 'nonsense'")

    with pytest.raises(IntegrityError):
        fail()
    with quick.transaction():
        take_unseen(quick, two[0], now)
    with sqlite.write(now) as session:  # held, and in nobody's way
        the_sender(session).counter = 3
        session.commit()
    quick.close()
    assert states(sqlite, now) == [("composed", "")] * 2


def test_a_quick_turn_that_fails_is_taken_thoroughly(database, relay, now, monkeypatch):
    def full(_self):
        raise OSError("disk full")

    monkeypatch.setattr(QuickWrites, "commit", full)
    due_alone(database, now, 4)
    report = send_reminders(database, relay, clock_at(now), as_of=False)
    assert (states(database, now), report.faults) == ([("sent", "")] * 4, 0)
    with database.read(now) as session:
        assert the_sender(session).counter == 4
        assert {row.attempts for row in session.exec(select(Message))} == {1}


def test_a_batch_gives_its_connection_back(database, relay, now, monkeypatch):
    due_alone(database, now, 3)

    class Failing(jobs.deliver.Relay):
        def send(self, *_arguments):
            raise KeyboardInterrupt

    monkeypatch.setattr(jobs.deliver, "Relay", Failing)
    with pytest.raises(KeyboardInterrupt):
        send_reminders(database, relay, clock_at(now), as_of=False)
    assert database.engine.pool.checkedout() == 0
