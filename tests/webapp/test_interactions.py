"""Austausch: recording what was said, one timeline, mails that are dropped on a person."""

import io
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import lxml.html
import pytest
from sqlmodel import select

from jobs.tidy_up import forget_letters
from models.contacts.interactions import Interaction, InteractionFile, InteractionKind
from models.contacts.people import Person, PersonState
from models.database import Database
from models.files import FileStore
from models.followups import FollowUp, FollowUpKind
from settings import Settings
from tests.judge import JudgingClient
from tests.models.documents.outlook_file import outlook_mail

NEW = {
    "given_name": "Júlia", "family_name": "Roig", "organisation_id": "3", "email": "julia@iaac.example.org",
    "language": "ca", "source": "Visitenkarte", "source_on": "1.7.2025", "origin": "self",
}  # fmt: skip
SAID = {
    "kind": "call",
    "held_on": "20.11.2026",
    "body": "Der Vertrag kommt <bald>.\nGrüße",
    "next_on": "1.12.2026",
}

MAIL = """\
From: Maria Serra <maria@bcn.example.org>
To: julia@iaac.example.org
Subject: Einladung =?utf-8?B?w7xiZXI=?= alles
Date: Thu, 19 Nov 2026 23:30:00 +0000
Message-ID: <m1@bcn.example.org>
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

Liebe Júlia, das Programm liegt bei.
--b
Content-Disposition: attachment; filename="../Programm\u202efdp.pdf"
Content-Type: application/octet-stream

%PDF-1.4 Programm
--b
Content-Disposition: attachment; filename=start.exe

MZ
--b--
"""


def _page(html: str) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(html)


def _add(client: JudgingClient, **changed: str) -> str:
    answer = client.post("/kontakte/neu", data=NEW | changed)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


@pytest.fixture
def julia(client: JudgingClient) -> str:
    """The address of a stored person."""
    return _add(client)


def _key(address: str) -> int:
    return int(address.rsplit("/", 1)[1])


def _all(database: Database, now: datetime) -> list[Interaction]:
    with database.read(now) as session:
        return list(session.exec(select(Interaction).order_by(Interaction.id)))  # type: ignore[arg-type]


def _upload(client: JudgingClient, key: int, content: bytes, name: str = "mail.eml") -> lxml.html.HtmlElement:
    return client.post(f"/austausch/mail/{key}", data={"file": (io.BytesIO(content), name)})


def test_what_was_said_is_recorded_shown_changed_and_deleted(
    client: JudgingClient, bens_client: JudgingClient, database: Database, now: datetime, julia: str
) -> None:
    key = _key(julia)
    form = _page(client.get(julia).text)
    assert form.xpath("//form[@action=$there]//textarea[@name='body']", there=f"/austausch/neu/person/{key}")
    assert form.xpath("//form[@data-drop]//input[@type='file']/@name") == ["file"]
    for _twice in range(2):
        answer = client.post(f"/austausch/neu/person/{key}", data=SAID)
        assert (answer.status_code, answer.headers["Location"]) == (303, julia)
    (talk,) = _all(database, now)
    assert (talk.kind, talk.organisation_id, talk.held_on) == (InteractionKind.CALL, 3, date(2026, 11, 20))
    with database.read(now) as session:
        assert session.get_one(Person, key).last_talk_on == date(2026, 11, 20)
        planned = session.exec(select(FollowUp).where(FollowUp.kind == FollowUpKind.CONTACT)).one()
        assert (planned.due_on, planned.is_open) == (date(2026, 12, 1), True)
    here = f"/austausch/{talk.key}"
    for address in (
        julia,
        "/austausch",
        "/austausch/mit/organisation/3",
        here,
        "/austausch?suche=vertrag",
        "/austausch?suche=roig",
    ):
        assert "Der Vertrag kommt &lt;bald&gt;." in client.get(address).text, address
    assert "Der Vertrag" not in client.get("/austausch?suche=niemand").text
    rows = client.get(f"/austausch/mit/person/{key}.csv").data.decode("utf-8-sig")
    assert 'Anruf;;"Der Vertrag kommt <bald>.\nGrüße";Júlia Roig;' in rows
    # Two colleagues change it; who is second is told and loses nothing.
    version = _page(client.get(f"{here}/bearbeiten").text).xpath("//input[@name='version']/@value")[0]
    typed = {
        "kind": "meeting",
        "held_on": "10.11.2026",
        "subject": "Vertrag",
        "body": "Neu",
        "version": version,
    }
    assert bens_client.post(f"{here}/bearbeiten", data=typed).status_code == 303
    second = client.post(f"{here}/bearbeiten", data=typed | {"body": "Anders"})
    assert second.status_code == 409
    assert "Anders" in second.text
    assert client.get(f"{here}/verlauf").status_code == 200
    with database.read(now) as session:
        assert session.get_one(Person, key).last_talk_on == date(2026, 11, 10)
    assert client.get(f"{here}/loeschen").status_code == 200
    assert client.post(f"{here}/loeschen").headers["Location"] == julia
    assert _all(database, now) == []
    with database.read(now) as session:
        assert session.get_one(Person, key).last_talk_on is None


def test_a_fault_is_told_beside_its_field_and_the_input_stays(
    client: JudgingClient, database: Database, now: datetime, julia: str
) -> None:
    faults = {
        "held_on": "24.11.2026",
        "kind": "rauchzeichen",
        "next_on": "1.1.2026",
        "subject": "s" * 501,
        "body": "b" * 20_001,
    }
    for field, typed in faults.items():
        answer = client.post(f"/austausch/neu/person/{_key(julia)}", data=SAID | {field: typed})
        assert answer.status_code == 422, field
        assert _page(answer.text).xpath("//*[@aria-invalid='true']/@name") == [field]
        assert "Der Vertrag kommt" in answer.text or field == "body"
    note = client.post("/austausch/neu/organisation/3", data=SAID | {"kind": "note", "body": ""})
    assert _page(note.text).xpath("//*[@aria-invalid='true']/@name") == ["body"]
    assert _all(database, now) == []
    assert client.get("/austausch/neu/officer/1").status_code == 404
    assert client.get("/austausch/mit/person/99999").status_code == 404


def test_a_mail_is_looked_at_before_it_is_kept_and_its_owner_is_offered(
    client: JudgingClient,
    bens_client: JudgingClient,
    database: Database,
    now: datetime,
    settings: Settings,
    julia: str,
) -> None:
    maria = _add(client, given_name="Maria", family_name="Serra", email="Maria@BCN.example.org")
    other = _add(
        client, given_name="Ola", family_name="Nordmann", email="ola@oslo.example.org", organisation_id=""
    )
    looked = _upload(client, _key(other), MAIL.replace("\n", "\r\n").encode())
    assert looked.status_code == 303
    preview = looked.headers["Location"]
    page = _page(client.get(preview).text)
    assert "stammt nicht von Ola Nordmann" in client.get(preview).text
    offered = page.xpath("//input[@name='person_id']/@value")
    assert offered == [str(_key(other)), str(_key(maria)), str(_key(julia))]  # the sender first
    assert page.xpath("//input[@name='held_on']/@value") == ["20.11.2026"]  # half past midnight in Leipzig
    assert page.xpath("//input[@name='subject']/@value") == ["Einladung über alles"]
    assert page.xpath("//input[@name='files']/@value") == ["0"]  # the program cannot be kept
    assert page.xpath("//input[@name='files']/@checked") == []
    assert bens_client.get(preview).status_code == 303  # another colleague's mail
    assert _all(database, now) == []
    typed = {
        "person_id": str(_key(maria)),
        "held_on": "20.11.2026",
        "subject": "Einladung",
        "body": "Gekürzt.",
    }
    assert client.post(preview, data=typed | {"files": "1"}).status_code == 422
    kept = client.post(preview, data=typed | {"files": "0"})
    assert (kept.status_code, kept.headers["Location"]) == (303, maria)
    (mail,) = _all(database, now)
    assert (mail.kind, mail.person_id, mail.body) == (InteractionKind.MAIL, _key(maria), "Gekürzt.")
    assert (mail.sender, mail.message_id) == ("Maria Serra <maria@bcn.example.org>", "<m1@bcn.example.org>")
    assert list((settings.data_dir / "letters").iterdir()) == []
    with database.read(now) as session:
        (file,) = session.exec(select(InteractionFile)).all()
    assert file.file_name == "Programm fdp.pdf"
    store = FileStore(settings.files_dir)
    assert b"".join(store.chunks(file.sha256)).startswith(b"%PDF-1.4 Programm")
    given = client.get(f"/austausch/dateien/{file.key}")
    assert given.headers["Content-Disposition"].startswith("attachment;")
    assert given.mimetype == "application/pdf"
    assert "Programm fdp.pdf" in client.get(f"/austausch/{mail.key}").text
    # The same mail once more: shown, not stored twice.
    again = _upload(client, _key(maria), MAIL.encode()).headers["Location"]
    assert f'href="/austausch/{mail.key}"' in client.get(again).text
    assert client.post(again, data=typed).status_code == 303
    assert len(_all(database, now)) == 1
    assert client.post(f"/austausch/{mail.key}/loeschen").status_code == 303
    assert not store.path(file.sha256).exists()


def test_a_mail_that_nobody_takes_in_leaves_nothing_behind(
    client: JudgingClient, database: Database, now: datetime, settings: Settings, julia: str
) -> None:
    key, folder = _key(julia), settings.data_dir / "letters"
    for content, reason in ((b"", "Bitte w"), (b"Kein Brief", "Das ist keine E-Mail")):
        answer = _upload(client, key, content, "brief.eml" if content else "")
        assert answer.status_code == 422
        assert reason in answer.text
    outlook = outlook_mail(datetime(2026, 11, 20, 9, tzinfo=UTC), "Bis bald", {"klein.txt": b"Guten Tag"})
    first = _upload(client, key, outlook, "Besuch.msg").headers["Location"]
    page = client.get(first).text
    assert "Bis bald" in page
    assert "stammt nicht von" not in page
    assert client.post(f"{first}/verwerfen").headers["Location"] == julia
    assert client.post(f"{first}/verwerfen").status_code == 404
    assert client.get(first).status_code == 303
    _upload(client, key, outlook, "Besuch.msg")
    assert len(list(folder.iterdir())) == 1
    assert forget_letters(Path(settings.data_dir), now + timedelta(hours=23)) == 0
    assert forget_letters(Path(settings.data_dir), now + timedelta(hours=24)) == 1
    assert list(folder.iterdir()) == []
    assert _all(database, now) == []
    assert not re.search("bcn|Besuch", "".join(p.name for p in settings.data_dir.rglob("*")))


def test_a_day_of_blanks_is_none(client: JudgingClient, julia: str) -> None:
    answer = client.post(f"/austausch/neu/person/{_key(julia)}", data=SAID | {"held_on": "   "})

    assert answer.status_code == 422
    assert "Der Vertrag kommt" in answer.text


def test_what_is_written_of_somebody_who_is_merged_meanwhile_is_kept(
    client: JudgingClient, julia: str, database: Database, now: datetime
) -> None:
    gone, kept = (
        _key(julia),
        _key(_add(client, given_name="Greta", family_name="Kern", email="g@k.example.org")),
    )
    looked = _upload(client, gone, MAIL.encode()).headers["Location"]
    with database.write(now) as session:
        merged = session.get_one(Person, gone)
        merged.state, merged.merged_into_id = PersonState.MERGED, kept
        session.commit()

    said = client.post(f"/austausch/neu/person/{gone}", data=SAID)
    mail = client.get(looked)

    assert said.headers["Location"] == f"/kontakte/{kept}"
    assert [row.person_id for row in _all(database, now)] == [kept]
    assert mail.status_code == 200
    assert f'name="person_id" value="{kept}"' in mail.text
