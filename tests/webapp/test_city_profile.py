"""Pages of the city's profile and city.json."""

import json
from datetime import date, datetime

import lxml.html
import pytest
from sqlmodel import select

from models.application.city_profile import CityProfile, ProfileEntry, ProfileKind, profile_entries
from models.application.consortium import ConsortiumRole, Partner
from models.application.duties import CITY_DATA
from models.application.phases import the_application
from models.contacts.organisations import Organisation, OrganisationKind
from models.database import Database
from models.documents.city_faults import faults
from models.followups import FollowUp
from models.places import Place
from tests.judge import JudgingClient

PAGE = "/beitritt/stadtprofil"
FILE = f"{PAGE}/city.json"
TYPED = {
    "differential": "Werkstätten in jedem Stadtbezirk.",
    "description": "Wer in Leipzig etwas baut.",
    "subdomain": "Leipzig.fab.city",
    "contact_email": "fabcity@leipzig.example",
    "privacy_url": "https://leipzig.example/impressum",
    "social": "https://www.linkedin.com/company/fab\n\nhttps://social.example/@fab",
    "hero_image": "assets/leipzig.jpg",
}


def _text(html: str) -> str:
    return " ".join(" ".join(lxml.html.document_fromstring(html).itertext()).split())


def _add(client: JudgingClient, word: str, **typed: str) -> None:
    assert client.post(f"{PAGE}/neu/{word}", data=typed).status_code == 303


def _entries(database: Database, now: datetime, kind: ProfileKind) -> list[ProfileEntry]:
    with database.read(now) as session:
        return profile_entries(session)[kind]


def _partner(
    database: Database, now: datetime, name: str, *, place: bool, left_on: date | None = None
) -> int:
    """A partner of the consortium in its first role."""
    with database.write(now) as session:
        application = the_application(session)
        role = session.exec(select(ConsortiumRole).order_by(ConsortiumRole.position)).first()  # type: ignore[arg-type]
        if role is None:
            role = ConsortiumRole(application_id=application.key, code="lab", label_de="Lab", label_en="Lab")
            session.add(role)
        leipzig = session.exec(select(Place).where(Place.slug == "leipzig")).one()
        organisation = Organisation(
            name=name, kind=OrganisationKind.LAB, role_de="Offene Werkstatt", role_en="Open workshop",
            website="https://lab.example", place_id=leipzig.key if place else None,
        )  # fmt: skip
        session.add(organisation)
        session.flush()
        for _ in range(2):  # an organisation in two roles is one member
            session.add(
                Partner(
                    application_id=application.key, organisation_id=organisation.key, role_id=role.key,
                    left_on=left_on,
                )
            )  # fmt: skip
        session.commit()
        return organisation.key


def test_looking_at_an_empty_profile_makes_none_and_already_gives_a_valid_file(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    page = _text(client.get(PAGE).text)
    assert "noch nie bestätigt" in page
    assert "Profil anlegen" in page
    assert "Heute geprüft" not in page
    assert client.get(f"{PAGE}/verlauf").status_code == 200
    document = json.loads(client.get(FILE).data)
    assert document["city"] == {"name": "Leipzig", "country": "Deutschland", "type": "city", "language": "de"}
    assert document["ecosystem"] == []
    with database.read(now) as session:
        assert session.exec(select(CityProfile)).all() == []


def test_city_json_holds_each_fact_from_where_it_was_entered_once(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    _partner(database, now, "Makerspace", place=True)
    _partner(database, now, "Wissenschaftsladen", place=False)
    _partner(database, now, "Gegangen", place=True, left_on=date(2026, 11, 1))
    assert client.post(f"{PAGE}/bearbeiten", data=TYPED).status_code == 303
    _add(client, "kennzahl", headline="Werkstätten", value="6")
    _add(client, "projekt", headline="Textilkreislauf", status="läuft", partners="Makerspace, Stadt Leipzig")
    _add(client, "meldung", headline="Älter", dated_on="1.9.2026")
    _add(client, "meldung", headline="Neu", dated_on="2.11.2026", url="https://leipzig.example/neu")
    _add(client, "termin", headline="Tag der offenen Tür", dated_on="08.05.2027", venue="Gohlis")
    answer = client.get(FILE)
    assert answer.mimetype == "application/json"
    assert "city.json" in answer.headers["Content-Disposition"]
    document = json.loads(answer.data)
    assert faults(document) == []
    assert document["city"]["subdomain"] == "leipzig"
    assert [member["name"] for member in document["ecosystem"]] == ["Makerspace", "Wissenschaftsladen"]
    assert document["ecosystem"][0]["lat"] == pytest.approx(51.3397)
    assert document["ecosystem"][0]["type"] == "Fab Lab oder Makerspace"
    assert "lat" not in document["ecosystem"][1]
    assert document["projects"][0]["partners"] == ["Makerspace", "Stadt Leipzig"]
    assert [item["title"] for item in document["news"]] == ["Neu", "Älter"]
    assert document["events"][0]["date"] == "2027-05-08"
    assert [link["label"] for link in document["contact"]["social"]] == ["LinkedIn", "social.example"]
    english = json.loads(client.get(f"{FILE}?sprache=en").data)
    assert english["city"]["country"] == "Germany"
    assert english["ecosystem"][0]["summary"] == "Open workshop"
    page = _text(client.get(PAGE).text)
    assert "Alles, was die Vorlage des Netzwerks verlangt, ist da." in page
    assert "nicht auf der Karte: kein Ort mit Koordinaten" in page
    client.post("/sprache", data={"language": "en"})
    assert "Everything that the network's template asks for is there." in _text(client.get(PAGE).text)


def test_a_file_with_faults_is_refused_and_every_fault_leads_to_where_it_is_mended(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    organisation = _partner(database, now, "Makerspace", place=True)
    client.post(f"{PAGE}/bearbeiten", data=TYPED)
    _add(client, "projekt", headline="Gut")
    with database.write(now) as session:  # what an older version or an import may have left behind
        profile = session.exec(select(CityProfile)).one()
        profile.subdomain, profile.joined_year = "Leip zig", 1999
        project = session.exec(select(ProfileEntry)).one()
        project.url = "nirgends"
        session.get_one(Organisation, organisation).website = "ftp://alt"
        session.commit()
        project_key = project.key
    answer = client.get(FILE)
    assert answer.status_code == 422
    page = lxml.html.document_fromstring(answer.text)
    links = {" ".join(a.text_content().split()): a.get("href") for a in page.xpath("//div[@role='alert']//a")}
    assert links == {
        "Stadt, Mitglied seit: muss ein Jahr von 2011 bis 2100 sein": f"{PAGE}/bearbeiten",
        "Stadt, Adresse im Netzwerk: darf nur Kleinbuchstaben von a bis z, Ziffern und Bindestriche enthalten": (
            f"{PAGE}/bearbeiten"
        ),
        "Partner 1 (Makerspace), Webadresse: muss mit https:// oder http:// beginnen": (
            f"/organisationen/{organisation}/bearbeiten"
        ),
        "Projekt 1 (Gut), Webadresse: muss mit https:// oder http:// beginnen": f"{PAGE}/eintraege/{project_key}",
    }
    assert all(client.get(address).status_code == 200 for address in links.values())
    assert "city.json kann noch nicht hinausgehen: 4 Fehler" in _text(client.get(PAGE).text)


def test_confirming_dates_the_profile_and_does_the_duty(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    client.post(f"{PAGE}/bearbeiten", data=TYPED)
    client.post("/beitritt/pflichten", data={"aufgabe": CITY_DATA.code})
    for _ in range(2):  # a second press on the same day changes nothing
        assert client.post(f"{PAGE}/bestaetigt").status_code == 303
    page = _text(client.get(PAGE).text)
    assert "Die nächste Prüfung ist am 23.05.2027." in page
    assert "Zuletzt bestätigt am 23.11.2026." in page
    assert "älter als sechs Monate" not in page.replace("die älter als sechs Monate sind", "")
    with database.write(now) as session:
        duties = session.exec(select(FollowUp).where(FollowUp.what == CITY_DATA.name_de)).all()
        assert sorted((d.done_on, d.due_on) for d in duties if d.done_on) == [
            (date(2026, 11, 23), date(2026, 12, 7))
        ]
        assert [d.due_on for d in duties if d.is_open] == [date(2027, 5, 23)]
        session.exec(select(CityProfile)).one().confirmed_on = date(2026, 5, 22)
        session.commit()
    assert "Zuletzt bestätigt am 22.05.2026. älter als sechs Monate" in _text(client.get(PAGE).text)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("subdomain", "leip zig", "Nur Kleinbuchstaben"),
        ("joined_year", "2010", "eine ganze Zahl von 2011 bis 2100"),
        ("contact_email", "niemand", "keine E-Mail-Adresse"),
        ("social", "https://gut.example\nschlecht", "Das ist keine Webadresse: schlecht."),
        ("privacy_url", "javascript:alert(1)", "Eine Webadresse beginnt mit"),
        ("hero_image", "c:/bild.jpg", "Ein Bild beginnt mit https:// oder assets/."),
    ],
)
def test_what_the_network_could_not_read_is_refused_and_stays_typed(
    client: JudgingClient, database: Database, now: datetime, field: str, typed: str, said: str
) -> None:
    answer = client.post(f"{PAGE}/bearbeiten", data=TYPED | {field: typed})
    assert answer.status_code == 422
    assert said in _text(answer.text)
    assert TYPED["description"] in answer.text
    with database.read(now) as session:
        assert session.exec(select(CityProfile)).all() == []


def test_figures_are_six_at_most_ordered_changed_and_deleted(
    client: JudgingClient, bens_client: JudgingClient, database: Database, now: datetime
) -> None:
    for number in range(1, 7):
        _add(client, "kennzahl", headline=f"Zahl {number}", value="1")
    refused = client.post(f"{PAGE}/neu/kennzahl", data={"headline": "Zu viel", "value": "7"})
    assert refused.status_code == 422
    assert "Zu viel" in refused.text
    assert "Kennzahl hinzufügen" not in client.get(PAGE).text
    first, second, *_rest = _entries(database, now, ProfileKind.SNAPSHOT)
    address = f"{PAGE}/eintraege/{second.key}"
    client.post(f"{address}/verschieben", data={"richtung": "hoch"})
    client.post(f"{address}/verschieben", data={"richtung": "hoch"})  # it is the first one already
    assert [e.headline for e in _entries(database, now, ProfileKind.SNAPSHOT)][:3] == [
        "Zahl 2",
        "Zahl 1",
        "Zahl 3",
    ]
    client.post(f"{PAGE}/eintraege/{first.key}/verschieben", data={"richtung": "runter"})
    assert [e.headline for e in _entries(database, now, ProfileKind.SNAPSHOT)][:3] == [
        "Zahl 2",
        "Zahl 3",
        "Zahl 1",
    ]
    assert client.post(f"{address}/verschieben", data={"richtung": "quer"}).status_code == 404
    seen = {"version": str(second.version), "headline": "Labore", "value": "120+"}
    assert client.post(address, data=seen).status_code == 303
    late = bens_client.post(address, data=seen | {"value": "130"})
    assert late.status_code == 409
    assert "120+" in late.text
    assert client.get(f"{address}/verlauf").status_code == 200
    client.post(f"{address}/loeschen")
    assert client.get(address).status_code == 404
    _add(client, "kennzahl", headline="Platz", value="1")
    assert [e.headline for e in _entries(database, now, ProfileKind.SNAPSHOT)][-1] == "Platz"


def test_a_news_item_needs_a_day_and_a_title(client: JudgingClient) -> None:
    assert client.post(f"{PAGE}/neu/meldung", data={"headline": "Ohne Tag"}).status_code == 422
    wrong = client.post(f"{PAGE}/neu/termin", data={"dated_on": "31.02.2027", "venue": "Gohlis"})
    assert wrong.status_code == 422
    assert 'value="31.02.2027"' in wrong.text
    assert client.get(f"{PAGE}/neu/quatsch").status_code == 404
