"""Duties after the admission."""

from datetime import date, datetime

from sqlmodel import select

from models.application.duties import CITY_DATA, DUTIES
from models.application.phases import the_application
from models.application.states import ApplicationState
from models.database import Database
from models.followups import FollowUp
from models.officers import Officer
from tests.judge import JudgingClient

PAGE = "/beitritt/pflichten"


def _set_up(database: Database, now: datetime) -> dict[str, list[FollowUp]]:
    with database.read(now) as session:
        rows = session.exec(select(FollowUp).order_by(FollowUp.id)).all()  # type: ignore[arg-type]
        return {duty.code: [row for row in rows if row.what in duty.names] for duty in DUTIES}


def test_every_duty_says_its_period_and_its_origin_and_looking_changes_nothing(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    page = client.get(PAGE).text
    for duty in DUTIES:
        assert duty.name_de in page
    assert page.count("Unser Vorschlag.") == 3
    assert "Aus dem Netzwerk" in page
    assert "Alle 6 Monate." in page
    assert "noch nie erledigt" in page
    assert "Diese Pflichten beginnen mit der Aufnahme." in page
    assert all(not rows for rows in _set_up(database, now).values())


def test_a_member_sets_all_duties_up_by_one_click_and_they_come_again(
    client: JudgingClient, bens_client: JudgingClient, database: Database, now: datetime, anna: Officer
) -> None:
    with database.write(now) as session:
        the_application(session).state = ApplicationState.MEMBER
        session.commit()
    assert "Die Stadt ist Mitglied, und 4 Pflichten sind noch nicht eingerichtet." in client.get(PAGE).text
    bens_client.post(PAGE, data={"aufgabe": "contact"})
    for _ in range(2):
        assert bens_client.post(PAGE, data={"aufgabe": "alle"}).status_code == 303
    made = _set_up(database, now)
    assert [len(rows) for rows in made.values()] == [1, 1, 1, 1]
    assert {rows[0].responsible_id for rows in made.values()} == {anna.id}
    assert {code: rows[0].repeat_months for code, rows in made.items()} == {
        "contact": 12, "city-data": 6, "report": 12, "still-active": 12,
    }  # fmt: skip
    assert made["report"][0].due_on == date(2027, 11, 23)
    assert made[CITY_DATA.code][0].due_on == date(2026, 12, 7)  # never looked at: soon
    page = client.get(PAGE).text
    assert "aufgabe" not in page
    assert "Nächstes Mal am 23.11.2027" in page
    client.post(f"/wiedervorlagen/{made['report'][0].id}/erledigt")
    again = client.get(PAGE).text
    assert "zuletzt erledigt am 23.11.2026" in again
    assert [row.due_on for row in _set_up(database, now)["report"]] == [date(2027, 11, 23)] * 2


def test_nonsense_is_not_found_and_english_is_spoken(client: JudgingClient) -> None:
    assert client.post(PAGE, data={"aufgabe": "nichts"}).status_code == 404
    assert client.post(PAGE).status_code == 404
    client.post("/sprache", data={"language": "en"})
    client.post(PAGE, data={"aufgabe": "report"})
    page = client.get(PAGE).text
    assert "Report to the council and the network once a year" in page
    assert "Next on 23 November 2027" in page
