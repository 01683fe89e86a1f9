"""The checklist: what an officer does with an item."""

import io
from datetime import date, datetime

import pytest

from models.audit import history_of
from models.commitments.checklist import Commitment, CommitmentState, commitments
from models.commitments.proofs import proofs_of
from models.database import Database
from models.evidence.evidence import Evidence
from models.officers import Officer
from settings import Settings
from tests.judge import JudgingClient


def edit(client: JudgingClient, key: int, version: int = 1, **typed: object) -> object:
    return client.post(f"/zusagen/{key}/bearbeiten", data={"state": "open", "version": str(version), **typed})


def test_t28_the_list_shows_two_numbers_and_never_one(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    assert "0 von 23 bearbeitet, 0 erfüllt mit Nachweis" in client.get("/zusagen").text
    edit(client, 1, state="fulfilled")
    assert "1 von 23 bearbeitet, 0 erfüllt mit Nachweis" in client.get("/zusagen").text
    client.post("/zusagen/1/nachweis", data={"name": "Brief", "url": "https://example.org/brief"})
    assert "1 von 23 bearbeitet, 1 erfüllt mit Nachweis" in client.get("/zusagen").text
    client.post(
        "/zusagen/2/nachweis",
        data={"name": "Alt", "url": "https://example.org/alt", "valid_until": "22.11.2026"},
    )
    edit(client, 2, state="fulfilled")
    assert "2 von 23 bearbeitet, 1 erfüllt mit Nachweis" in client.get("/zusagen").text
    assert "abgelaufen" in client.get("/zusagen/2").text
    with database.read(now) as session:
        phase = session.get_one(Commitment, 2).phase_id
    for page in ("/beitritt", f"/beitritt/phasen/{phase}"):  # a phase says both too
        assert "1 von 3 bearbeitet, 0 erfüllt mit Nachweis" in client.get(page).text, page
    assert "bearbeitet;erfüllt mit Nachweis" in client.get("/beitritt.csv").data.decode("utf-8-sig")


def test_search_finds_by_words_and_state_and_says_when_nothing_fits(client: JudgingClient) -> None:
    assert client.get("/zusagen?suche=absichtserklarung").text.count("tasks__link") == 2 + 10
    assert "Versuchen Sie" in client.get("/zusagen?suche=gibtesnicht").text
    edit(client, 3, state="in_progress")
    assert client.get("/zusagen?zustand=in_progress").text.count("tasks__link") == 1 + 10


def test_the_handbook_page_stands_at_the_top(client: JudgingClient) -> None:
    assert "https://fabcity.gitbook.io/handbook/commitment" in client.get("/zusagen").text


def test_the_table_opens_in_german_excel(client: JudgingClient) -> None:
    edit(client, 1, note="=1+1")
    response = client.get("/zusagen.csv")
    text = response.data.decode("utf-8-sig")
    assert response.data.startswith(b"\xef\xbb\xbf")
    assert text.count("\r\n") == 24
    assert ";" in text.splitlines()[0]
    assert ";'=1+1;" in text  # a formula stays text


def test_an_item_is_worked_on_and_its_history_tells_who_and_what(
    client: JudgingClient, database: Database, now: datetime, ben: Officer
) -> None:
    edit(client, 4, state="in_progress", responsible_id=ben.key, due_on="1.5.27", file_number="10.1/2026")
    with database.read(now) as session:
        item = session.get_one(Commitment, 4)
        assert (item.state, item.due_on) == (CommitmentState.IN_PROGRESS, date(2027, 5, 1))
        [entry] = history_of(session, "commitment", 4)
        assert entry.changes["due_on"] == [None, "2027-05-01"]
    page = client.get("/zusagen/4/verlauf").text
    assert "Anna Amt" in page
    assert "01.05.2027" in page
    assert "Ben Büro" in page
    assert "offen" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"due_on": "31.02.2027"}, "31.12.2026"),
        ({"state": "dropped"}, "warum"),
        ({"file_number": "x" * 201}, "200"),
        ({"state": "unsinn"}, ""),
        ({"responsible_id": "99"}, ""),
    ],
)
def test_a_fault_is_said_and_nothing_typed_is_lost(
    client: JudgingClient, typed: dict[str, str], said: str
) -> None:
    response = edit(client, 1, **{"note": "Mühe gegeben", **typed})
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert "Mühe gegeben" in response.text  # type: ignore[attr-defined]
    assert said in response.text  # type: ignore[attr-defined]


def test_who_saves_second_is_told_and_may_decide(
    client: JudgingClient, bens_client: JudgingClient, database: Database, now: datetime
) -> None:
    edit(client, 1, note="von Anna")
    second = edit(bens_client, 1, note="von Ben")
    assert second.status_code == 409  # type: ignore[attr-defined]
    for words in ("von Anna", "von Ben", 'value="2"'):
        assert words in second.text  # type: ignore[attr-defined]
    assert edit(bens_client, 1, version=2, note="von Ben").status_code == 303  # type: ignore[attr-defined]
    with database.read(now) as session:
        assert session.get_one(Commitment, 1).note == "von Ben"


def test_the_city_adds_and_deletes_items_of_its_own_but_not_those_of_the_catalogue(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    response = client.post(
        "/zusagen/neu", data={"label_de": "Eigene Zusage", "state": "open", "who": "city", "timing": "before"}
    )
    address = response.headers["Location"]
    client.post(address.replace("/zusagen/", "/wiedervorlagen/neu/commitment/"), data={
        "kind": "waiting", "what": "Antwort", "waiting_for": "Amt 80", "due_on": "1.12.2026"})  # fmt: skip
    assert "Wiedervorlagen: 1" in client.get(f"{address}/loeschen").text
    assert client.post(f"{address}/loeschen").status_code == 303
    assert client.get(address).status_code == 404
    assert client.get("/zusagen/1/loeschen").status_code == 404
    with database.read(now) as session:
        assert len(commitments(session)) == 23


def test_somebody_looked_at_it_today(client: JudgingClient) -> None:
    client.post("/zusagen/1/geprueft")
    assert "23.11.2026" in client.get("/zusagen/1").text


def test_a_statement_on_a_principle(client: JudgingClient) -> None:
    typed = {"state": "draft", "statement": "Wir reparieren.", "gap": "Zahlen fehlen.", "version": "1"}
    assert client.post("/zusagen/prinzipien/1/bearbeiten", data=typed).status_code == 303
    assert "Wir reparieren." in client.get("/zusagen/prinzipien/1").text


# Files


def upload(client: JudgingClient, name: str, content: bytes) -> object:
    data = {"name": "Unterschriebene Erklärung", "file": (io.BytesIO(content), name)}
    return client.post("/zusagen/1/nachweis", data=data, content_type="multipart/form-data")


def test_a_file_is_kept_under_its_content_and_comes_back_as_a_download(
    client: JudgingClient, database: Database, settings: Settings, now: datetime
) -> None:
    content = b"%PDF-1.7 signed"
    assert upload(client, "../../etc/Erklärung ü.pdf", content).status_code == 303  # type: ignore[attr-defined]
    with database.read(now) as session:
        [(_proof, evidence)] = proofs_of(session, 1)
    assert evidence.file_name == "Erklärung ü.pdf"
    response = client.get(f"/nachweise/fassungen/{evidence.key}/datei")
    assert response.data == content
    assert response.headers["Content-Disposition"].startswith("attachment")
    stored = settings.files_dir / evidence.sha256[:2] / evidence.sha256
    stored.write_bytes(b"changed on disk")
    assert b"changed" not in client.get(f"/nachweise/fassungen/{evidence.key}/datei").data


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("program.pdf", b"MZ\x90\x00"),
        ("page.html", b"<html>"),
        ("noending", b"x"),
        ("leer.pdf", b""),
        ("a.txt", b"MZ\x90\x00"),
    ],
)
def test_what_is_not_what_it_says_is_refused(
    client: JudgingClient, database: Database, now: datetime, name: str, content: bytes
) -> None:
    response = upload(client, name, content)
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert "Unterschriebene Erklärung" in response.text  # type: ignore[attr-defined]
    with database.read(now) as session:
        assert proofs_of(session, 1) == []


def test_a_web_address_is_http_or_nothing(client: JudgingClient) -> None:
    response = client.post("/zusagen/1/nachweis", data={"name": "x", "url": "javascript:alert(1)"})
    assert response.status_code == 422


def test_evidence_is_deleted_after_asking(client: JudgingClient, database: Database, now: datetime) -> None:
    client.post("/zusagen/1/nachweis", data={"name": "Brief", "url": "https://example.org"})
    with database.read(now) as session:
        [(proof, _evidence)] = proofs_of(session, 1)
    assert "Brief" in client.get(f"/nachweise/{proof.key}/loeschen").text
    assert client.post(f"/nachweise/{proof.key}/loeschen").status_code == 303
    with database.read(now) as session:
        assert session.get(Evidence, proof.key) is None
