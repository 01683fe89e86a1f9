"""Excel on the pages: the checklist out and in again, an officer's own list, and taking an import back."""

import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from jobs.tidy_up import forget_abandoned_imports
from models.commitments.checklist import Commitment, CommitmentState, commitments
from models.commitments.editions import EditionState, HandbookEdition, the_edition
from models.commitments.proofs import proofs_of
from models.database import Database
from models.evidence.evidence import EvidenceKind
from models.files import FileStore
from models.imports.batches import BatchState, ImportBatch, batches
from models.officers import Officer
from settings import Settings
from tests.judge import JudgingClient


def saved(book: Any) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def upload(client: JudgingClient, address: str, content: bytes, name: str = "liste.xlsx") -> Any:
    return client.post(
        address, data={"file": (io.BytesIO(content), name)}, content_type="multipart/form-data"
    )


def worked_on(client: JudgingClient, change: Callable[[Any, dict[str, int]], None]) -> bytes:
    """The checklist as a colleague sends it back."""
    response = client.get("/zusagen/excel/datei")
    assert response.headers["Content-Disposition"].startswith("attachment; filename=zusagen-")
    book = load_workbook(io.BytesIO(response.data))
    change(book.worksheets[0], {cell.value: cell.column for cell in book.worksheets[0][1]})
    return saved(book)


def seen(page: str) -> dict[str, str]:
    found = re.search(r'name="seen"[^>]*value="([^"]*)"', page)
    return {"seen": found[1] if found else ""}


def own_list() -> bytes:
    """A list as an officer keeps it: title rows, merged cells, dates as text, words of her own."""
    book = Workbook()
    book.active.title = "Deckblatt"
    sheet = book.create_sheet("Zusagen 2026")
    for row in (
        ["Referat Digitale Stadt – Fab City", None, None, None, None, None, None],
        ["Stand: 20.11.2026"],
        [],
        ["Nr.", "Thema", "Status", "Wer?", "bis", "Az.", "Beleg / Link", "Bemerkungen"],
        [1, "Bündnis Stadtgesellschaft, Labs und Stadt", "läuft", "Ben Büro", "15.3.27", "10.1/7", None,
         "Runde im Mai"],
        [2, "Gespräch mit Mitgliedsstadt (Hamburg)", "erledigt", "Amt 80", "Ende März", None,
         "https://example.org/protokoll", None],
        [3, "Werkstattverzeichnis drucken", "entfällt", "Frau Büro", datetime(2027, 4, 1), None, "fehlt", "zu teuer"],
        [4, "Newsletter", "ruht", None, None, None, "Ordner 7, Blatt 3", None],
        [None, "Summe", None, None, None, None, None, "=COUNTA(B5:B8)"],
    ):  # fmt: skip
        sheet.append(row)
    sheet.merge_cells("A1:H1")
    return saved(book)


def test_the_checklist_goes_out_and_comes_in_again(
    client: JudgingClient, database: Database, now: datetime, ben: Officer
) -> None:
    def change(sheet: Any, places: dict[str, int]) -> None:
        sheet.cell(2, places["Zustand"]).value = "erfüllt"
        sheet.cell(2, places["Zuständig (E-Mail-Adresse)"]).value = ben.email
        sheet.cell(3, places["Zustand"]).value = "fast fertig"
        sheet.cell(4, places["Notiz"]).value = "=1+1 <b>"
        sheet.cell(4, places["Notiz"]).data_type = "s"
        sheet.delete_rows(20)

    assert "Excel-Datei herunterladen" in client.get("/zusagen/excel").text
    response = upload(client, "/zusagen/excel", worked_on(client, change))
    assert response.status_code == 303
    address = response.headers["Location"]
    page = client.get(address).text
    for words in (
        "Noch ist nichts geändert", "2 Zeilen würden übernommen", "Eine Zeile hat einen Fehler", "fast fertig",
        "Ben Büro", "offen → erfüllt", "=1+1 &lt;b&gt;", "Eine Zusage steht nicht in der Datei",
    ):  # fmt: skip
        assert words in page, words
    with database.read(now) as session:
        assert {item.state for item in commitments(session)} == {CommitmentState.OPEN}
    assert client.post(f"{address}/uebernehmen", data=seen(page)).status_code == 303
    with database.read(now) as session:
        first, second, third = commitments(session)[:3]
        assert (first.state, first.responsible_id, third.note) == (
            CommitmentState.FULFILLED,
            ben.key,
            "=1+1 <b>",
        )
        assert second.state is CommitmentState.OPEN
    history = client.get(f"/zusagen/{first.key}/verlauf").text
    assert "Excel-Einfuhr liste.xlsx" in history
    assert "fast fertig" in client.get(address).text
    assert client.post(f"{address}/uebernehmen", data=seen(page)).status_code == 303  # twice does nothing
    client.post(f"/zusagen/{third.key}/bearbeiten", data={"state": "open", "note": "später", "version": "2"})
    assert "Seitdem geändert" in client.get(f"{address}/zuruecknehmen").text
    client.post(f"{address}/zuruecknehmen")
    page = client.get(address).text
    assert "Was nicht zurückgenommen werden konnte" in page
    with database.read(now) as session:
        first, _second, third = commitments(session)[:3]
        assert (first.state, first.responsible_id, third.note) == (CommitmentState.OPEN, None, "später")
    assert "zurückgenommen" in client.get("/zusagen/einfuhren").text
    assert client.get(f"{address}/datei").status_code == 200


def test_an_unchanged_file_has_nothing_to_import_in_either_language(client: JudgingClient) -> None:
    for language in ("en", "de"):
        client.post("/sprache", data={"language": language})
        address = upload(client, "/zusagen/excel", client.get("/zusagen/excel/datei").data).headers[
            "Location"
        ]
        page = client.get(address).text
        assert "uebernehmen" not in page
        assert ("There is nothing to import" if language == "en" else "nichts zu übernehmen") in page


def test_who_saved_after_the_preview_is_not_overwritten(
    client: JudgingClient, bens_client: JudgingClient, database: Database, now: datetime
) -> None:
    def change(sheet: Any, places: dict[str, int]) -> None:
        sheet.cell(2, places["Notiz"]).value = "aus der Datei"

    address = upload(client, "/zusagen/excel", worked_on(client, change)).headers["Location"]
    page = client.get(address).text
    key = re.findall(r'href="/zusagen/(\d+)"', page)[0]
    bens_client.post(f"/zusagen/{key}/bearbeiten", data={"state": "open", "file_number": "B", "version": "1"})
    client.post(f"{address}/uebernehmen", data=seen(page))
    assert "nicht überschrieben" in client.get(address).text
    with database.read(now) as session:
        assert session.get_one(Commitment, int(key)).note == ""


@pytest.mark.parametrize("kind_of_database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("address", ["/zusagen/excel", "/zusagen/eigene-liste"])
def test_what_cannot_be_read_is_said_and_not_kept(
    client: JudgingClient, database: Database, now: datetime, address: str
) -> None:
    for content, name, words in (
        (b"", "leer.xlsx", "leer"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 alt", "alt.xls", "altes"),
        (b"%PDF-1.7", "../../x.xlsx", "keine lesbare Excel-Datei"),
        (b"PK\x03\x04kaputt", "kaputt.xlsx", "keine lesbare Excel-Datei"),
    ):
        response = upload(client, address, content, name)
        assert response.status_code == 422, name
        assert words.replace("altes", "alten Excel") in response.text
    assert client.post(address).status_code == 422
    assert "Bitte wählen Sie eine Datei" in client.post(address).text
    if address == "/zusagen/excel":
        assert "eigenen Liste" in upload(client, address, own_list()).text
    with database.read(now) as session:
        assert batches(session) == []


def test_an_own_list_is_placed_step_by_step_and_taken_back(
    client: JudgingClient, database: Database, now: datetime, ben: Officer
) -> None:
    address = upload(client, "/zusagen/eigene-liste", own_list(), "Fab City (Müller).xlsx").headers[
        "Location"
    ]
    assert client.get(address).headers["Location"] == f"{address}/blatt"
    assert "ist leer" in client.get(f"{address}/blatt").text
    page = client.get(f"{address}/blatt?blatt=Zusagen 2026").text
    assert re.search(r'value="4" checked', page)  # the row of headings is guessed
    assert client.post(f"{address}/blatt", data={"blatt": "Zusagen 2026", "header": "99"}).status_code == 422
    client.post(f"{address}/blatt", data={"blatt": "Zusagen 2026", "header": "4"})
    page = client.get(f"{address}/spalten").text
    assert "Spalte B: Thema" in page
    assert "Bündnis Stadtgesellschaft" in page
    guessed = dict(re.findall(r'name="column_(\d+)".*?<option selected value="(\w*)"', page, re.DOTALL))
    assert guessed == {
        "0": "", "1": "title", "2": "state", "3": "responsible", "4": "due", "5": "file_number", "6": "proof",
        "7": "note",
    }  # fmt: skip
    twice = client.post(f"{address}/spalten", data={f"column_{k}": v or "title" for k, v in guessed.items()})
    assert twice.status_code == 422
    assert "nur eine Spalte" in twice.text
    client.post(f"{address}/spalten", data={f"column_{k}": v for k, v in guessed.items()})
    page = client.get(f"{address}/zustaende").text
    states = re.findall(r'name="(word_\d)".*?<option selected value="(\w*)"', page, re.DOTALL)
    assert [state for _name, state in states] == ["in_progress", "fulfilled", "dropped", ""]
    client.post(f"{address}/zustaende", data={**dict(states), "word_3": "open"})
    page = client.get(f"{address}/zuordnung").text
    targets = dict(re.findall(r'name="row_(\d+)".*?<option selected value="(\w+)"', page, re.DOTALL))
    with database.read(now) as session:
        codes = {str(item.key): item.code for item in commitments(session)}
    assert [codes.get(t, t) for t in targets.values()] == ["consortium", "peer_talk", "new", "new", "new"]
    page = client.post(
        f"{address}/zuordnung", data={f"row_{n}": "skip" if n == "9" else t for n, t in targets.items()},
        follow_redirects=True,
    ).text  # fmt: skip
    for words in (
        "4 Zeilen würden übernommen, davon 2 neue Zusagen", "„Amt 80“ ist hier nicht", "„Ende März“ ist kein Datum",
        "15.03.2027", "https://example.org/protokoll", "Eine Zeile wird ausgelassen",
    ):  # fmt: skip
        assert words in page, words
    client.post(f"{address}/uebernehmen", data=seen(page))
    with database.read(now) as session:
        items = {item.code if not item.is_own else item.label_de: item for item in commitments(session)}
        consortium, talk = items["consortium"], items["peer_talk"]
        assert (consortium.state, consortium.responsible_id, consortium.file_number, consortium.note) == (
            CommitmentState.IN_PROGRESS, ben.key, "10.1/7", "Runde im Mai"
        )  # fmt: skip
        assert items["Newsletter"].state is CommitmentState.OPEN
        assert talk.note == "Zuständig laut Liste: Amt 80\nFrist laut Liste: Ende März"
        [(_evidence, revision)] = proofs_of(session, talk.key)
        assert (revision.kind, revision.url) == (EvidenceKind.LINK, "https://example.org/protokoll")
        dropped, news = items["Werkstattverzeichnis drucken"], items["Newsletter"]
        assert (dropped.state, dropped.drop_reason, dropped.responsible_id) == (
            CommitmentState.DROPPED,
            "zu teuer",
            ben.key,
        )
        assert "Nachweis laut Liste: fehlt" in dropped.note
        assert [e.name for e, _r in proofs_of(session, news.key)] == ["Ordner 7, Blatt 3"]
        assert proofs_of(session, dropped.key) == []
    client.post(f"/wiedervorlagen/neu/commitment/{dropped.key}", data={
        "kind": "waiting", "what": "Antwort", "waiting_for": "Amt 80", "due_on": "1.12.2026"})  # fmt: skip
    client.post(f"{address}/zuruecknehmen")
    page = client.get(address).text
    assert "Werkstattverzeichnis drucken" in page
    assert "Er bleibt stehen" in page
    with database.read(now) as session:
        left = [item.label_de for item in commitments(session) if item.is_own]
        assert left == ["Werkstattverzeichnis drucken"]
        assert proofs_of(session, talk.key) == []
        assert session.get_one(Commitment, talk.key).note == ""


def test_a_step_cannot_be_passed_over_and_a_draft_can_be_thrown_away(
    client: JudgingClient, database: Database, settings: Settings, now: datetime
) -> None:
    address = upload(client, "/zusagen/eigene-liste", own_list()).headers["Location"]
    for step in ("spalten", "zustaende", "zuordnung"):
        assert client.get(f"{address}/{step}").status_code == 303
    assert client.post(f"{address}/uebernehmen").status_code == 303
    assert client.post(f"{address}/zuruecknehmen").status_code == 303
    with database.read(now) as session:
        [batch] = batches(session)
        assert batch.state is BatchState.PREPARED
    path = FileStore(settings.files_dir).path(batch.sha256)
    path.write_bytes(b"changed on disk")
    assert "fehlt auf der Festplatte" in client.get(f"{address}/blatt").text
    assert client.post(f"{address}/verwerfen").status_code == 303
    assert not path.exists()
    assert client.get(address).status_code == 404


def test_files_left_lying_for_a_week_are_forgotten(
    client: JudgingClient, database: Database, settings: Settings, now: datetime
) -> None:
    upload(client, "/zusagen/eigene-liste", own_list())
    store = FileStore(settings.files_dir)
    for days, left in ((6, 1), (8, 0)):
        with database.write(now + timedelta(days=days)) as session:
            forget_abandoned_imports(session, store, now + timedelta(days=days))
            session.commit()
            assert len(batches(session)) == left
    assert [path for path in settings.files_dir.rglob("*") if path.is_file()] == []
    with database.write(now) as session:
        session.add(
            ImportBatch(
                kind="own_list", file_name="a", sha256="a" * 64, uploaded_at=now, state=BatchState.APPLIED
            )
        )
        session.commit()
        assert forget_abandoned_imports(session, store, now + timedelta(days=400)) == 0


def test_a_draft_edition_is_worked_on_in_excel_too(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    with database.write(now) as session:
        current = the_edition(session)
        draft = HandbookEdition(application_id=current.application_id, code="2027", name="Handbuch 2027")
        session.add(draft)
        session.flush()
        session.add(Commitment(edition_id=draft.key, code="alt", label_de="Alt"))
        session.commit()
    page = client.get(f"/zusagen/excel?ausgabe={draft.key}").text
    assert "Handbuch 2027" in page
    book = load_workbook(io.BytesIO(client.get(f"/zusagen/excel/datei?ausgabe={draft.key}").data))
    book.worksheets[0].cell(2, 2).value = "Neu gefasst"
    book.worksheets[0].cell(3, 1).value = "zweite"
    book.worksheets[0].cell(3, 2).value = "Zweite"
    address = upload(client, f"/zusagen/excel?ausgabe={draft.key}", saved(book)).headers["Location"]
    client.post(f"{address}/uebernehmen", data=seen(client.get(address).text))
    with database.write(now) as session:
        assert [i.label_de for i in commitments(session, edition=draft)] == ["Neu gefasst", "Zweite"]
        assert len(commitments(session)) == 23
        session.get_one(HandbookEdition, draft.key).state = EditionState.SUPERSEDED
        session.commit()
    assert client.get(f"/zusagen/excel?ausgabe={draft.key}").status_code == 404
    assert client.get("/zusagen/excel?ausgabe=99999999999").status_code == 404


def test_with_a_draft_the_files_go_that_were_read_into_it(client: JudgingClient, settings: Settings) -> None:
    facts = {"name": "Handbuch 2027", "as_of": "3/2027", "source": "Handbuch des Netzwerks"}
    draft = client.post("/zusagen/ausgaben/neu/kopie", data=facts).location
    excel = f"ausgabe={draft.rsplit('/', 1)[-1]}"
    upload(client, f"/zusagen/excel?{excel}", client.get(f"/zusagen/excel/datei?{excel}").data)
    assert list(settings.files_dir.glob("*/*"))
    client.get(f"{draft}/loeschen")
    assert list(settings.files_dir.glob("*/*"))
    assert client.post(f"{draft}/loeschen").status_code == 303
    assert not list(settings.files_dir.glob("*/*"))
