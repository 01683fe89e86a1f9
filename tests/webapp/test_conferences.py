"""Konferenzen: one list with what is not announced yet, and from there to a date that can be reminded of."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from models.conferences.announcing import open_look_ups
from models.conferences.conferences import (
    Conference,
    ConferenceDeadline,
    ConferenceStatus,
    DatePrecision,
    Participation,
    Series,
)
from models.database import Database
from models.officers import Officer
from models.reminders.rules import ReminderRule, SubjectKind

ANNOUNCED = {
    "name": "FAB27", "series": "fabx", "number": "27", "status": "announced", "date_precision": "day",
    "starts_on": "5.7.2027", "ends_on": "09.07.2027", "year": "2026", "city": "Lissabon", "country_code": "PT",
    "mode": "onsite", "source": "fab27.fabevent.org", "as_of": "23.11.2026", "version": "1",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _in_english(database: Database, now) -> None:
    with database.write(now) as session:
        for officer in session.exec(select(Officer)):
            officer.language = "en"
        session.commit()


def facts(database: Database, now, name: str) -> Any:
    """The stored columns of a conference."""
    with database.read(now) as session:
        return session.exec(select(Conference).where(Conference.name == name)).one().model_dump()


def key_of(database: Database, now, name: str) -> int:
    return int(facts(database, now, name)["id"])


def store_row(database: Database, now, row: Any) -> int:
    with database.write(now) as session:
        session.add(row)
        session.flush()
        key = int(row.key)
        session.commit()
    return key


def deadline(database: Database, now, **more: Any) -> int:
    conference_id = key_of(database, now, "FAB27")
    row = ConferenceDeadline(conference_id=conference_id, name="Anmeldung", due_on=date(2027, 3, 1), **more)
    return store_row(database, now, row)


# The list


def test_the_list_shows_every_edition_newest_first_as_exactly_as_it_is_known(client) -> None:
    page = client.get("/konferenzen").text
    assert "39 conferences" in page
    assert page.index(">2028<") < page.index(">2027<") < page.index(">2005<") < page.index("Year not known")
    for written in (
        "4–11 July 2025", "within 17–23 June 2019", "July 2023", "date unknown", "postponed from 2020 to 2021",
        "no announcement found", "calendar year from FAB23 on",
    ):  # fmt: skip
        assert written in page


def test_unannounced_editions_come_with_an_experience_and_what_to_look_up(client) -> None:
    page = client.get("/konferenzen").text
    assert "12 of the 13 FABx since 2014 began between 2 July and 9 August." in page
    assert "This is an experience, not a date" in page
    assert "https://fab27.fabevent.org" in page
    assert "1 December 2026" in page
    assert "Fab City Summit 2025 is known" not in page


def test_search_and_filters_narrow_the_list(client) -> None:
    assert "One conference" in client.get("/konferenzen?suche=prague+BRNO").text
    coming = client.get("/konferenzen?zeitraum=coming&reihe=summit").text
    assert "One conference" in coming
    assert "Fab City Summit 2027" in coming
    nothing = client.get("/konferenzen?suche=atlantis").text
    assert "No conference found" in nothing
    assert "Not announced yet" not in nothing
    assert client.get("/konferenzen?reihe=unsinn&zeitraum=unsinn").status_code == 200


def test_an_empty_list_asks_for_the_first_conference(client, database: Database, now) -> None:
    with database.write(now) as session:
        for row in session.exec(select(Conference)):
            session.delete(row)
        session.commit()
    page = client.get("/konferenzen").text
    assert "There is no conference here yet" in page
    assert "This is an experience" not in page


def test_the_table_for_excel_and_the_print_view_keep_the_filters(client) -> None:
    table = client.get("/konferenzen.csv?reihe=fabx&suche=brno").data.decode("utf-8-sig").splitlines()
    assert len(table) == 2
    assert "2025;FABx;25;FAB25;4–11 July 2025;" in table[1]
    assert ";held;" in table[1]
    printed = client.get("/konferenzen?suche=brno&ansicht=druck").text
    assert "One conference" in printed
    assert "<nav" not in printed


# One conference


def test_the_page_shows_facts_source_and_what_lies_within(client, database: Database, now) -> None:
    page = client.get(f"/konferenzen/{key_of(database, now, 'FAB16')}").text
    for written in (
        "9–15 August 2021",
        "Fab City Summit Montréal",
        "fabcity-montreal.quebec",
        "22 November 2026",
    ):
        assert written in page
    inner = client.get(f"/konferenzen/{key_of(database, now, 'Fab City Summit Montréal')}").text
    assert "FAB16" in inner
    assert client.get("/konferenzen/9999").status_code == 404


def test_adding_takes_the_year_from_the_first_day(client, database: Database, now) -> None:
    sent = ANNOUNCED | {"name": "Fab City Summit 2029", "series": "summit", "number": "", "year": "2011"}
    answer = client.post("/konferenzen/neu", data=sent)
    assert answer.status_code == 303
    stored = facts(database, now, "Fab City Summit 2029")
    assert (stored["year"], stored["starts_on"], stored["as_of"]) == (2027, date(2027, 7, 5), "2026-11-23")
    assert "5–9 July 2027" in client.get(answer.location).text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": ""}, "Name"),
        ({"starts_on": ""}, "Please enter the first day"),
        ({"starts_on": "31.2.2027"}, "This is not a date"),
        ({"ends_on": "4.7.2027"}, "lies before the first day"),
        ({"date_precision": "month", "month": "7"}, "Choose “to the day” above"),
        ({"date_precision": "month", "starts_on": "", "ends_on": ""}, "Please choose the month"),
        ({"date_precision": "unknown", "starts_on": "", "ends_on": ""}, "at least the year is known"),
        ({"status": "not_announced"}, "If it is a guess"),
        ({"status": "held"}, "cannot have been held yet"),
        ({"status": "postponed"}, "for which it was planned first"),
        ({"number": "26"}, "“FAB26” has this number already."),
        ({"number": "99999999999999999999"}, "whole number"),
        ({"year": "12"}, "whole number"),
        ({"website": "javascript:alert(1)"}, "A web address begins with"),
        ({"status": "unsinn"}, "State"),
        ({"parent_id": "9999"}, "Belongs to"),
    ],
)
def test_what_cannot_be_is_told_and_what_was_typed_stays(client, change: dict[str, str], told: str) -> None:
    answer = client.post("/konferenzen/neu", data={**ANNOUNCED, "number": "", "city": "Bogotá", **change})
    assert answer.status_code == 422
    assert told in answer.text
    assert "Bogotá" in answer.text


def test_whoever_saves_second_is_told_and_loses_nothing(client, bens_client, database: Database, now) -> None:
    address = f"/konferenzen/{key_of(database, now, 'FAB27')}/bearbeiten"
    assert client.post(address, data=ANNOUNCED).status_code == 303
    second = bens_client.post(address, data=ANNOUNCED | {"city": "Porto"})
    assert second.status_code == 409
    assert "Porto" in second.text
    assert "Lissabon" in second.text
    assert facts(database, now, "FAB27")["city"] == "Lissabon"
    assert bens_client.post(address, data=ANNOUNCED | {"city": "Porto", "version": "2"}).status_code == 303
    assert facts(database, now, "FAB27")["city"] == "Porto"


# From "not announced yet" to a date


def test_the_date_is_known_opens_the_form_as_announced(client, database: Database, now) -> None:
    key = key_of(database, now, "FAB27")
    assert f"/konferenzen/{key}/bearbeiten?zustand=announced" in client.get(f"/konferenzen/{key}").text
    form = client.get(f"/konferenzen/{key}/bearbeiten?zustand=announced").text
    assert '<option selected value="announced">' in form
    assert '<option selected value="day">' in form
    assert "no announcement found" not in form


def test_announcing_a_day_ends_the_look_up_and_says_so(client, database: Database, now) -> None:
    key = key_of(database, now, "FAB27")
    answer = client.post(f"/konferenzen/{key}/bearbeiten?zustand=announced", data=ANNOUNCED)
    page = client.get(answer.location).text
    assert "The follow-up “" in page
    assert "FAB27" in page
    assert "Remind …" in page
    with database.read(now) as session:
        assert key not in open_look_ups(session)


def test_announcing_only_a_month_keeps_the_look_up_open(client, database: Database, now) -> None:
    key = key_of(database, now, "FAB27")
    month = {"date_precision": "month", "starts_on": "", "ends_on": "", "year": "2027", "month": "7"}
    answer = client.post(f"/konferenzen/{key}/bearbeiten", data=ANNOUNCED | month)
    page = client.get(answer.location).text
    assert "July 2027" in page
    assert "stays open" in page
    with database.read(now) as session:
        assert key in open_look_ups(session)


def test_a_cancelled_conference_needs_no_look_up(client, database: Database, now) -> None:
    key = key_of(database, now, "FAB27")
    sent = ANNOUNCED | {"status": "cancelled", "date_precision": "unknown", "starts_on": "", "ends_on": ""}
    assert client.post(f"/konferenzen/{key}/bearbeiten", data=sent).status_code == 303
    with database.read(now) as session:
        assert key not in open_look_ups(session)


def test_a_look_up_can_be_set_up_once(client, database: Database, now) -> None:
    key = key_of(database, now, "FAB28")
    for _ in range(2):
        answer = client.post(f"/konferenzen/{key}/nachsehen")
    assert "look it up on 1 December 2026" in client.get(answer.location).text
    with database.read(now) as session:
        assert open_look_ups(session)[key].address == "https://fab28.fabevent.org"


def test_a_new_date_moves_the_reminders_and_not_the_deadlines(client, database: Database, now) -> None:
    key = key_of(database, now, "FAB27")
    client.post(f"/konferenzen/{key}/bearbeiten", data=ANNOUNCED)
    store_row(
        database,
        now,
        ReminderRule(
            name_de="Erinnern", subject_kind=SubjectKind.CONFERENCE, subject_id=key, amount=30,
            effective_from=now, queued_until=now,
        ),
    )  # fmt: skip
    deadline(database, now)
    moved = ANNOUNCED | {"starts_on": "12.7.2027", "ends_on": "16.7.2027", "version": "2"}
    page = client.get(client.post(f"/konferenzen/{key}/bearbeiten", data=moved).location).text
    assert "The reminders follow the new date." in page
    assert "Please check the open deadlines" in page
    same = client.get(
        client.post(f"/konferenzen/{key}/bearbeiten", data=moved | {"version": "3"}).location
    ).text
    assert "The reminders follow" not in same


def test_an_announced_date_that_passed_asks_whether_it_took_place(client, database: Database, now) -> None:
    past = Conference(
        name="Fab Tag", series=Series.RELATED, year=2026, starts_on=date(2026, 11, 20),
        date_precision=DatePrecision.DAY, status=ConferenceStatus.ANNOUNCED,
    )  # fmt: skip
    key = store_row(database, now, past)
    assert "Did the conference take place?" in client.get(f"/konferenzen/{key}").text
    form = client.get(f"/konferenzen/{key}/bearbeiten?zustand=held").text
    assert '<option selected value="held">' in form


def test_deleting_asks_and_says_what_hangs_on_it(client, database: Database, now) -> None:
    key = key_of(database, now, "FAB27")
    deadline(database, now)
    asked = client.get(f"/konferenzen/{key}/loeschen").text
    assert "Conference deadlines: 1" in asked
    assert "Follow-ups: 1" in asked
    assert client.post(f"/konferenzen/{key}/loeschen").status_code == 303
    assert client.get(f"/konferenzen/{key}").status_code == 404


def test_the_history_keeps_who_changed_what(client, database: Database, now) -> None:
    key = key_of(database, now, "FAB27")
    client.post(f"/konferenzen/{key}/bearbeiten", data=ANNOUNCED)
    page = client.get(f"/konferenzen/{key}/verlauf").text
    assert "Anna Amt" in page
    assert "Lissabon" in page


# Deadlines


def test_a_deadline_is_added_shown_and_can_be_reminded_of(client, database: Database, now, ben) -> None:
    key = key_of(database, now, "FAB27")
    sent = {"name": "Dienstreiseantrag", "due_on": "1.2.2027", "responsible_id": str(ben.key)}
    page = client.get(client.post(f"/konferenzen/{key}/fristen/neu", data=sent).location).text
    assert "Dienstreiseantrag" in page
    assert "1 February 2027" in page
    assert "Ben Büro" in page
    assert "/conference_deadline/" in page


def test_a_deadline_needs_name_and_day_and_a_deputy_who_is_somebody_else(client, database, now, ben) -> None:
    key = key_of(database, now, "FAB27")
    sent = {
        "name": "",
        "due_on": "",
        "responsible_id": str(ben.key),
        "deputy_id": str(ben.key),
        "note": "bleibt",
    }
    answer = client.post(f"/konferenzen/{key}/fristen/neu", data=sent)
    assert answer.status_code == 422
    assert "The deputy must be somebody else." in answer.text
    assert "bleibt" in answer.text


def test_a_deadline_is_done_and_can_be_opened_again(client, database: Database, now, today) -> None:
    key = deadline(database, now)
    assert client.post(f"/konferenzen/fristen/{key}/erledigt").status_code == 303
    address = f"/konferenzen/fristen/{key}"
    assert "23 November 2026" in client.get(address).text
    again = {"name": "Anmeldung", "due_on": "1.3.2027", "done_on": "", "version": "2"}
    assert client.post(f"{address}/bearbeiten", data=again).status_code == 303
    assert "not yet" in client.get(address).text


def test_a_form_opened_before_it_was_done_does_not_open_it_again(client, bens_client, database, now) -> None:
    key = deadline(database, now)
    bens_client.post(f"/konferenzen/fristen/{key}/erledigt")
    sent = {"name": "Anmeldung", "due_on": "8.3.2027", "done_on": "", "version": "1"}
    answer = client.post(f"/konferenzen/fristen/{key}/bearbeiten", data=sent)
    assert answer.status_code == 409
    assert "08.03.2027" in answer.text or "8.3.2027" in answer.text


def test_a_deadline_cannot_be_done_in_the_future(client, database: Database, now) -> None:
    key = deadline(database, now)
    sent = {"name": "Anmeldung", "due_on": "1.3.2027", "done_on": "1.1.2027", "version": "1"}
    assert client.post(f"/konferenzen/fristen/{key}/bearbeiten", data=sent).status_code == 422


def test_a_deadline_has_a_history_and_is_deleted_after_asking(client, database: Database, now) -> None:
    key = deadline(database, now)
    assert client.get(f"/konferenzen/fristen/{key}/verlauf").status_code == 200
    assert "Delete “Anmeldung”?" in client.get(f"/konferenzen/fristen/{key}/loeschen").text
    assert client.post(f"/konferenzen/fristen/{key}/loeschen").status_code == 303
    assert client.get(f"/konferenzen/fristen/{key}").status_code == 404


# Who goes


def test_a_colleague_goes_once_and_can_be_taken_off_again(client, database: Database, now, ben) -> None:
    key = key_of(database, now, "FAB27")
    sent = {"officer_id": str(ben.key), "role": "Delegate of the city"}
    page = client.get(client.post(f"/konferenzen/{key}/teilnahme/neu", data=sent).location).text
    assert "Delegate of the city" in page
    twice = client.post(f"/konferenzen/{key}/teilnahme/neu", data=sent)
    assert twice.status_code == 422
    assert "Ben Büro is on the list already." in twice.text
    with database.read(now) as session:
        participation = session.exec(select(Participation)).one().key
    answer = client.post(f"/konferenzen/teilnahme/{participation}/entfernen")
    assert "Ben Büro no longer goes." in client.get(answer.location).text


def test_somebody_must_be_chosen_to_go(client, database: Database, now) -> None:
    key = key_of(database, now, "FAB27")
    assert client.post(f"/konferenzen/{key}/teilnahme/neu", data={"role": "x"}).status_code == 422
