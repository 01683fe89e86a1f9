"""The machine's clock goes wrong and is put right; the clocks change; a database comes back from the past."""

from datetime import date, time, timedelta

import pytest
from sqlmodel import select

from jobs.restore_guard import RestoreGuard
from models.officers import Officer
from models.overview import resume_sending, sending
from models.reminders.messages import Message, MessageState, the_sender
from models.reminders.restored import settle_as_sent
from models.reminders.rules import SubjectKind
from tests.jobs.cases import states, with_server
from tests.jobs.fault_server import FaultServer
from tests.jobs.scenes import (
    add_follow_ups,
    add_items,
    add_rule,
    begin,
    changing,
    letters,
    move_item,
    rows,
    states_of,
    there,
    tick,
)

START = there(2027, 3, 1)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


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
def a_week(database, ben):
    """An item on each day of a fortnight, reminded three days before at eight."""
    begin(database, START - DAY)
    add_rule(database, START - DAY, SubjectKind.COMMITMENT, 3)
    days = [(f"Zusage {n:02}", START.date() + n * DAY) for n in range(3, 17)]
    return add_items(database, START - DAY, days, ben)


def told(server, title):
    return sum(mail.has(title) for mail in letters(server))


# Three days ahead, and back


def false_future(database, settings, since=START, ticks=3):
    for n in range(ticks):
        tick(database, settings, since + 3 * DAY + n * MINUTE)


def test_a_clock_three_days_ahead_for_some_ticks_doubles_and_loses_nothing(database, relay, server, a_week):
    tick(database, relay, START)
    false_future(database, relay)
    for day in range(13):
        tick(database, relay, START + day * DAY + (0 if day else 5) * MINUTE)
    assert {f"Zusage {n:02}": told(server, f"Zusage {n:02}") for n in range(3, 16)} == {
        f"Zusage {n:02}": 1 for n in range(3, 16)
    }


def test_what_seemed_to_have_passed_in_a_false_future_comes_at_its_time(database, relay, server, ben):
    begin(database, START - DAY)
    add_rule(database, START - DAY, SubjectKind.COMMITMENT, 1)
    add_items(database, START - DAY, [("Zusage bald", date(2027, 3, 3))], ben)
    tick(database, relay, START)
    false_future(database, relay)
    assert states_of(database, START) == {("missed", "past"): 1}
    for minute in (5, 6, 24 * 60 - 1, 24 * 60, 24 * 60 + 1):
        tick(database, relay, START + minute * MINUTE)
    assert told(server, "Zusage bald") == 1
    assert states_of(database, START) == {("sent", ""): 1}


def test_a_date_entered_after_the_clock_was_put_right_is_reminded_of_at_its_time(
    database, relay, server, ben, a_week
):
    tick(database, relay, START)
    false_future(database, relay)
    tick(database, relay, START + 5 * MINUTE)
    add_items(
        database, START + 10 * MINUTE, [("Neue Zusage", date(2027, 3, 5))], ben
    )  # due tomorrow at eight
    tick(database, relay, START + 10 * MINUTE)
    assert told(server, "Neue Zusage") == 0
    tick(database, relay, START + DAY - MINUTE)
    tick(database, relay, START + DAY)
    assert told(server, "Neue Zusage") == 1
    assert not any(
        "Kurzfristig" in mail.subject or "Verspätet" in mail.subject for mail in letters(server, 2)
    )


def test_t12_a_date_moved_after_the_clock_was_put_right_is_told(database, relay, server, a_week):
    tick(database, relay, START)
    false_future(database, relay)
    tick(database, relay, START + 5 * MINUTE)
    before = len(server.accepted)
    move_item(database, START, a_week[0], date(2027, 3, 20))
    tick(database, relay, START + 10 * MINUTE)
    assert [mail.subject.partition(":")[0] for mail in letters(server, before)] == ["Terminverschiebung"]


def test_who_wants_one_mail_a_day_still_gets_it_after_a_false_future(database, relay, server, ben, a_week):
    with changing(database, START) as session:
        session.get_one(Officer, ben.key).wants_digest = True
    tick(database, relay, START)
    false_future(database, relay)
    before = len(server.accepted)
    add_items(database, START, [("Neue Zusage", date(2027, 3, 5))], ben)
    tick(database, relay, START + DAY - HOUR)
    tick(database, relay, START + DAY)
    assert [mail.has("Neue Zusage") for mail in letters(server, before)] == [True]


def test_a_mail_composed_in_a_false_future_does_not_wait_for_it(database, relay, away, server, a_week):
    tick(database, relay, START - HOUR)
    tick(database, away, START + 3 * DAY)
    tick(database, relay, START + 5 * MINUTE)
    assert told(server, "Zusage 03") == 1


def test_a_mail_refused_for_a_while_in_a_false_future_is_tried_again_within_twelve_hours(
    database, relay, busy, server, a_week
):
    tick(database, relay, START - HOUR)
    tick(database, busy, START + 3 * DAY)
    tick(database, relay, START + 12 * HOUR)
    assert told(server, "Zusage 05") == 1


def test_a_servers_fault_in_a_false_future_does_not_stop_the_sender_for_days(
    database, relay, away, server, a_week
):
    tick(database, relay, START - HOUR)
    tick(database, away, START + 5 * DAY)
    tick(database, relay, START + DAY)  # at eight, two days before "Zusage 03"
    tick(database, relay, START + DAY + 10 * MINUTE)
    assert len(server.accepted) >= 1


def test_a_claim_of_a_false_future_stops_nobody_and_is_uncertain_after_ten_minutes(
    database, relay, server, a_week
):
    tick(database, relay, START)
    with changing(database, START) as session:
        mail = session.exec(select(Message)).one()
        mail.state, mail.claimed_until = MessageState.CLAIMED, START + 3 * DAY + 10 * MINUTE
        the_sender(session).last_tick_at = START + 3 * DAY
    for minute in (5, 16):
        tick(database, relay, START + minute * MINUTE)
    assert states(database, START) == [("uncertain", "interrupted")]
    for day in range(1, 5):
        tick(database, relay, START + day * DAY)
    assert states(database, START)[0] == ("uncertain", "interrupted")
    assert [told(server, f"Zusage {n:02}") for n in range(3, 8)] == [1] * 5
    tick(database, relay, START + 5 * DAY)
    assert told(server, "Zusage 03") == 1, "never again by itself"


def test_the_sender_that_goes_on_after_a_false_future_has_a_true_heartbeat(database, relay, a_week):
    false_future(database, relay)
    tick(database, relay, START)
    with database.read(START) as session:
        assert not sending(session, START + 5 * MINUTE).is_stale
        assert sending(session, START + 11 * MINUTE).is_stale


def test_a_heartbeat_in_the_future_does_not_hide_that_the_sender_stands_still(database, relay, a_week):
    false_future(database, relay)
    with database.read(START) as session:
        assert sending(session, START + HOUR).is_stale


# Two hours back


def test_a_clock_two_hours_back_doubles_nothing_and_loses_nothing(database, relay, server, ben, a_week):
    tick(database, relay, START)
    tick(database, relay, START + MINUTE)
    wrong = START - 2 * HOUR
    for minute in (2, 3, 60, 119, 120, 121, 122):
        tick(database, relay, wrong + minute * MINUTE)
    tick(database, relay, START + 2 * HOUR)
    for minute in (-1, 0, 1):
        tick(database, relay, START + DAY + minute * MINUTE)
    assert [told(server, f"Zusage {n:02}") for n in (3, 4)] == [1, 1]
    assert len(server.accepted) == 2


def test_a_date_entered_while_the_clock_is_two_hours_back_is_reminded_of_once(
    database, relay, server, ben, a_week
):
    tick(database, relay, START)
    wrong = START - 2 * HOUR
    tick(database, relay, wrong + MINUTE)
    add_items(database, wrong, [("Neue Zusage", date(2027, 3, 4))], ben)  # due at eight by this clock
    for minute in (2, 119, 120, 121):
        tick(database, relay, wrong + minute * MINUTE)
    assert told(server, "Neue Zusage") == 1
    for minute in (1, 70, 130):
        tick(database, relay, START + minute * MINUTE)
    assert told(server, "Neue Zusage") == 1


def test_a_mail_that_is_tried_again_is_not_doubled_by_a_clock_that_goes_back(
    database, relay, busy, server, a_week
):
    tick(database, busy, START)
    for minute in (-120, -60, 0, 4, 5, 6, 60):
        tick(database, relay, START + minute * MINUTE)
    assert told(server, "Zusage 03") == 1


# The clocks change


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
def test_t13_half_past_two_comes_exactly_once_on_both_days(database, relay, server, ben, day):
    before = there(day.year, day.month, day.day, 0)
    begin(database, before)
    add_rule(database, before, SubjectKind.FOLLOW_UP, send_at=time(2, 30))
    add_follow_ups(database, before, [("Anruf", day), ("Anruf später", day + DAY)], ben)
    sent_at = []
    for minute in range(0, 6 * 60, 30):
        moment = before + minute * MINUTE
        tick(database, relay, moment)
        if len(server.accepted) > len(sent_at):
            sent_at.append(moment)
    assert sent_at == [
        there(day.year, day.month, day.day, 3, 30) if day.month == 3 else before + 150 * MINUTE
    ]
    after = day + DAY
    for minute in (-1, 0, 1):
        tick(database, relay, there(after.year, after.month, after.day, 2, 30) + minute * MINUTE)
    assert len(server.accepted) == 2


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
def test_t5_a_standstill_over_the_change_of_the_clocks_is_late_by_real_hours(
    database, relay, server, ben, day
):
    """Eight o'clock the day before is 23 or 25 hours away at eight; late is what is more than 24 hours late."""
    before = there(day.year, day.month, day.day - 2)
    begin(database, before)
    add_rule(database, before, SubjectKind.FOLLOW_UP, 3)
    add_follow_ups(
        database, before, [("Anruf", day + 2 * DAY)], ben
    )  # due at eight the day before the change
    tick(database, relay, before)
    tick(database, relay, there(day.year, day.month, day.day))
    (mail,) = letters(server)
    assert mail.subject.startswith("Verspätet") == (day.month == 10)


# A database that comes back from the past (T4)


def restore(database, relay, moment):
    RestoreGuard(relay.data_dir).mark()
    assert tick(database, relay, moment).is_paused


def take_as_sent(database, moment):
    with changing(database, moment) as session:
        settle_as_sent(session, moment)
        resume_sending(session)


def test_t4_what_a_restored_database_would_collect_is_taken_as_sent_and_the_next_goes_out(
    database, relay, server, a_week
):
    tick(database, relay, START - HOUR)
    back = START + 4 * DAY + HOUR
    restore(database, relay, back)
    take_as_sent(database, back)
    for minute in (1, 2, 70):
        tick(database, relay, back + minute * MINUTE)
    assert server.accepted == []
    tick(database, relay, START + 5 * DAY)
    assert [mail.has("Zusage 08") for mail in letters(server)] == [True]


def test_t4_what_one_mail_a_day_was_collecting_is_taken_as_sent(database, relay, server, ben, a_week):
    with changing(database, START) as session:
        session.get_one(Officer, ben.key).wants_digest = True
    tick(database, relay, START)
    add_items(database, START, [("Neue Zusage", date(2027, 3, 4))], ben)
    tick(database, relay, START + HOUR)  # waits for tomorrow's mail
    assert states_of(database, START)["queued", ""] == 1
    restore(database, relay, START + 2 * HOUR)
    take_as_sent(database, START + 2 * HOUR)
    tick(database, relay, START + DAY)
    assert told(server, "Neue Zusage") == 0
    assert told(server, "Zusage 04") == 1


@pytest.mark.parametrize("seen", [False, True])
def test_t4_news_of_a_moved_date_is_taken_as_sent(database, relay, away, server, a_week, seen):
    tick(database, relay, START)
    move_item(database, START, a_week[0], date(2027, 3, 20))
    if seen:
        tick(database, away, START + MINUTE)
    restore(database, relay, START + HOUR)
    take_as_sent(database, START + HOUR)
    for minute in (1, 2, 70, 140):
        tick(database, relay, START + HOUR + minute * MINUTE)
    assert len(server.accepted) == 1


def test_t4_a_mail_that_was_being_tried_again_is_taken_as_sent(database, relay, busy, server, a_week):
    tick(database, busy, START)
    restore(database, relay, START + HOUR)
    take_as_sent(database, START + HOUR)
    for minute in (1, 70, 700):
        tick(database, relay, START + HOUR + minute * MINUTE)
    assert server.accepted == []


def test_t4_a_mail_that_was_being_sent_when_the_backup_was_made_is_left_to_a_person(
    database, relay, server, a_week
):
    tick(database, relay, START)
    with changing(database, START) as session:
        mail = session.exec(select(Message)).one()
        mail.state, mail.claimed_until = MessageState.CLAIMED, START + 10 * MINUTE
        for reminder in rows(database, START):
            session.merge(reminder).state = "queued"
    restore(database, relay, START + HOUR)
    take_as_sent(database, START + HOUR)
    for minute in (1, 70):
        tick(database, relay, START + HOUR + minute * MINUTE)
    assert len(server.accepted) == 1
    assert states(database, START) == [("uncertain", "interrupted")]


def test_t4_a_date_that_moves_after_the_restore_is_told_with_what_was_told(database, relay, server, a_week):
    tick(database, relay, START)
    restore(database, relay, START + HOUR)
    take_as_sent(database, START + HOUR)
    move_item(database, START, a_week[0], date(2027, 3, 20))
    tick(database, relay, START + HOUR + MINUTE)
    (mail,) = letters(server, 1)
    assert mail.has("04.03.2027", "20.03.2027")
