"""What an officer sends again by hand goes out as it is, but to nobody who left or may not be written to."""

from datetime import timedelta

import pytest
from sqlmodel import select

from jobs.send_reminders import send_reminders
from models.officers import Officer
from models.reminders.addresses import block_address
from models.reminders.messages import Message
from models.reminders.settling import send_again
from tests.jobs.cases import clock_at, make_due, states, with_server
from tests.jobs.fault_server import FaultServer


@pytest.fixture
def failed(database, settings, now):
    """A mail that its server refused."""
    make_due(database, now)
    with FaultServer(rcpt="550 5.7.1 no") as server:
        send_reminders(database, with_server(settings, server), clock_at(now), as_of=False)
    assert states(database, now) == [("failed", "refused")]


def again(database, settings, now, change):
    with database.write(now) as session:
        change(session)
        send_again(session, session.exec(select(Message)).one(), now)
        session.commit()
    with FaultServer() as server:
        relay = with_server(settings, server)
        send_reminders(database, relay, clock_at(now + timedelta(minutes=6)), as_of=False)
    return [mail.recipients for mail in server.accepted]


def test_it_goes_out_as_it_is(failed, database, settings, now, anna):
    assert again(database, settings, now, lambda session: None) == [[anna.email]]
    assert states(database, now) == [("sent", "")]


def test_t19_not_to_an_address_that_is_to_get_nothing(failed, database, settings, now, anna):
    def block(session):
        block_address(session, anna.email, now.date())

    assert [anna.email] not in again(database, settings, now, block)
    assert states(database, now)[0] == ("failed", "do_not_contact")


def test_t25_not_to_who_left(failed, database, settings, now, anna):
    def leave(session):
        session.get_one(Officer, anna.key).left_on = now.date()

    assert [anna.email] not in again(database, settings, now, leave)
    assert states(database, now)[0] == ("failed", "left")
