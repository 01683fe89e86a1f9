"""Organisationen."""

from datetime import datetime

import lxml.html
from sqlmodel import select

from models.contacts.organisations import Organisation
from models.contacts.people import Person
from models.database import Database
from tests.judge import JudgingClient

NEW = {"name": "Makerspace Nordstadt", "kind": "lab", "country_code": "DE", "email": "info@nord.example.org"}


def _names(html: str) -> list[str]:
    return [str(name) for name in lxml.html.fromstring(html).xpath("//tbody//th/a/text()")]


def test_driving_organisations_and_functional_addresses_are_one_link_away(client: JudgingClient) -> None:
    page = lxml.html.fromstring(client.get("/organisationen").text)
    driving, addresses = page.xpath("//p[@class='tools'][following::table]/a/@href")[:2]
    assert "Fab Foundation" in _names(client.get(driving).text)
    assert "Fab City Index" not in _names(client.get(driving).text)
    with_address = client.get(addresses).text
    assert "mailto:info@fab.city" in with_address
    assert "Fab Foundation" not in _names(with_address)


def test_the_list_is_filtered_printed_and_taken_to_excel(client: JudgingClient) -> None:
    assert len(_names(client.get("/organisationen?art=city_office&land=DE").text)) == 2
    assert _names(client.get("/organisationen?suche=gibtesnicht").text) == []
    assert len(_names(client.get("/organisationen?art=unsinn&land=QQ&ansicht=druck").text)) == 10
    rows = client.get("/organisationen.csv?art=council_group").data.decode("utf-8-sig").split("\r\n")
    assert len(rows) == 3
    assert "Bündnis 90" in rows[1]


def test_an_organisation_of_a_city_starts_with_that_city(client: JudgingClient) -> None:
    form = lxml.html.fromstring(client.get("/organisationen/neu?ort=1").text)
    assert form.xpath("//select[@name='place_id']/option[@selected]/@value") == ["1"]
    assert form.xpath("//input[@name='city']/@value") == ["Barcelona"]
    assert client.get("/organisationen/neu?ort=99999999999999999999").status_code == 200


def test_an_organisation_is_created_changed_and_remembered(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    answer = client.post("/organisationen/neu", data=NEW | {"place_id": "1"})
    assert answer.status_code == 303
    address = answer.headers["Location"]
    assert "mailto:info@nord.example.org" in client.get(address).text
    changed = NEW | {"name": "Makerspace Nord", "place_id": "", "version": "1"}
    assert client.post(f"{address}/bearbeiten", data=changed).status_code == 303
    history = client.get(f"{address}/verlauf").text
    assert "Makerspace Nordstadt" in history
    with database.read(now) as session:
        found = session.exec(select(Organisation).where(Organisation.name == "Makerspace Nord")).one()
    assert (found.place_id, found.slug) == (None, None)


FAULTS = [
    ("name", ""),
    ("name", "n" * 2000),
    ("email", "keine Adresse"),
    ("website", "ftp://x"),
    ("country_code", "XX"),
    ("place_id", "99999"),
    ("kind", "verein?"),
]


def test_a_fault_is_told_and_the_input_stays(client: JudgingClient) -> None:
    for field, typed in FAULTS:
        answer = client.post("/organisationen/neu", data=NEW | {"role_de": "Hilft uns", field: typed})
        assert answer.status_code == 422, field
        assert lxml.html.fromstring(answer.text).xpath("//*[@aria-invalid='true']/@name") == [field]
        assert "Hilft uns" in answer.text


def test_who_saves_second_is_told(client: JudgingClient, bens_client: JudgingClient) -> None:
    typed = NEW | {"version": "1"}
    assert bens_client.post("/organisationen/2/bearbeiten", data=typed | {"city": "Bens"}).status_code == 303
    answer = client.post("/organisationen/2/bearbeiten", data=typed | {"city": "Annas"})
    assert answer.status_code == 409
    assert "Bens" in answer.text
    assert "Annas" in answer.text


def test_deleting_an_organisation_keeps_its_people(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    with database.write(now) as session:
        session.add(Person(family_name="Roig", organisation_id=3))
        session.commit()
    assert "Roig" in client.get("/organisationen/3").text
    assert client.get("/organisationen/3/loeschen").status_code == 200
    assert client.post("/organisationen/3/loeschen").status_code == 303
    with database.read(now) as session:
        assert session.exec(select(Person)).one().organisation_id is None
