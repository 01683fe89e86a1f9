"""A list of places is brought in on pages: looked at, imported, taken back."""

from datetime import datetime
from io import BytesIO

import lxml.html
from sqlmodel import Session, select

from models.contacts.people import Person
from models.database import Database
from models.imports.batches import ImportBatch
from models.places import Activity, Place
from tests.judge import JudgingClient

LIST = (
    "Name;Land;Aktivität;Website\r\nHamburg;Deutschland;inaktiv;https://neu.example\r\nGent;Belgien;aktiv;\r\n"
    "Paris;Frankreich;vielleicht;\r\n"
)


def _place(session: Session, name: str) -> Place:
    return session.exec(select(Place).where(Place.name == name)).one()


def _is_there(session: Session, name: str) -> bool:
    return session.exec(select(Place).where(Place.name == name)).first() is not None


def _upload(
    client: JudgingClient, content: bytes, as_of: str = "01.11.2026", name: str = "liste.csv"
) -> tuple[int, str]:
    answer = client.post(
        "/staedte/einfuhr", data={"file": (BytesIO(content), name), "as_of": as_of, "name": ""}
    )
    return answer.status_code, answer.headers.get("Location", answer.text)


def test_a_list_is_looked_at_imported_and_taken_back(
    client: JudgingClient, bens_client: JudgingClient, database: Database, now: datetime
) -> None:
    client.post("/staedte/neu", data={"name": "Neustadt", "type": "city", "country_code": "DE", "membership": "member",
                                      "activity": "active", "certainty": "low", "as_of": "2026"})  # fmt: skip
    status, address = _upload(client, (LIST + "Neustadt;DE;inaktiv;\r\n").encode("utf-16"))
    assert status == 303
    html = client.get(address).text
    page = lxml.html.fromstring(html)
    assert "Aktivität: „aktiv“ wurde von Hand eingetragen (Anna Amt" in page.text_content()
    assert "„vielleicht“ ist dort nicht bekannt" in page.text_content()
    with database.read(now) as session:
        linz, brest = _place(session, "Linz"), _place(session, "Brest")
        assert not _is_there(session, "Gent")
        assert not page.xpath("//select[contains(@name,'weg_')]/option[@selected]")
    seen = page.xpath("//input[@name='seen']/@value")[0]
    assert bens_client.get(f"/zusagen{address.removeprefix('/staedte')}").status_code == 404
    assert client.get("/zusagen/einfuhren").text.count("liste.csv") == 0
    answer = client.post(
        f"{address}/uebernehmen", data={"seen": seen, f"weg_{linz.key}": "inactive", "auch": "x"}
    )
    assert answer.status_code == 303
    done = client.get(address).text
    assert "Zeile 4, Paris" in done
    with database.read(now) as session:
        hamburg, gent, new = (_place(session, name) for name in ("Hamburg", "Gent", "Neustadt"))
        assert (hamburg.activity, hamburg.as_of, hamburg.website) == (
            Activity.INACTIVE,
            "2026-11-01",
            "https://neu.example",
        )
        assert hamburg.source.endswith(" | liste.csv (2026-11-01)")
        assert (new.activity, gent.slug, session.get_one(Place, linz.key).activity) == (
            "active",
            "gent",
            "inactive",
        )
        assert session.get_one(Place, brest.key).version == brest.version
    assert client.post(f"{address}/uebernehmen", data={"seen": seen}).status_code == 303  # once is enough
    assert client.get(f"{address}/datei").status_code == 200
    assert "liste.csv" in client.get("/staedte/einfuhr").text
    assert client.get(f"{address}/zuruecknehmen").status_code == 200
    assert client.post(f"{address}/zuruecknehmen").status_code == 303
    with database.read(now) as session:
        assert (_place(session, "Hamburg").activity, _place(session, "Linz").activity) == ("active", "active")
        assert not _is_there(session, "Gent")


def test_a_new_place_that_is_in_use_stays_when_the_import_is_taken_back(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    _status, address = _upload(client, b"name,country\nGent,BE\nBrugge,BE\n")
    client.post(f"{address}/uebernehmen", data={"seen": ""})
    with database.write(now) as session:
        session.add(Person(family_name="Schelde", place_id=_place(session, "Gent").key))
        session.commit()
    client.post(f"{address}/zuruecknehmen")
    assert "Gent: " in client.get(address).text
    with database.read(now) as session:
        assert (_is_there(session, "Gent"), _is_there(session, "Brugge")) == (True, False)


def test_who_changed_a_place_after_the_preview_is_not_overwritten(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    _status, address = _upload(client, LIST.encode("cp1252"))
    seen = lxml.html.fromstring(client.get(address).text).xpath("//input[@name='seen']/@value")[0]
    with database.write(now) as session:
        hamburg = _place(session, "Hamburg")
        hamburg.website, hamburg.version = "https://ben.example", 2
        session.commit()
    client.post(f"{address}/uebernehmen", data={"seen": seen})
    assert "Hamburg: " in client.get(address).text
    with database.read(now) as session:
        assert _place(session, "Hamburg").website == "https://ben.example"


def test_what_is_no_list_is_refused_with_a_reason(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    for content, name in (
        (b"", "leer.csv"), (b"nur Text", "x.csv"), (b"PK\x03\x04kaputt", "x.xlsx"), (b"a,b\n1,2\n", "x.csv"),
        (b"name,country\n" + b"x,DE\n" * 50_000, "viel.csv"), (b"name,country\n\x00,DE\n", "x.csv"),
    ):  # fmt: skip
        assert _upload(client, content, name=name)[0] == 422, content[:20]
    assert _upload(client, LIST.encode(), as_of="neulich")[0] == 422
    with database.read(now) as session:
        assert session.exec(select(ImportBatch)).first() is None
    status, address = _upload(client, LIST.encode())
    assert (status, client.post(f"{address}/verwerfen").status_code) == (303, 303)
    assert client.get(address).status_code == 404


def test_one_person_is_asked_first_in_each_city(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    with database.write(now) as session:
        hamburg, linz = _place(session, "Hamburg"), _place(session, "Linz")
        people = [Person(family_name=name, place_id=hamburg.key) for name in ("Alster", "Elbe")]
        session.add_all([*people, Person(family_name="Donau", place_id=linz.key)])
        hamburg.learnt = "Der Verein kam erst später."
        session.commit()
        first, second = (person.key for person in people)
    address = f"/staedte/{hamburg.key}/erste-ansprechperson"
    for person, status in ((first, 303), (second, 303), (second + 1, 404), ("x", 404)):
        assert client.post(address, data={"person": person}).status_code == status
    page = lxml.html.fromstring(client.get(f"/staedte/{hamburg.key}").text)
    assert page.xpath("//ul[@class='tasks']/li[1]//a/text()")[0].strip() == "Elbe"
    assert page.text_content().count("Erste Ansprechperson") == 1
    assert "Der Verein kam erst später." in page.text_content()
    barcelona = client.get("/staedte?suche=barcelona").text
    key = lxml.html.fromstring(barcelona).xpath("//tbody//th/a/@href")[0]
    assert "FAB10" in client.get(key).text
