"""From a batch to its plan: what its file would change now."""

from dataclasses import dataclass, field

from models.application.phases import phases
from models.base import N_, Recorded
from models.commitments.checklist import Commitment, commitments
from models.commitments.editions import EditionState, HandbookEdition
from models.commitments.own_list import ROWS_LIMIT, Choices, ListRow, Meaning, list_rows, state_words
from models.commitments.own_list_plan import ListPlan
from models.commitments.own_list_proofs import add_proof, known_proofs
from models.commitments.sheet import known_names, read_sheet
from models.commitments.sheet_lines import new_item
from models.documents.workbook_parts import UnreadableError
from models.documents.workbook_reading import Book
from models.imports.applying import apply
from models.imports.batches import ImportBatch, ImportKind
from models.imports.plan import Left, PlannedRow
from webapp.access import officer
from webapp.clock import now
from webapp.database import db


@dataclass
class Plan:
    """What a file would do. `absent`: items that it does not name; `hidden`: rows that Excel does not show."""

    rows: list[PlannedRow]
    absent: list[Commitment] = field(default_factory=list)
    hidden: int = 0
    skipped: int = 0

    @property
    def effective(self) -> list[PlannedRow]:
        return [row for row in self.rows if row.is_effective]

    @property
    def faulty(self) -> list[PlannedRow]:
        return [row for row in self.rows if row.faults]

    @property
    def remarked(self) -> list[PlannedRow]:
        return [row for row in self.rows if row.remarks and not row.faults and not row.is_effective]

    @property
    def unchanged(self) -> int:
        return sum(not row.faults and not row.is_effective for row in self.rows)


def is_of_its_edition(batch: ImportBatch) -> bool:
    """Whether the edition still has the state in which its file was taken: a superseded one stays as it was, and one
    that came into force since is not reworded."""
    wanted = EditionState.DRAFT if batch.kind is ImportKind.EDITION else EditionState.CURRENT
    return db().get_one(HandbookEdition, batch.edition_id).state is wanted


def edition_of(batch: ImportBatch) -> HandbookEdition:
    """The edition that a batch speaks of. Raises UnreadableError where it can no longer be changed."""
    if not is_of_its_edition(batch):
        raise UnreadableError(
            N_(
                "The edition of this file has another state by now. Please take the file again and start anew."
            )
        )
    return db().get_one(HandbookEdition, batch.edition_id)


def rows_of_list(batch: ImportBatch, book: Book) -> list[ListRow]:
    """The rows of an own list. Raises UnreadableError for a list too long to be placed row by row."""
    choices = Choices.read(batch.mapping)
    rows = list_rows(book.sheet(choices.sheet), choices)
    if len(rows) > ROWS_LIMIT:
        raise UnreadableError(N_("The list has more than {n} rows. Please split it."), n=ROWS_LIMIT)
    return rows


def missing_step(batch: ImportBatch, book: Book) -> str | None:
    """The next page on which a person must decide something about an own list; None: the preview can be shown."""
    if batch.kind is not ImportKind.OWN_LIST:
        return None
    mapping = batch.mapping
    if not mapping.get("header"):
        return "imports.choose_sheet"
    if not mapping.get("columns"):
        return "imports.choose_columns"
    if "states" not in mapping and Meaning.STATE.value in mapping["columns"]:
        return "imports.choose_states" if state_words(rows_of_list(batch, book)) else _targets(batch)
    return _targets(batch)


def _targets(batch: ImportBatch) -> str | None:
    return None if "targets" in batch.mapping else "imports.choose_targets"


def planned_of(batch: ImportBatch, book: Book) -> Plan:
    """What the batch would change as things stand."""
    edition, known = edition_of(batch), known_names(db(), phases(db()))
    if batch.kind is not ImportKind.OWN_LIST:
        reading = read_sheet(db(), edition, book, known, with_wording=batch.kind is ImportKind.EDITION)
        return Plan(reading.rows, reading.absent, reading.hidden)
    choices, rows = Choices.read(batch.mapping), rows_of_list(batch, book)
    items = {item.key: item for item in commitments(db(), edition=edition)}
    planned = ListPlan(choices, items, known, batch.file_name, known_proofs(db())).planned(rows)
    return Plan(planned, hidden=book.sheet(choices.sheet).hidden, skipped=len(rows) - len(planned))


def apply_planned(batch: ImportBatch, book: Book, seen: dict[int, int]) -> list[Left]:
    """Import what the batch would change, and answer what was left."""
    plan, edition = planned_of(batch, book), edition_of(batch)
    last = max((item.position for item in commitments(db(), edition=edition)), default=0)
    is_own = batch.kind is not ImportKind.EDITION

    def make(row: PlannedRow) -> Commitment:
        return new_item(edition, row, last + row.number, is_own=is_own)

    def also(planned: PlannedRow, row: Recorded) -> list[Recorded]:
        written = planned.attached.get("proof")
        return list(add_proof(db(), written, row.key, now(), officer().key)) if written else []

    return apply(db(), batch, plan.rows, seen, now(), make, also)
