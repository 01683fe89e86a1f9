"""The pages of data protection: letters, review, what was recorded, documents."""

import io
from datetime import date, datetime, timedelta

import pypdfium2
import pytest
from openpyxl import load_workbook
from sqlmodel import SQLModel, select

from models import tables  # noqa: F401  (fills the registry)
from models.city import the_city
from models.contacts.people import DataOrigin, Person
from models.contacts.points import ContactPoint, PointKind
from models.database import Database
from models.officers import Officer
from models.privacy.activities import ACTIVITIES
from models.privacy.columns import is_json, is_personal
from models.privacy.records import ContactExport, ExportKind
from models.privacy.register import personal_columns
from tests.judge import JudgingClient
from webapp.history_words import COLUMNS, TABLES

HERE = "/datenschutz/informationsschreiben"
SETTINGS = {
    "name": "Leipzig", "unit": "Referat Digitale Stadt", "unit_email": "digital@lotse.example", "state": "SN",
    "postal_address": "Neues Rathaus\n04092 Leipzig", "privacy_officer": "datenschutz@lotse.example",
    "privacy_authority": "", "contacts_keep_months": "24", "mails_keep_months": "12", "sessions_keep_days": "30",
}  # fmt: skip


def _pages(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    return [page.get_textpage().get_text_range() for page in document]


def _stored(database: Database, now: datetime, key: int) -> Person:
    with database.read(now) as session:
        return session.get_one(Person, key)


def _add(database: Database, now: datetime, **values: object) -> int:
    known = {
        "given_name": "Verena", "family_name": "Web", "origin": DataOrigin.PUBLIC, "language": "de",
        "source": "Website der Stadt Kiel", "source_on": date(2026, 10, 31), "function": "Leitung Digitales",
    }  # fmt: skip
    with database.write(now) as session:
        person = Person(**(known | values))
        session.add(person)
        session.commit()
        return person.key


def test_a_letter_is_read_sent_by_hand_and_recorded(
    client: JudgingClient, database: Database, now: datetime, today: date
) -> None:
    key = _add(database, now, email="verena@kiel.example", phone="0431 123456")
    foreign = _add(database, now, given_name="Ana", family_name="Abroad", language="es", source_on=today)
    unclear = _add(database, now, family_name="Unklar", origin=DataOrigin.UNKNOWN)
    with database.write(now) as session:
        session.add(ContactPoint(person_id=key, kind=PointKind.POSTAL, value="Fleethörn 9\n24103 Kiel"))
        session.commit()
    overview = client.get("/").text
    assert "2 Informationsschreiben zu versenden, das erste bis 30.11.2026" in overview
    listed = client.get(HERE).text
    assert listed.index("Verena Web") < listed.index("Ana Abroad")
    assert "Bei einem Kontakt ist nicht bekannt" in listed
    assert f"/kontakte/{unclear}/bearbeiten" in client.get("/datenschutz/herkunft").text
    letter = client.get(f"{HERE}/{key}").text
    for column in ("postal_address", "privacy_officer"):
        assert f"/mehr/stadt#{column}" in letter
    assert "/mehr/stadt#privacy_authority" not in letter, "Saxony's is known"
    assert client.post("/mehr/stadt", data=SETTINGS | {"version": "1"}).status_code == 303
    letter = client.get(f"{HERE}/{key}").text
    wanted = (
        "Neues Rathaus", "Telefonnummern", "Postanschriften", "Art. 6 Abs. 1 Buchst. e DSGVO", "Art. 21", "24 Monate",
        "Website der Stadt Kiel, Stand 31.10.2026", "Sächsische Datenschutz", "mailto:verena",
    )  # fmt: skip
    for said in wanted:
        assert said in letter, said
    for kind in ("Schlagwörter", "Notizen über Sie", "Websites", "akademischer Grad", "Anrufe, Treffen"):
        assert kind not in letter, "only what is really stored"
    assert "mehr/stadt#" not in letter
    english = client.get(f"{HERE}/{foreign}").text
    assert "Dear Ana Abroad," in english
    assert "phone numbers" not in english
    (page,) = _pages(client.get(f"{HERE}/{key}/schreiben.pdf").data)[:1]
    assert "Information über Ihre Daten" in page
    assert "Fleethörn" not in page
    assert (
        client.post(f"{HERE}/{key}", data={"notice_sent_on": "24.11.2026", "version": "1"}).status_code == 422
    )
    assert (
        client.post(f"{HERE}/{key}", data={"notice_sent_on": "23.11.2026", "version": "1"}).status_code == 303
    )
    assert _stored(database, now, key).notice_sent_on == today
    assert client.get(HERE).text.count("Verena Web") == 1, "said once, and no longer listed"


def test_several_letters_are_recorded_at_once_and_what_a_colleague_recorded_stays(
    client: JudgingClient, database: Database, now: datetime, today: date
) -> None:
    keys = [_add(database, now, family_name=f"Web{n}") for n in range(3)]
    told = _add(database, now, family_name="Schon", notice_sent_on=date(2026, 11, 2))
    faulty = client.post(HERE, data={"person": [str(keys[0])], "notice_sent_on": "31.2.2026"})
    assert faulty.status_code == 422
    assert faulty.text.count(" checked") == 1
    assert "31.2.2026" in faulty.text
    assert client.post(HERE, data={"notice_sent_on": "20.11.2026"}).status_code == 422
    chosen = [str(key) for key in (*keys[:2], told, 99_999)] + ["x"]
    said = client.post(
        HERE, data={"person": chosen, "notice_sent_on": "20.11.2026"}, follow_redirects=True
    ).text
    assert "2 Schreiben sind als versandt vermerkt." in said
    assert "schon etwas festgehalten" in said
    days = [_stored(database, now, key).notice_sent_on for key in (*keys, told)]
    assert days == [date(2026, 11, 20), date(2026, 11, 20), None, date(2026, 11, 2)]


def test_a_letter_is_waived_or_the_person_objects(
    client: JudgingClient, database: Database, now: datetime, today: date
) -> None:
    knows, objects = _add(database, now), _add(database, now, keep_until=today + timedelta(days=9))
    assert client.post(f"{HERE}/{knows}/nicht-noetig", data={"version": "1"}).status_code == 422
    own = {"exemption": "other", "own_words": "", "version": "1"}
    assert client.post(f"{HERE}/{knows}/nicht-noetig", data=own).status_code == 422
    told = {"exemption": "knows", "own_words": "Gespräch am 2.11.", "version": "1"}
    assert client.post(f"{HERE}/{knows}/nicht-noetig", data=told).status_code == 303
    assert _stored(database, now, knows).notice_waived.endswith("DSGVO). Gespräch am 2.11.")
    against = {"objected_on": "20.11.2026", "objection": "Will das nicht.", "version": "1"}
    assert client.post(f"{HERE}/{objects}/widerspruch", data=against).status_code == 303
    person = _stored(database, now, objects)
    assert (person.objected_on, person.do_not_contact, person.keep_until) == (date(2026, 11, 20), True, None)
    assert (
        client.post(f"{HERE}/{objects}/widerspruch", data=against | {"objection": "Anders"}).status_code
        == 409
    )
    assert "Es ist kein Schreiben offen" in client.get(HERE).text
    review = client.get("/datenschutz/loeschpruefung").text
    assert "Die Person hat widersprochen." in review
    assert "Seit 20.11.2026." in review
    assert f"/kontakte/{objects}/loeschung?grund=objection" in review


def test_the_review_leads_to_erasing_or_keeping(
    client: JudgingClient, database: Database, now: datetime, today: date
) -> None:
    key = _add(database, now, role_to=date(2024, 1, 31), origin=DataOrigin.SELF)
    assert "Ein Kontakt zu prüfen" in client.get("/").text
    review = client.get("/datenschutz/loeschpruefung").text
    assert "Seit 31.01.2026." in review
    assert f"/kontakte/{key}/loeschung?grund=retention" in review
    erasure = client.get(f"/kontakte/{key}/loeschung?grund=retention").text
    assert '<option selected value="retention">' in erasure
    keep, known = (
        f"/datenschutz/loeschpruefung/{key}/aufbewahren",
        {"version": "1", "keep_reason": "Nachfolge offen"},
    )
    for day in ("23.11.2026", "24.11.2028", "bald", ""):
        refused = client.post(keep, data=known | {"keep_until": day})
        assert refused.status_code == 422, day
        assert "Nachfolge offen" in refused.text, day
    assert client.post(keep, data=known | {"keep_until": "23.11.2027", "keep_reason": ""}).status_code == 422
    assert client.post(keep, data=known | {"keep_until": "23.11.2028"}).status_code == 303
    assert "läuft die Aufbewahrungsfrist noch" in client.get("/datenschutz/loeschpruefung").text
    _add(database, now, family_name="Web2")
    other = _add(database, now, family_name="Web3")
    assert (
        client.post(f"{HERE}/{other}", data={"notice_sent_on": "23.11.2026", "version": "1"}).status_code
        == 303
    )
    overview = client.get("/").text
    assert "Informationsschreiben nach Art. 14 DSGVO versenden: 1 offen, das erste bis 30.11.2026" in overview
    assert "Informationsschreiben zu versenden" not in overview, "it is not said twice"
    assert "Nachfolge offen" in client.get(f"/kontakte/{key}").text


def test_the_page_says_where_things_stand(
    client: JudgingClient, database: Database, now: datetime, anna: Officer
) -> None:
    with database.write(now) as session:
        session.add(ContactExport(at=now, officer_id=anna.key, kind=ExportKind.VCARD, number=17))
        session.commit()
    text = client.get("/datenschutz").text
    assert text.count("nichts zu tun") == 3
    assert "vCard, 17 Ansprechpersonen" in text
    assert "Es wurde noch kein Kontakt gelöscht." in text
    assert text.count("fehlt") >= 2
    assert "Sächsische Datenschutz- und Transparenzbeauftragte" in text
    assert 'href="/datenschutz"' in client.get("/organisationen").text


@pytest.mark.parametrize(
    ("field", "least", "most"),
    [("contacts_keep_months", 6, 120), ("mails_keep_months", 1, 60), ("sessions_keep_days", 1, 365)],
)
def test_periods_have_limits_and_a_colleague_is_not_overwritten(
    client: JudgingClient, database: Database, now: datetime, field: str, least: int, most: int
) -> None:
    for wrong in (str(least - 1), str(most + 1), "", "zwölf"):
        refused = client.post("/mehr/stadt", data=SETTINGS | {field: wrong, "version": "1"})
        assert refused.status_code == 422, wrong
        assert "datenschutz@lotse.example" in refused.text
    assert f"eine ganze Zahl von {least} bis {most}" in refused.text
    assert client.post("/mehr/stadt", data=SETTINGS | {field: str(most), "version": "1"}).status_code == 303
    late = client.post("/mehr/stadt", data=SETTINGS | {field: str(least), "version": "1"})
    assert late.status_code == 409
    with database.read(now) as session:
        assert getattr(the_city(session), field) == most


def test_the_documents_are_whole_and_the_sheet_is_one_page(client: JudgingClient) -> None:
    client.post("/mehr/stadt", data=SETTINGS | {"version": "1"})
    for language, title in (("de", "Welche Daten von Beschäftigten"), ("en", "Which data of colleagues")):
        (only,) = _pages(client.get(f"/datenschutz/personalrat.pdf?sprache={language}").data)
        assert title in only
        record = "\n".join(_pages(client.get(f"/datenschutz/verzeichnis.pdf?sprache={language}").data))
        assert "Argon2id" in record
        assert "Neues Rathaus" in record
    shown = client.get("/datenschutz/verzeichnis").text
    assert "Ansprechpersonen: Schlüssel in Adressbüchern" in shown
    assert "[von der Stadt auszufüllen]" in shown
    assert "Das Ansehen von Seiten wird nicht protokolliert" in client.get("/datenschutz/personalrat").text
    assert "Verarbeitungstätigkeit" in client.get("/datenschutz/verzeichnis.csv").text
    sheet = load_workbook(io.BytesIO(client.get("/datenschutz/verzeichnis.xlsx").data)).active
    assert sheet is not None
    assert sheet.max_row == len(ACTIVITIES) + 1


def test_every_personal_column_stands_in_the_record_once_with_a_word() -> None:
    named = [table for activity in ACTIVITIES for table in activity.tables]
    personal = {
        table.name for table in SQLModel.metadata.sorted_tables if any(is_personal(c) for c in table.columns)
    }
    assert sorted(named) == sorted(personal), "a table with personal data belongs to one activity"
    for table in named:
        assert table in TABLES, table
        for column in personal_columns(table):
            assert column in COLUMNS, (table, column)
    assert all(
        any(is_json(c) for c in SQLModel.metadata.tables[t].columns) for t in named if not personal_columns(t)
    )


def test_nobody_who_is_gone_gets_a_letter(client: JudgingClient, database: Database, now: datetime) -> None:
    with database.read(now) as session:
        assert session.exec(select(Person.id)).first() is None
    for path in ("", "/nicht-noetig", "/widerspruch", "/schreiben.pdf"):
        assert client.get(f"{HERE}/1{path}").status_code == 404
    assert client.get("/datenschutz/loeschpruefung/1/aufbewahren").status_code == 404
