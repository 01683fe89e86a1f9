"""The sender stood still: late is better than silent, together is better than one by one (point 6)."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from models.application.phases import Phase, the_application
from models.conferences.announcing import close_look_ups, look_up
from models.conferences.conferences import (
    Conference,
    ConferenceDeadline,
    ConferenceStatus,
    DatePrecision,
    Series,
)
from models.conferences.dating import settle
from models.followups import FollowUp
from models.officers import Officer
from models.reminders.network_year import DUTIES, confirm
from models.reminders.rules import Direction, SubjectKind, Unit
from tests.jobs.cases import with_server
from tests.jobs.fault_server import FaultServer
from tests.jobs.scenes import (
    add_conference,
    add_follow_ups,
    add_items,
    add_rule,
    begin,
    changing,
    colleague,
    letters,
    page,
    rows,
    states_of,
    there,
    tick,
)

START = there(2027, 3, 1)
THURSDAY, TUESDAY = there(2027, 3, 25, 17), there(2027, 3, 30, 8, 5)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def server():
    with FaultServer() as running:
        yield running


@pytest.fixture
def relay(settings, server):
    return with_server(settings, server)


# Four days over Easter: Good Friday is 26 March 2027, the clocks change on the 28th.


@pytest.fixture
def three(database, anna, ben):
    begin(database, START, default_rules=True)
    add_rule(database, START, SubjectKind.COMMITMENT, 4)
    add_rule(database, START, SubjectKind.PHASE, 5)
    add_rule(database, START, SubjectKind.DEADLINE, 7)
    return [anna, ben, colleague(database, START, "Carla Cent")]


def give_each_everything(database, officers):
    """For each: an item, a phase and a deadline that lie ahead, a follow-up of today; and two that have passed."""
    meeting = add_conference(database, START, None)
    for officer in officers:
        first = officer.name.split()[0]
        add_items(
            database,
            START,
            [(f"{first}s Zusage", date(2027, 4, 1)), (f"{first}s alte", date(2027, 3, 29))],
            officer,
        )
        add_follow_ups(
            database,
            START,
            [(f"{first} fragt", date(2027, 3, 30)), (f"{first} vorbei", date(2027, 3, 26))],
            officer,
        )
        with changing(database, START) as session:
            session.add(
                ConferenceDeadline(
                    conference_id=meeting,
                    name=f"{first}s Frist",
                    due_on=date(2027, 4, 3),
                    responsible_id=officer.key,
                )
            )
            session.add(
                Phase(
                    application_id=the_application(session).key,
                    code=f"own-{first}", position=90, label_de=f"{first}s Phase", label_en="x", due_on=date(2027, 4, 3),
                    responsible_id=officer.key,
                )
            )  # fmt: skip


def test_t5_after_four_days_over_easter_everybody_gets_one_mail_with_what_still_lies_ahead(
    database, relay, server, three
):
    give_each_everything(database, three)
    tick(database, relay, THURSDAY)
    before = len(server.accepted)
    tick(database, relay, TUESDAY)
    mails = letters(server, before)
    assert sorted(mail.to for mail in mails) == ["anna", "ben", "carla"]
    for mail in mails:
        first = mail.to.capitalize()
        assert mail.subject.startswith("Verspätet:")
        assert mail.has(f"{first}s Zusage", f"{first}s Phase", f"{first}s Frist", f"{first} fragt")
        assert not mail.has(f"{first}s alte")
        assert not mail.has(f"{first} vorbei")
    tick(database, relay, TUESDAY + MINUTE)
    tick(database, relay, TUESDAY + timedelta(hours=2))
    assert len(server.accepted) == before + 3


def test_t5_what_passed_over_easter_is_missed_and_seen_on_the_page(database, relay, server, three):
    anna, ben, _carla = three
    tick(database, relay, THURSDAY)
    add_items(database, THURSDAY, [("Annas Osterzusage", date(2027, 3, 30))], anna)  # -4 days: at once, short
    add_items(database, THURSDAY, [("Bens Osterzusage", date(2027, 4, 1))], ben)
    add_rule(database, THURSDAY, SubjectKind.FOLLOW_UP, 1)
    add_follow_ups(database, THURSDAY, [("Anruf am Ostermontag", date(2027, 3, 29))], anna)  # -1: on the 28th
    tick(database, relay, TUESDAY)
    missed = [row for row in rows(database, TUESDAY) if row.state == "missed"]
    assert {str(row.reason) for row in missed} == {"past"}
    assert not any(mail.has("Anruf am Ostermontag") for mail in letters(server))
    seen = page(database, relay, anna, TUESDAY, "/erinnerungen")
    assert "Anruf am Ostermontag" in seen.partition('id="verpasst"')[2].partition('id="geplant"')[0]


def test_t5_who_takes_part_is_invited_by_a_mail_that_only_comes_once_after_easter(
    database, relay, server, anna, ben
):
    begin(database, START)
    add_rule(database, START, SubjectKind.CONFERENCE, 10, to_everyone=True, with_calendar=True)
    add_conference(database, START, date(2027, 4, 6), anna)
    add_items(database, START, [("Bens Zusage", date(2027, 4, 1))], ben)
    add_rule(database, START, SubjectKind.COMMITMENT, 4)
    tick(database, relay, THURSDAY)
    tick(database, relay, TUESDAY)
    tick(database, relay, TUESDAY + MINUTE)
    mails = letters(server)
    assert sorted(mail.to for mail in mails) == ["anna", "ben"]
    assert all("Verspätet" in mail.subject for mail in mails)


# Of any length


@pytest.mark.parametrize(
    "away", [timedelta(hours=26), timedelta(hours=80), timedelta(days=10), timedelta(days=80)]
)
def test_t5_after_a_standstill_of_any_length_one_late_mail_with_what_lies_ahead(
    database, relay, server, anna, away
):
    begin(database, START)
    add_rule(database, START, SubjectKind.COMMITMENT, 14)
    back = START + timedelta(minutes=1) + away
    ahead = [(f"Zusage {n} voraus", back.date() + timedelta(days=n)) for n in (0, 1, 5, 12)]
    gone = [
        (f"Zusage {n} vorbei", back.date() - timedelta(days=n)) for n in (1, 20) if timedelta(days=n) < away
    ]
    add_items(database, START - timedelta(days=30), [*ahead, *gone], anna)
    tick(database, relay, START)
    before = letters(server)
    tick(database, relay, back)
    tick(database, relay, back + MINUTE)
    after = letters(server, len(before))
    assert len(after) <= 1
    told = [mail for mail in letters(server) if mail.has("voraus")]
    for title, _day in ahead:
        assert sum(mail.has(title) for mail in told) == 1, title
    for title, day in gone:
        due_before_the_standstill = day - timedelta(days=14) <= START.date()
        assert sum(mail.has(title) for mail in letters(server)) == due_before_the_standstill


def test_t5_what_was_missed_in_80_days_is_seen_on_the_page_when_the_sender_is_back(
    database, relay, server, anna
):
    begin(database, START)
    add_rule(database, START, SubjectKind.COMMITMENT, 4)
    add_items(database, START, [("Zusage im März", date(2027, 3, 20))], anna)
    tick(database, relay, START)
    back = START + timedelta(days=80)
    tick(database, relay, back)
    assert states_of(database, back) == {("missed", "past"): 1}
    seen = page(database, relay, anna, back, "/erinnerungen")
    assert "Zusage im März" in seen.partition('id="verpasst"')[2].partition('id="geplant"')[0]


def test_t5_of_several_lead_times_of_one_date_only_the_last_is_worth_a_line(database, relay, server, anna):
    begin(database, START)
    add_rule(database, START, SubjectKind.COMMITMENT, 40, repeat_amount=7, repeat_unit=Unit.DAYS)
    add_items(database, START, [("Zusage", date(2027, 4, 20))], anna)
    tick(database, relay, START)
    tick(database, relay, there(2027, 4, 10))
    (mail,) = letters(server)
    assert mail.text.count("Zusage") >= 1
    assert states_of(database, START) == {("sent", ""): 1, ("superseded", ""): 4}


def test_t5_a_reminder_after_its_date_still_comes_a_fortnight_late_and_no_later(
    database, relay, server, anna
):
    begin(database, START)
    add_rule(database, START, SubjectKind.COMMITMENT, 2, direction=Direction.AFTER)
    add_items(
        database, START, [("Zusage im März", date(2027, 3, 5)), ("Zusage im April", date(2027, 4, 9))], anna
    )
    tick(database, relay, START)
    tick(database, relay, there(2027, 4, 20))
    (mail,) = letters(server)
    assert mail.has("Zusage im April")
    assert not mail.has("Zusage im März")
    assert states_of(database, START) == {("sent", ""): 1, ("missed", "past"): 1}


# Many at once


@pytest.mark.parametrize("wants_digest", [False, True])
def test_t6_a_backlog_of_500_is_one_mail_that_lists_100_and_says_how_many_more(
    database, relay, server, ben, wants_digest
):
    begin(database, START)
    add_rule(database, START, SubjectKind.FOLLOW_UP, 5)
    with changing(database, START) as session:
        session.get_one(Officer, ben.key).wants_digest = wants_digest
    add_follow_ups(database, START, [(f"Vorgang {n:03}", date(2027, 4, 1)) for n in range(500)], ben)
    tick(database, relay, START)
    tick(database, relay, TUESDAY)
    tick(database, relay, TUESDAY + MINUTE)
    (mail,) = letters(server)
    assert sum(f"Vorgang {n:03}" in mail.text for n in range(500)) == 100
    assert "400" in mail.text
    assert "500" in mail.subject
    assert states_of(database, TUESDAY) == {("sent", ""): 500}


@pytest.mark.parametrize("wants_digest", [False, True])
def test_t27_twenty_reminders_at_eight_are_one_mail(database, relay, server, ben, wants_digest):
    begin(database, START)
    add_rule(database, START, SubjectKind.FOLLOW_UP)
    add_rule(database, START, SubjectKind.COMMITMENT, 3)
    with changing(database, START) as session:
        session.get_one(Officer, ben.key).wants_digest = wants_digest
    add_follow_ups(database, START, [(f"Vorgang {n:03}", date(2027, 3, 10)) for n in range(10)], ben)
    add_items(database, START, [(f"Zusage {n:03}", date(2027, 3, 13)) for n in range(10)], ben)
    for minute in range(4):
        tick(database, relay, there(2027, 3, 10) + timedelta(minutes=minute - 1))
    (mail,) = letters(server)
    assert sum(f"Vorgang {n:03}" in mail.text for n in range(10)) == 10
    assert sum(f"Zusage {n:03}" in mail.text for n in range(10)) == 10


def test_t27_who_wants_one_mail_a_day_gets_one_a_day_whatever_comes(database, relay, server, ben):
    begin(database, START)
    add_rule(database, START, SubjectKind.FOLLOW_UP)
    add_rule(
        database, START, SubjectKind.COMMITMENT, 3, send_at=there(2027, 3, 1, 14).time().replace(hour=14)
    )
    with changing(database, START) as session:
        session.get_one(Officer, ben.key).wants_digest = True
    add_follow_ups(database, START, [("Anruf", date(2027, 3, 10))], ben)
    add_items(database, START, [("Zusage", date(2027, 3, 13))], ben)
    for day in range(10, 13):
        for hour in (7, 8, 9, 13, 14, 15, 20):
            tick(database, relay, there(2027, 3, day, hour))
    mails = letters(server)
    assert [(mail.has("Anruf"), mail.has("Zusage")) for mail in mails] == [(True, False), (False, True)]


def test_t6_a_standstill_that_ends_at_a_mail_server_that_is_away_is_still_one_mail(
    database, settings, relay, server, ben
):
    begin(database, START)
    add_rule(database, START, SubjectKind.FOLLOW_UP, 5)
    add_follow_ups(database, START, [(f"Vorgang {n:03}", date(2027, 4, 1)) for n in range(20)], ben)
    tick(database, relay, START)
    with FaultServer(greeting="421 not now") as away:
        for minute in (0, 1, 6):
            tick(database, with_server(settings, away), TUESDAY + timedelta(minutes=minute))
    tick(database, relay, TUESDAY + timedelta(minutes=15))
    (mail,) = letters(server)
    assert sum(f"Vorgang {n:03}" in mail.text for n in range(20)) == 20


# FAB27 is announced in May for July


@pytest.fixture
def fab27(database, ben):
    """The network's year was confirmed in November; nobody knows when FAB27 will be. Anna leads, Ben is responsible."""
    november = there(2026, 11, 23)
    begin(database, november)
    key = add_conference(database, november, None, name="FAB27", series=Series.FABX)
    with changing(database, november) as session:
        conference = session.get_one(Conference, key)
        conference.responsible_id, conference.number = ben.key, 27
        session.add(look_up(conference, november.date()))
        for duty in DUTIES:
            confirm(session, duty, november)
    return key


def announce(database, moment, key):
    """The look-up is answered with the date."""
    with changing(database, moment) as session:
        conference = session.get_one(Conference, key)
        conference.status, conference.date_precision = ConferenceStatus.ANNOUNCED, DatePrecision.DAY
        conference.starts_on, conference.ends_on = date(2027, 7, 7), date(2027, 7, 13)
        settle(conference)
        assert len(close_look_ups(session, conference, moment.date())) == 1


def test_t3_fab27_announced_in_may_for_july_is_one_mail_to_each_with_what_is_late_already(
    database, relay, server, fab27
):
    may = there(2027, 5, 12, 10, 30)
    tick(database, relay, there(2026, 11, 23))
    tick(database, relay, may - MINUTE)
    assert server.accepted == []
    announce(database, may, fab27)
    for minute in range(3):
        tick(database, relay, may + timedelta(minutes=minute))
    tick(database, relay, may + timedelta(hours=3))
    mails = letters(server)
    assert sorted(mail.to for mail in mails) == ["anna", "ben"]
    for mail in mails:
        assert mail.subject.startswith("Kurzfristig:")
        for duty in DUTIES[:4]:
            assert mail.has(duty.name_de)
        assert not mail.has("Presse vorbereiten")
        assert not mail.has("Dem Stadtrat berichten")


def test_t3_what_lies_ahead_of_fab27_comes_at_its_time_and_nothing_twice(database, relay, server, fab27):
    may = there(2027, 5, 12, 10, 30)
    tick(database, relay, there(2026, 11, 23))
    announce(database, may, fab27)
    tick(database, relay, may)
    before = len(server.accepted)
    monday = date(2027, 5, 17)
    while monday < date(2027, 10, 1):  # both fall due on a Monday
        tick(database, relay, there(monday.year, monday.month, monday.day))
        monday += timedelta(days=7)
    mails = letters(server, before)
    assert [(mail.to, mail.subject.partition(":")[0]) for mail in mails] == [
        ("anna", "Presse vorbereiten"),
        ("ben", "Presse vorbereiten"),
        ("anna", "Dem Stadtrat berichten"),
        ("ben", "Dem Stadtrat berichten"),
    ]


def test_t3_a_look_up_that_falls_due_with_its_answer_is_not_sent_any_more(
    database, relay, server, fab27, ben
):
    add_rule(database, there(2026, 11, 23), SubjectKind.FOLLOW_UP)
    tick(database, relay, there(2026, 11, 23))
    first = there(2026, 12, 1)
    with database.read(first) as session:
        assert session.exec(select(FollowUp)).one().due_on == first.date()
    announce(database, first - MINUTE, fab27)
    tick(database, relay, first)
    assert not any("nachsehen" in mail.subject for mail in letters(server))


# Twenty years of past events (T3)


@pytest.mark.parametrize("direction", [Direction.BEFORE, Direction.AFTER])
def test_t3_a_rule_over_twenty_years_of_past_events_sends_and_stores_nothing(
    database, relay, server, direction
):
    begin(database, START)
    for year in range(2007, 2027):
        add_conference(database, START, date(year, 7, 7), name=f"Treffen {year}")
    tick(database, relay, START)
    later = START + timedelta(days=3)
    for amount in (1, 2, 8, 24):
        add_rule(
            database,
            later,
            SubjectKind.CONFERENCE,
            amount,
            unit=Unit.MONTHS,
            direction=direction,
            to_everyone=True,
        )
    for hours in range(0, 48, 5):
        tick(database, relay, later + timedelta(hours=hours))
    assert server.accepted == []
    assert rows(database, later) == []


def test_t3_a_rule_after_a_date_serves_what_is_reached_from_now_on_only(database, relay, server, anna):
    begin(database, START)
    add_conference(
        database, START, date(2026, 12, 28), name="Treffen im Winter"
    )  # +2 months: 28.02., a day too early
    add_conference(database, START, date(2027, 1, 4), name="Treffen im neuen Jahr")
    add_rule(
        database, START, SubjectKind.CONFERENCE, 2, unit=Unit.MONTHS, direction=Direction.AFTER, to_lead=True
    )
    for days in range(8):
        tick(database, relay, START + timedelta(days=days))
    (mail,) = letters(server)
    assert "Treffen im neuen Jahr" in mail.subject
