"""What came before the edition in force stays as it was, whatever is pressed afterwards."""

import io
from datetime import datetime
from typing import Any

from openpyxl import load_workbook

from models.commitments.checklist import commitments
from models.commitments.editions import HandbookEdition, the_edition
from models.commitments.proofs import proofs_of
from models.database import Database
from tests.judge import JudgingClient
from tests.webapp.test_editions import FACTS
from tests.webapp.test_evidence import add
from tests.webapp.test_imports import saved, seen, upload, worked_on


def adopt_a_copy(client: JudgingClient, database: Database, now: datetime) -> tuple[int, int]:
    """A copy of the edition comes into force with all answers; the keys of the old and the new one."""
    with database.read(now) as session:
        old = the_edition(session).key
    new = int(client.post("/zusagen/ausgaben/neu/kopie", data=FACTS).location.rsplit("/", 1)[-1])
    with database.read(now) as session:
        items = [str(item.key) for item in commitments(session)]
    client.post(f"/zusagen/ausgaben/{new}/uebernahme", data={"antwort": items})
    assert client.post(f"/zusagen/ausgaben/{new}/gilt").status_code == 303
    with database.read(now) as session:
        assert the_edition(session).key == new
    return old, new


def imported(client: JudgingClient, content: bytes, edition: int | None = None) -> str:
    address = "/zusagen/excel" + (f"?ausgabe={edition}" if edition else "")
    batch: str = upload(client, address, content).location
    client.post(f"{batch}/uebernehmen", data=seen(client.get(batch).text))
    return batch


def test_an_import_is_not_taken_back_in_an_edition_that_was_superseded_since(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    def change(sheet: Any, places: dict[str, int]) -> None:
        sheet.cell(2, places["Notiz"]).value = "aus Excel"

    batch = imported(client, worked_on(client, change))
    assert "zuruecknehmen" in client.get(batch).text
    old, _new = adopt_a_copy(client, database, now)
    assert "zuruecknehmen" not in client.get(batch).text
    assert client.post(f"{batch}/zuruecknehmen").status_code == 303
    assert "Was eingeführt wurde, bleibt" in client.get(batch).text
    with database.read(now) as session:
        before = commitments(session, edition=session.get_one(HandbookEdition, old))
        assert [item.note for item in before if item.note] == ["aus Excel"]


def test_the_wording_of_an_edition_in_force_is_not_taken_back_either(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    new = int(client.post("/zusagen/ausgaben/neu/kopie", data=FACTS).location.rsplit("/", 1)[-1])
    book = load_workbook(io.BytesIO(client.get(f"/zusagen/excel/datei?ausgabe={new}").data))
    sheet = book.worksheets[0]
    title = next(cell.column for cell in sheet[1] if cell.value == "Titel (deutsch)")
    sheet.cell(2, title).value = "Neuer Wortlaut"
    batch = imported(client, saved(book), new)
    assert client.post(f"/zusagen/ausgaben/{new}/gilt").status_code == 303
    assert client.post(f"{batch}/zuruecknehmen").status_code == 303
    with database.read(now) as session:
        assert "Neuer Wortlaut" in [item.label_de for item in commitments(session)]


def test_the_proofs_of_a_superseded_edition_stay_and_are_not_counted_twice(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    address = add(client, url="https://example.org/brief")
    adopt_a_copy(client, database, now)
    page = client.get(address).text
    assert page.count('name="zusage"') == 1
    assert "In einer anderen Ausgabe" in page
    assert "eine Zusage" in client.get("/nachweise").text
    assert client.post(f"{address}/abnehmen", data={"zusage": "1"}).status_code == 404
    assert client.post(f"{address}/zusagen", data={"zusage": "2"}).status_code == 404
    with database.read(now) as session:
        assert [len(proofs_of(session, item)) for item in (1, 2)] == [1, 0]
