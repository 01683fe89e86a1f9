"""The checklist as an Excel file, out and in again. Reading it changes nothing: it answers what would change."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session, col, select

from models.audit import Action, AuditEntry
from models.base import N_
from models.commitments.checklist import Commitment, commitments
from models.commitments.editions import EditionState, HandbookEdition
from models.commitments.sheet_columns import (
    COLUMNS,
    KEY,
    Known,
    PhaseName,
    SheetColumn,
    cell_of,
    phase_title,
)
from models.commitments.sheet_lines import KIND, Line, check_codes
from models.documents.workbook import Column, Notes, write_workbook
from models.documents.workbook_parts import UnreadableError
from models.documents.workbook_reading import Book, Sheet
from models.folding import fold
from models.imports.plan import PlannedRow, check_targets
from models.language import translator
from models.officers import officers

HEADER_WITHIN = 15  # rows above the heading that somebody may have put there


@dataclass
class Reading:
    """What a file would do: its rows, the items that it does not name (they stay as they are), hidden rows."""

    rows: list[PlannedRow]
    absent: list[Commitment] = field(default_factory=list)
    hidden: int = 0


def known_names(session: Session, phases: Sequence[PhaseName]) -> Known:
    """Colleagues and phases that cells may name."""
    return Known(officers(session, with_left=True), phases)


def rows_of(session: Session, edition: HandbookEdition, known: Known, language: str) -> list[list[Any]]:
    """The items of an edition as rows of the file, in the order of the checklist."""
    items = commitments(session, edition=edition)
    return [[cell_of(item, column, known, language) for column in COLUMNS] for item in items]


def write_sheet(
    session: Session, edition: HandbookEdition, phases: Sequence[PhaseName], language: str, now: datetime
) -> bytes:
    """The edition as an Excel file in this language. Wording that cannot be changed by it is shaded."""
    known, say = known_names(session, phases), translator(language)
    is_fixed = edition.state is not EditionState.DRAFT
    columns = [
        Column(
            say(column.heading),
            column.width,
            _choices(column, known, language),
            is_shaded=column is KEY or (column.is_wording and is_fixed),
        )
        for column in COLUMNS
    ]
    notes = Notes(say(N_("Notes")), tuple(say(line) for line in (_FIXED if is_fixed else _DRAFT)))
    name = say(N_("Commitments"))
    return write_workbook(name, columns, rows_of(session, edition, known, language), notes, now)


_BOTH = (
    N_(
        "Fill in the columns from “State” on, save the file, and choose it on the page “Excel” under “Commitments”."
    ),
    N_("Nothing is changed before you have seen line by line what would change, and have confirmed it."),
    N_("Do not change the key in the first column: by it a line finds its item."),
    N_(
        "Lines that you delete here change nothing. An emptied cell empties what stood there, a "
        "removed column does not."
    ),
    N_("Colleagues are named by their e-mail address. Days are written like 31.12.2026."),
)
_FIXED = (*_BOTH, N_("Shaded columns are only to be read; they can be changed for your own items. A line without a key "
                     "becomes an item of your own."))  # fmt: skip
_DRAFT = (*_BOTH, N_("This edition is a draft: its wording can be changed too, and a line with a new key or "
                     "without one becomes a new item."))  # fmt: skip


def _choices(column: SheetColumn, known: Known, language: str) -> tuple[str, ...]:
    if column.members is not None:
        return tuple(translator(language)(member.label) for member in column.members if member.label)
    if column.name in ("responsible_id", "deputy_id"):
        return tuple(officer.email for officer in known.officers if officer.is_active)
    return tuple(phase_title(p, language) for p in known.phases) if column.name == "phase_id" else ()


def read_sheet(
    session: Session, edition: HandbookEdition, book: Book, known: Known, *, with_wording: bool
) -> Reading:
    """What the file would change in this edition. `with_wording`: the words of items may change too, and unknown keys
    make new items. Raises UnreadableError where the file is not of this format."""
    sheet, header, places = _table(book)
    items = {fold(item.code): item for item in commitments(session, edition=edition)}
    before = values_at(session, list(items.values()), book.created)
    rows = []
    for number, cells in sheet.rows:
        if number > header:
            given = {name: cells[i] if i < len(cells) else None for name, i in places.items()}
            rows.append(Line(number, given, items, known, before, with_wording).planned())
    check_codes(rows)
    check_targets(rows)
    named = {row.subject_id for row in rows}
    return Reading(rows, [item for item in items.values() if item.key not in named], sheet.hidden)


def _table(book: Book) -> tuple[Sheet, int, dict[str, int]]:
    """The sheet with our headings, the number of their row, and where each column stands."""
    for name in book.names:
        sheet = book.sheet(name)
        for number, cells in sheet.rows[:HEADER_WITHIN]:
            written = [fold(cell) if isinstance(cell, str) else "" for cell in cells]
            places = {c.name: i for c in COLUMNS for i, word in enumerate(written) if word in c.headings()}
            if KEY.name in places and len(places) > 1:
                twice = [h for h, n in Counter(w for w in written if w).items() if n > 1]
                if any(h in column.headings() for h in twice for column in COLUMNS):
                    raise UnreadableError(N_("The heading “{name}” stands twice in the file."), name=twice[0])
                return sheet, number, places
    raise UnreadableError(
        N_("These are not the columns of the checklist: the heading “Key” is missing. Please take the file from here, "
           "or use the import of an own list.")
    )  # fmt: skip


def values_at(session: Session, items: list[Commitment], when: datetime | None) -> dict[int, dict[str, Any]]:
    """For items that were changed after the file was made: what stood then in the columns that were changed."""
    found: dict[int, dict[str, Any]] = {}
    if when is None:
        return found
    later = select(AuditEntry).where(
        AuditEntry.subject_kind == KIND,
        AuditEntry.at > (when if when.tzinfo else when.replace(tzinfo=UTC)),
        AuditEntry.action == Action.CHANGED,
    )
    known = {item.key for item in items}
    for entry in session.exec(later.order_by(col(AuditEntry.id))):
        if entry.subject_id in known:
            for column, (old, _new) in entry.changes.items():
                found.setdefault(entry.subject_id, {}).setdefault(column, old)
    return found
