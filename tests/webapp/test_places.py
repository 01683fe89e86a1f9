"""Städte & Regionen."""

from datetime import datetime

import lxml.html
import pytest
from sqlmodel import select

from models.contacts.organisations import Organisation
from models.contacts.people import Person
from models.database import Database
from models.places import Place, PlaceType
from tests.judge import JudgingClient

HAMBURG = {
    "name": "Neustadt",
    "type": "city",
    "country_code": "DE",
    "membership": "member",
    "as_of": "08/2025",
}
NEW = HAMBURG | {"activity": "active", "certainty": "medium"}


def _stored(database: Database, now: datetime, name: str) -> Place | None:
    with database.read(now) as session:
        return session.exec(select(Place).where(Place.name == name)).first()


def _key(database: Database, now: datetime, name: str) -> int:
    place = _stored(database, now, name)
    assert place is not None
    return place.key


def _names(html: str) -> list[str]:
    return [str(name) for name in lxml.html.fromstring(html).xpath("//tbody//th/a/text()")]


def _faulty(html: str) -> list[str]:
    return [str(name) for name in lxml.html.fromstring(html).xpath("//*[@aria-invalid='true']/@name")]


def test_german_members_are_one_link_away(client: JudgingClient) -> None:
    page = client.get("/staedte")
    assert len(_names(page.text)) == 58
    link = lxml.html.fromstring(page.text).xpath("//a[contains(@href,'land=DE')]/@href")[0]
    assert _names(client.get(link).text) == ["Augsburg", "Hamburg"]


def test_the_list_is_filtered_by_membership_type_and_country(client: JudgingClient) -> None:
    assert _names(client.get("/staedte?mitgliedschaft=not_member").text) == ["Leipzig"]
    assert _names(client.get("/staedte?art=island").text)
    assert _names(client.get("/staedte?suche=sao").text) == ["São Paulo"]
    assert len(_names(client.get("/staedte?mitgliedschaft=unsinn&art=x&land=Q").text)) == 58


def test_a_list_without_hits_says_so_and_leads_back(client: JudgingClient) -> None:
    page = client.get("/staedte?suche=gibtesnicht")
    assert _names(page.text) == []
    assert lxml.html.fromstring(page.text).xpath("//div[@class='empty']//a/@href") == ["/staedte"]


def test_csv_and_print_view_keep_the_filter(client: JudgingClient) -> None:
    page = lxml.html.fromstring(client.get("/staedte?suche=hamburg&land=DE").text)
    address = page.xpath("//a[contains(@href,'.csv')]/@href")[0]
    rows = client.get(address).data.decode("utf-8-sig").split("\r\n")
    assert [row.split(";")[0] for row in rows[1:-1]] == ["Hamburg"]
    assert "August 2025" in rows[1]
    assert rows[1].endswith("53,5503;10,0007;hamburg")
    printed = page.xpath("//a[contains(@href,'ansicht=druck')]/@href")[0]
    assert _names(client.get(printed).text) == ["Hamburg"]


def test_the_page_shows_state_source_and_the_year_of_another_source(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    text = client.get(f"/staedte/{_key(database, now, 'Boston')}").text
    for word in ("2016", "2015", "August 2025", "citiesmap", "Fab Foundation"):
        assert word in text


def test_a_place_is_created_with_an_address_of_its_own(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    typed = NEW | {"name": "Hamburg", "type": "region", "lat": "53,55", "lon": "10.0", "joined_year": "2019"}
    answer = client.post("/staedte/neu", data=typed)
    assert answer.status_code == 303
    with database.read(now) as session:
        place = session.get_one(Place, int(answer.headers["Location"].rsplit("/", 1)[1]))
    assert (place.slug, place.as_of, place.lat, place.lon) == ("hamburg-2", "2025-08", 53.55, 10.0)
    assert client.get(answer.headers["Location"]).status_code == 200


FAULTS = [
    ("name", ""),
    ("name", "n" * 2000),
    ("country_code", "XX"),
    ("country_code", ""),
    ("lat", "51.3"),
    ("lon", "12.3"),
    ("as_of", "neulich"),
    ("joined_year", "20150"),
    ("website", "javascript:alert(1)"),
    ("type", "planet"),
]


def test_a_fault_is_told_beside_its_field_and_the_input_stays(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    for field, typed in FAULTS:
        answer = client.post("/staedte/neu", data=NEW | {"source": "Ein Gespräch", field: typed})
        assert answer.status_code == 422, field
        faulty = {"lat": ["lon"], "lon": ["lat"]}.get(field, [field])
        assert _faulty(answer.text) == faulty
        assert "Ein Gespräch" in answer.text
        assert typed in answer.text or field in ("country_code", "type")
    assert _stored(database, now, "Neustadt") is None


def test_degrees_beyond_the_globe_are_refused(client: JudgingClient) -> None:
    for lat, lon in (("91", "12"), ("51", "181"), ("nan", "12"), ("1e1", "12")):
        answer = client.post("/staedte/neu", data=NEW | {"lat": lat, "lon": lon})
        assert (answer.status_code, len(_faulty(answer.text))) == (422, 1), (lat, lon)


def test_who_saves_second_is_told_and_loses_nothing(
    client: JudgingClient, bens_client: JudgingClient, database: Database, now: datetime
) -> None:
    address = f"/staedte/{_key(database, now, 'Hamburg')}/bearbeiten"
    assert client.get(address).status_code == 200
    first = NEW | {"name": "Hamburg", "version": "1"}
    assert bens_client.post(address, data=first | {"partners": "Bens Wort"}).status_code == 303
    answer = client.post(address, data=first | {"partners": "Annas Wort"})
    assert answer.status_code == 409
    assert "Bens Wort" in answer.text
    assert "Annas Wort" in answer.text
    assert client.post(address, data=first | {"partners": "Annas Wort", "version": "2"}).status_code == 303
    place = _stored(database, now, "Hamburg")
    assert place is not None
    assert place.partners == "Annas Wort"
    assert "Bens Wort" in client.get(address.replace("bearbeiten", "verlauf")).text


def test_deleting_a_place_asks_first_and_keeps_its_people(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    key = _key(database, now, "Barcelona")
    with database.write(now) as session:
        session.add(Person(family_name="Roig", place_id=key))
        session.add(Organisation(name="Lab", place_id=key))
        session.commit()
    assert client.get(f"/staedte/{key}/loeschen").status_code == 200
    assert _stored(database, now, "Barcelona") is not None
    assert client.post(f"/staedte/{key}/loeschen").status_code == 303
    assert client.get(f"/staedte/{key}").status_code == 404
    with database.read(now) as session:
        assert session.exec(select(Person)).one().place_id is None


def test_an_islands_form_shows_what_is_stored(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    with database.read(now) as session:
        island = session.exec(select(Place).where(Place.type == PlaceType.ISLAND)).one()
    form = lxml.html.fromstring(client.get(f"/staedte/{island.key}/bearbeiten").text)
    assert form.xpath("//select[@name='type']/option[@selected]/@value") == ["island"]
    assert form.xpath("//input[@name='as_of']/@value") == ["August 2025"]
    assert form.xpath("//input[@name='version']/@value") == ["1"]


@pytest.mark.parametrize("name", ["   ", "\x00", "\u202e\u200b"])
def test_a_name_that_nobody_can_see_is_none(client: JudgingClient, name: str) -> None:
    answer = client.post("/staedte/neu", data=NEW | {"name": name})

    assert answer.status_code == 422
    assert _faulty(answer.text) == ["name"]


def test_nought_nought_is_no_place_of_a_city(client: JudgingClient) -> None:
    answer = client.post("/staedte/neu", data=NEW | {"lat": "0,0", "lon": "-0"})

    assert answer.status_code == 422
    assert _faulty(answer.text) == ["lat"]
    assert "Golf von Guinea" in answer.text


def test_a_place_that_is_sent_twice_is_there_once_and_can_still_be_changed(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    new = NEW | {"name": "Neustadt"}
    address = client.post("/staedte/neu", data=new).headers["Location"]

    again = client.post("/staedte/neu", data=new | {"name": "NEUSTADT"})

    assert again.status_code == 422
    assert _faulty(again.text) == ["name"]
    changed = client.post(f"{address}/bearbeiten", data=new | {"version": "1", "partners": "Labor"})
    assert changed.status_code == 303
    assert client.post("/staedte/neu", data=new | {"type": "region"}).status_code == 303
