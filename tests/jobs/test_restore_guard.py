"""A restored database never mails the past again; downtime alone pauses nobody."""

from datetime import timedelta

import pytest
from sqlmodel import select

from jobs.deliver import deliver
from jobs.restore_guard import RestoreGuard
from jobs.send_reminders import send_reminders
from models.officers import Officer
from models.overview import resume_sending
from models.reminders.letters import compose_test
from models.reminders.messages import Sender, the_sender
from models.reminders.restored import settle_as_sent, would_send
from tests.jobs.cases import clock_at, make_due, reminder_states, states, with_server
from tests.jobs.fault_server import FaultServer


@pytest.fixture
def server():
    with FaultServer() as running:
        yield running


@pytest.fixture
def relay(settings, server):
    return with_server(settings, server)


def tick(database, settings, moment):
    return send_reminders(database, settings, clock_at(moment), as_of=False)


def paused_at(database, now):
    with database.read(now) as session:
        return session.exec(select(Sender.paused_at)).first()


def test_every_claim_raises_the_counter_in_the_database_and_in_the_folder(database, relay, now):
    make_due(database, now, 3)
    tick(database, relay, now)
    with database.read(now) as session:
        assert session.exec(select(Sender.counter)).one() == 3
    assert RestoreGuard(relay.data_dir).traces().counter == 3


def test_the_folder_keeps_the_highest_number(tmp_path):
    guard = RestoreGuard(tmp_path)
    for counter in (9, 12, 10, 100, 99):
        guard.write(counter)
    assert guard.traces().counter == 100
    assert guard.file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", ["", "x", "\x00\x00"])
def test_a_broken_counter_file_counts_as_none(tmp_path, content):
    guard = RestoreGuard(tmp_path)
    guard.file.write_text(content)
    assert guard.traces().counter == 0
    guard.write(7)
    assert guard.traces().counter == 7


def test_t4_an_older_copy_of_the_database_pauses_the_sender_before_anything_goes_out(
    database, relay, server, now
):
    make_due(database, now, 2)
    RestoreGuard(relay.data_dir).write(40)
    assert tick(database, relay, now).is_paused
    assert server.connections == 0
    assert paused_at(database, now) == now


def test_t4_the_job_for_waited_mails_looks_too(database, relay, server, anna, now):
    with database.write(now) as session:
        compose_test(session, session.get_one(Officer, anna.key), relay.mail, now)
        session.commit()
    RestoreGuard(relay.data_dir).mark()
    assert deliver(database, relay, clock_at(now)).is_paused
    assert server.connections == 0
    assert not RestoreGuard(relay.data_dir).marker.exists()


def test_an_officer_lets_the_sender_go_on_and_it_is_not_paused_again(database, relay, server, now):
    make_due(database, now)
    RestoreGuard(relay.data_dir).write(40)
    tick(database, relay, now)
    with database.write(now) as session:
        resume_sending(session)
        session.commit()
    tick(database, relay, now + timedelta(minutes=1))
    assert len(server.accepted) == 1


def test_downtime_alone_pauses_nobody(database, relay, server, now):
    make_due(database, now)
    tick(database, relay, now)
    tick(database, relay, now + timedelta(days=400))
    assert paused_at(database, now) is None


def test_a_counter_that_cannot_be_written_keeps_the_mail_here(database, relay, server, now):
    make_due(database, now)
    RestoreGuard(relay.data_dir).file.mkdir()
    with pytest.raises(OSError, match="directory"):
        tick(database, relay, now)
    assert server.accepted == []


def test_t4_what_is_taken_as_sent_never_goes_out(database, relay, server, anna, now):
    make_due(database, now, 2)
    with FaultServer(greeting="554 no") as away:  # composed before the backup was made
        tick(database, with_server(relay, away), now)
    make_due(database, now, 3)
    with database.write(now) as session:
        compose_test(session, session.get_one(Officer, anna.key), relay.mail, now)
        the_sender(session).paused_at = now
        session.commit()
    with database.write(now) as session:
        rows = would_send(session, relay.mail, now)
        session.rollback()
    assert sorted(str(row.kind) for row in rows) == ["reminder", "reminder", "reminder", "test"]
    with database.write(now) as session:
        assert settle_as_sent(session, now) == 4
        resume_sending(session)
        session.commit()
    tick(database, relay, now + timedelta(minutes=10))
    assert server.accepted == []
    assert states(database, now) == [("failed", "restored")]
    assert reminder_states(database, now) == [("skipped", "restored")] * 3
