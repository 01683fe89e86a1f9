"""What hangs on a contact: addresses, functions, tags, first contact, whether still in office, do not contact."""

from datetime import date, datetime, timedelta

import lxml.html
import pytest
from sqlmodel import select

from models.audit import history_of
from models.contacts.organisations import Organisation
from models.contacts.people import DataOrigin, Person, PersonState
from models.contacts.points import ContactPoint
from models.contacts.roles import PersonRole, roles_of
from models.contacts.tags import tag_names
from models.database import Database
from models.followups import FollowUp, FollowUpKind
from tests.judge import JudgingClient

NEW = {
    "given_name": "Júlia", "family_name": "Roig", "organisation_id": "3", "function": "Coordinadora",
    "email": "julia@iaac.example", "phone": "+34 933 209 520", "language": "ca", "tags": "Presse, presse , Holz",
    "other_languages": "Englisch; Spanisch", "origin": "public", "source": "Internetseite", "source_on": "1.7.2025",
}  # fmt: skip


@pytest.fixture
def julia(client: JudgingClient) -> str:
    return client.post("/kontakte/neu", data=NEW).headers["Location"]


def _texts(html: str, path: str) -> list[str]:
    return [" ".join(found.text_content().split()) for found in lxml.html.fromstring(html).xpath(path)]


def _faulty(html: str) -> list[str]:
    return [str(name) for name in lxml.html.fromstring(html).xpath("//*[@aria-invalid='true']/@name")]


def _julia(database: Database, now: datetime) -> Person:
    with database.read(now) as session:
        return session.exec(select(Person).where(Person.family_name == "Roig")).one()


def test_the_page_says_at_the_top_who_it_is_and_how_to_reach_her(
    client: JudgingClient, database: Database, now: datetime, julia: str
) -> None:
    person = _julia(database, now)
    assert (person.origin, person.other_languages, person.added_on) == (
        DataOrigin.PUBLIC, "en es", date(2026, 11, 23)
    )  # fmt: skip
    text = client.get(julia).text
    assert _texts(text, "//ul[@class='reach']//a") == ["+34 933 20 95 20", "julia@iaac.example"]
    assert "Katalanisch, Englisch, Spanisch" in text
    assert _texts(text, "//dd/a[contains(@href, 'schlagwort')]") == ["Holz", "Presse"]
    assert "Informationsschreiben bis 01.08.2025" in text
    known = client.get("/kontakte/neu").text
    assert "Schon vorhanden: Holz, Presse." in known


def test_further_addresses_are_added_changed_found_and_deleted(
    client: JudgingClient, database: Database, now: datetime, julia: str
) -> None:
    faults = [
        ("email", "keine"), ("phone", "bitte anrufen"), ("web", "javascript:alert(1)"), ("postal", ""),
        ("postal", "x" * 501), ("email", "x" * 2001),
    ]  # fmt: skip
    for kind, value in faults:
        answer = client.post(f"{julia}/adressen/neu", data={"kind": kind, "value": value, "label": "Büro"})
        assert (answer.status_code, _faulty(answer.text)) == (422, ["value"]), (kind, value)
        assert "Büro" in answer.text
        assert value in answer.text
    typed = [("phone", "(0341) 12 34-567", "mobil"), ("postal", "Hof 1\n04109 Leipzig", "Büro")]
    for kind, value, label in typed:
        answer = client.post(f"{julia}/adressen/neu", data={"kind": kind, "value": value, "label": label})
        assert answer.status_code == 303
    text = client.get(julia).text
    assert 'href="tel:+49-341-1234567"' in text
    assert "Hof 1<br>04109 Leipzig" in text
    assert julia in client.get("/kontakte?suche=0341+1234567").text
    with database.read(now) as session:
        phone, postal = session.exec(select(ContactPoint).order_by(ContactPoint.position)).all()
        assert (phone.value, phone.value_key) == ("(0341) 12 34-567", "+493411234567")
    changed = {"kind": "phone", "value": "0341 7654321", "label": "mobil", "version": "1"}
    assert client.post(f"{julia}/adressen/{phone.key}", data=changed).status_code == 303
    assert client.post(f"{julia}/adressen/{phone.key}", data=changed | {"value": "123"}).status_code == 422
    conflict = client.post(f"{julia}/adressen/{phone.key}", data=changed | {"label": "Pforte"})
    assert conflict.status_code == 409
    assert client.post(f"{julia}/adressen/{phone.key}/loeschen").status_code == 303
    assert julia not in client.get("/kontakte?suche=7654321").text
    for address in (f"/organisationen/3/adressen/{postal.key}", "/kontakte/999/adressen/neu"):
        assert client.get(address).status_code == 404


def test_functional_mailboxes_stand_with_their_organisation(client: JudgingClient) -> None:
    new = {"kind": "email", "value": "presse@iaac.example", "label": "Presse"}
    assert client.post("/organisationen/3/adressen/neu", data=new).headers["Location"] == "/organisationen/3"
    assert "mailto:presse@iaac.example" in client.get("/organisationen/3").text
    typed = {"name": "IAAC", "kind": "lab", "tags": "Werkstatt", "version": "1"}
    assert client.post("/organisationen/3/bearbeiten", data=typed).status_code == 303
    assert "IAAC" in client.get("/organisationen?suche=werkstatt").text
    assert "Werkstatt" in client.get("/schlagworte").text


def test_another_organisation_asks_whether_the_person_has_moved(
    client: JudgingClient, database: Database, now: datetime, julia: str
) -> None:
    typed = NEW | {
        "version": "1",
        "organisation_id": "3",
        "new_organisation": "Taller Nou",
        "function": "Directora",
    }
    answer = client.post(f"{julia}/bearbeiten", data=typed)
    assert (answer.status_code, _faulty(answer.text)) == (422, ["has_moved"])
    assert "Directora" in answer.text
    assert "Taller Nou" in answer.text
    assert client.post(f"{julia}/bearbeiten", data=typed | {"has_moved": "y"}).status_code == 303
    with database.read(now) as session:
        person = session.exec(select(Person)).one()
        office = session.get_one(Organisation, person.organisation_id)
        (former,) = roles_of(session, person.key)
    assert (office.name, person.function, person.role_from) == ("Taller Nou", "Directora", date(2026, 11, 23))
    assert (former.function, former.organisation_id, former.role_to) == (
        "Coordinadora",
        3,
        date(2026, 11, 22),
    )
    assert "bis 22.11.2026" in client.get(julia).text
    assert "Eine frühere Ansprechperson" in client.get("/organisationen/3").text
    back = NEW | {"version": str(person.version), "is_correction": "y"}
    assert client.post(f"{julia}/bearbeiten", data=back).status_code == 303
    with database.read(now) as session:
        assert len(roles_of(session, person.key)) == 1


def test_functions_are_kept_with_from_and_to(
    client: JudgingClient, database: Database, now: datetime, julia: str
) -> None:
    wrong = {"function": "Becària", "organisation_id": "2", "role_from": "1.2.2020", "role_to": "1.1.2020"}
    for answer in (
        client.post(f"{julia}/aufgaben/neu", data=wrong),
        client.post(f"{julia}/bearbeiten", data=NEW | {"version": "1"} | wrong | {"has_moved": "y"}),
    ):
        assert (answer.status_code, _faulty(answer.text)) == (422, ["role_to"])
        assert "Becària" in answer.text
    assert client.post(f"{julia}/aufgaben/neu", data=wrong | {"role_to": "1.5.2021"}).status_code == 303
    with database.read(now) as session:
        role = session.exec(select(PersonRole)).one()
    assert "von 01.02.2020 bis 01.05.2021" in client.get(julia).text
    address = f"{julia}/aufgaben/{role.key}"
    assert client.post(address, data=wrong | {"role_to": "", "version": "1"}).status_code == 303
    assert client.post(address, data=wrong | {"role_to": "1.1.2022", "version": "1"}).status_code == 409
    assert client.post(f"{address}/loeschen").status_code == 303
    late = {"role_from": "1.3.2026", "ended_on": "1.4.2026", "version": "1", "email": "j@neu.example"}
    answer = client.post(f"{julia}/neue-aufgabe", data=late)
    assert (answer.status_code, _faulty(answer.text)) == (422, ["ended_on"])
    nothing = late | {"ended_on": ""}
    assert _faulty(client.post(f"{julia}/neue-aufgabe", data=nothing).text) == ["function"]
    assert client.post(f"{julia}/neue-aufgabe", data=nothing | {"function": "Direktorin"}).status_code == 303
    person = _julia(database, now)
    assert (person.function, person.organisation_id, person.email) == ("Direktorin", None, "j@neu.example")
    stale = client.post(f"{julia}/neue-aufgabe", data=nothing | {"function": "Andere"})
    assert stale.status_code == 409
    assert "Andere" in stale.text


def test_two_officers_on_one_contact_both_see_tags_and_data_protection(
    client: JudgingClient, bens_client: JudgingClient, database: Database, now: datetime, julia: str
) -> None:
    bens = NEW | {"version": "1", "tags": "Holz, Bens", "do_not_contact": "y", "purpose": "Bens Zweck"}
    assert bens_client.post(f"{julia}/bearbeiten", data=bens).status_code == 303
    annas = NEW | {"version": "1", "tags": "Annas", "new_organisation": "Annas Haus", "organisation_id": ""}
    answer = client.post(f"{julia}/bearbeiten", data=annas | {"has_moved": "y"})
    assert answer.status_code == 409
    for word in ("Bens, Holz", "Annas", "Bens Zweck", "Annas Haus"):
        assert word in answer.text, word
    with database.read(now) as session:
        assert tag_names(session, "person", int(julia.split("/")[-1])) == ["Bens", "Holz"]
        assert session.exec(select(PersonRole)).all() == []
        assert session.exec(select(Organisation).where(Organisation.name == "Annas Haus")).all() == []
    again = annas | {"has_moved": "y", "version": "2"}
    assert client.post(f"{julia}/bearbeiten", data=again).status_code == 303
    assert [
        r.text_content() for r in lxml.html.fromstring(client.get(julia).text).xpath("//ul[@class='reach']")
    ]


def test_what_is_typed_wrongly_stays_and_nothing_is_half_saved(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    faults = [
        ("origin", ""), ("tags", "x" * 61), ("tags", ",".join(map(str, range(40)))), ("tags", "x" * 2001),
        ("other_languages", "Englisch, Quatschisch"), ("new_organisation", "n" * 2000), ("honorific", "d" * 61),
        ("new_organisation", "Fab Foundation"),
    ]  # fmt: skip
    for field, typed in faults:
        answer = client.post("/kontakte/neu", data=NEW | {"organisation_id": ""} | {field: typed})
        assert (answer.status_code, _faulty(answer.text)) == (422, [field]), field
        assert typed in answer.text
    with database.read(now) as session:
        assert session.exec(select(Person)).all() == []


def test_a_new_organisation_stands_in_the_city_of_the_person(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    typed = NEW | {"organisation_id": "", "new_organisation": "Taller Nou", "place_id": "1"}
    assert client.post("/kontakte/neu", data=typed).status_code == 303
    with database.read(now) as session:
        new = session.exec(select(Organisation).where(Organisation.name == "Taller Nou")).one()
    assert (new.place_id, new.city, new.country_code) == (1, "Barcelona", "ES")


def test_still_in_office_is_asked_once_a_year_and_nothing_is_sent(
    client: JudgingClient, database: Database, now: datetime, julia: str
) -> None:
    assert "Ein Kontakt zu bestätigen" in client.get("/").text
    listed = client.get("/kontakte/noch-im-amt").text
    assert "zuletzt bekannt am 01.07.2025" in listed
    mail = client.get(f"{julia}/nachfragen").text
    assert "Are you still our contact?" in mail
    assert "mailto:julia@iaac.example?subject=Are%20you" in mail
    client.post(f"{julia}/bearbeiten", data=NEW | {"version": "1", "language": "de"})
    assert "Sind Sie noch unsere Ansprechperson?" in client.get(f"{julia}/nachfragen").text
    answer = client.post(f"{julia}/im-amt", data={"seite": "1"})
    assert answer.headers["Location"] == "/kontakte/noch-im-amt"
    assert _julia(database, now).confirmed_on == date(2026, 11, 23)
    assert julia not in client.get("/kontakte/noch-im-amt").text
    assert "zu bestätigen" not in client.get("/").text
    for typed in ("24.11.2026", "", "31.2.2026"):
        assert client.post(f"{julia}/nicht-mehr-im-amt", data={"ended_on": typed}).status_code == 422
    gone = {"ended_on": "30.9.2026", "has_successor": "y"}
    form = client.get(client.post(f"{julia}/nicht-mehr-im-amt", data=gone).headers["Location"]).text
    page = lxml.html.fromstring(form)
    assert page.xpath("//input[@name='function']/@value") == ["Coordinadora"]
    assert page.xpath("//select[@name='organisation_id']/option[@selected]/@value") == ["3"]
    assert "nicht mehr in dieser Aufgabe" in client.get(julia).text


def test_the_list_of_those_to_confirm_is_paged(
    client: JudgingClient, database: Database, now: datetime, today: date
) -> None:
    with database.write(now) as session:
        session.add_all(
            Person(family_name=f"Person {n:02}", source_on=today - timedelta(days=999 - n)) for n in range(27)
        )
        session.commit()
    first, second = (client.get(f"/kontakte/noch-im-amt?seite={n}").text for n in (1, 2))
    assert _texts(first, "//div[@class='tasks__text']/a")[0] == "Person 00"
    assert _texts(second, "//div[@class='tasks__text']/a") == ["Person 25", "Person 26"]


def test_do_not_contact_says_what_it_means_and_prepares_no_mail(
    client: JudgingClient, database: Database, now: datetime, today: date, julia: str
) -> None:
    typed = NEW | {"version": "1", "do_not_contact": "y"}
    assert client.post(f"{julia}/bearbeiten", data=typed).status_code == 303
    meaning = "gehen keine vorbereiteten E-Mails, Einladungen oder Rundschreiben"
    for address in (julia, f"{julia}/bearbeiten"):
        assert meaning in client.get(address).text
    assert "nicht anschreiben" in client.get("/organisationen/3").text
    assert client.get(f"{julia}/nachfragen").status_code == 404
    assert "/nachfragen" not in client.get("/kontakte/noch-im-amt").text
    with database.write(now) as session:
        wait = FollowUp(
            kind=FollowUpKind.WAITING, subject_kind="person", subject_id=1, what="Antwort", due_on=today,
            waiting_for="Júlia Roig", waiting_email="JULIA@iaac.example",
        )  # fmt: skip
        session.add(wait)
        session.commit()
        address = f"/wiedervorlagen/{wait.key}/nachfragen"
    for known in ("JULIA@iaac.example", ""):
        with database.write(now) as session:
            session.exec(
                select(FollowUp).where(FollowUp.waiting_for == "Júlia Roig")
            ).one().waiting_email = known
            session.commit()
        asked = client.get(address).text
        assert "mailto:" not in asked
        assert "keine vorbereiteten E-Mails" in asked


def test_tags_are_renamed_made_one_and_deleted(
    client: JudgingClient, database: Database, now: datetime, julia: str
) -> None:
    page = lxml.html.fromstring(client.get("/schlagworte").text)
    assert [row.text_content().split()[0] for row in page.xpath("//tbody/tr")] == ["Holz", "Presse"]
    holz, presse = [h for h in page.xpath("//tbody//a/@href") if "loeschen" not in h and "kontakte" not in h]
    for typed in ("", "a,b", "x" * 61):
        assert client.post(holz, data={"name": typed}).status_code == 422
    assert "eines: Presse" in client.get(client.post(holz, data={"name": "PRESSE"}).headers["Location"]).text
    assert client.post(presse, data={"name": "Medien"}).status_code == 303
    assert "Medien" in client.get(julia).text
    assert "Holz, Presse" in client.get(f"{julia}/verlauf").text
    assert client.post(f"{presse}/loeschen").status_code == 303
    assert "Medien" not in client.get(julia).text.split("Änderungsverlauf")[0]
    assert client.get(holz).status_code == 404


def test_merged_ones_lead_to_the_kept_one_and_erased_ones_say_no_more(
    client: JudgingClient, database: Database, now: datetime, julia: str
) -> None:
    with database.write(now) as session:
        kept = _julia(database, now).key
        merged = Person(family_name="Doppelt", state=PersonState.MERGED, merged_into_id=kept)
        erased = Person(state=PersonState.ERASED, erased_on=date(2026, 11, 1))
        session.add_all([merged, erased])
        session.commit()
        keys = merged.key, erased.key
    answer = client.get(f"/kontakte/{keys[0]}/bearbeiten")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{julia}/bearbeiten")
    assert client.get(f"/kontakte/{keys[0]}").headers["Location"] == julia
    gone = client.get(f"/kontakte/{keys[1]}")
    assert _texts(gone.text, "//main//h1") == ["Kontakt, gelöscht am 01.11.2026"]
    assert _texts(gone.text, "//main//dl") == []
    assert client.get(f"/kontakte/{keys[1]}/bearbeiten").status_code == 404
    with database.read(now) as session:
        assert history_of(session, "person", kept)
