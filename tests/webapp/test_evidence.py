"""The room of evidence: what an officer does with proofs, their revisions and their files."""

import io
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from models.application.phases import the_application
from models.application.submissions import Submission, SubmissionAttachment
from models.commitments.checklist import Commitment
from models.commitments.proofs import CommitmentProof, proofs_of
from models.database import Database
from models.evidence.evidence import (
    Evidence,
    EvidenceKind,
    EvidenceRevision,
    FileState,
    add_revision,
    current_revision,
)
from models.officers import Officer
from settings import Settings
from tests.judge import JudgingClient

PDF = b"%PDF-1.7 signed"


def add(client: JudgingClient, item: int = 1, file: tuple[str, bytes] | None = None, **typed: str) -> str:
    """The address of the evidence that was added to an item."""
    data: dict[str, object] = {"name": "Erklärung", **typed}
    if file is not None:
        data["file"] = (io.BytesIO(file[1]), file[0])
    response = client.post(f"/zusagen/{item}/nachweis", data=data, content_type="multipart/form-data")
    assert response.status_code == 303, response.text
    page = client.get(f"/zusagen/{item}").text
    return "/nachweise/" + page.split('tasks__link" href="/nachweise/')[1].split('"')[0]


def key_of(address: str) -> int:
    return int(address.rsplit("/", 1)[-1])


def stored(settings: Settings) -> list[str]:
    return sorted(path.name for path in settings.files_dir.glob("*/*"))


def test_one_page_takes_a_file_a_link_or_a_note_and_exactly_one(
    client: JudgingClient, settings: Settings
) -> None:
    address = add(client, file=("Erklärung.pdf", PDF), valid_until="31.12.2027")
    page = client.get(address).text
    assert "Erklärung.pdf" in page
    assert "31.12.2027" in page
    [sha256] = stored(settings)
    assert sha256 in page
    assert "https://example.org/brief" in client.get(add(client, 2, url="https://example.org/brief")).text
    assert "am Telefon bestätigt" in client.get(add(client, 3, content="am Telefon bestätigt")).text
    for typed in ({}, {"url": "https://example.org", "content": "und noch etwas"}):
        response = client.post("/zusagen/4/nachweis", data={"name": "Mühe", **typed})
        assert response.status_code == 422
        assert "genau eines" in response.text
        assert "Mühe" in response.text
    early = {"name": "x", "url": "https://example.org", "dated_on": "1.2.2027", "valid_until": "1.1.2027"}
    assert client.post("/zusagen/4/nachweis", data=early).status_code == 422


def test_a_download_is_never_shown_in_the_browser(client: JudgingClient) -> None:
    page = client.get(add(client, file=("Brief \u202eŽižkov.txt", b"<b>Text</b> only"))).text
    response = client.get("/nachweise/fassungen/" + page.split("/nachweise/fassungen/")[1].split('"')[0])
    assert response.data == b"<b>Text</b> only"
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert disposition.isascii()
    assert "filename*=UTF-8''Brief%20%C5%BDi%C5%BEkov.txt" in disposition
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("makro.docm", b"PK", "Makros"),
        ("gross.pdf", b"%PDF-1.7" + bytes(1000), "25 MB"),
        ("programm.pdf", b"MZ\x90\x00%PDF-1.7", "nicht, was ihr Name sagt"),
        ("leer.pdf", b"", "leer"),
    ],
)
def test_a_bad_file_is_refused_and_nothing_is_kept(
    client: JudgingClient,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    content: bytes,
    said: str,
) -> None:
    monkeypatch.setattr("webapp.evidence.uploading.FILE_LIMIT", 1000)
    data = {"name": "Mühe gegeben", "file": (io.BytesIO(content), name)}
    response = client.post("/zusagen/1/nachweis", data=data, content_type="multipart/form-data")
    assert response.status_code == 422
    assert said in response.text
    assert "Mühe gegeben" in response.text
    assert stored(settings) == []


def test_a_new_revision_renews_and_the_old_one_stays_readable(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    address = add(client, url="https://example.org/1", valid_until="1.11.2026")
    assert "abgelaufen" in client.get("/zusagen/1").text
    typed = {"url": "https://example.org/2", "valid_until": "1.11.2028", "comment": "verlängert"}
    assert client.post(f"{address}/fassung", data=typed).status_code == 303
    page = client.get(address).text
    for words in ("https://example.org/1", "https://example.org/2", "verlängert", "01.11.2026", "01.11.2028"):
        assert words in page
    assert "abgelaufen" not in client.get("/zusagen/1").text
    with database.read(now) as session:
        assert [r.number for r in session.exec(select(EvidenceRevision))] == [1, 2]


def test_one_piece_proves_several_items_and_taking_off_stays_on_record(
    client: JudgingClient, database: Database, now: datetime, anna: Officer
) -> None:
    address = add(client, url="https://example.org/1")
    key = key_of(address)
    assert "Erklärung" in client.get("/zusagen/2/nachweis?suche=erkl").text
    assert client.post("/zusagen/2/nachweis/vorhanden", data={"nachweis": str(key)}).status_code == 303
    assert client.get(f"{address}/zusagen?suche=absicht").status_code == 200
    for _ in range(2):  # twice is once
        client.post(f"{address}/zusagen", data={"zusage": "3"})
    assert "3 Zusagen" in client.get("/nachweise").text
    client.post(f"{address}/abnehmen", data={"zusage": "2"})
    with database.read(now) as session:
        assert [proofs_of(session, item) != [] for item in (1, 2, 3)] == [True, False, True]
        [off] = session.exec(select(CommitmentProof).where(CommitmentProof.commitment_id == 2))
        assert (off.unlinked_at, off.unlinked_by_id) == (now, anna.key)
    assert "abgenommen von Anna Amt" in client.get(address).text
    assert client.post(f"{address}/zusagen", data={"zusage": "unsinn"}).status_code == 404


def test_withdrawn_evidence_proves_nothing_until_it_counts_again(client: JudgingClient) -> None:
    address = add(client, url="https://example.org/1")
    assert client.post(f"{address}/zurueckziehen", data={"withdrawn_on": "24.11.2026"}).status_code == 422
    typed = {"withdrawn_on": "23.11.2026", "withdrawn_reason": "falsch unterschrieben", "version": "1"}
    assert client.post(f"{address}/zurueckziehen", data=typed).status_code == 303
    assert "falsch unterschrieben" in client.get(address).text
    assert "Erklärung" not in client.get("/zusagen/1").text.split('id="nachweis"')[1].split("<h2")[0]
    assert "Erklärung" not in client.get("/nachweise").text
    assert "Erklärung" in client.get("/nachweise?stand=withdrawn").text
    client.post(f"{address}/gilt-wieder")
    assert "Erklärung" in client.get("/zusagen/1").text
    assert "falsch unterschrieben" in client.get(f"{address}/verlauf").text


def test_deleting_takes_the_file_from_the_disk_unless_another_row_names_it(
    client: JudgingClient, settings: Settings
) -> None:
    first, second = add(client, 1, ("a.pdf", PDF)), add(client, 2, ("b.pdf", PDF))
    assert len(stored(settings)) == 1
    assert "Fassungen" in client.get(f"{first}/loeschen").text
    client.post(f"{first}/loeschen")
    assert len(stored(settings)) == 1
    client.post(f"{second}/loeschen")
    assert stored(settings) == []
    assert client.get(first).status_code == 404


def test_what_was_sent_with_a_submission_is_withdrawn_but_not_deleted(
    client: JudgingClient, database: Database, settings: Settings, now: datetime
) -> None:
    address = add(client, file=("a.pdf", PDF))
    with database.write(now) as session:
        revision = current_revision(session, key_of(address))
        assert revision is not None
        submission = Submission(application_id=the_application(session).key, recipient="Fab City Foundation")
        session.add(submission)
        session.flush()
        session.add(SubmissionAttachment(submission_id=submission.key, revision_id=revision.key))
        session.commit()
    assert "weil er zu einer Einreichung gehört" in client.get(f"{address}/loeschen").text
    client.post(f"{address}/loeschen")
    assert client.get(address).status_code == 200
    assert len(stored(settings)) == 1


def test_a_file_changed_on_disk_does_not_count_and_every_page_says_so(
    client: JudgingClient, database: Database, settings: Settings, now: datetime
) -> None:
    client.post("/zusagen/1/bearbeiten", data={"state": "fulfilled", "version": "1"})
    address = add(client, file=("a.pdf", PDF))
    assert "1 erfüllt mit Nachweis" in client.get("/zusagen").text
    [path] = settings.files_dir.glob("*/*")
    download = (
        "/nachweise/fassungen/" + client.get(address).text.split("/nachweise/fassungen/")[1].split('"')[0]
    )
    for spoil, said in ((lambda: path.write_bytes(b"other"), "verändert"), (path.unlink, "fehlt")):
        spoil()
        response = client.get(download)
        assert response.status_code == 404
        assert said in response.text
        assert said in client.get(address).text
        assert "beschädigt" in client.get("/zusagen/1").text
        assert "0 erfüllt mit Nachweis" in client.get("/zusagen").text
        assert 'href="/nachweise?stand=damaged"' in client.get("/nachrichten").text
    assert "Erklärung" in client.get("/nachweise?stand=damaged").text
    path.write_bytes(PDF)
    assert client.get(download).status_code == 200
    assert "1 erfüllt mit Nachweis" in client.get("/zusagen").text
    with database.read(now) as session:
        revision = current_revision(session, key_of(address))
        assert revision is not None
        assert revision.file_state is FileState.INTACT


@pytest.fixture
def told(database: Database, now: datetime) -> int:
    """One item's proof over three weeks: a note, then a link that expires, then taken off."""
    with database.write(now) as session:
        evidence = Evidence(name="Beschluss")
        session.add(evidence)
        session.flush()
        for days, kind, values in (
            (21, EvidenceKind.NOTE, {"content": "mündlich"}),
            (
                10,
                EvidenceKind.LINK,
                {"url": "https://example.org", "valid_until": (now - timedelta(days=5)).date()},
            ),
        ):
            at = now - timedelta(days=days)
            add_revision(session, evidence, EvidenceRevision(evidence_id=0, kind=kind, added_at=at, **values))
        session.add(
            CommitmentProof(
                commitment_id=1, evidence_id=evidence.key, linked_at=now - timedelta(days=20),
                unlinked_at=now - timedelta(days=2),
            )
        )  # fmt: skip
        session.commit()
        return evidence.key


@pytest.mark.parametrize(
    ("day", "words", "no_words"),
    [
        ("1.11.2026", ["lag kein Nachweis vor"], ["mündlich"]),
        ("2.11.2026", ["mündlich", "keiner Zusage zugeordnet"], ["an diesem Tag abgelaufen"]),
        ("5.11.2026", ["mündlich", "an diesem Tag gültig"], ["keiner Zusage", "https://example.org"]),
        ("15.11.2026", ["https://example.org", "an diesem Tag gültig"], ["mündlich"]),
        ("20.11.2026", ["https://example.org", "an diesem Tag abgelaufen"], ["keiner Zusage"]),
        ("21.11.2026", ["keiner Zusage zugeordnet"], ["an diesem Tag gültig"]),
        ("31.02.2026", ["kein Datum"], []),
        ("1.1.2030", ["liegt in der Zukunft"], []),
    ],
)
def test_which_evidence_lay_here_on_which_day(
    client: JudgingClient, told: int, day: str, words: list[str], no_words: list[str]
) -> None:
    page = client.get(f"/nachweise/am?tag={day}").text.split("<main")[1]
    assert [word for word in words if word not in page] == []
    assert [word for word in no_words if word in page] == []
    assert f'value="{day}"' in page


def test_the_same_question_for_one_item_and_as_a_table(client: JudgingClient, told: int) -> None:
    assert "mündlich" in client.get("/nachweise/am?tag=5.11.2026&zusage=1").text
    assert "mündlich" not in client.get("/nachweise/am?tag=5.11.2026&zusage=2").text
    table = client.get("/nachweise/am.csv?tag=5.11.2026").data.decode("utf-8-sig")
    assert len(table.splitlines()) == 2
    assert "Beschluss" in table


def test_the_register_is_found_by_words_and_by_what_is_the_matter(client: JudgingClient) -> None:
    add(client, 1, url="https://example.org/1", name="Übersicht der Labs")
    add(client, 2, url="https://example.org/2", name="Alt", valid_until="22.11.2026")
    add(client, 3, url="https://example.org/3", name="Bald", valid_until="10.12.2026")
    client.post("/nachweise/neu", data={"name": "Ungebraucht", "content": "Notiz"})

    def listed(where: str) -> list[str]:
        page = client.get(f"/nachweise{where}").text
        rows = page.split("<tbody>")[1].split("</tbody>")[0] if "<tbody>" in page else ""
        return [name for name in ("Übersicht der Labs", "Alt", "Bald", "Ungebraucht") if name in rows]

    assert listed("") == ["Übersicht der Labs", "Alt", "Bald", "Ungebraucht"]
    assert listed("?suche=übersicht") == ["Übersicht der Labs"]
    assert listed("?stand=expired") == ["Alt"]
    assert listed("?stand=expiring") == ["Bald"]
    assert listed("?stand=unused") == ["Ungebraucht"]
    assert listed("?stand=damaged") == []
    table = client.get("/nachweise.csv?stand=unused").data.decode("utf-8-sig")
    assert len(table.splitlines()) == 2
    assert client.get("/nachweise?seite=7").status_code == 200


def test_words_owner_and_record_are_edited(client: JudgingClient, ben: Officer) -> None:
    address = add(client, url="https://example.org/1")
    typed = {"name": "Beschluss", "owner_id": str(ben.key), "file_number": "10.1/2026",
             "record_url": "https://akte.example/1", "note": "liegt im Original vor", "version": "1"}  # fmt: skip
    assert client.post(f"{address}/bearbeiten", data=typed).status_code == 303
    page = client.get(address).text
    for words in ("Beschluss", "Ben Büro", "10.1/2026", "https://akte.example/1", "Original"):
        assert words in page


def test_the_reason_stands_in_the_history_when_a_due_date_moves_or_a_state_is_set_back(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    def edit(version: int, **typed: str) -> int:
        data = {"version": str(version), **typed}
        return int(client.post("/zusagen/1/bearbeiten", data=data).status_code)

    assert edit(1, state="in_progress", due_on="1.12.2026") == 303
    assert edit(2, state="in_progress", due_on="1.2.2027") == 422
    assert edit(2, state="in_progress", due_on="1.2.2027", reason="Ferien") == 303
    assert edit(3, state="open", due_on="1.2.2027") == 422
    assert edit(3, state="fulfilled", due_on="1.2.2027") == 303
    assert edit(4, state="in_progress", due_on="1.2.2027", reason="Unterschrift ungültig") == 303
    page = client.get("/zusagen/1/verlauf").text
    assert "Ferien" in page
    assert "Unterschrift ungültig" in page


def test_two_hundred_items_a_page(client: JudgingClient, database: Database, now: datetime) -> None:
    with database.write(now) as session:
        first = session.get_one(Commitment, 1)
        session.add_all(
            Commitment(
                edition_id=first.edition_id, code=f"n{n}", position=1000 + n, label_de=f"Zusage {n:03}",
                state="fulfilled" if n % 2 else "open",
            )
            for n in range(200)
        )  # fmt: skip
        session.commit()
    page = client.get("/zusagen").text
    assert "100 von 223 bearbeitet" in page
    assert "seite=2" in page
    rest = client.get("/zusagen?seite=2").text
    assert page.count('href="/zusagen/') + rest.count('href="/zusagen/') >= 223
    assert "Zusage 199" in rest
    assert "Zusage 199" not in page


def test_the_history_names_the_owner_and_the_reason(
    client: JudgingClient, anna: Officer, ben: Officer
) -> None:
    address = add(client, url="https://example.org/1")
    client.post(f"{address}/bearbeiten", data={"name": "Erklärung", "owner_id": str(ben.key), "version": "1"})
    typed = {"withdrawn_on": "23.11.2026", "withdrawn_reason": "doppelt", "version": "2"}
    client.post(f"{address}/zurueckziehen", data=typed)
    page = client.get(f"{address}/verlauf").text
    for words in (
        "Zuständig</strong>: Anna Amt → Ben Büro",
        "Zurückgezogen am</strong>: – → 23.11.2026",
        "Grund",
    ):
        assert words in page


def test_no_banner_leads_to_an_empty_list_when_what_is_damaged_was_withdrawn(
    client: JudgingClient, settings: Settings
) -> None:
    address = add(client, file=("a.pdf", PDF))
    [path] = settings.files_dir.glob("*/*")
    path.unlink()
    client.get(
        "/nachweise/fassungen/" + client.get(address).text.split("/nachweise/fassungen/")[1].split('"')[0]
    )
    assert "stand=damaged" in client.get("/nachrichten").text
    gone = {"withdrawn_on": "23.11.2026", "withdrawn_reason": "Scan verloren", "version": "1"}
    assert client.post(f"{address}/zurueckziehen", data=gone).status_code == 303
    assert "stand=damaged" not in client.get("/nachrichten").text
