"""Something changes while a batch is being handed over: each mail is judged at its own turn, never before (T11)."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from models.commitments.checklist import Commitment, CommitmentState
from models.leaving import leave
from models.officers import Officer
from models.reminders.messages import MailAddress, the_sender
from models.reminders.rules import ReminderRule, SubjectKind
from tests.jobs.cases import with_server
from tests.jobs.fault_server import FaultServer
from tests.jobs.scenes import add_items, add_rule, begin, changing, letters, there, tick

START = there(2027, 3, 1)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def server():
    with FaultServer() as running:
        yield running


@pytest.fixture
def relay(settings, server):
    return with_server(settings, server)


@pytest.fixture
def duty(database, ben):
    """Five items of Ben's that are due on the first day, each in a mail of its own."""
    begin(database, START - DAY)
    add_rule(database, START - DAY, SubjectKind.COMMITMENT, 10, is_urgent=True)
    return add_items(database, START - DAY, [(f"Vertrag {n}", date(2027, 3, 11)) for n in range(5)], ben)


def done(session):
    for item in session.exec(select(Commitment).where(Commitment.due_on == date(2027, 3, 11))):
        item.state = CommitmentState.FULFILLED


def moved(session):
    for item in session.exec(select(Commitment).where(Commitment.due_on == date(2027, 3, 11))):
        item.due_on = date(2027, 6, 1)


def deleted(session):
    for item in session.exec(select(Commitment).where(Commitment.due_on == date(2027, 3, 11))).all():
        session.delete(item)


def switched_off(session):
    session.exec(select(ReminderRule).where(ReminderRule.is_on)).one().is_on = False


def paused(session):
    the_sender(session).paused_at = START


def blocked(session):
    for officer in session.exec(select(Officer)):
        session.add(MailAddress(address=officer.email, blocked_on=START.date()))


def on_hold(session):
    session.add(MailAddress(address="ben@lotse.example", refusals=2, on_hold_since=START))


def on_first(server, database, change):
    waiting = [change]

    def journal(what):
        if what["event"] == "accepted" and waiting:
            with changing(database, START) as session:
                waiting.pop()(session)

    server.journal = journal


@pytest.mark.parametrize("change", [done, moved, deleted, switched_off, paused, blocked, on_hold])
def test_t11_what_changes_after_the_first_mail_stops_the_second(database, relay, server, duty, change):
    on_first(server, database, change)
    tick(database, relay, START)
    tick(database, relay, START + MINUTE)
    told = [mail for mail in letters(server) if mail.subject.startswith("Erinnerung")]
    assert len(told) == 1


def test_t25_who_leaves_after_the_first_mail_gets_no_second(database, relay, server, duty, anna, ben):
    def gone(session):
        leave(session, session.get_one(Officer, ben.key), session.get_one(Officer, anna.key), START.date())

    on_first(server, database, gone)
    for minutes in (0, 1, 2, 70):
        tick(database, relay, START + minutes * MINUTE)
    assert sorted(mail.to for mail in letters(server)) == ["anna"] * 4 + ["ben"]


def test_a_title_that_changes_after_the_first_mail_stands_in_the_others(database, relay, server, duty):
    def renamed(session):
        for item in session.exec(select(Commitment).where(Commitment.due_on == date(2027, 3, 11))):
            item.label_de = f"{item.label_de} neu"

    on_first(server, database, renamed)
    for minutes in (0, 1, 2):
        tick(database, relay, START + minutes * MINUTE)
    assert sorted(mail.has("neu") for mail in letters(server)) == [False, True, True, True, True]
