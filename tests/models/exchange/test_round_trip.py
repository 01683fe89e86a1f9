"""What goes out comes in again as it was; what an import writes is what the session would have written."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

from openpyxl import load_workbook
from sqlmodel import col, select

from models.audit import AuditEntry
from models.city import the_city
from models.contacts.exchange.applying import apply_prepared, prepare
from models.contacts.exchange.fields import FIELDS, headings, own_columns
from models.contacts.exchange.gathering import contacts, everybody
from models.contacts.exchange.working_off import read_claimed
from models.contacts.exchange.writing import csv_file, vcard_file, xlsx_file
from models.contacts.organisations import Organisation
from models.contacts.people import DataOrigin, LegalBasis, Person, PersonState
from models.contacts.points import ContactPoint, PointKind
from models.contacts.roles import PersonRole
from models.contacts.search.rederiving import rederive
from models.contacts.tags import Tag, TagLink
from models.database import Database
from models.files import FileStore
from models.imports.batches import BatchState, ImportBatch, ImportKind
from models.imports.staged import RowGroup, claim_reading, row_counts
from models.places import Place
from tests.conftest import NOW

TODAY = NOW.date()


def taken_in(database: Database, folder: Path, content: bytes, name: str, **facts: str) -> dict[str, int]:
    """Import a file and answer how many rows were what."""
    store, file_format = FileStore(folder), "vcard" if name.endswith("vcf") else name[-4:].strip(".")
    stored = store.put([content], len(content))
    with database.write(NOW) as session:
        session.add(
            ImportBatch(
                kind=ImportKind.CONTACTS, sha256=stored.sha256, file_name=name, uploaded_at=NOW,
                file_format=file_format, state=BatchState.READING, mapping={"facts": facts, "is_own": True},
            )
        )  # fmt: skip
        session.flush()
        claim = claim_reading(session, NOW)
        session.commit()
    assert claim is not None
    assert read_claimed(database, store, claim, lambda: NOW)
    with database.read(NOW) as session:
        batch = session.get_one(ImportBatch, claim.batch_id)
        assert batch.state is BatchState.PREPARED, batch.fault
        found = row_counts(session, batch)
        prepared = prepare(session, batch, TODAY)
    with database.write(NOW) as session:
        apply_prepared(session, session.get_one(ImportBatch, claim.batch_id), prepared, NOW)
        session.commit()
    return {**{group.value: n for group, n in found.groups.items()}, "gleich": found.unchanged}


def filled(database: Database) -> None:
    """People of every kind: all columns, marks, line breaks, formulas, several of everything."""
    with database.write(NOW) as session:
        place = session.exec(select(Place).where(Place.name == "Augsburg")).one()
        house = Organisation(name="Müller & Söhne; GmbH", city="Augsburg", place_id=place.key)
        other = Organisation(name="=Verein")
        session.add_all([house, other])
        session.flush()
        full = Person(
            honorific="Dr.", given_name="Jürgen", family_name="Özil-Łuczak", organisation_id=house.key,
            place_id=place.key, is_first_contact=True, function="+Leitung", role_from=date(2020, 1, 1),
            role_to=date(2030, 12, 31), email="j@oe.example", phone="0341 12 34-56", language="pl",
            other_languages="de hu", other_properties="X-FOO;TYPE=a:b\nPHOTO:http://x.example/y",
            note='Zeile 1\n"Zeile" 2;\n-3',
            last_talk_on=date(2026, 3, 1), confirmed_on=date(2026, 2, 1), added_on=date(2026, 1, 1),
            legal_basis=LegalBasis.CONSENT, origin=DataOrigin.SELF, source="'=Karte", source_on=date(2025, 5, 5),
            purpose="Netzwerk", notice_sent_on=date(2026, 1, 5), notice_waived="weiß es", keep_until=date(2031, 1, 1),
            keep_reason="Vertrag",
        )  # fmt: skip
        plain = Person(family_name="Nur", source="@x", added_on=TODAY)
        no = Person(
            given_name="Nein",
            family_name="Sager",
            do_not_contact=True,
            added_on=TODAY,
            objected_on=date(2026, 6, 6),
            objection="Bitte\nnicht",
        )
        session.add_all([full, plain, no, Person(family_name="Weg", state=PersonState.MERGED)])
        session.flush()
        for position, (kind, label, value) in enumerate((
            (PointKind.EMAIL, "Büro: links", "zwei@oe.example"), (PointKind.PHONE, "", "+49 30 1234567"),
            (PointKind.POSTAL, "", "Weg 1\n86150 Augsburg"), (PointKind.WEB, "a\\b", "https://x.example/:y"),
        )):  # fmt: skip
            session.add(
                ContactPoint(person_id=full.key, kind=kind, label=label, value=value, position=position)
            )
        session.add(
            PersonRole(
                person_id=full.key,
                organisation_id=other.key,
                function="Beirat | Kasse",
                role_to=date(2019, 1, 1),
                note="kurz",
            )
        )
        tag = Tag(name="Holz, Metall")
        session.add_all([tag, Tag(name="Ähnlich")])
        session.flush()
        for wanted in session.exec(select(Tag)).all():
            session.add(TagLink(tag_id=wanted.key, subject_kind="person", subject_id=full.key))
        session.commit()


def out(database: Database, write: Callable[..., object]) -> bytes:
    with database.read(NOW) as session:
        found = write(contacts(session, everybody(session), the_city(session).installation))
    return found if isinstance(found, bytes) else b"".join(found)  # type: ignore[call-overload]


def test_csv_out_is_csv_in(
    database: Database, new_database_url: Callable[[bool], str], tmp_path: Path
) -> None:
    filled(database)
    first = out(database, lambda found: csv_file(found, "de"))
    assert taken_in(database, tmp_path, first, "kontakte.csv")["gleich"] == 3, "nothing changes at home"
    second = Database(new_database_url(True))
    assert taken_in(second, tmp_path, first, "kontakte.csv")["neu"] == 3
    assert out(second, lambda found: csv_file(found, "de")).decode() == first.decode()
    # The same in Excel and in the other language; cells are texts and days, never formulas.
    book = out(second, lambda found: xlsx_file(found, "en", NOW))
    sheet = load_workbook(io.BytesIO(book)).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "d"}
    assert taken_in(second, tmp_path, book, "kontakte.xlsx")["gleich"] == 3
    assert taken_in(second, tmp_path, out(database, vcard_file), "karten.vcf")["gleich"] == 3
    third = Database(new_database_url(True))
    assert taken_in(third, tmp_path, book, "kontakte.xlsx")["neu"] == 3
    assert out(third, lambda found: csv_file(found, "de")).decode() == first.decode()
    for made in (second, third):
        made.close()


def test_what_an_import_writes_is_what_the_session_would_write(
    database: Database, new_database_url: Callable[[bool], str], tmp_path: Path
) -> None:
    filled(database)
    content = out(database, lambda found: csv_file(found, "de"))
    second = Database(new_database_url(True))
    taken_in(second, tmp_path, content, "kontakte.csv")
    with second.write(NOW) as session:
        people = session.exec(select(Person).order_by(col(Person.id))).all()
        derived = {p.key: (p.search_text, p.sort_key, p.email_key, p.phone_key, p.given_key) for p in people}
        for person in people:
            person.derive()
        rederive(session, list(derived))
        assert {
            p.key: (p.search_text, p.sort_key, p.email_key, p.phone_key, p.given_key) for p in people
        } == derived
        full = next(p for p in people if p.family_name == "Özil-Łuczak")
        [entry] = session.exec(
            select(AuditEntry).where(AuditEntry.subject_kind == "person", AuditEntry.subject_id == full.key)
        )
        assert (entry.label, entry.changes["family_name"]) == (
            "Dr. Jürgen Özil-Łuczak",
            [None, "Özil-Łuczak"],
        )
        assert "kontakte.csv" in entry.reason
        session.add(Person(family_name="Danach"))  # keys go on behind those that the import took
        session.commit()
    second.close()


def test_our_own_headings_are_known_in_both_languages() -> None:
    for language in ("de", "en"):
        assert own_columns(headings(language)) == {field.name: n for n, field in enumerate(FIELDS)}
    assert own_columns(["Nachname", "Vorname", "Ort"]) is None


def test_a_merged_contact_is_met_as_the_one_who_was_kept(database: Database, tmp_path: Path) -> None:
    with database.write(NOW) as session:
        kept = Person(family_name="Bleibt", given_name="Bea")
        session.add(kept)
        session.flush()
        session.add(Person(family_name="Ging", uid="u-1", state=PersonState.MERGED, merged_into_id=kept.key))
        gone = Person(family_name="", state=PersonState.ERASED, erased_on=TODAY)
        session.add(gone)
        session.commit()
        home = the_city(session).installation
    cards = "".join(
        f"BEGIN:VCARD\r\nVERSION:4.0\r\nUID:{uid}\r\nFN:{name}\r\nN:{name};;;;\r\nEND:VCARD\r\n"
        for uid, name in (("u-1", "Bleibt"), (f"person-{gone.key}@{home}.fab-city-lotse", "Wieder"))
    )
    found = taken_in(database, tmp_path, cards.encode(), "karten.vcf")
    assert (found["neu"], found["geaendert"], found["offen"]) == (0, 1, 1)
    assert RowGroup.OPEN.value == "offen"
