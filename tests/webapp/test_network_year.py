"""The network's year: shown before it is set up, set up by one click, once."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from models.conferences.conferences import Conference, ConferenceStatus, DatePrecision, Series
from models.contacts.people import Person
from models.database import Database
from models.followups import FollowUp
from models.officers import Officer
from models.reminders.network_year import CHECK_CODE, CHECK_NAMES, DUTIES
from models.reminders.rules import Direction, HolidayPolicy, ReminderRule, Unit, named_recipients
from tests.judge import JudgingClient

YEAR = "/erinnerungen/jahr"


@pytest.fixture
def fabx(database: Database, now: datetime, ben: Officer) -> Callable[[date], int]:
    """Announce a FABx for this first day; Ben is responsible."""

    def announce(day: date) -> int:
        with database.write(now) as session:
            row = Conference(
                name="FABprobe", series=Series.FABX, number=99, year=day.year, starts_on=day,
                ends_on=day + timedelta(days=6), date_precision=DatePrecision.DAY,
                status=ConferenceStatus.ANNOUNCED, responsible_id=ben.key,
            )  # fmt: skip
            session.add(row)
            session.commit()
            return row.key

    return announce


def _rules(database: Database, now: datetime) -> list[ReminderRule]:
    with database.read(now) as session:
        found = select(ReminderRule).where(col(ReminderRule.code).startswith("year-"))
        return list(session.exec(found.order_by(col(ReminderRule.id))))


def _said(client: JudgingClient) -> str:
    with client.session_transaction() as session:
        return str(session["_flashes"][-1][1])


def test_every_task_says_what_it_means_and_when_it_would_be_sent(
    client: JudgingClient, database: Database, now: datetime, fabx: Callable[[date], int]
) -> None:
    fabx(date(2027, 7, 19))
    page = client.get(YEAR).text
    for duty in DUTIES:
        assert duty.name_de in page
    assert "Dienstag, 19.01.2027, 08:00" in page  # six months before
    assert "Freitag, 19.02.2027, 08:00" in page
    assert "Freitag, 24.09.2027, 08:00" in page  # two months after the last day, a Saturday
    assert "Anna Amt, Ben Büro" in page
    assert "eigener Vorschlag" in page
    assert _rules(database, now) == []


def test_looking_at_the_year_changes_nothing(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    for _ in range(3):
        assert client.get(YEAR).status_code == 200
    assert _rules(database, now) == []
    assert "/erinnerungen/jahr" in client.get("/erinnerungen").text


def test_one_click_makes_one_rule_however_often_it_is_pressed(
    client: JudgingClient, database: Database, now: datetime, fabx: Callable[[date], int]
) -> None:
    fabx(date(2027, 7, 19))
    for _ in range(2):
        assert client.post(YEAR, data={"aufgabe": "year-travel"}).status_code == 303
    assert "Freitag, 19.02.2027, 08:00" in _said(client)
    [rule] = _rules(database, now)
    assert (rule.name_de, rule.name_en) == ("Dienstreise genehmigen lassen", "Have the journey approved")
    assert (rule.amount, rule.unit, rule.direction) == (5, Unit.MONTHS, Direction.BEFORE)
    assert (rule.is_on, rule.to_lead, rule.to_responsible, rule.only_series) == (
        True,
        True,
        True,
        Series.FABX,
    )
    assert rule.holiday_policy is HolidayPolicy.PREVIOUS
    page = client.get(YEAR).text
    assert f"/erinnerungen/regeln/{rule.id}" in page
    assert "Einrichten: Dienstreise" not in page
    assert "Dienstreise genehmigen lassen" in client.get("/erinnerungen").text


def test_other_conferences_are_left_alone(
    client: JudgingClient, database: Database, now: datetime, fabx: Callable[[date], int]
) -> None:
    key = fabx(date(2027, 7, 19))
    with database.write(now) as session:
        session.get_one(Conference, key).series = Series.RELATED
        session.commit()
    assert "19.01.2027" not in client.get(YEAR).text


def test_what_is_late_already_is_said_before_and_after_the_click(
    client: JudgingClient, fabx: Callable[[date], int]
) -> None:
    fabx(date(2027, 3, 19))
    page = client.get(YEAR).text
    assert "18.09.2026" in page  # six months before is a Saturday
    assert "richten Sie es ein, geht die E-Mail sofort" in page
    client.post(YEAR, data={"aufgabe": "year-submission"})
    assert "überfällig" in _said(client)
    client.post(YEAR, data={"aufgabe": "year-press"})
    assert "19.02.2027" in _said(client)


def test_a_task_without_a_conference_waits_for_one(client: JudgingClient) -> None:
    client.post(YEAR, data={"aufgabe": "year-report"})
    assert "sobald eine FABx einen Termin hat" in _said(client)


def test_a_removed_task_comes_back_as_it_was_made(
    client: JudgingClient, database: Database, now: datetime, anna: Officer, ben: Officer
) -> None:
    client.post(YEAR, data={"aufgabe": "year-press"})
    [rule] = _rules(database, now)
    address = f"/erinnerungen/regeln/{rule.id}"
    changed = {
        "subject_kind": "conference", "amount": "3", "unit": "weeks", "direction": "before", "anchor": "date",
        "send_at": "10:00", "to_everyone": "y", "but_ids": str(ben.key), "repeat_unit": "weeks",
        "holiday_policy": "exact", "rule_class": "information", "version": "1", "name_de": "Anders",
    }  # fmt: skip
    assert client.post(f"{address}/bearbeiten", data=changed).status_code == 303
    client.post(f"{address}/entfernen")
    assert "Einrichten: Presse vorbereiten" in client.get(YEAR).text
    client.post(YEAR, data={"aufgabe": "year-press"})
    [again] = _rules(database, now)
    assert (again.id, again.removed_at, again.is_on) == (rule.id, None, True)
    assert (again.name_de, again.amount, again.unit, again.to_everyone) == (
        "Presse vorbereiten",
        1,
        Unit.MONTHS,
        False,
    )
    with database.read(now) as session:
        assert named_recipients(session, again.key) == (set(), set())


def test_a_task_that_was_switched_off_is_not_switched_on_by_a_second_click(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    client.post(YEAR, data={"aufgabe": "year-press"})
    [rule] = _rules(database, now)
    client.post(f"/erinnerungen/regeln/{rule.id}/schalten", data={"an": "nein"})
    assert "ausgeschaltet" in client.get(YEAR).text
    client.post(YEAR, data={"aufgabe": "year-press"})
    assert "ausgeschaltet" in _said(client)
    assert not _rules(database, now)[0].is_on


def test_the_check_of_contacts_is_a_follow_up_that_comes_again(
    client: JudgingClient, database: Database, now: datetime, anna: Officer
) -> None:
    for _ in range(2):
        client.post(YEAR, data={"aufgabe": CHECK_CODE})
    assert "23.05.2027" in _said(client)

    def checks() -> list[FollowUp]:
        with database.read(now) as session:
            wanted = select(FollowUp).where(FollowUp.what == CHECK_NAMES["de"])
            return list(session.exec(wanted.order_by(col(FollowUp.id))))

    [check] = checks()
    assert (check.due_on, check.repeat_months, check.responsible_id) == (date(2027, 5, 23), 6, anna.key)
    client.post(f"/wiedervorlagen/{check.id}/erledigt")
    assert [f.due_on for f in checks() if f.is_open] == [date(2027, 5, 23)]
    assert f"/wiedervorlagen/{checks()[-1].id}" in client.get(YEAR).text


def test_contacts_that_nobody_looked_at_for_half_a_year_are_said_and_checked_soon(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    def add(session: Session) -> None:
        session.add(Person(given_name="Eva", family_name="Alt", source_on=date(2026, 1, 7)))
        session.add(Person(given_name="Udo", family_name="Neu", source_on=date(2026, 11, 7)))

    with database.write(now) as session:
        add(session)
        session.commit()
    assert "Die Angaben zu einer Person" in client.get(YEAR).text
    client.post(YEAR, data={"aufgabe": CHECK_CODE})
    assert "07.12.2026" in _said(client)


def test_all_of_it_is_set_up_at_once(client: JudgingClient, database: Database, now: datetime) -> None:
    client.post(YEAR, data={"aufgabe": "year-press"})
    client.post(YEAR, data={"aufgabe": "alle"})
    assert {rule.code for rule in _rules(database, now)} == {duty.code for duty in DUTIES}
    assert "Einrichten" not in client.get(YEAR).text.replace("eingerichtet", "")


def test_nonsense_is_not_found(client: JudgingClient, bens_client: JudgingClient) -> None:
    assert client.post(YEAR, data={"aufgabe": "year-nothing"}).status_code == 404
    assert client.post(YEAR).status_code == 404


def test_the_year_speaks_english_too(client: JudgingClient) -> None:
    client.post("/sprache", data={"language": "en"})
    page = client.get(YEAR).text
    assert "Have the journey approved" in page
    client.post(YEAR, data={"aufgabe": CHECK_CODE})
    assert CHECK_NAMES["en"] in client.get(YEAR).text
