"""The recipient goes, is away, takes over, may not be written to: while mails wait in every state (T19, T25)."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from models.commitments.checklist import Commitment
from models.leaving import leave
from models.officers import Officer
from models.reminders.messages import MailAddress, Message
from models.reminders.rules import RuleRecipient, SubjectKind
from tests.jobs.cases import states, with_server
from tests.jobs.fault_server import FaultServer
from tests.jobs.scenes import (
    add_follow_ups,
    add_items,
    add_rule,
    begin,
    changing,
    colleague,
    letters,
    move_item,
    page,
    states_of,
    there,
    tick,
)

START = there(2027, 3, 1)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
AFTERWARDS = (10, 11, 70, 300)  # minutes after which the server is asked again


@pytest.fixture
def server():
    with FaultServer() as running:
        yield running


@pytest.fixture
def relay(settings, server):
    return with_server(settings, server)


@pytest.fixture
def away(settings):
    with FaultServer(greeting="421 not now") as broken:
        yield with_server(settings, broken)


@pytest.fixture
def busy(settings):
    with FaultServer(rcpt="450 later") as broken:
        yield with_server(settings, broken)


@pytest.fixture
def duty(database, ben):
    """Three items of Ben's that are due on the first day, together."""
    begin(database, START - DAY)
    add_rule(database, START - DAY, SubjectKind.COMMITMENT, 10)
    return add_items(database, START - DAY, [(f"Vertrag {n}", date(2027, 3, 11)) for n in range(3)], ben)


def goes(database, moment, officer, heir):
    with changing(database, moment) as session:
        leave(
            session, session.get_one(Officer, officer.key), session.get_one(Officer, heir.key), moment.date()
        )


def afterwards(database, relay):
    for minutes in AFTERWARDS:
        tick(database, relay, START + minutes * MINUTE)


def to(server):
    return [mail.to for mail in letters(server)]


# Somebody goes (T25)


@pytest.mark.parametrize("first", ["away", "busy"])
def test_t25_what_was_composed_or_tried_goes_to_who_took_over_as_one_mail(
    database, relay, server, anna, ben, duty, first, request
):
    tick(database, request.getfixturevalue(first), START)
    assert [state for state, _ in states(database, START)] == ["composed" if first == "away" else "retrying"]
    goes(database, START, ben, anna)
    afterwards(database, relay)
    (mail,) = letters(server)
    assert mail.to == "anna"
    assert all(mail.has(f"Vertrag {n}") for n in range(3))
    assert states_of(database, START) == {("skipped", "left"): 3, ("sent", ""): 3}


def test_t25_what_waits_for_the_mail_of_the_day_goes_to_who_took_over(
    database, relay, server, anna, ben, duty
):
    with changing(database, START) as session:
        session.get_one(Officer, ben.key).wants_digest = True
    tick(database, relay, START)
    add_items(database, START, [("Nachzügler", date(2027, 3, 9))], ben)
    tick(database, relay, START + MINUTE)
    assert states_of(database, START) == {("sent", ""): 3, ("queued", ""): 1}
    goes(database, START, ben, anna)
    tick(database, relay, START + DAY)
    tick(database, relay, START + DAY + MINUTE)
    assert to(server) == ["ben", "anna"]
    assert letters(server)[1].has("Nachzügler")


def test_t25_who_takes_over_and_was_reminded_herself_is_not_reminded_twice(
    database, relay, server, anna, ben, duty
):
    with changing(database, START - DAY) as session:
        for item in duty:
            session.get_one(Commitment, item).deputy_id = anna.key
    add_rule(database, START - DAY, SubjectKind.COMMITMENT, 10, to_deputy=True, name_de="Zu zweit")
    server.replies["rcpt ben@lotse.example"] = "450 later"
    tick(database, relay, START)
    assert to(server) == ["anna"]
    goes(database, START, ben, anna)
    server.replies.clear()
    afterwards(database, relay)
    assert to(server) == ["anna", "anna"]
    assert [mail.subject for mail in letters(server)] == ["Tagesübersicht: 3 Erinnerungen"] * 2


def test_t25_who_was_named_in_addition_and_goes_is_followed_by_the_heir_once(
    database, relay, away, server, anna, ben
):
    begin(database, START - DAY)
    rule = add_rule(database, START - DAY, SubjectKind.COMMITMENT, 10)
    with changing(database, START - DAY) as session:
        session.add(RuleRecipient(rule_id=rule, officer_id=ben.key))
    carla = colleague(database, START - DAY, "Carla Cent")
    add_items(database, START - DAY, [("Vertrag", date(2027, 3, 11))], anna)
    tick(database, away, START)
    goes(database, START, ben, carla)
    afterwards(database, relay)
    assert sorted(to(server)) == ["anna", "carla"]


def test_t25_two_who_go_one_after_the_other_leave_it_to_the_last_heir(
    database, relay, away, server, anna, ben, duty
):
    carla = colleague(database, START - DAY, "Carla Cent")
    tick(database, away, START)
    goes(database, START, ben, carla)
    tick(database, away, START + 6 * MINUTE)
    goes(database, START, carla, anna)
    afterwards(database, relay)
    assert to(server) == ["anna"]


def test_t25_what_may_have_gone_out_to_who_left_is_not_sent_to_anybody_by_itself(
    database, settings, relay, server, anna, ben, duty
):
    with FaultServer(end="drop") as losing:
        tick(database, with_server(settings, losing), START)
    assert states(database, START) == [("uncertain", "no_answer")]
    goes(database, START, ben, anna)
    afterwards(database, relay)
    assert to(server) == []


def test_t25_who_takes_over_hears_of_the_new_date_when_its_news_waited_for_who_left(
    database, relay, away, server, anna, ben, duty
):
    """The change of date took the place of Ben's reminder; nobody else would tell Anna."""
    tick(database, relay, START)
    move_item(database, START, duty[0], date(2027, 3, 8))
    tick(database, away, START + MINUTE)
    goes(database, START, ben, anna)
    afterwards(database, relay)
    assert to(server) == ["ben", "anna"]
    assert letters(server)[1].has("Vertrag 0", "08.03.2027")


def test_t12_who_left_hears_of_no_change_any_more(database, relay, server, anna, ben, duty):
    tick(database, relay, START)
    goes(database, START, ben, anna)
    move_item(database, START, duty[0], date(2027, 3, 8))
    afterwards(database, relay)
    assert to(server) == ["ben", "anna"]
    assert letters(server)[1].subject.startswith("Kurzfristig")


def test_t25_what_waits_goes_to_who_is_responsible_when_it_is_sent(
    database, relay, away, server, anna, ben, duty
):
    tick(database, away, START)
    with changing(database, START) as session:
        for item in duty:
            session.get_one(Commitment, item).responsible_id = anna.key
    afterwards(database, relay)
    assert to(server) == ["anna"]


# Somebody is away


def is_away(database, officer, deputy):
    with changing(database, START) as session:
        row = session.get_one(Officer, officer.key)
        row.absent_from, row.absent_until = START.date(), START.date() + 7 * DAY
        row.stand_in_id = deputy.key if deputy else None


def test_t25_who_is_away_since_it_was_composed_is_stood_in_for(
    database, relay, away, server, anna, ben, duty
):
    tick(database, away, START)
    is_away(database, ben, anna)
    afterwards(database, relay)
    (mail,) = letters(server)
    assert mail.to == "anna"
    assert mail.has("Vertretung", "Ben Büro")
    assert states_of(database, START) == {("skipped", "away"): 3, ("sent", ""): 3}


def test_t25_who_is_away_without_a_deputy_gets_it_herself(database, relay, away, server, ben, duty):
    tick(database, away, START)
    is_away(database, ben, None)
    afterwards(database, relay)
    assert to(server) == ["ben"]


def test_t25_two_who_stand_in_for_each_other_and_are_both_away_get_their_own(
    database, relay, away, server, anna, ben, duty
):
    tick(database, away, START)
    is_away(database, ben, anna)
    is_away(database, anna, ben)
    afterwards(database, relay)
    assert to(server) == ["ben"]


def test_t25_who_is_back_before_the_mail_of_the_deputy_went_out_is_not_told_twice(
    database, relay, away, server, anna, ben, duty
):
    is_away(database, ben, anna)
    tick(database, away, START)
    with changing(database, START) as session:
        row = session.get_one(Officer, ben.key)
        row.absent_from = row.absent_until = row.stand_in_id = None
    afterwards(database, relay)
    assert len(letters(server)) == 1


# Somebody may not be written to (T19)


def block(database, *people):
    with changing(database, START) as session:
        session.add_all(MailAddress(address=who.email, blocked_on=START.date()) for who in people)


@pytest.mark.parametrize("first", ["away", "busy"])
def test_t19_an_address_that_is_blocked_after_composing_gets_nothing_and_somebody_else_does(
    database, relay, server, anna, ben, duty, first, request
):
    tick(database, request.getfixturevalue(first), START)
    block(database, ben)
    afterwards(database, relay)
    assert to(server) == ["anna"], "who leads the case"
    assert states_of(database, START) == {("missed", "do_not_contact"): 3, ("sent", ""): 3}


def test_t19_nobody_who_is_blocked_hears_of_a_change(database, relay, server, ben, duty):
    tick(database, relay, START)
    block(database, ben)
    move_item(database, START, duty[0], date(2027, 3, 25))
    afterwards(database, relay)
    assert to(server) == ["ben"]


@pytest.mark.parametrize("is_composed", [False, True])
def test_t19_if_everybody_is_blocked_it_is_missed_and_seen(
    database, relay, away, server, anna, ben, duty, is_composed
):
    if is_composed:
        tick(database, away, START)
    block(database, anna, ben)
    afterwards(database, relay)
    assert to(server) == []
    assert set(states_of(database, START)) == {("missed", "do_not_contact")}
    seen = page(database, relay, anna, START + 6 * 60 * MINUTE, "/erinnerungen")
    assert "Vertrag 0" in seen.partition('id="verpasst"')[2].partition('id="geplant"')[0]


def test_t19_a_stand_in_who_is_blocked_is_passed_over(database, relay, server, anna, ben, duty):
    is_away(database, ben, anna)
    block(database, anna)
    tick(database, relay, START)
    assert to(server) == ["ben"]


def test_t19_on_hold_is_seen_as_a_mail_that_failed_and_stops_no_other(
    database, relay, server, anna, ben, duty
):
    add_follow_ups(database, START - DAY, [("Anruf", date(2027, 3, 1))], anna)
    add_rule(database, START - DAY, SubjectKind.FOLLOW_UP)
    with changing(database, START) as session:
        session.add(MailAddress(address=ben.email, refusals=2, on_hold_since=START))
    afterwards(database, relay)
    assert to(server) == ["anna"]
    with database.read(START) as session:
        (failed,) = session.exec(select(Message).where(Message.officer_id == ben.key)).all()
    assert (str(failed.state), str(failed.reason)) == ("failed", "on_hold")
