"""Contacts in and out on pages: visiting cards, Outlook, Google, our own table; dry run, import, taking it back."""

import io
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from jobs.read_imports import read_imports
from jobs.tidy_up import forget_abandoned_imports
from models.audit import AuditEntry
from models.contacts.exchange import working_off
from models.contacts.organisations import Organisation
from models.contacts.people import DataOrigin, Person, listed
from models.contacts.points import ContactPoint
from models.contacts.tags import tag_names
from models.database import Database
from models.files import FileStore
from models.imports.batches import BatchState, ImportBatch, ImportChange
from models.imports.staged import ImportRow, claim_reading
from models.privacy.records import ContactExport
from settings import Settings
from tests.conftest import NOW
from tests.judge import JudgingClient
from webapp.contact_import import receiving

CARDS = Path(__file__).parents[1] / "cards"
FACTS = {
    "origin": "third_party", "source": "Liste des FABx", "source_on": "20.11.2026", "legal_basis": "public_task",
    "purpose": "Netzwerk",
}  # fmt: skip
UPLOAD = "/kontakte/einfuhr"


def card(name: str, *lines: str) -> str:
    family, _comma, given = name.partition(",")
    return "\r\n".join(
        [
            "BEGIN:VCARD",
            "VERSION:4.0",
            f"FN:{given} {family}",
            f"N:{family};{given};;;",
            *lines,
            "END:VCARD",
            "",
        ]
    )


def upload(client: JudgingClient, content: bytes | str, name: str = "karten.vcf") -> str:
    """Upload a file; answers the address of the import."""
    sent = content.encode() if isinstance(content, str) else content
    response = client.post(
        UPLOAD, data={**FACTS, "file": (io.BytesIO(sent), name)}, content_type="multipart/form-data"
    )
    assert response.status_code == 303, text_of(response.text)
    return str(response.headers["Location"])


def taken_in(client: JudgingClient, content: bytes | str, name: str = "karten.vcf", **choices: str) -> str:
    address = upload(client, content, name)
    assert client.post(f"{address}/uebernehmen", data=choices).status_code == 303
    return address


def text_of(page: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", page).split())


def person(database: Database, family_name: str) -> Person:
    with database.read(NOW) as session:
        return session.exec(select(Person).where(Person.family_name == family_name, listed())).one()


def points(database: Database, key: int) -> list[tuple[str, str, str]]:
    with database.read(NOW) as session:
        found = session.exec(select(ContactPoint).where(ContactPoint.person_id == key))
        return [(p.kind.value, p.label, p.value) for p in found]


def count(database: Database, kind: Any) -> int:
    with database.read(NOW) as session:
        return len(session.exec(select(kind)).all())


def test_the_three_dialects_are_taken_in_once(
    client: JudgingClient, database: Database, settings: Settings
) -> None:
    for name in ("apple.vcf", "google.vcf", "outlook.vcf"):
        taken_in(client, (CARDS / name).read_bytes(), name)
    uta = person(database, "Öllerich")
    assert (uta.honorific, uta.given_name, uta.origin) == ("Dr.", "Uta Maria", DataOrigin.THIRD_PARTY)
    assert (uta.source, uta.source_on, uta.purpose) == ("Liste des FABx", date(2026, 11, 20), "Netzwerk")
    assert uta.place_id
    assert uta.organisation_id
    before = count(database, AuditEntry)
    for name in ("apple.vcf", "google.vcf", "outlook.vcf"):
        page = text_of(client.get(upload(client, (CARDS / name).read_bytes(), name)).text)
        assert "0 Kontakte kämen neu hinzu" in page
        assert "0 Kontakte würden ergänzt" in page
    with database.read(NOW) as session:
        batches = session.exec(select(ImportBatch)).all()
        made = session.exec(select(AuditEntry).where(AuditEntry.subject_kind == "person")).all()
        assert all(entry.changes for entry in made), "each new contact has its entry in the history"
        assert {b.state for b in batches} == {BatchState.APPLIED, BatchState.PREPARED}
        assert session.exec(select(ImportRow).where(ImportRow.batch_id == batches[0].key)).first() is None
    assert count(database, AuditEntry) == before + 3, "only the three uploads"
    assert client.get(f"/kontakte/{uta.key}").status_code == 200


def test_a_file_is_deleted_as_soon_as_it_is_imported_or_thrown_away(
    client: JudgingClient, database: Database, settings: Settings
) -> None:
    store = FileStore(settings.files_dir)
    kept = lambda: [path for path in store.folder.rglob("*") if path.is_file()]  # noqa: E731
    first, second = upload(client, card("Eins,Eva")), upload(client, card("Eins,Eva"))
    assert len(kept()) == 1
    client.post(f"{first}/uebernehmen")
    assert len(kept()) == 1, "the second still needs it"
    client.post(f"{second}/verwerfen")
    assert kept() == []
    upload(client, card("Zwei,Zoe"))
    with database.write(NOW) as session:
        assert forget_abandoned_imports(session, store, NOW + timedelta(days=8)) == 1
        assert session.exec(select(ImportRow)).all() == []
        session.commit()
    assert kept() == []


def test_outlooks_german_table_is_understood_by_its_headings(
    client: JudgingClient, database: Database
) -> None:
    address = upload(client, (CARDS / "outlook.csv").read_bytes(), "kontakte.csv")
    page = client.get(address, follow_redirects=True).text
    assert "Größmann" in page
    sent = {
        name: re.search(r'<option selected value="([^"]*)"', field)[1]  # type: ignore[index]
        for name, field in re.findall(r'<select[^>]*name="(column_\d+)"(.*?)</select>', page, re.S)
    }
    assert sent["column_13"] == "", "what is private is not proposed"
    wrong = {name: "" if value in ("family_name", "given_name") else value for name, value in sent.items()}
    answer = client.post(f"{address}/spalten", data=wrong)
    assert answer.status_code == 422
    assert "in welcher Spalte der Name steht" in answer.text
    assert client.post(f"{address}/spalten", data=sent).status_code == 303
    shown = text_of(client.get(address).text)
    assert "2 Kontakte kämen neu hinzu" in shown
    assert "„App. 12 beim Pförtner“ ist nicht als Telefonnummer lesbar" in shown
    client.post(f"{address}/uebernehmen")
    grit, joerg = person(database, "Größmann"), person(database, "Weiß")
    assert (grit.given_name, grit.honorific, grit.function) == (
        "Grit Maria",
        "",
        "Leiterin, Amt für Digitales",
    )
    assert (grit.email, grit.phone, grit.language) == ("grit.groessmann@augsburg.example", "0821 324-0", "de")
    assert grit.note == "Kennt den Maker Space.\nRuft gern zurück."
    assert points(database, grit.key) == [
        ("email", "", "digital@augsburg.example"),
        ("phone", "mobil", "0171 2345678"),
        ("web", "", "https://www.augsburg.example"),
        ("postal", "", "Rathausplatz 1\n86150 Augsburg\nDeutschland"),
    ]
    assert (joerg.honorific, joerg.phone) == ("Dr.", "App. 12 beim Pförtner")
    with database.read(NOW) as session:
        assert tag_names(session, "person", grit.key) == ["Fab City", "Verwaltung"]
        works_in = session.get_one(Organisation, joerg.organisation_id)
        assert (works_in.name, works_in.city) == ("Makerspace Fürth e. V.", "Fürth")


def test_googles_table_is_understood_by_its_headings(client: JudgingClient, database: Database) -> None:
    address = upload(client, (CARDS / "google.csv").read_bytes(), "contacts.csv")
    page = client.get(address, follow_redirects=True).text
    sent = {
        name: re.search(r'<option selected value="([^"]*)"', field)[1]  # type: ignore[index]
        for name, field in re.findall(r'<select[^>]*name="(column_\d+)"(.*?)</select>', page, re.S)
    }
    client.post(f"{address}/spalten", data=sent)
    client.post(f"{address}/uebernehmen")
    inigo = person(database, "Núñez")
    assert (inigo.email, inigo.phone, inigo.function) == (
        "inigo@fablab.example",
        "+34 612 345 678",
        "Coordinator",
    )
    assert points(database, inigo.key) == [
        ("email", "", "i.nunez@fablab.example"),
        ("email", "Press", "press@fablab.example"),
        ("phone", "", "+34 933 209 520"),
        ("web", "", "https://fablab.example"),
        ("postal", "", "Pujades 102\n08005 Barcelona\nSpain"),
    ]
    with database.read(NOW) as session:
        assert tag_names(session, "person", inigo.key) == ["Fab City"]


def test_a_faulty_row_says_why_and_leaves_the_others_importable(
    client: JudgingClient, database: Database
) -> None:
    content = (
        card("Gut,Gerda", "EMAIL:gerda@gut.example")
        + card("L" * 2000 + ",Lang")
        + card("Falsch,Fritz", "EMAIL:fritz at falsch")
        + card("Auch,Gut")
    )
    address = upload(client, content)
    page = text_of(client.get(address).text)
    assert "2 Zeilen haben einen Fehler" in page, page
    assert "Nachname: Der Text ist zu lang: 2000 Zeichen, höchstens 200" in page
    assert "„fritz at falsch“ ist keine E-Mail-Adresse" in page
    client.post(f"{address}/uebernehmen")
    assert person(database, "Auch").given_name == "Gut"
    done = client.get(address).text
    assert "ist keine E-Mail-Adresse" in done
    with database.read(NOW) as session:
        [batch] = session.exec(select(ImportBatch))
        assert [row["row"] for row in batch.mapping["left"]] == [2, 3]
        assert not re.search("fritz|Falsch|LLL", str(batch.mapping)), (
            "nobody is named where she was not taken in"
        )
    for wrong, facts, reason in (
        (b"", {}, "Die Datei ist leer"),
        (b"Hallo", {}, "Es wurde nichts geändert"),
        (b"BEGIN:VCARD", {"source": ""}, 'value="Netzwerk"'),
    ):
        sent = {**FACTS, **facts, "file": (io.BytesIO(wrong), "x.vcf")}
        answer = client.post(UPLOAD, data=sent, content_type="multipart/form-data", follow_redirects=True)
        assert reason in answer.text, reason


def test_an_import_completes_and_never_empties(client: JudgingClient, database: Database) -> None:
    taken_in(
        client,
        card("Stern,Sina", "EMAIL:sina@stern.example", "TEL:0341 123450", "TITLE:Referentin", "NOTE:Alt"),
    )
    with database.write(NOW) as session:
        session.add(
            Person(family_name="Nein", given_name="Nora", email="nora@n.example", do_not_contact=True)
        )
        session.commit()
    content = card(
        "Stern,Sina", "EMAIL:SINA@stern.example", "EMAIL:presse@stern.example", "TEL:+49 (341) 12 34-50",
        "TITLE:Leiterin", "NOTE:Neu", "CATEGORIES:Presse",
    ) + card("Nein,Nora", "EMAIL:nora@n.example", "TITLE:Chefin")  # fmt: skip
    address = upload(client, content)
    page = text_of(client.get(f"{address}?zeigen=geaendert").text)
    assert "Ein Kontakt würde ergänzt" in page
    assert "Funktion : Referentin → Leiterin" in page
    assert "möchte nicht angeschrieben werden" in text_of(client.get(f"{address}?zeigen=offen").text)
    client.post(f"{address}/uebernehmen")
    sina = person(database, "Stern")
    assert (sina.function, sina.note, sina.phone) == ("Leiterin", "Alt\nNeu", "0341 123450")
    assert points(database, sina.key) == [("email", "", "presse@stern.example")]
    assert "presse@stern.example" in sina.search_text
    assert person(database, "Nein").function == ""
    again = text_of(client.get(upload(client, content)).text)
    assert "0 Kontakte würden ergänzt" in again
    # Taken back: as before, but for what was changed since.
    with database.write(NOW) as session:
        changed = session.get_one(Person, sina.key)
        changed.note, changed.version = "Anders", changed.version + 1
        session.commit()
    assert "Ein Kontakt erhält zurück" in client.get(f"{address}/zuruecknehmen").text
    client.post(f"{address}/zuruecknehmen")
    sina = person(database, "Stern")
    assert (sina.function, sina.note, points(database, sina.key)) == ("Referentin", "Anders", [])
    assert "presse@stern.example" not in sina.search_text
    assert "Seitdem geändert" in client.get(address).text


def test_a_person_decides_where_it_is_not_clear(client: JudgingClient, database: Database) -> None:
    content = (
        card("Zwei,Zoe", "EMAIL:zoe@zwei.example")
        + card("Zwei,Zoe", "EMAIL:zoe@zwei.example", "TITLE:Chefin")
        + card("Drei,Dora", "EMAIL:dora@drei.example")
    )
    taken_in(client, content)
    with database.read(NOW) as session:
        names = session.exec(select(Person.family_name).where(col(Person.source) == "Liste des FABx")).all()
        [batch] = session.exec(select(ImportBatch))
    assert sorted(names) == ["Drei", "Zwei"]
    assert [row["row"] for row in batch.mapping["left"]] == [2]
    with database.write(NOW) as session:
        session.add(
            Person(family_name="Zwei", given_name="Zoe", email="zoe@zwei.example", function="Doppelt")
        )
        session.commit()
    address = upload(
        client,
        card("Zwei,Zoe", "EMAIL:zoe@zwei.example", "TITLE:Präsidentin")
        + card("Vier,D", "EMAIL:dora@drei.example"),
    )
    page = client.get(address).text
    assert "Mehrere Kontakte hier könnten gemeint sein" in page
    assert "Hier hat jemand unter anderem Namen dieselbe E-Mail-Adresse" in page
    (several, options), (other, _rest) = re.findall(
        r'<select[^>]*name="(wahl-\d+)"(.*?)</select>', page, re.S
    )
    chosen = re.findall(r'value="(update-\d+)"', options)
    assert len(chosen) == 2
    data = {several: chosen[1], other: "new"}
    assert client.post(f"{address}/wahl", data=data).status_code == 303
    assert "Funktion : Doppelt → Präsidentin" in text_of(client.get(f"{address}?zeigen=geaendert").text)
    client.post(f"{address}/uebernehmen")
    assert person(database, "Vier").email == "dora@drei.example"
    with database.read(NOW) as session:
        assert session.get_one(Person, int(chosen[1].removeprefix("update-"))).function == "Präsidentin"


def test_the_whole_import_can_be_taken_back(client: JudgingClient, database: Database) -> None:
    content = "".join(
        card(f"Weg{n},Willi", "ORG:Neues Haus", "CATEGORIES:Weg", f"TEL:0341 10{n}000", f"TEL:0341 20{n}000")
        for n in range(4)
    )
    address = taken_in(client, content)
    with database.write(NOW) as session:
        one = session.exec(select(Person).where(Person.family_name == "Weg2")).one()
        one.note, one.version = "Seither geändert", one.version + 1
        session.commit()
    assert "3 Kontakte, die die Einfuhr aufgenommen hat" in text_of(
        client.get(f"{address}/zuruecknehmen").text
    )
    client.post(f"{address}/zuruecknehmen")
    with database.read(NOW) as session:
        assert session.exec(select(Person.family_name).where(Person.given_name == "Willi")).all() == ["Weg2"]
        assert session.exec(select(ContactPoint)).all() != []
        assert session.exec(select(Organisation).where(Organisation.name == "Neues Haus")).first() is not None
        assert "Weg1" not in str([e.model_dump() for e in session.exec(select(AuditEntry))]), (
            "no name stays behind"
        )
        assert "Weg1" not in str([c.model_dump() for c in session.exec(select(ImportChange))])
    assert "blieb" in client.get(address).text or "bleibt" in client.get(address).text
    assert client.post(f"{address}/zuruecknehmen").status_code == 303


def test_a_large_file_is_read_beside_the_pages(
    client: JudgingClient, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "AT_ONCE", 2)
    monkeypatch.setattr(working_off, "AT_ONCE", 2)
    store = FileStore(settings.files_dir)
    address = upload(client, "".join(card(f"Groß{n},Gabi", f"UID:g-{n}") for n in range(5)))
    waiting = client.get(address)
    assert "0 von 5 gelesen" in waiting.text
    assert waiting.headers["Refresh"] == "2"
    assert client.post(f"{address}/uebernehmen").status_code == 303
    # A process begins and dies; nobody takes over at once, somebody does after a minute.
    with database.write(NOW) as session:
        lost = claim_reading(session, NOW)
        session.commit()
    assert lost is not None
    assert not working_off.read_claimed(
        database, store, lost, lambda: NOW, iter([False, False, True]).__next__
    )
    assert "4 von 5 gelesen" in client.get(address).text
    assert read_imports(database, store, lambda: NOW + timedelta(seconds=30)) == 0
    later = NOW + timedelta(seconds=90)
    assert read_imports(database, store, lambda: later) == 1
    assert not working_off.read_claimed(database, store, lost, lambda: later), "the first one has lost it"
    page = text_of(client.get(address).text)
    assert "5 Kontakte kämen neu hinzu" in page
    assert count(database, ImportRow) == 5
    client.post(f"{address}/uebernehmen")
    assert person(database, "Groß4").uid == "g-4"
    # A file that is no file of cards fails with its reason, and can be thrown away.
    broken = upload(client, card("A,B") * 3)
    for path in store.folder.rglob("*"):
        if path.is_file():
            path.write_bytes(b"etwas anderes")
    read_imports(database, store, lambda: later)
    assert "Die Datei fehlt" in client.get(broken).text or "auf dem Datenträger" in client.get(broken).text
    assert client.post(f"{broken}/verwerfen").status_code == 303


def test_contacts_go_out_and_each_time_is_recorded(client: JudgingClient, database: Database) -> None:
    taken_in(
        client, card("=cmd(),Eva", "EMAIL:eva@aus.example", "CATEGORIES:Raus") + card("Bleibt,Bo", "NOTE:+1")
    )
    eva = person(database, "=cmd()")
    csv = client.get("/kontakte/ausgabe.csv")
    assert csv.data.startswith(b"\xef\xbb\xbfUID;")
    assert ";'=cmd();" in csv.text
    assert ";'+1;" in csv.text
    one = client.get(f"/kontakte/ausgabe.vcf?person={eva.key}&suche=egal").text
    assert (one.count("BEGIN:VCARD"), "VERSION:4.0" in one) == (1, True)
    found = client.get("/kontakte/ausgabe.xlsx?suche=bleibt")
    assert found.data.startswith(b"PK")
    alone = client.get(f"/kontakte/{eva.key}.vcf")
    assert (
        alone.headers["Content-Disposition"] == 'attachment; filename="cmd-eva.vcf"'
        or "filename" in alone.headers["Content-Disposition"]
    )
    assert client.get("/kontakte/999999.vcf").status_code == 404
    with database.read(NOW) as session:
        rows = session.exec(select(ContactExport).order_by(col(ContactExport.id))).all()
    assert [(row.kind.value, row.number >= 1, row.person_id) for row in rows] == [
        ("csv", True, None), ("vcard", True, None), ("xlsx", True, None), ("vcard", True, eva.key),
    ]  # fmt: skip
    assert rows[2].number == 1
    again = text_of(client.get(upload(client, csv.data, "wieder.csv")).text)
    assert "0 Kontakte kämen neu hinzu" in again
    assert "0 Kontakte würden ergänzt" in again
