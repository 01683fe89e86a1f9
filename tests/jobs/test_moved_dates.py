"""Dates that move, are cancelled, come back; people who join late; who is asked when nobody answers (points 1, 7)."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from models.commitments.checklist import Commitment, CommitmentState
from models.conferences.conferences import Conference, ConferenceStatus, DatePrecision, Participation
from models.reminders.answering import again_in_a_week, mark_done
from models.reminders.messages import Reminder
from models.reminders.rules import ReminderRule, SubjectKind
from models.reminders.subjects import load_subject
from tests.jobs.cases import with_server
from tests.jobs.fault_server import FaultServer
from tests.jobs.scenes import (
    add_conference,
    add_items,
    add_rule,
    begin,
    changing,
    colleague,
    letters,
    move_conference,
    move_item,
    rows,
    set_status,
    states_of,
    there,
    tick,
)

START = there(2027, 3, 1)  # a Monday
MINUTE = timedelta(minutes=1)
FIRST, SECOND, THIRD = date(2027, 3, 11), date(2027, 3, 22), date(2027, 4, 1)


@pytest.fixture
def server():
    with FaultServer() as running:
        yield running


@pytest.fixture
def relay(settings, server):
    return with_server(settings, server)


@pytest.fixture
def away(settings):
    """The same city's mail server, on a day on which it is away."""
    with FaultServer(greeting="421 not now") as broken:
        yield with_server(settings, broken)


def told_at_once(database, officer, day=FIRST, **more):
    """An item ten days before its date, which is when this rule reminds."""
    begin(database, START - timedelta(days=1))
    add_rule(database, START - timedelta(days=1), SubjectKind.COMMITMENT, 10, **more)
    (key,) = add_items(database, START - timedelta(days=1), [("Der Vertrag", day)], officer)
    return key


def kinds(server, since=0):
    return [(mail.to, mail.subject.partition(":")[0]) for mail in letters(server, since)]


# Moved (T1)


def test_t1_moved_twice_and_seen_by_two_ticks_is_one_reminder_and_two_changes_in_one_thread(
    database, relay, server, ben
):
    key = told_at_once(database, ben)
    tick(database, relay, START)
    for n, day in enumerate((SECOND, THIRD), 1):
        move_item(database, START, key, day)
        tick(database, relay, START + n * MINUTE)
        tick(database, relay, START + n * MINUTE + timedelta(seconds=30))
    first, second, third = letters(server)
    assert first.subject.startswith("Erinnerung")
    assert second.subject.startswith("Terminverschiebung")
    assert third.subject.startswith("Terminverschiebung")
    assert second.references == third.references == first.message_id
    for mail, old, new in ((second, "11.03.2027", "22.03.2027"), (third, "22.03.2027", "01.04.2027")):
        struck = (
            mail.html.partition("<del")[2].partition("</del>")[0]
            or mail.html.partition("<s>")[2].partition("</s>")[0]
        )
        assert old in struck
        assert new not in struck
        assert mail.has(old, new)


def test_t1_the_due_moment_of_the_new_date_is_served_as_usual(database, relay, server, ben):
    key = told_at_once(database, ben)
    tick(database, relay, START)
    move_item(database, START, key, SECOND)
    tick(database, relay, START + MINUTE)
    for days in (1, 10, 11, 12, 25):
        tick(database, relay, START + timedelta(days=days))
    assert kinds(server) == [("ben", "Erinnerung"), ("ben", "Terminverschiebung"), ("ben", "Erinnerung")]


def test_t1_moves_between_two_ticks_are_one_change(database, relay, server, ben):
    key = told_at_once(database, ben)
    tick(database, relay, START)
    for day in (SECOND, date(2027, 5, 5), THIRD):
        move_item(database, START, key, day)
    tick(database, relay, START + MINUTE)
    tick(database, relay, START + timedelta(hours=2))
    assert kinds(server) == [("ben", "Erinnerung"), ("ben", "Terminverschiebung")]
    assert letters(server)[1].has("11.03.2027", "01.04.2027")
    assert not letters(server)[1].has("22.03.2027")


def test_t1_moved_there_and_back_between_two_ticks_is_no_news(database, relay, server, ben):
    key = told_at_once(database, ben)
    tick(database, relay, START)
    for day in (SECOND, FIRST):
        move_item(database, START, key, day)
    tick(database, relay, START + MINUTE)
    tick(database, relay, START + timedelta(hours=2))
    assert kinds(server) == [("ben", "Erinnerung")]


@pytest.mark.parametrize("back", [FIRST, THIRD])
def test_t1_moved_while_the_mail_server_is_away_is_told_once_and_only_if_it_is_news(
    database, relay, away, server, ben, back
):
    key = told_at_once(database, ben)
    tick(database, relay, START)
    for n, day in enumerate((SECOND, back), 1):
        move_item(database, START, key, day)
        tick(database, away, START + timedelta(minutes=10 * n))
    tick(database, relay, START + timedelta(minutes=30))
    tick(database, relay, START + timedelta(hours=5))
    told = letters(server, 1)
    if back == FIRST:
        assert told == []
    else:
        (mail,) = told
        assert mail.subject.startswith("Terminverschiebung")
        assert mail.has("11.03.2027", "01.04.2027")


def test_t1_the_second_move_while_the_mail_server_is_away_names_the_date_that_was_told(
    database, relay, away, server, ben
):
    key = told_at_once(database, ben)
    tick(database, relay, START)
    move_item(database, START, key, SECOND)
    tick(database, relay, START + MINUTE)
    move_item(database, START, key, THIRD)
    tick(database, away, START + 2 * MINUTE)
    tick(database, relay, START + 10 * MINUTE)
    assert kinds(server) == [
        ("ben", "Erinnerung"),
        ("ben", "Terminverschiebung"),
        ("ben", "Terminverschiebung"),
    ]
    assert letters(server)[2].has("22.03.2027", "01.04.2027")


def test_t1_moved_before_the_first_mail_went_out_is_told_with_the_new_date_only(
    database, relay, away, server, ben
):
    key = told_at_once(database, ben)
    tick(database, away, START)
    move_item(database, START, key, date(2027, 3, 9))
    tick(database, away, START + 10 * MINUTE)
    tick(database, relay, START + 20 * MINUTE)
    tick(database, relay, START + timedelta(hours=2))
    (mail,) = letters(server)
    assert mail.has("09.03.2027")
    assert not mail.has("11.03.2027")


def test_t1_moved_before_anybody_was_told_is_nobodys_news(database, relay, server, ben):
    key = told_at_once(database, ben, THIRD)
    tick(database, relay, START)
    move_item(database, START, key, SECOND)
    tick(database, relay, START + MINUTE)
    for days in (0, 10, 11, 12, 21):
        tick(database, relay, START + timedelta(days=days, minutes=2))
    assert kinds(server) == [("ben", "Erinnerung")]


def test_t1_a_conference_that_moves_is_told_to_everybody_who_was_told_and_moves_in_their_calendar(
    database, relay, server, anna, ben
):
    begin(database, START)
    add_rule(database, START, SubjectKind.CONFERENCE, 10, to_everyone=True, with_calendar=True)
    key = add_conference(database, START, date(2027, 3, 12), anna)
    tick(database, relay, START + timedelta(days=1))
    before = len(server.accepted)
    assert before == 2
    move_conference(database, START, key, date(2027, 3, 19))
    tick(database, relay, START + timedelta(days=1, minutes=1))
    tick(database, relay, START + timedelta(days=1, hours=2))
    assert [(mail.to, mail.method, mail.subject.partition(":")[0]) for mail in letters(server, before)] == [
        ("anna", "REQUEST", "Terminverschiebung"),
        ("ben", "PUBLISH", "Terminverschiebung"),
    ]


# Moved closer, to the past, cancelled (T12)


def test_t12_moved_closer_is_told_once_at_short_notice_to_who_was_not_told_yet(database, relay, server, ben):
    key = told_at_once(database, ben, THIRD)
    tick(database, relay, START)
    assert server.accepted == []
    move_item(database, START, key, date(2027, 3, 4))
    for minutes in (1, 2, 70):
        tick(database, relay, START + minutes * MINUTE)
    assert kinds(server) == [("ben", "Kurzfristig")]


def test_t12_moved_closer_is_only_a_change_for_who_was_told(database, relay, server, ben):
    key = told_at_once(database, ben)
    tick(database, relay, START)
    move_item(database, START, key, date(2027, 3, 4))
    for minutes in (1, 2, 70, 60 * 24):
        tick(database, relay, START + minutes * MINUTE)
    assert kinds(server) == [("ben", "Erinnerung"), ("ben", "Terminverschiebung")]


def test_t12_moved_closer_with_two_rules_is_still_only_one_mail_to_who_was_told(database, relay, server, ben):
    key = told_at_once(database, ben)
    add_rule(database, START - timedelta(days=1), SubjectKind.COMMITMENT, 5)
    tick(database, relay, START)
    move_item(database, START, key, date(2027, 3, 4))
    for minutes in (1, 2, 70, 60 * 24):
        tick(database, relay, START + minutes * MINUTE)
    assert kinds(server) == [("ben", "Erinnerung"), ("ben", "Terminverschiebung")]


def test_t12_moved_closer_tells_each_what_is_news_to_her(database, relay, server, ben):
    """Carla was told before and is not responsible any more; Ben took over and was told nothing."""
    carla = colleague(database, START - timedelta(days=1), "Carla Cent")
    key = told_at_once(database, carla)
    tick(database, relay, START)
    with changing(database, START) as session:
        session.get_one(Commitment, key).responsible_id = ben.key
    move_item(database, START, key, date(2027, 3, 4))
    for minutes in (1, 2, 70):
        tick(database, relay, START + minutes * MINUTE)
    assert sorted(kinds(server, 1)) == [("ben", "Kurzfristig"), ("carla", "Terminverschiebung")]


def test_t12_moved_closer_while_the_mail_server_is_away_is_told_once(database, relay, away, server, ben):
    key = told_at_once(database, ben)
    tick(database, relay, START)
    move_item(database, START, key, date(2027, 3, 4))
    tick(database, away, START + MINUTE)
    tick(database, relay, START + 20 * MINUTE)
    tick(database, relay, START + timedelta(hours=2))
    assert kinds(server) == [("ben", "Erinnerung"), ("ben", "Terminverschiebung")]


@pytest.mark.parametrize("told", [True, False])
def test_t12_moved_to_the_past_is_nothing(database, relay, server, ben, told):
    key = told_at_once(database, ben, FIRST if told else THIRD)
    tick(database, relay, START)
    before = len(server.accepted)
    assert before == told
    move_item(database, START, key, date(2027, 2, 25))
    for minutes in (1, 2, 70, 60 * 24, 60 * 24 * 12):
        tick(database, relay, START + minutes * MINUTE)
    assert kinds(server, before) == []


def test_t12_what_waits_for_the_mail_server_and_is_moved_to_the_past_is_nothing(
    database, relay, away, server, ben
):
    key = told_at_once(database, ben)
    tick(database, away, START)
    move_item(database, START, key, date(2027, 2, 25))
    tick(database, relay, START + 10 * MINUTE)
    assert server.accepted == []


@pytest.fixture
def conference(database, anna, ben):
    """Anna takes part and is reminded ten days before; Ben five days before."""
    begin(database, START)
    early = add_rule(database, START, SubjectKind.CONFERENCE, 10, with_calendar=True, to_participants=True)
    add_rule(database, START, SubjectKind.CONFERENCE, 5, to_lead=False, to_everyone=True)
    assert early
    return add_conference(database, START, date(2027, 3, 12), anna)


TUESDAY = START + timedelta(days=1)


def test_t12_cancelled_is_one_mail_to_who_was_told_and_none_to_others(database, relay, server, conference):
    tick(database, relay, TUESDAY)
    assert kinds(server) == [("anna", "Erinnerung")]
    set_status(database, TUESDAY, conference, ConferenceStatus.CANCELLED)
    for minutes in (1, 2, 70, 60 * 24 * 5):
        tick(database, relay, TUESDAY + minutes * MINUTE)
    (mail,) = letters(server, 1)
    assert (mail.to, mail.method) == ("anna", "CANCEL")
    assert mail.subject.startswith("Absage")
    assert mail.references == letters(server)[0].message_id


def test_t12_revived_is_told_to_who_was_told_of_the_end(database, relay, server, conference):
    tick(database, relay, TUESDAY)
    for n, status in enumerate((ConferenceStatus.CANCELLED, ConferenceStatus.ANNOUNCED), 1):
        set_status(database, TUESDAY, conference, status)
        for minutes in (1, 2, 70):
            tick(database, relay, TUESDAY + timedelta(hours=2 * n, minutes=minutes))
    assert kinds(server, 1) == [("anna", "Absage"), ("anna", "Findet doch statt")]
    assert letters(server)[2].method == "REQUEST"


def test_t12_cancelled_and_revived_between_two_ticks_is_nothing(database, relay, server, conference):
    tick(database, relay, TUESDAY)
    for status in (ConferenceStatus.CANCELLED, ConferenceStatus.ANNOUNCED):
        set_status(database, TUESDAY, conference, status)
    for minutes in (1, 70):
        tick(database, relay, TUESDAY + minutes * MINUTE)
    assert kinds(server, 1) == []


def test_t12_cancelled_and_revived_while_the_mail_server_is_away_is_nothing(
    database, relay, away, server, conference
):
    tick(database, relay, TUESDAY)
    for n, status in enumerate((ConferenceStatus.CANCELLED, ConferenceStatus.ANNOUNCED), 1):
        set_status(database, TUESDAY, conference, status)
        tick(database, away, TUESDAY + 10 * n * MINUTE)
    tick(database, relay, TUESDAY + timedelta(hours=1))
    assert kinds(server, 1) == []


def test_t12_cancelled_before_anybody_was_told_is_nothing(database, relay, server, conference):
    tick(database, relay, START)
    set_status(database, START, conference, ConferenceStatus.CANCELLED)
    for days in (0, 1, 6, 7, 11):
        tick(database, relay, START + timedelta(days=days, minutes=1))
    assert server.accepted == []


def test_t12_cancelled_while_the_first_mail_waits_is_nothing(database, relay, away, server, conference):
    tick(database, away, TUESDAY)
    set_status(database, TUESDAY, conference, ConferenceStatus.CANCELLED)
    tick(database, relay, TUESDAY + 10 * MINUTE)
    tick(database, relay, TUESDAY + timedelta(hours=2))
    assert server.accepted == []


def test_t12_cancelled_after_it_was_moved_and_told_is_two_mails(database, relay, server, conference):
    tick(database, relay, TUESDAY)
    move_conference(database, TUESDAY, conference, date(2027, 4, 12))
    tick(database, relay, TUESDAY + MINUTE)
    set_status(database, TUESDAY, conference, ConferenceStatus.CANCELLED)
    for minutes in (2, 3, 70):
        tick(database, relay, TUESDAY + minutes * MINUTE)
    assert kinds(server, 1) == [("anna", "Terminverschiebung"), ("anna", "Absage")]


def test_t12_a_day_that_is_not_known_any_more_is_told_and_so_is_the_next_one(
    database, relay, server, conference
):
    tick(database, relay, TUESDAY)
    with changing(database, TUESDAY) as session:
        row = session.get_one(Conference, conference)
        row.starts_on = row.ends_on = None
        row.status, row.date_precision = ConferenceStatus.POSTPONED, DatePrecision.YEAR
    tick(database, relay, TUESDAY + MINUTE)
    move_conference(database, TUESDAY, conference, date(2027, 5, 7))
    tick(database, relay, TUESDAY + 2 * MINUTE)
    gone, known = letters(server, 1)
    assert gone.has("bisher Freitag, 12.03.2027, jetzt nicht auf den Tag genau bekannt.")
    assert known.has("bisher nicht auf den Tag genau bekannt, jetzt Freitag, 07.05.2027.")
    assert (gone.method, known.method) == ("CANCEL", "REQUEST")


# Who comes late (T17)


def join(database, moment, conference, officer):
    with changing(database, moment) as session:
        session.add(Participation(conference_id=conference, officer_id=officer.key))


def latecomers(database, moment):
    with changing(database, moment) as session:
        for rule in session.exec(select(ReminderRule).where(ReminderRule.is_on)):
            rule.also_latecomers = True


@pytest.mark.parametrize("also", [False, True])
def test_t17_a_new_participant_gets_the_outdated_reminder_only_if_the_rule_says_so(
    database, relay, server, conference, ben, also
):
    if also:
        latecomers(database, START)
    tick(database, relay, TUESDAY)
    join(database, TUESDAY, conference, ben)
    for minutes in (1, 2, 70, 140):
        tick(database, relay, TUESDAY + minutes * MINUTE)
    assert [mail.to for mail in letters(server, 1)] == (["ben"] if also else [])


@pytest.mark.parametrize("also", [False, True])
def test_t17_a_new_colleague_gets_what_went_to_everybody_only_if_the_rule_says_so(
    database, relay, server, anna, ben, also
):
    told_at_once(database, ben, to_everyone=True, also_latecomers=also)
    tick(database, relay, START)
    assert len(server.accepted) == 2
    colleague(database, START, "Carla Cent")
    for minutes in (1, 2, 70, 140):
        tick(database, relay, START + minutes * MINUTE)
    assert [mail.to for mail in letters(server, 2)] == (["carla"] if also else [])


@pytest.mark.parametrize("also", [False, True])
def test_t17_who_becomes_responsible_later_gets_it_only_if_the_rule_says_so(
    database, relay, server, anna, ben, also
):
    key = told_at_once(database, ben, also_latecomers=also)
    tick(database, relay, START)
    with changing(database, START) as session:
        session.get_one(Commitment, key).responsible_id = anna.key
    for minutes in (1, 2, 70, 140):
        tick(database, relay, START + minutes * MINUTE)
    assert [mail.to for mail in letters(server, 1)] == (["anna"] if also else [])


def test_t17_nobody_comes_so_late_that_the_date_has_passed(database, relay, server, ben):
    told_at_once(database, ben, to_everyone=True, also_latecomers=True)
    tick(database, relay, START)
    colleague(database, START + timedelta(days=11), "Carla Cent")
    for minutes in (1, 70):
        tick(database, relay, START + timedelta(days=11, minutes=minutes))
    assert "carla" not in [mail.to for mail in letters(server)]


# Nobody answers


@pytest.fixture
def escalating(database, anna, ben):
    """Ben is asked on Monday 1 March; Carla two working days later."""
    carla = colleague(database, START - timedelta(days=1), "Carla Cent")
    key = told_at_once(database, ben, escalate_after=2, escalate_to_id=carla.key)
    return key


def every_day(database, relay, days=8):
    for day in range(1, days):
        tick(database, relay, START + timedelta(days=day))
        tick(database, relay, START + timedelta(days=day, hours=3))


def test_who_is_named_is_asked_once_when_nobody_has_answered(database, relay, server, escalating):
    tick(database, relay, START)
    tick(database, relay, START + timedelta(days=2) - MINUTE)
    assert [mail.to for mail in letters(server)] == ["ben"]
    every_day(database, relay)
    assert kinds(server) == [("ben", "Erinnerung"), ("carla", "Noch offen")]


def test_nobody_else_is_asked_when_somebody_has_answered(database, relay, server, escalating, ben):
    tick(database, relay, START)
    answer(database, ben, again_in_a_week_of(ben))
    every_day(database, relay, 6)
    assert [mail.to for mail in letters(server)] == ["ben"]


def again_in_a_week_of(officer):
    def answered(session, reminder, subject):
        again_in_a_week(session, reminder, subject, officer.key, START, START.date())

    return answered


def answer(database, officer, how):
    with changing(database, START) as session:
        reminder = session.exec(select(Reminder).where(Reminder.person_id == officer.key)).first()
        how(session, reminder, load_subject(session, SubjectKind(reminder.subject_kind), reminder.subject_id))


def test_nobody_else_is_asked_when_it_is_done(database, relay, server, escalating, ben):
    tick(database, relay, START)
    answer(
        database,
        ben,
        lambda session, reminder, subject: mark_done(session, reminder, subject, START, START.date()),
    )
    every_day(database, relay)
    assert [mail.to for mail in letters(server)] == ["ben"]


def test_nobody_else_is_asked_before_the_first_mail_went_out(database, relay, away, server, escalating):
    for hours in range(0, 24 * 3, 12):
        tick(database, away, START + timedelta(hours=hours, minutes=1))
    assert len(rows(database, START)) == 1
    tick(database, relay, START + timedelta(days=3))
    assert [mail.to for mail in letters(server)] == ["ben"]


def test_done_while_the_question_to_somebody_else_waits_is_not_asked(
    database, relay, away, server, escalating
):
    tick(database, relay, START)
    tick(database, away, START + timedelta(days=2))
    with changing(database, START) as session:
        session.get_one(Commitment, escalating).state = CommitmentState.FULFILLED
    tick(database, relay, START + timedelta(days=2, minutes=10))
    assert [mail.to for mail in letters(server)] == ["ben"]


def test_answered_while_the_question_to_somebody_else_waits_is_not_asked(
    database, relay, away, server, escalating, ben
):
    tick(database, relay, START)
    tick(database, away, START + timedelta(days=2))
    answer(database, ben, again_in_a_week_of(ben))
    tick(database, relay, START + timedelta(days=2, minutes=10))
    assert [mail.to for mail in letters(server)] == ["ben"]


def test_t3_a_rule_that_is_told_to_ask_further_later_asks_nothing_of_old_mails_at_once(
    database, relay, server, ben, anna
):
    told_at_once(database, ben)
    tick(database, relay, START)
    with changing(database, START) as session:
        rule = session.exec(select(ReminderRule).where(ReminderRule.is_on)).one()
        rule.escalate_after, rule.escalate_to_id = 2, anna.key
    tick(database, relay, START + MINUTE)
    assert [mail.to for mail in letters(server)] == ["ben"]
    assert states_of(database, START) == {("sent", ""): 1}
