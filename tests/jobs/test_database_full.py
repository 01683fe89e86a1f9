"""The database becomes full: nothing is doubled, nothing is lost, and the log names nobody."""

import sqlite3
from contextlib import suppress
from datetime import date, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from models.reminders.messages import Message
from models.reminders.rules import ReminderRule, SubjectKind
from tests.jobs.cases import states, with_server
from tests.jobs.fault_server import FaultServer
from tests.jobs.scenes import (
    add_follow_ups,
    add_items,
    add_rule,
    begin,
    changing,
    letters,
    states_of,
    there,
    tick,
)

START = there(2027, 3, 1)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LONG_REPLY = "\r\n".join(["450-4.2.2 the mailbox has no room for this mail"] * 60 + ["450 4.2.2 later"])


class Disk:
    """The room a database has. SQLite may not grow by a page; PostgreSQL, which knows no such limit, answers to every
    change of these tables as it would on a full disk."""

    def __init__(self, database):
        self.database, self.is_sqlite, self.is_full = database, database.url.startswith("sqlite"), False
        if self.is_sqlite:
            self._run("create table filler (bytes blob)")
            event.listen(database.engine.pool, "checkout", self._limit)

    def _limit(self, connection, _record, _proxy):
        connection.execute(f"pragma max_page_count={1 if self.is_full else 1 << 30}")

    def fill(self):
        self.is_full = True
        if self.is_sqlite:
            self._use_up_what_is_free()
        else:
            self._run(
                "create function full_disk() returns trigger language plpgsql as "
                "$$begin raise exception 'could not extend file' using errcode = '53100'; end$$",
                *(
                    f"create trigger full_disk before insert or update on {table} execute function full_disk()"
                    for table in ("message", "reminder")
                ),
            )

    def _use_up_what_is_free(self):
        """Pages that were given back would hold some more rows."""
        with suppress(DBAPIError), self.database.write(START) as session:
            raw = session.connection().connection.dbapi_connection
            for size in (3000, 50):
                with suppress(sqlite3.OperationalError):
                    while True:
                        raw.execute(f"insert into filler values (zeroblob({size}))")
            session.commit()

    def make_room(self):
        self.is_full = False
        if not self.is_sqlite:
            self._run("drop function full_disk cascade")

    def _run(self, *statements):
        with self.database.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)


@pytest.fixture
def disk(database):
    return Disk(database)


@pytest.fixture
def server():
    with FaultServer() as running:
        yield running


@pytest.fixture
def relay(settings, server):
    return with_server(settings, server)


@pytest.fixture
def duty(database, ben):
    """Twelve items of Ben's that are due on the first day, each in a mail of its own."""
    begin(database, START - DAY)
    add_rule(database, START - DAY, SubjectKind.COMMITMENT, 10, is_urgent=True)
    return add_items(database, START - DAY, [(f"Vertrag {n:02}", date(2027, 3, 11)) for n in range(12)], ben)


def tick_on_a_full_disk(database, settings, moment):
    """The run may fail: its caller writes that down and tries again a minute later."""
    with suppress(DBAPIError):
        tick(database, settings, moment)


def on_first(server, phase, act):
    """Do this once, in the moment in which the server first comes to a phase."""
    waiting = [act]

    def journal(what):
        if what["event"] == phase and waiting:
            waiting.pop()()

    server.journal = journal


def every_mail_once(server):
    ids = [mail.message_id for mail in letters(server)]
    return len(ids) == len(set(ids))


def and_then_everything_goes_out(database, relay, server, count, uncertain=1):
    for minutes in (20, 21, 40, 90, 6 * 60):
        tick(database, relay, START + minutes * MINUTE)
    assert every_mail_once(server)
    assert len(server.accepted) == count
    ended = [state for state, _ in states(database, START)]
    assert ended.count("uncertain") <= uncertain
    assert ended.count("uncertain") + ended.count("sent") == len(ended)


def nobody_is_named(log):
    return all(word not in log for word in ("Ben", "Büro", "@", "Vertrag", "Vorgang"))


def test_t7_full_while_the_first_mail_is_settled(database, relay, server, disk, duty, caplog):
    on_first(server, "accepted", disk.fill)
    for minutes in (0, 1, 2):
        tick_on_a_full_disk(database, relay, START + minutes * MINUTE)
    assert every_mail_once(server)
    if not disk.is_sqlite:  # there it needs no room to settle
        assert len(server.accepted) == 1
        assert "while claiming or settling" in caplog.text
    disk.make_room()
    and_then_everything_goes_out(database, relay, server, 12)
    assert nobody_is_named(caplog.text)


def test_t7_full_while_a_long_answer_is_settled(database, relay, server, disk, duty, caplog):
    """A claim needs no room, the server's answer does: one mail a run may be left uncertain, not the whole batch."""
    server.replies["rcpt"] = LONG_REPLY
    on_first(server, "rcpt", disk.fill)
    for minutes in (0, 1, 2):
        tick_on_a_full_disk(database, relay, START + minutes * MINUTE)
    assert server.accepted == []
    server.replies.clear()
    disk.make_room()
    for minutes in (20, 21, 40, 90, 6 * 60):
        tick(database, relay, START + minutes * MINUTE)
    assert every_mail_once(server)
    assert nobody_is_named(caplog.text)
    ended = [state for state, _ in states(database, START)]
    assert len(server.accepted) == ended.count("sent")
    assert ended.count("sent") + ended.count("uncertain") == 12, (
        "what could not be written down is for a person"
    )
    assert ended.count("uncertain") <= 3


def test_t7_full_before_anything_is_claimed(database, settings, relay, server, disk, duty, caplog):
    with FaultServer(greeting="421 not now") as away:
        tick(database, with_server(settings, away), START)
    disk.fill()
    for minutes in (6, 7, 8):
        tick_on_a_full_disk(database, relay, START + minutes * MINUTE)
    assert every_mail_once(server)
    disk.make_room()
    and_then_everything_goes_out(database, relay, server, 12, uncertain=0)
    assert nobody_is_named(caplog.text)


@pytest.mark.parametrize("is_collected", [False, True])
def test_t8_full_before_anything_is_queued(database, relay, server, disk, duty, ben, is_collected, caplog):
    add_rule(database, START - DAY, SubjectKind.FOLLOW_UP)
    add_follow_ups(database, START - DAY, [(f"Vorgang {n:03}", date(2027, 3, 1)) for n in range(80)], ben)
    if is_collected:
        with changing(database, START - DAY) as session:
            for rule in session.exec(select(ReminderRule)):
                rule.is_urgent = False
    disk.fill()
    for minutes in (0, 1, 2):
        tick_on_a_full_disk(database, relay, START + minutes * MINUTE)
    if not disk.is_sqlite:
        assert server.accepted == []
    disk.make_room()
    for minutes in (20, 21, 90):
        tick(database, relay, START + minutes * MINUTE)
    assert every_mail_once(server)
    assert states_of(database, START) == {("sent", ""): 92}
    told = " ".join(mail.text for mail in letters(server))
    assert all(f"Vertrag {n:02}" in told for n in range(12))
    assert nobody_is_named(caplog.text)


def test_t8_full_between_two_peoples_mails(
    database, relay, server, disk, duty, anna, ben, caplog, monkeypatch
):
    import jobs.send_reminders as sender

    add_items(database, START - DAY, [(f"Vertrag {n:02}", date(2027, 3, 11)) for n in range(12, 40)], anna)
    real, asked = sender.compose, []

    def then_full(session, officer_id, *arguments, **more):
        asked.append(officer_id)
        if len(asked) == 2:
            disk.fill()
            session.rollback()
            session.close()  # the next connection is limited
        return real(session, officer_id, *arguments, **more)

    monkeypatch.setattr(sender, "compose", then_full)
    for minutes in (0, 1, 2):
        tick_on_a_full_disk(database, relay, START + minutes * MINUTE)
    monkeypatch.undo()
    disk.make_room()
    for minutes in (20, 21, 90, 400):
        tick(database, relay, START + minutes * MINUTE)
    assert every_mail_once(server)
    told = " ".join(mail.text for mail in letters(server))
    with database.read(START) as session:
        waits = [m for m in session.exec(select(Message)) if m.state not in ("sent", "uncertain")]
    assert waits == []
    assert sum(f"Vertrag {n:02}" in told for n in range(40)) >= 39
    assert nobody_is_named(caplog.text)
