"""The way into the network as an officer walks it, from an empty consortium to the duties of a member."""

import io
import json
import subprocess
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from playwright.sync_api import Locator, Page

from tests.browser.conftest import Fresh, Visitor
from tests.conftest import PASSWORD

pytestmark = pytest.mark.parametrize("kind_of_database", ["sqlite"], indirect=True)
TODAY, SUMMIT_OVER = "23.11.2026", datetime(2027, 7, 12, 7, 0, tzinfo=UTC)


def scan() -> bytes:
    """A signed page as a scanner would make it."""
    paper, written = pikepdf.new(), io.BytesIO()
    paper.add_blank_page()
    paper.save(written)
    return written.getvalue()


def sign_in(person: Visitor) -> Page:
    page = person.open("/anmelden")
    person.fill(email="anna@lotse.example", password=PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(person.address + "/")
    return page


@pytest.fixture
def anna(fresh: Fresh, visit: Callable[..., Visitor]) -> Visitor:
    """On a phone in the dark, without scripts, in German."""
    person = visit(fresh.address, "phone", "dark", script=False)
    sign_in(person)
    return person


def said(person: Visitor, *words: str) -> None:
    """The page says all of this."""
    shown = " ".join(person.page.locator("main").inner_text().split())
    for word in words:
        assert word in shown, f"{person.page.url} does not say “{word}”: {shown}"


def declare(person: Visitor, lab: str, paper: bytes | None = None) -> None:
    person.open("/beitritt")
    person.follow("Erklärung eintragen")
    person.fill(new_organisation=lab, declared_on="20.11.2026", signed_by="Lea Lab")
    if paper:
        file = {"name": "Erklärung.pdf", "mimeType": "application/pdf", "buffer": paper}
        person.page.locator("[name=file]").set_input_files([file])  # type: ignore[list-item]
        person.fill(valid_until="31.12.2027")
    person.press("Speichern")


def join(person: Visitor, role: str, name: str, known: bool = False) -> None:
    """A partner with its role and legal form, and then its contact."""
    person.open("/beitritt/buendnis")
    person.follow("Partner hinzufügen")
    if known:
        person.page.locator("[name=organisation_id]").select_option(label=name)
    else:
        person.fill(new_organisation=name)
    person.page.locator("[name=role_id]").select_option(label=role)
    person.fill(legal_form="e. V.", joined_on=TODAY)
    person.press("Speichern")
    said(person, "Ansprechperson noch niemand")
    person.follow("Auswählen")
    person.follow("Zuerst eine Ansprechperson dieser Organisation anlegen")
    person.fill(family_name=f"Muster-{role.split()[0]}", source="Gespräch am 20.11.", origin="self")
    person.press("Speichern")
    said(person, f"Partner im Bündnis in der Rolle „{role}“", f"Ansprechperson Muster-{role.split()[0]}")


def close_phase(person: Visitor, phase: str) -> None:
    person.open("/beitritt")
    person.page.locator("#phasen ~ ol a", has_text=phase).first.click()
    person.look()
    person.follow("Phase abschließen …")
    person.page.locator("[name=finished]").first.check()
    person.fill(closed_on=TODAY)
    if person.page.locator("[name=anyway]").count():
        person.page.locator("[name=anyway]").check()
    person.press("Weiter")


def everywhere(person: Visitor, *words: str) -> None:
    """Overview, joining and check say the same."""
    for path in ("/", "/beitritt", "/beitritt/pruefung"):
        page = person.open(path)
        for fold in page.locator("details").all():  # what is complete is folded in the check
            fold.evaluate("fold => fold.open = true")
        said(person, *words)


def letter(person: Visitor, kind: str, **fields: str) -> None:
    person.open("/beitritt/einreichung/1")
    person.follow(kind)
    person.fill(**fields)
    person.press("Speichern")
    said(person, "Das Schreiben ist eingetragen.")


def test_from_an_empty_consortium_to_a_member(fresh: Fresh, anna: Visitor) -> None:
    # Nobody has declared, nobody is in the consortium.
    everywhere(anna, "0 von 2", "0 von 3 Partnern")
    said(anna, "stehen der Einreichung noch im Weg", "Die Einreichung ist noch nicht vorbereitet")
    declare(anna, "Makerspace Nord", scan())
    said(anna, "Erklärung.pdf", "gültig bis 31.12.2027", "1 von 2 erklärt")
    declare(anna, "FabLab Süd")
    said(anna, "Das unterschriebene Papier fehlt", "Erfüllt: 2 von 2 erklärt")
    anna.open("/beitritt/phasen/2")
    anna.follow("Mehrere Fab-Lab-Akteure erklären ihren Beitrittswunsch")
    said(anna, "Erklärung Makerspace Nord", "Nachweis liegt vor")

    # A partner for each role, and what the check says then.
    join(anna, "Lab oder Maker", "Makerspace Nord", True)
    join(anna, "Stadtgesellschaft", "Nachbarschaft e. V.")
    join(anna, "Stadt", "Referat Digitale Stadt, Stadt Leipzig", True)
    anna.open("/beitritt/buendnis")
    said(anna, "Erfüllt: 3 von 3 Partnern", "Muster-Lab", "Muster-Stadt")
    everywhere(anna, "2 von 2", "3 von 3 Partnern")

    # Phases are closed by hand; one is opened again, which needs a reason.
    close_phase(anna, "Idee und Auftrag")
    close_phase(anna, "Beitrittswunsch der Akteure")
    anna.follow("Wieder öffnen …")
    anna.press("Wieder öffnen")
    said(anna, "Bitte sagen Sie in wenigen Worten, warum.")
    assert (
        anna.page.evaluate("document.activeElement.tagName") == "BODY"
    )  # the script that sets the focus is not here
    anna.fill(reason="Das Netzwerk will ein drittes Lab")
    anna.press("Wieder öffnen")
    anna.follow("Änderungsverlauf")
    said(anna, "Das Netzwerk will ein drittes Lab", f"Abgeschlossen am: {TODAY} → –")

    # Submitted, asked back, answered, accepted.
    anna.open("/beitritt/einreichung")
    anna.follow("Einreichung vorbereiten")
    anna.page.get_by_label("Erklärung Makerspace Nord").check()
    anna.press("Speichern")
    said(anna, "gesendet wurde nichts", "Erklärung.pdf", "Stand des Beitritts in Vorbereitung")
    anna.follow("Wurde gesendet …")
    anna.press("Speichern")
    said(anna, "Stand des Beitritts eingereicht")
    letter(anna, "Eingangsbestätigung")
    letter(anna, "Rückfrage des Netzwerks", body="Wer spricht für die Labs?", answer_due_on="07.12.2026")
    said(anna, "sie ist am 07.12.2026 fällig")
    for path in ("/", "/wiedervorlagen"):
        anna.open(path)
        said(anna, "Rückfrage des Netzwerks beantworten", "07.12.2026")
    letter(anna, "Unsere Antwort", body="Lea Lab")
    said(anna, "Die Aufgabe „Rückfrage beantworten“ ist erledigt.")
    letter(anna, "Zusage des Netzwerks")
    said(anna, "zugesagt, noch nicht bekannt gegeben")

    # Announced at the Summit: the duties of a member begin.
    fresh.now = SUMMIT_OVER
    sign_in(anna)
    anna.open("/beitritt")
    anna.follow("Stand ändern")
    anna.page.locator("[name=state]").select_option(label="Mitglied des Netzwerks")
    anna.fill(state_since="10.07.2027", reason="Beim Summit bekannt gegeben")
    anna.press("Speichern")
    said(anna, "Mitglied des Netzwerks, seit 10.07.2027 (vorher: zugesagt", "Beim Summit bekannt gegeben")
    anna.follow("Pflichten nach der Aufnahme")
    said(anna, "4 Pflichten sind noch nicht eingerichtet")
    anna.press("Alle fehlenden einrichten")
    anna.open("/")
    said(anna, "Mitglied des Netzwerks", "Stadtprofil des Netzwerks prüfen")


@pytest.fixture
def desk(fresh: Fresh, visit: Callable[..., Visitor]) -> Visitor:
    """At a desk, with scripts, in English."""
    person = visit(fresh.address)
    sign_in(person)
    person.press("English")
    return person


def own_list() -> bytes:
    """What an officer kept until now: two lines above the headings, dates as text, one that is none, no title."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ("Fab City – offene Punkte",),
        ("Stand 19.11.2026, Amt 80",),
        ("Nr.", "Was ist zu tun?", "Status", "bis wann", "Bemerkung"),
        (
            1,
            "Gespräch mit Global Initiative oder Foundation",
            "erledigt",
            "1.10.2026",
            "Telefonat mit Barcelona",
        ),
        (2, "Ökosystem kartieren", "in Arbeit", "15. März 2027", "Liste beim Referat"),
        (3, "Labore im Museum zeigen", "offen", "31.01.2027", None),
        (4, "Rede des Oberbürgermeisters", "offen", "31.02.2027", None),
        (5, None, "offen", "1.5.2027", "Wer macht das?"),
    ):
        sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def test_an_own_list_is_taken_in_and_taken_back(desk: Visitor) -> None:
    page = desk.open("/zusagen")
    desk.follow("Import an own list")
    name = "Fab City offene Punkte.xlsx"
    page.locator("[name=file]").set_input_files(
        [{"name": name, "mimeType": "application/octet-stream", "buffer": own_list()}]
    )
    desk.press("Upload")
    assert page.get_by_label("Row 3").is_checked()
    for guessed in (
        {"Column A: Nr.": "", "Column B: Was ist zu tun?": "Title", "Column D: bis wann": "Due on"},
        {"„erledigt“": "fulfilled", "„in Arbeit“": "in progress"},
        {
            "Row 4: Gespräch mit Global Initiative oder Foundation": "Talk with the Global Initiative or Foundation",
            "Row 6: Labore im Museum zeigen": "a new item of our own",
        },
    ):
        desk.press("Continue")
        for label, wanted in guessed.items():
            chosen = page.get_by_label(label).locator("option:checked").inner_text()
            assert chosen == (wanted or "do not take over"), (label, chosen)
    desk.press("Show what would change")
    said(desk, "Nothing is changed yet.", "8 – A new item needs a title.", "Frist laut Liste: 31.02.2027")
    desk.press("Import 4 rows")
    said(desk, "Imported. One row was left.")
    desk.open("/zusagen")
    said(desk, "2 of 25 handled", "due on 15 March 2027", "Labore im Museum zeigen")
    page.go_back()
    desk.follow("Take the import back …")
    desk.press("Take the import back")
    desk.open("/zusagen")
    said(desk, "0 of 23 handled")
    assert "Museum" not in page.content()


def answer(person: Visitor, item: str, **fields: str) -> None:
    """What the city says on an item."""
    person.open("/zusagen")
    person.follow(item)
    person.follow("Bearbeiten")
    person.fill(**fields)
    person.press("Speichern")


def test_a_second_edition_takes_answers_over_one_by_one(anna: Visitor) -> None:
    page = anna.page
    answer(
        anna, "Ziel 2054: möglichst viel lokal produzieren", state="in_progress", note="Entwurf beim Amt 80"
    )
    answer(anna, "Gespräch mit Global Initiative oder Foundation", state="fulfilled", note="Telefonat")
    answer(anna, "leipzig.fab.city beantragt", state="dropped", drop_reason="Die Stadt hat eine eigene Seite")
    anna.open("/zusagen")
    anna.follow("Ausgaben der Liste")
    anna.follow("Neue Ausgabe vorbereiten")
    anna.follow("Kopieren")
    anna.fill(name="Handbuch 2027", as_of="März 2027", source="Handbuch, gelesen am 12.3.")
    anna.press("Speichern")
    anna.follow("Ziel 2054: möglichst viel lokal produzieren")
    anna.fill(label_de="Ziel 2054: fast alles lokal produzieren")
    anna.press("Speichern")
    anna.follow("Löschen … leipzig.fab.city beantragt")
    anna.press("Löschen")
    anna.follow("Zusage hinzufügen")
    anna.fill(label_de="Bürgerrat zu Fab City", origin="handbook", certainty="high")
    anna.press("Speichern")
    anna.follow("Antworten übernehmen und in Kraft setzen")
    said(
        anna, "Über 3 Antworten ist noch zu entscheiden.", "21 unverändert, 1 anders formuliert, 1 nicht mehr"
    )

    # The same words are ticked, other words decided singly; before that it cannot come into force.
    page.get_by_label("Gespräch mit Global Initiative oder Foundation").check()
    anna.press("Angekreuzte bestätigen")
    anna.follow("Ziel 2054: möglichst viel lokal produzieren")
    assert page.locator("del").first.inner_text(), page.content()
    page.get_by_label("Ja, übernehmen").check()
    anna.press("Entscheidung speichern")
    anna.follow("leipzig.fab.city beantragt")
    page.get_by_label("Nein, nicht übernehmen").check()
    anna.press("Entscheidung speichern")
    said(anna, "Warum nicht: Bitte schreiben Sie, warum")
    anna.fill(reason="Steht nicht mehr im Handbuch")
    anna.press("Entscheidung speichern")
    anna.follow("Diese Ausgabe in Kraft setzen …")
    anna.press("Diese Ausgabe gilt ab jetzt")
    anna.open("/zusagen")
    said(
        anna, "2 von 23 bearbeitet", "Handbuch 2027", "Bürgerrat zu Fab City", "fast alles lokal produzieren"
    )
    anna.follow("Ziel 2054: fast alles lokal produzieren")
    said(anna, "Entwurf beim Amt 80", "in Arbeit")

    # The old one is readable with its answers.
    anna.open("/zusagen/ausgaben")
    anna.follow("Fab City Network, Stand 22.11.2026")
    said(anna, "abgelöst")
    anna.follow("leipzig.fab.city beantragt")
    said(anna, "Die Stadt hat eine eigene Seite", "Steht nicht mehr im Handbuch")


def save(person: Visitor, press: Locator, folder: Path) -> Path:
    """Press what gives a file, and keep it under the name that it proposes."""
    with person.page.expect_download() as waiting:
        press.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def add_proof(person: Visitor, item: str, what: str, name: str, content: bytes) -> None:
    person.open("/zusagen")
    person.follow(item)
    person.follow("Add evidence")
    person.fill(name=what, dated_on="20.11.2026", valid_until="31.12.2027")
    file = {"name": name, "mimeType": "application/pdf", "buffer": content}
    person.page.locator("[name=file]").set_input_files([file])  # type: ignore[list-item]
    person.press("Save")


def pages_of(path: Path) -> int:
    with pikepdf.open(path) as document:
        assert document.Root.StructTreeRoot is not None  # tagged, for screen readers
        return len(document.pages)


def test_what_leaves_the_house_can_be_opened_and_verified(
    fresh: Fresh, desk: Visitor, tmp_path: Path
) -> None:
    item = "Political declaration of intent by the city"
    page, folder = desk.page, tmp_path / "saved"
    add_proof(desk, item, "Minutes", "minutes.pdf", b"MZ\x90\x00 This program cannot be run in DOS mode.")
    assert page.locator("#file-error").is_visible()
    assert "error-summary" in page.evaluate("document.activeElement.className")
    assert page.input_value("[name=name]") == "Minutes"
    assert page.input_value("[name=valid_until]") == "31.12.2027"
    add_proof(desk, item, "Minutes", "../../Minutes of the council.pdf", scan())
    said(desk, "The evidence is stored.", "Minutes of the council.pdf")
    assert "../" not in page.locator("main").inner_text()

    # The pack: what is in it can be verified without this program.
    desk.open("/beitritt/berichte")
    desk.follow("Evidence pack")
    said(desk, "1 file")
    packed = save(desk, page.get_by_role("button", name="Download the evidence pack"), folder)
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder / "pack")
    verified = subprocess.run(
        ["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=folder / "pack", text=True, capture_output=True,
    )  # fmt: skip
    assert verified.returncode == 0, verified.stderr
    assert verified.stdout.count(": OK") == 3, verified.stdout
    [document] = (folder / "pack").glob("*.pdf")
    assert pages_of(document) >= 1

    # The other papers.
    desk.open("/beitritt/berichte")
    for language in ("German", "English"):
        form = page.get_by_role("link", name=f"Declaration form, {language} (PDF)")
        assert pages_of(save(desk, form, folder)) == 1
    desk.follow("Status report")
    assert pages_of(save(desk, page.get_by_role("link", name="PDF").first, folder)) <= 3
    desk.open("/beitritt/berichte")
    desk.follow("Handover file")
    handed = save(desk, page.get_by_role("button", name="Download all (ZIP)"), folder)
    with zipfile.ZipFile(handed) as archive:
        kinds = {Path(name).suffix for name in archive.namelist()}
        assert archive.testzip() is None
    assert kinds >= {".pdf", ".vcf", ".ics"}, kinds
    desk.open("/beitritt/berichte")
    desk.follow("City data (city.json)")
    data = save(desk, page.get_by_role("link", name="Download city.json, in English"), folder)
    assert "Leipzig" in data.read_text("utf-8")
    assert data.name == "city.json"
    json.loads(data.read_text("utf-8"))

    # A file that was changed on the disk is found, shown, and counts no longer.
    [stored] = [path for path in fresh.settings.files_dir.rglob("*") if path.is_file()]
    stored.chmod(0o600)
    stored.write_bytes(b"something else")
    desk.open("/nachweise")
    desk.follow("Minutes")
    desk.follow("Minutes of the council.pdf")
    said(desk, "The file was changed in the data folder")
    for path in ("/nachweise/1", "/zusagen/nachweispaket", "/zusagen"):
        desk.open(path)
        said(desk, "damaged")
