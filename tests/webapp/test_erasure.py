"""Erasing a contact and giving access, as an officer does it."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from models.comments import Comment
from models.contacts.interactions import Interaction, InteractionKind
from models.contacts.letters_in import FOLDER, LettersIn
from models.contacts.organisations import Organisation
from models.contacts.people import Person, PersonState
from models.contacts.points import ContactPoint, PointKind
from models.database import Database
from models.files import FileStore
from models.followups import FollowUp, FollowUpKind
from models.imports.batches import ImportBatch, ImportKind
from models.privacy.ledger import Ledger
from models.privacy.records import ContactExport, Erasure, ErasureReason, ExportKind
from settings import Settings
from tests.judge import JudgingClient

NAME = "Nele Wüstenhöfer"


@pytest.fixture
def nele(database: Database, settings: Settings, now: datetime, today: date) -> int:
    """A contact with everything that hangs on one, and mentioned elsewhere. The key."""
    with database.write(now) as session:
        lab = Organisation(
            name="Werkhof", role_de=f"Kontakt: {NAME}, 0341 55 66 77-8", email="hallo@werkhof.example"
        )
        person = Person(given_name="Nele", family_name="Wüstenhöfer", email="nele@werkhof.example",
                        phone="+49 341 5566778", note="Mag Holz", source="Visitenkarte")  # fmt: skip
        session.add_all([lab, person])
        session.flush()
        session.add_all([
            ContactPoint(person_id=person.key, kind=PointKind.EMAIL, value="nw@privat.example"),
            Interaction(kind=InteractionKind.CALL, person_id=person.key, organisation_id=lab.key, held_on=today,
                        subject="Messe", body="Nele kommt gern", written_at=now),
            FollowUp(kind=FollowUpKind.CONTACT, subject_kind="person", subject_id=person.key, what=f"{NAME} anrufen",
                     due_on=today),
            FollowUp(kind=FollowUpKind.TASK, subject_kind="person", subject_id=person.key, what="Mit Nele sprechen",
                     due_on=today, done_on=today),
            Comment(subject_kind="organisation", subject_id=lab.key, body=f"Frag {NAME}s Vertretung", written_at=now),
        ])  # fmt: skip
        store = FileStore(settings.files_dir)
        kept = store.put([f"FN:{NAME}\n".encode("cp1252")], 1000)
        session.add(
            ImportBatch(kind=ImportKind.CONTACTS, sha256=kept.sha256, file_name="karten.vcf", uploaded_at=now)
        )
        session.commit()
        return person.key


def test_an_erasure_is_shown_first_confirmed_twice_and_leaves_nothing(
    client: JudgingClient,
    bens_client: JudgingClient,
    database: Database,
    settings: Settings,
    nele: int,
    now: datetime,
) -> None:
    address = f"/kontakte/{nele}/loeschung"
    form = client.get(f"/kontakte/{nele}/bearbeiten").text  # a colleague has it open meanwhile
    assert NAME.split()[1] in form
    assert '<option selected value="retention"' in client.get(f"{address}?grund=retention").text
    dry = client.get(address).text
    for words in ("Noch ist nichts gelöscht", "Werkhof", f"Frag {NAME}s Vertretung", "karten.vcf",
                  "Der Nachname allein", "[gelöschter Kontakt]"):  # fmt: skip
        assert words in dry
    response = client.post(address, data={"shown": ""})
    assert response.status_code == 422
    assert "Bitte wählen Sie, warum" in response.text
    with database.read(now) as session:
        person, unit = session.get_one(Person, nele), "organisation-%d"
        version, lab = (
            person.version,
            session.exec(select(Organisation).where(Organisation.name == "Werkhof")).one(),
        )
        comment = session.exec(select(Comment)).one()
        shown = f"{unit % lab.key},comment-{comment.key}"
    data = {
        "version": version,
        "shown": shown,
        "reason": "request",
        "is_checked": "y",
        "ersetzen": unit % lab.key,
    }
    response = client.post(address, data=data)
    assert response.status_code == 303
    sure = response.headers["Location"]
    assert f"comment-{comment.key}" in sure, "what was unticked stays"
    assert "Das lässt sich nicht rückgängig machen" in client.get(sure).text
    letters = LettersIn(settings.data_dir / FOLDER)  # dropped on her, not decided about yet
    letters.put(f"From: {NAME}".encode(), nele, 1, now)
    of_another = letters.put(b"From: Ada", nele + 10, 1, now)
    everything = sure.replace(f"behalten=comment-{comment.key}", "")
    response = client.post(everything)
    assert response.headers["Location"] == f"/kontakte/{nele}"
    page = client.get(f"/kontakte/{nele}")
    assert "Kontakt, gelöscht am 23.11.2026" in page.text
    assert [path.name.split(".")[-1] for path in letters.folder.iterdir()] == [of_another]
    assert "Nele" not in page.text
    for words in ("Anna Amt", "Die Person hat darum gebeten"):
        assert words in page.text
    _nothing_is_left(database, settings, nele, now)
    for path in (f"/organisationen/{lab.key}", f"/organisationen/{lab.key}/verlauf", "/kontakte?suche=wuestenhoefer",
                 "/kontakte.csv", "/"):  # fmt: skip
        assert "stenh" not in client.get(path).text.replace("suche=wuestenhoefer", "").replace(
            '"wuestenhoefer"', ""
        )
    typed = {"version": version, "given_name": "Nele", "family_name": "Wüstenhöfer", "source": "x",
             "source_on": "1.1.2026", "language": "de", "save_anyway": "y"}  # fmt: skip
    assert bens_client.post(f"/kontakte/{nele}/bearbeiten", data=typed).status_code in (404, 409)
    assert client.get(address).status_code == 404
    _nothing_is_left(database, settings, nele, now)


def _nothing_is_left(database: Database, settings: Settings, nele: int, now: datetime) -> None:
    with database.read(now) as session:
        person = session.get_one(Person, nele)
        assert (person.state, person.title("de")) == (PersonState.ERASED, "Kontakt, gelöscht am 23.11.2026")
        lab = session.exec(select(Organisation).where(Organisation.name == "Werkhof")).one()
        assert lab.role_de == "Kontakt: [gelöschter Kontakt], [gelöschter Kontakt]"
        assert session.exec(select(Comment)).one().body == "Frag [gelöschter Kontakt] Vertretung"
        talk = session.exec(select(Interaction).where(Interaction.person_id == nele)).one()
        assert (talk.kind, talk.body, talk.organisation_id) == (InteractionKind.CALL, "", lab.key)
        left = session.exec(select(FollowUp).where(FollowUp.subject_kind == "person")).all()
        assert [(one.what, one.due_on) for one in left] == [("Kontakt, gelöscht am 23.11.2026", now.date())]
        assert session.exec(select(ImportBatch)).all() == []
        erasure = session.exec(select(Erasure)).one()
        assert (erasure.person_id, erasure.reason) == (nele, ErasureReason.REQUEST)
        assert erasure.counts["organisation"] == 1
    assert not [one for one in settings.files_dir.rglob("*") if one.is_file()]
    assert [line.person_id for line in Ledger(settings.data_dir).lines()] == [nele]
    if database.engine.dialect.name == "sqlite":
        for file in Path(database.url.removeprefix("sqlite:///")).parent.glob("test_*.sqlite3*"):
            content = file.read_bytes().lower()
            for word in (
                "wüstenhöfer",
                "wuestenhoefer",
                "wustenhofer",
                "nele@werkhof",
                "nw@privat",
                "mag holz",
            ):
                assert word.encode() not in content, (file.name, word)


def test_what_changed_meanwhile_is_looked_at_once_more(
    client: JudgingClient, database: Database, nele: int, now: datetime
) -> None:
    with database.write(now) as session:
        person = session.get_one(Person, nele)
        seen, person.version = person.version, person.version + 1
        session.commit()
    response = client.post(f"/kontakte/{nele}/loeschung/bestaetigen?grund=request&stand={seen}")
    assert response.headers["Location"] == f"/kontakte/{nele}/loeschung"
    assert "noch einmal durch" in client.get(response.headers["Location"]).text
    assert client.get(f"/kontakte/{nele}/loeschung/bestaetigen?grund=x&stand=1").status_code == 302


def test_a_person_gets_everything_that_is_stored(
    client: JudgingClient, database: Database, nele: int, now: datetime
) -> None:
    page = client.get(f"/kontakte/{nele}/auskunft").text
    for words in ("Nele kommt gern", "nw@privat.example", "Visitenkarte", "Frag Nele", "Öffentliche Aufgabe",
                  "Lesen Sie die freien Texte"):  # fmt: skip
        assert words in page, words
    with database.read(now) as session:
        assert session.exec(select(ContactExport)).all() == [], "looking is not recorded"
    answer = client.post(f"/kontakte/{nele}/auskunft.pdf", data={"sprache": "en"})
    assert answer.data.startswith(b"%PDF")
    found = json.loads(client.post(f"/kontakte/{nele}/auskunft.json").data)
    assert found["data"]["person"][0]["given_name"] == "Nele"
    assert found["data"]["interaction"][0]["body"] == "Nele kommt gern"
    assert {one["table"] for one in found["mentions"]} >= {"organisation", "comment"}
    assert list(found) == sorted(found)
    with database.read(now) as session:
        written = session.exec(select(ContactExport)).all()
        assert [(one.kind, one.person_id) for one in written] == [(ExportKind.ACCESS, nele)] * 2
