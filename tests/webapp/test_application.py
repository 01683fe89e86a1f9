"""Joining: phases, declarations, the council's resolution, the overview that reads them."""

from datetime import datetime

import pytest
from sqlmodel import select

from models.application.declarations import Declaration
from models.application.phases import Phase
from models.database import Database
from tests.judge import JudgingClient


def declare(client: JudgingClient, name: str, **typed: str) -> object:
    return client.post(
        "/beitritt/erklaerungen/neu", data={"new_organisation": name, "declared_on": "20.11.2026", **typed}
    )


def test_two_declarations_turn_the_condition_on_every_page(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    with database.read(now) as session:
        phase = session.exec(select(Phase).where(Phase.code == "actors_wish")).one()
    places = ("/", "/beitritt", f"/beitritt/phasen/{phase.key}", "/zusagen/1", "/worum-geht-es")
    for said, name in (("0 von 2", "Makerspace Nord"), ("1 von 2", "FabLab Süd"), ("2 von 2", "")):
        for place in places:
            assert said in client.get(place).text, (said, place)
        if name:
            assert declare(client, name).status_code == 303  # type: ignore[attr-defined]
    assert "Bedingung des Beschlusses ist erfüllt" in client.get("/").text
    with database.read(now) as session:
        first = session.exec(select(Declaration)).first()
        assert first is not None
    typed = {
        "organisation_id": str(first.organisation_id),
        "declared_on": "20.11.2026",
        "withdrawn_on": "22.11.2026",
    }
    client.post(f"/beitritt/erklaerungen/{first.key}/bearbeiten", data={**typed, "version": "1"})
    for place in places:
        assert "1 von 2" in client.get(place).text, place


def test_the_same_lab_counts_once(client: JudgingClient, database: Database, now: datetime) -> None:
    declare(client, "Makerspace Nord")
    with database.read(now) as session:
        lab = session.exec(select(Declaration.organisation_id)).one()
    client.post("/beitritt/erklaerungen/neu", data={"organisation_id": str(lab), "declared_on": "21.11.2026"})
    assert "1 von 2" in client.get("/").text


@pytest.mark.parametrize(
    "typed",
    [
        {"new_organisation": "", "declared_on": "20.11.2026"},
        {"new_organisation": "Lab", "organisation_id": "1", "declared_on": "20.11.2026"},
        {"new_organisation": "Lab", "declared_on": "20.11.2027"},
        {"new_organisation": "Lab", "declared_on": ""},
    ],
)
def test_a_declaration_with_a_fault_is_not_recorded(
    client: JudgingClient, database: Database, now: datetime, typed: dict[str, str]
) -> None:
    response = client.post("/beitritt/erklaerungen/neu", data={"note": "bleibt stehen", **typed})
    assert response.status_code == 422
    assert "bleibt stehen" in response.text
    with database.read(now) as session:
        assert session.exec(select(Declaration)).all() == []


def test_an_organisation_with_a_declaration_is_not_deleted(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    declare(client, "Makerspace Nord")
    with database.read(now) as session:
        lab = session.exec(select(Declaration.organisation_id)).one()
    assert "Erklärungen" in client.get(f"/organisationen/{lab}/loeschen").text
    client.post(f"/organisationen/{lab}/loeschen")
    assert client.get(f"/organisationen/{lab}").status_code == 200


def test_the_wording_needs_its_source(client: JudgingClient) -> None:
    for address in ("/rat/vorlagen/1", "/rat/beschluesse/1"):
        form = f"{address}/wortlaut"
        assert client.post(form, data={"wording": "Der Wortlaut", "version": "1"}).status_code == 422
        typed = {"wording": "Der Wortlaut", "wording_source": "Niederschrift, Seite 3", "version": "1"}
        assert client.post(form, data=typed).status_code == 303
        assert "Niederschrift, Seite 3" in client.get(address).text


def test_the_page_says_that_the_resolution_is_not_the_motion(client: JudgingClient) -> None:
    assert "nicht, was der Antrag verlangte" in client.get("/beitritt").text
    page = client.get("/beitritt/beschluss").text
    assert "nicht, was der Antrag verlangte" in page
    for fact in ("34", "61", "Hamburg", "Mexiko-Stadt"):
        assert fact in page


def test_a_row_of_2020_and_today_is_brought_up_to_date(client: JudgingClient) -> None:
    typed = {"now_de": "65 Mitglieder", "as_of": "2027-01", "source": "fab.city", "version": "1"}
    assert client.post("/beitritt/2020-und-heute/1", data=typed).status_code == 303
    assert "65 Mitglieder" in client.get("/beitritt/beschluss").text


def test_the_overview_answers_what_must_be_done(client: JudgingClient) -> None:
    client.post("/zusagen/1/bearbeiten", data={"state": "open", "due_on": "20.11.2026", "version": "1"})
    client.post(
        "/wiedervorlagen/neu/commitment/2",
        data={"kind": "waiting", "what": "Auskunft", "waiting_for": "Amt 80", "due_on": "4.12.2026"},
    )
    page = client.get("/").text
    assert "überfällig" in page
    assert "Amt 80: Auskunft" in page
    assert "FAB27: nachsehen" in page
    assert "Automatischer Versand läuft nicht" in page


def test_the_first_steps_turn_by_facts_and_can_be_hidden(client: JudgingClient) -> None:
    assert "Die ersten fünf Schritte" in client.get("/").text
    for key in (1, 2, 3):
        client.post(
            f"/zusagen/{key}/bearbeiten", data={"state": "open", "due_on": "1.3.2027", "version": "1"}
        )
    assert client.get("/").text.count('class="done"') == 2  # colleagues are there, three dates are set
    client.post("/erste-schritte/ausblenden")
    assert "Die ersten fünf Schritte" not in client.get("/").text


def test_health_says_degraded_without_a_heartbeat(visitor: JudgingClient) -> None:
    response = visitor.get("/gesundheit")
    assert response.status_code == 200
    assert response.json is not None
    assert response.json["status"] == "degraded"


def test_what_is_searched_is_found_on_the_page_and_in_its_tables(client: JudgingClient) -> None:
    declare(client, "Makerspace Nord")
    declare(client, "FabLab Süd")
    page = client.get("/beitritt?suche=sud").text
    assert "FabLab Süd" in page
    assert "Makerspace Nord" not in page
    assert "Absichtserklärung der Stadt" in client.get("/beitritt?suche=absichtserklarung").text
    assert "Makerspace Nord" not in client.get("/beitritt/erklaerungen.csv?suche=sud").data.decode(
        "utf-8-sig"
    )
    assert client.get("/beitritt/2020-und-heute.csv").data.decode("utf-8-sig").count("\r\n") == 8
    assert client.get("/zusagen/prinzipien.csv").data.decode("utf-8-sig").count("\r\n") == 11
    assert "Ben Büro" not in client.get("/kolleginnen?suche=anna").text.split("<main")[1]


def test_a_declaration_is_not_withdrawn_before_the_day_has_come(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    declare(client, "Makerspace Nord")
    with database.read(now) as session:
        row = session.exec(select(Declaration)).one()
    typed = {"organisation_id": str(row.organisation_id), "declared_on": "20.11.2026", "version": "1"}
    address = f"/beitritt/erklaerungen/{row.key}/bearbeiten"
    assert client.post(address, data={**typed, "withdrawn_on": "1.3.2027"}).status_code == 422
    assert "1 von 2" in client.get("/").text
