"""The checklist out to Excel and in again: only what somebody changed in the file changes here."""

import io
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlmodel import Session

from models.application.phases import phases
from models.audit import history_of
from models.commitments.checklist import Commitment, CommitmentState, commitments
from models.commitments.editions import EditionState, HandbookEdition, the_edition
from models.commitments.sheet import Reading, known_names, read_sheet, write_sheet
from models.commitments.sheet_lines import new_item
from models.database import Database, LotseSession
from models.documents.workbook_parts import UnreadableError
from models.documents.workbook_reading import read_book
from models.hanging import delete_with_hanging, hanging_on
from models.imports.applying import NotPreparedError, apply
from models.imports.batches import BatchState, ImportBatch, ImportKind
from models.imports.plan import Left, PlannedRow, versions_from, versions_text
from models.imports.reverting import revert
from models.officers import Officer

HEAD = 1


@pytest.fixture
def session(database: Database, now: datetime, anna: Officer) -> Iterator[LotseSession]:
    with database.write(now, anna.key) as opened:
        yield opened


def file_of(session: Session, now: datetime, change: Callable[[Any], None] = lambda sheet: None,
            language: str = "de", edition: HandbookEdition | None = None) -> bytes:  # fmt: skip
    content = write_sheet(session, edition or the_edition(session), phases(session), language, now)
    book = load_workbook(io.BytesIO(content))
    change(book.worksheets[0])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read(session: Session, content: bytes, edition: HandbookEdition | None = None) -> Reading:
    edition = edition or the_edition(session)
    known = known_names(session, phases(session))
    draft = edition.state is EditionState.DRAFT
    return read_sheet(session, edition, read_book(content, "z.xlsx"), known, with_wording=draft)


def columns(sheet: Any) -> dict[str, int]:
    return {cell.value: cell.column for cell in sheet[HEAD]}


def typed(*cells: tuple[int, str, Any]) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        places = columns(sheet)
        for row, heading, value in cells:
            sheet.cell(row, places[heading]).value = value

    return change


def effective(reading: Reading) -> list[PlannedRow]:
    return [row for row in reading.rows if row.is_effective]


def said(row: PlannedRow) -> str:
    return " ".join(r.text.format(**r.values) for r in [*row.faults, *row.remarks])


def imported(session: LotseSession, content: bytes, now: datetime, seen: str | None = None,
             edition: HandbookEdition | None = None) -> tuple[ImportBatch, list[Left]]:  # fmt: skip
    edition = edition or the_edition(session)
    batch = ImportBatch(kind=ImportKind.CHECKLIST, file_name="zusagen.xlsx", uploaded_at=now, sha256="0" * 64)
    session.add(batch)
    session.flush()
    rows = read(session, content, edition).rows
    left = apply(
        session, batch, rows, versions_from(versions_text(rows) if seen is None else seen), now,
        lambda row: new_item(edition, row, 1000, is_own=edition.state is not EditionState.DRAFT),
        lambda _planned, _row: [],
    )  # fmt: skip
    return batch, left


def taken_back(session: LotseSession, batch: ImportBatch, now: datetime) -> list[Left]:
    return revert(
        session, batch, now, lambda kind, key: hanging_on(session, kind, key),
        lambda row: delete_with_hanging(session, row),
    )  # fmt: skip


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_file_that_nobody_touched_changes_nothing(
    session: LotseSession, now: datetime, ben: Officer, language: str
) -> None:
    item = session.get_one(Commitment, 3)
    item.state, item.responsible_id, item.due_on = CommitmentState.DROPPED, ben.key, date(2027, 5, 1)
    item.drop_reason, item.note, item.file_number = "weil", "=1+1\n  zweite\u00a0Zeile_x0041_ ", "10.1"
    session.get_one(Officer, ben.key).left_on = date(2026, 1, 1)  # who left is still written, and no fault
    session.flush()
    reading = read(session, file_of(session, now, language=language))
    assert [(row.number, row.faults, row.after) for row in reading.rows] == [
        (n, [], {}) for n in range(2, 25)
    ]
    assert (reading.absent, [row.remarks for row in reading.rows if row.remarks]) == ([], [])


def test_the_answers_come_in_and_their_history_names_the_file(
    session: LotseSession, now: datetime, ben: Officer
) -> None:
    content = file_of(session, now, typed(
        (2, "Zustand", "Erfüllt "), (2, "Fällig am", "1.5.27"), (2, "Zuständig (E-Mail-Adresse)", "BEN@lotse.example"),
        (3, "Zustand", "entfällt"), (3, "Warum die Zusage entfällt", "gilt nicht"), (4, "Notiz", "eine\nzweite"),
        (4, "Fällig am", datetime(2027, 6, 1)), (5, "Titel (deutsch)", "umbenannt"),
    ))  # fmt: skip
    first, second, third, fourth = (read(session, content).rows)[:4]
    assert first.before == {"state": "open", "responsible_id": None, "due_on": None}
    assert first.after == {"state": "fulfilled", "responsible_id": ben.key, "due_on": "2027-05-01"}
    assert second.after == {"state": "dropped", "drop_reason": "gilt nicht"}
    assert third.after == {"due_on": "2027-06-01", "note": "eine\nzweite"}
    assert not fourth.is_effective
    assert "stays as it is" in said(fourth)
    _batch, left = imported(session, content, now)
    assert left == []
    item = commitments(session)[0]
    assert (item.state, item.due_on, item.version) == (CommitmentState.FULFILLED, date(2027, 5, 1), 2)
    [entry] = history_of(session, "commitment", item.key)
    assert (entry.reason, entry.changes["state"]) == ("Excel-Einfuhr zusagen.xlsx", ["open", "fulfilled"])


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ((2, "Zustand", "so gut wie fertig"), "is not known"),
        ((2, "Zustand", "entfällt"), "why it does not apply"),
        ((2, "Zuständig (E-Mail-Adresse)", "niemand@lotse.example"), "No colleague"),
        ((2, "Fällig am", "31.02.2027"), "not a date"),
        ((2, "Fällig am", "demnächst"), "not a date"),
        ((2, "Aktenzeichen", "x" * 201), "too long"),
        ((2, "Verweis auf die E-Akte", "javascript:alert(1)"), "no web address"),
        ((2, "Schlüssel", "gibt_es_nicht"), "no item with the key"),
        ((2, "Notiz", "#REF!"), "shows an error"),
    ],
)
def test_a_faulty_row_is_told_and_does_not_stop_the_others(
    session: LotseSession, now: datetime, cell: tuple[int, str, Any], message: str
) -> None:
    content = file_of(session, now, typed(cell, (2, "Notiz", cell[2] if cell[1] == "Notiz" else "nein"),
                                          (3, "Notiz", "gut")))  # fmt: skip
    bad, good = read(session, content).rows[:2]
    assert message in said(bad)
    assert not bad.is_effective
    assert good.is_effective
    before = commitments(session)[0].model_dump()
    _batch, left = imported(session, content, now)
    assert [row.number for row in left] == [2]
    assert commitments(session)[0].model_dump() == before
    assert commitments(session)[1].note == "gut"


def test_rows_that_are_gone_or_doubled_change_nothing(session: LotseSession, now: datetime) -> None:
    def change(sheet: Any) -> None:
        sheet.cell(3, 1).value = sheet.cell(2, 1).value
        typed((2, "Notiz", "a"), (3, "Notiz", "b"))(sheet)
        sheet.delete_rows(10, 5)

    reading = read(session, file_of(session, now, change))
    assert [row.number for row in reading.rows if row.faults] == [2, 3]
    assert len(reading.absent) == 6
    assert effective(reading) == []


def test_a_column_that_was_removed_empties_nothing_and_an_emptied_cell_does(
    session: LotseSession, now: datetime
) -> None:
    item = commitments(session)[0]
    item.note, item.file_number, item.due_on = "bleibt", "10.1", date(2027, 1, 1)
    session.flush()

    def change(sheet: Any) -> None:
        typed((2, "Aktenzeichen", None), (2, "Fällig am", ""))(sheet)
        sheet.delete_cols(columns(sheet)["Notiz"])

    [row] = effective(read(session, file_of(session, now, change)))
    assert row.after == {"file_number": "", "due_on": None}


def test_what_a_colleague_changed_after_the_file_was_made_is_kept(
    session: LotseSession, database: Database, now: datetime
) -> None:
    content = file_of(session, now, typed((2, "Notiz", "aus der Datei"), (3, "Fällig am", "1.1.27")))
    first, second = commitments(session)[:2]
    session.info["now"] = now + timedelta(minutes=5)
    first.note, first.file_number, second.state = "von Ben", "10.7", CommitmentState.FULFILLED
    session.flush()
    conflict, kept = read(session, content).rows[:2]
    assert "Changed here since" in said(conflict)
    assert not conflict.is_effective
    assert kept.after == {"due_on": "2027-01-01"}
    assert "it stays as it is here" in said(kept)


def test_who_saved_between_preview_and_import_is_not_overwritten(
    session: LotseSession, now: datetime
) -> None:
    content = file_of(session, now, typed((2, "Notiz", "aus der Datei"), (3, "Notiz", "auch")))
    seen = versions_text(read(session, content).rows)
    commitments(session)[0].version += 1
    session.flush()
    _batch, [left] = imported(session, content, now, seen)
    assert (left.number, "was not overwritten" in left.remark.text) == (2, True)
    assert [item.note for item in commitments(session)[:2]] == ["", "auch"]
    batch, left_too = imported(
        session, file_of(session, now, typed((2, "Notiz", "x"))), now, "garbled 1: :2 a:b"
    )
    assert [row.number for row in left_too] == [2]
    with pytest.raises(NotPreparedError):
        apply(session, batch, [], {}, now, lambda row: Commitment(), lambda planned, row: [])


def test_own_items_are_added_and_reworded_by_the_file(session: LotseSession, now: datetime) -> None:
    new = typed((25, "Titel (deutsch)", "Werkstattverzeichnis"), (25, "Zustand", "in Arbeit"))
    imported(session, file_of(session, now, new), now)
    own = commitments(session)[-1]
    assert (own.is_own, own.label_de, own.state) == (
        True,
        "Werkstattverzeichnis",
        CommitmentState.IN_PROGRESS,
    )
    assert own.code.startswith("own-")
    imported(session, file_of(session, now, typed((25, "Titel (deutsch)", "Verzeichnis"))), now)
    assert commitments(session)[-1].label_de == "Verzeichnis"
    assert len(commitments(session)) == 24


def test_an_import_is_taken_back_but_for_what_changed_since(session: LotseSession, now: datetime) -> None:
    content = file_of(session, now, typed(
        (2, "Notiz", "neu"), (2, "Zustand", "erfüllt"), (3, "Notiz", "neu"), (25, "Titel (deutsch)", "Eigene"),
        (26, "Titel (deutsch)", "Zweite eigene"),
    ))  # fmt: skip
    batch, left = imported(session, content, now)
    assert left == []
    first, second, *_rest, one, other = commitments(session)
    first.note, other.note = "von Ben", "auch geändert"
    session.flush()
    kept = taken_back(session, batch, now)
    assert [(row.number, row.remark.columns) for row in kept] == [(2, ("note",)), (26, ())]
    assert (first.note, first.state, second.note) == ("von Ben", CommitmentState.OPEN, "")
    assert [item.label_de for item in commitments(session)[-1:]] == ["Zweite eigene"]
    assert (batch.state, len(batch.mapping["kept"])) == (BatchState.REVERTED, 2)
    assert history_of(session, "commitment", one.key)[0].reason == "Einfuhr zurückgenommen: zusagen.xlsx"
    with pytest.raises(NotPreparedError):
        taken_back(session, batch, now)


def test_a_draft_takes_wording_and_new_rows(session: LotseSession, now: datetime) -> None:
    draft = HandbookEdition(application_id=the_edition(session).application_id, code="2027", name="Entwurf")
    session.add(draft)
    session.flush()
    session.add(Commitment(edition_id=draft.key, code="a", label_de="Alt", position=1))
    session.flush()
    phase = phases(session)[1]
    content = file_of(session, now, typed(
        (2, "Titel (deutsch)", "Neu"), (2, "Phase", phase.label_de), (3, "Schlüssel", "b"),
        (3, "Titel (deutsch)", "Zweite"), (3, "Herkunft", "Stadtrat"), (4, "Titel (deutsch)", "Dritte"),
        (5, "Schlüssel", "Ü!"), (5, "Titel (deutsch)", "Vierte"), (6, "Schlüssel", "c"),
    ), edition=draft)  # fmt: skip
    _batch, left = imported(session, content, now, edition=draft)
    assert [row.number for row in left] == [5, 6]
    items = {item.label_de: item for item in commitments(session, edition=draft)}
    assert set(items) == {"Neu", "Zweite", "Dritte"}
    assert (items["Neu"].phase_id, items["Zweite"].code, items["Zweite"].is_own) == (phase.key, "b", False)
    assert len(commitments(session)) == 23


def test_other_tables_are_no_checklist(session: LotseSession) -> None:
    book = Workbook()
    book.active.append(["Schlüssel", "Irgendwas"])
    target = io.BytesIO()
    book.save(target)
    with pytest.raises(UnreadableError, match="not the columns of the checklist"):
        read(session, target.getvalue())
