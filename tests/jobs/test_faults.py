"""What becomes of mails when the mail server fails, exactly as point 5 of the specification says.

The server runs in a process of its own, and its log is the judge; time is passed in, and limits are scaled down."""

from datetime import date, timedelta
from functools import partial

import pytest
from sqlmodel import select

import jobs.deliver
from jobs.send_reminders import send_reminders
from jobs.smtp import DIALOGUE_AT_MOST, SOCKET_TIMEOUT, Relay
from models.commitments.checklist import Commitment
from models.officers import Officer
from models.reminders.letters import compose_test
from models.reminders.messages import CLAIM_LENGTH, MailAddress, Message, Sender
from tests.jobs.cases import at, clock_at, make_due, reminder_states, states, with_server
from tests.jobs.fault_process import FaultProcess
from tests.jobs.fault_server import DROP, LOSE

MINUTE = timedelta(minutes=1)
SECRET = "ein geheimes Kennwort"


@pytest.fixture
def server(tmp_path):
    with FaultProcess(tmp_path / "server.log") as running:
        yield running


@pytest.fixture
def relay(settings, server):
    return with_server(settings, server)


def tick(database, settings, moment):
    return send_reminders(database, settings, clock_at(moment), as_of=False)


def write_to(database, settings, officer, moment, count=1):
    """So many test mails to a colleague, ready to send: nothing but the server decides what becomes of them."""
    with database.write(moment) as session:
        for _ in range(count):
            compose_test(session, session.get_one(Officer, officer.key), settings.mail, moment)
        session.commit()


def give_to(database, item, officer, moment):
    with database.write(moment) as session:
        session.get_one(Commitment, item).responsible_id = officer.key
        session.commit()


def attempts(database, now):
    with database.read(now) as session:
        return list(session.exec(select(Message.attempts).order_by(Message.id)))


def fault_of(database, now):
    """What the banner says."""
    with database.read(now) as session:
        return session.exec(select(Sender)).one().server_fault


def is_on_hold(database, officer, now):
    with database.read(now) as session:
        found = session.exec(select(MailAddress).where(MailAddress.address == officer.email)).first()
        return found is not None and found.on_hold_since is not None


# The server's own fault: the sender pauses, a banner tells, rows stay


def sign_in(settings, server, **changes):
    return with_server(settings, server, user="lotse", password=SECRET, **changes)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"away": True}, "refused"),
        ({"replies": {"greeting": "554 no"}}, "554 no"),
        ({"replies": {"greeting": "421 too many connections"}}, "421 too many"),
        ({"replies": {"greeting": DROP}}, "closed"),
        ({"replies": {"ehlo": "550 no"}}, "550 no"),
        ({"replies": {"mail": "550 5.7.1 not this sender"}}, "550 5.7.1"),
    ],
    ids=["refused connection", "554", "421", "dropped at once", "EHLO", "MAIL FROM"],
)
def test_the_servers_fault_pauses_the_sender_and_the_mail_goes_out_once_when_it_is_mended(
    database, relay, server, now, fault, says
):
    make_due(database, now)
    server.order(**fault)
    tick(database, relay, now)
    assert (states(database, now), attempts(database, now)) == ([("composed", "")], [0])
    assert reminder_states(database, now) == [("queued", "")]
    assert says in fault_of(database, now)
    mended = {"replies": {}} | ({"away": False} if "away" in fault else {})
    server.order(**mended)
    called = len(server.events("open"))
    tick(database, relay, now + 4 * MINUTE)
    assert len(server.events("open")) == called, "it waits"
    for minute in (5, 6, 60):
        tick(database, relay, now + minute * MINUTE)
    assert list(server.accepted().values()) == [1]
    assert (states(database, now), fault_of(database, now)) == ([("sent", "")], "")


def test_a_wrong_password_is_the_servers_fault_and_is_told_to_nobody(
    database, settings, server, anna, now, caplog
):
    write_to(database, settings, anna, now, 2)
    server.order(features=["AUTH PLAIN"], replies={"auth": "535 5.7.8 wrong"})
    relay = sign_in(settings, server)
    tick(database, relay, now)
    assert (states(database, now), attempts(database, now)) == ([("composed", "")] * 2, [0, 0])
    assert fault_of(database, now) == "535 5.7.8 wrong"
    assert len(server.events("auth")) == 1, "a wrong password is not tried for every mail"
    assert SECRET not in caplog.text
    server.order(replies={})
    tick(database, relay, now + 5 * MINUTE)
    assert list(server.accepted().values()) == [1, 1]


def test_without_the_encryption_that_is_required_nothing_is_said(database, settings, server, anna, now):
    write_to(database, settings, anna, now)
    tick(database, sign_in(settings, server, require_starttls=True), now)
    assert "STARTTLS" in fault_of(database, now)
    assert server.events("auth", "mail", "content") == []
    assert (states(database, now), attempts(database, now)) == ([("composed", "")], [0])


# This mail, this recipient


def test_450_for_one_recipient_puts_off_that_mail_alone(database, relay, server, anna, ben, now):
    write_to(database, relay, anna, now)
    write_to(database, relay, ben, now)
    server.order(replies={f"rcpt {anna.email}": "450 4.2.1 mailbox full"})
    tick(database, relay, now)
    assert states(database, now) == [("retrying", "temporary"), ("sent", "")]
    assert server.recipients() == [ben.email]
    server.order(replies={})
    tick(database, relay, now + 4 * MINUTE)
    assert server.recipients() == [ben.email]
    tick(database, relay, now + 5 * MINUTE)
    assert server.recipients() == [ben.email, anna.email]
    assert not is_on_hold(database, anna, now), "a 4xx says nothing against the address"


@pytest.mark.parametrize(
    ("replies", "reason"),
    [
        ({"rcpt": "450 4.2.1 later"}, "temporary"),
        ({"rcpt": "421 4.3.2 closing"}, "temporary"),
        ({"mail": "451 4.3.0 later"}, "temporary"),
        ({"data": "451 4.3.0 later"}, "temporary"),
        ({"end": "452 4.3.1 disk full"}, "temporary"),
        ({"mail": DROP}, "dropped"),
        ({"rcpt": DROP}, "dropped"),
        ({"data": DROP}, "dropped"),
    ],
    ids=["450", "421", "451 MAIL", "451 DATA", "452 end", "drop MAIL", "drop RCPT", "drop before DATA"],
)
def test_what_has_not_arrived_is_tried_again_after_five_minutes(
    database, relay, server, anna, now, replies, reason
):
    write_to(database, relay, anna, now)
    server.order(replies=replies)
    tick(database, relay, now)
    assert (states(database, now), attempts(database, now)) == ([("retrying", reason)], [1])
    assert fault_of(database, now) == ""
    server.order(replies={})
    tick(database, relay, now + 4 * MINUTE)
    assert len(server.events("mail")) == 1
    for minute in (5, 6, 60):
        tick(database, relay, now + minute * MINUTE)
    assert states(database, now) == [("sent", "")]
    assert list(server.accepted().values()) == [1]


@pytest.mark.parametrize("replies", [{"rcpt": "450 4.2.1 later"}, {"data": DROP}], ids=["450", "drop"])
def test_the_pauses_grow_and_end_after_72_hours(database, relay, server, anna, now, replies):
    """After 5, 15, 60 minutes, 4 hours, then every 12 hours, at last shortly before the end: the log counts."""
    write_to(database, relay, anna, now)
    server.order(replies=replies)
    moment, pauses = now, (5, 15, 60, 240, *[720] * 5, 72 * 60 - 5 - 65 * 60 - 20)
    tick(database, relay, moment)
    for count, pause in enumerate(pauses, 1):
        assert [state for state, _ in states(database, now)] == ["retrying"]
        tick(database, relay, moment + (pause - 1) * MINUTE)
        assert len(server.events("mail")) == count, f"too early: pause {count} is {pause} minutes"
        moment += pause * MINUTE
        tick(database, relay, moment)
        assert len(server.events("mail")) == count + 1
    assert states(database, now) == [("failed", "gave_up")], "the next attempt would be later than 72 hours"
    server.order(replies={})
    tick(database, relay, now + timedelta(days=10))
    assert server.accepted() == {}


def test_a_reminder_is_tried_again_until_its_date_has_passed(database, relay, server, now):
    make_due(database, now, due_on=date(2026, 11, 25))
    server.order(replies={"rcpt": "450 later"})
    moment = now
    while moment < now + timedelta(days=4):
        tick(database, relay, moment)
        moment += timedelta(hours=4)
    [(state, reason)] = states(database, now)
    assert (state, reason) in {("failed", "gave_up"), ("failed", "past")}
    assert reminder_states(database, now) == [("missed", reason)]
    last = len(server.events("rcpt"))
    server.order(replies={})
    tick(database, relay, moment)
    assert len(server.events("rcpt")) == last
    assert server.accepted() == {}


def test_550_fails_for_that_person_and_the_second_one_puts_the_address_on_hold(
    database, relay, server, anna, ben, now
):
    server.order(replies={f"rcpt {anna.email}": "550 5.7.1 refused"})
    for round_ in range(3):
        write_to(database, relay, anna, now + round_ * MINUTE)
        write_to(database, relay, ben, now + round_ * MINUTE)
        tick(database, relay, now + round_ * MINUTE)
        assert is_on_hold(database, anna, now) == (round_ >= 1)
    assert states(database, now)[::2] == [("failed", "refused")] * 2 + [("failed", "on_hold")]
    assert states(database, now)[1::2] == [("sent", "")] * 3
    asked = [event["reply"] for event in server.events("rcpt") if str(event["reply"]).startswith("550")]
    assert len(asked) == 2, "an address on hold is not tried"
    assert server.recipients() == [ben.email] * 3


def test_550_5_1_1_puts_the_address_on_hold_at_once(database, relay, server, anna, now):
    make_due(database, now)
    server.order(replies={"rcpt": "550 5.1.1 no such user"})
    tick(database, relay, now)
    assert is_on_hold(database, anna, now)
    assert reminder_states(database, now) == [("missed", "refused")], "it is seen, not silent"
    write_to(database, relay, anna, now)
    server.order(replies={})
    tick(database, relay, now + timedelta(days=1))
    assert states(database, now) == [("failed", "refused"), ("failed", "on_hold")]
    assert len(server.events("rcpt")) == 1


def test_a_mail_that_the_server_refuses_for_its_content_is_failed_and_its_address_is_fine(
    database, relay, server, anna, now
):
    write_to(database, relay, anna, now)
    server.order(once={"end": ["554 5.6.0 spam"]})
    tick(database, relay, now)
    assert states(database, now) == [("failed", "content")]
    assert not is_on_hold(database, anna, now)
    assert server.accepted() == {}


# After the content and before the 250: nobody knows


@pytest.mark.parametrize(("ending", "arrived"), [(DROP, 0), (LOSE, 1)], ids=["lost", "arrived"])
def test_dropped_after_the_content_it_is_uncertain_and_never_sent_again_by_itself(
    database, relay, server, now, ending, arrived
):
    make_due(database, now)
    server.order(once={"end": [ending]})
    for hours in (0, 1, 5, 24, 30):
        tick(database, relay, now + timedelta(hours=hours))
    assert states(database, now) == [("uncertain", "no_answer")]
    assert ("sent", "") not in reminder_states(database, now)
    assert len(server.events("content")) == 1
    assert sum(server.accepted().values()) == arrived


def test_the_mails_behind_an_uncertain_one_go_out(database, relay, server, anna, now):
    write_to(database, relay, anna, now, 3)
    server.order(once={"end": ["250 ok", DROP]})
    tick(database, relay, now)
    assert states(database, now) == [("sent", ""), ("uncertain", "no_answer"), ("sent", "")]
    assert len(server.accepted()) == 2


# Slow servers: everything a hundred times quicker, so 30 s are 0.3 s


@pytest.fixture
def quick(monkeypatch):
    """The relay with its own limits, a hundred times quicker."""
    limits = {"timeout": SOCKET_TIMEOUT / 100, "dialogue": DIALOGUE_AT_MOST / 100}
    monkeypatch.setattr(jobs.deliver, "Relay", partial(Relay, **limits))


THIRTY_SECONDS, TOO_LONG = 0.3, 1.5


def test_a_claim_outlives_the_longest_dialogue():
    """While a mail is being handed over, no other process may call it interrupted."""
    assert timedelta(seconds=2 * DIALOGUE_AT_MOST) <= CLAIM_LENGTH


@pytest.mark.usefixtures("quick")
def test_a_server_that_needs_30_seconds_for_each_answer_gets_its_mails_once(
    database, relay, server, anna, now
):
    write_to(database, relay, anna, now, 2)
    server.order(delay=THIRTY_SECONDS)
    tick(database, relay, now)
    server.order(delay=0)
    tick(database, relay, now + 11 * MINUTE)
    assert list(server.accepted().values()) == [1, 1]
    assert states(database, now) == [("sent", "")] * 2
    assert len(server.events("content")) == 2


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("phase", "expected"),
    [
        ("greeting", ("composed", "")),
        ("ehlo", ("composed", "")),
        ("rcpt", ("retrying", "dropped")),
        ("data", ("retrying", "dropped")),
        ("end", ("uncertain", "no_answer")),
    ],
)
def test_a_server_that_takes_too_long_is_judged_by_how_far_it_was(
    database, relay, server, anna, now, phase, expected
):
    write_to(database, relay, anna, now)
    server.order(delays={phase: TOO_LONG})
    tick(database, relay, now)
    assert states(database, now) == [expected]
    assert (fault_of(database, now) != "") == (expected[0] == "composed")
    server.order(delays={})
    for minute in (6, 60):
        tick(database, relay, now + minute * MINUTE)
    final = expected if expected[0] == "uncertain" else ("sent", "")
    assert states(database, now) == [final]
    assert list(server.accepted().values()) == [1], "by the log it arrived once, whatever the sender knows"


# Gone for a day


def test_t5_after_a_day_without_a_server_what_lies_ahead_goes_out_once(
    database, relay, server, anna, ben, now
):
    """Today's date passes while the server is gone; Wednesday's does not."""
    today, ahead = make_due(database, now, 2)
    give_to(database, today, ben, now)
    give_to(database, ahead, anna, now)
    with database.write(now) as session:
        session.get_one(Commitment, today).due_on = now.date()
        session.commit()
    write_to(database, relay, ben, now)
    server.order(away=True)
    for hour in range(25):
        tick(database, relay, now + timedelta(hours=hour))
    assert {state for state, _ in states(database, now)} == {"composed"}
    assert set(attempts(database, now)) == {0}, "an absent server costs no mail an attempt"
    assert "refused" in fault_of(database, now)
    assert server.events("open") == []
    server.order(away=False)
    back = at(8, 5, day=24)
    for minute in (0, 1, 10, 600):
        tick(database, relay, back + minute * MINUTE)
    assert sorted(server.recipients()) == sorted([anna.email, ben.email])
    assert set(server.accepted().values()) == {1}
    assert sorted(reminder_states(database, now)) == [("missed", "past"), ("sent", "")]
    assert fault_of(database, now) == ""
