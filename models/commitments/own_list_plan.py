"""What the rows of an own list would do here. Nothing of the list is lost: what cannot be understood (a date like "Ende
März", somebody who has no account) goes into the item's note, with a remark. Empty cells never empty anything here."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from models.audit import plain
from models.base import LINE, N_, NAME, NOTE
from models.commitments.checklist import Commitment, CommitmentState
from models.commitments.own_list import Choices, ListRow, Meaning, state_word
from models.commitments.sheet_columns import Known
from models.commitments.sheet_lines import KIND, NEW_OWN_ITEM, NO_TITLE
from models.documents.workbook_reading import ErrorCell, Value
from models.folding import fold
from models.imports.headings import shown
from models.imports.plan import PlannedRow, Remark, check_targets
from models.imports.values import CellFaultError, day_in, text_in

_NO_PROOF = {
    "ja", "nein", "x", "-", "–", "fehlt", "offen", "vorhanden", "keiner", "kein", "keine", "?", "liegt vor", "n/a",
}  # fmt: skip
# The item's column that a cell speaks of, for messages.
_COLUMN = {
    Meaning.TITLE: "label_de", Meaning.STATE: "state", Meaning.RESPONSIBLE: "responsible_id", Meaning.DUE: "due_on",
    Meaning.FILE_NUMBER: "file_number", Meaning.NOTE: "note", Meaning.PROOF: "proof", Meaning.PHASE: "phase_id",
}  # fmt: skip
_POLITE = re.compile(r"^(?:frau|herr|hr\.?|fr\.?|dr\.?|kollege|kollegin)\s+")

TARGET_GONE = N_("The item that was chosen for this row no longer exists.")
NOTE_FULL = N_("The note would become too long.")
ERROR_CELL = N_("Excel shows an error there: {value}.")
NOBODY = N_("“{value}” is no colleague here; it goes into the note.")
NO_PHASE = N_("There is no phase “{value}” here; it goes into the note.")
NO_STATE = N_("“{value}” is left out as a state; it goes into the note.")
CALLED = N_("In your list: “{title}”.")
NO_DAY = N_("“{value}” is not a date; it goes into the note.")
NO_PROOF = N_("“{value}” names no proof; it goes into the note.")


def officer_of(written: str, known: Known) -> int | None:
    """The colleague that a cell names by address or name, or by the surname alone; None where that is not clear."""
    name = _POLITE.sub("", fold(written))
    swapped = " ".join(part.strip() for part in reversed(name.split(","))) if "," in name else name
    here = [o for o in known.officers if o.is_active]
    whole = [o.key for o in here if name == fold(o.email) or swapped == fold(o.name)]
    surname = [o.key for o in here if name == fold(o.name).split()[-1]]
    found = whole or surname
    return found[0] if len(found) == 1 else None


def phase_of(written: str, known: Known) -> int | None:
    """The phase that a cell names, by its key, its title or the beginning of it; None where that is not clear."""
    word = fold(written)
    names = [(fold(name), p.key) for p in known.phases for name in (p.code, p.label_de, p.label_en) if name]
    whole = {key for name, key in names if name == word}
    begun = {key for name, key in names if name.startswith(word)} if len(word) > 3 else set()
    found = whole or begun
    return found.pop() if len(found) == 1 else None


def is_proof(written: str) -> bool:
    """Whether a cell names a proof; "ja" or "fehlt" does not."""
    return bool(written) and fold(written) not in _NO_PROOF


@dataclass
class ListPlan:
    """What the rows of a list would do here. `items` by key; `proofs`: what each item is proven by already."""

    choices: Choices
    items: Mapping[int, Commitment]
    known: Known
    file_name: str
    proofs: Mapping[int, set[str]]

    def planned(self, rows: Iterable[ListRow]) -> list[PlannedRow]:
        """A planned row for each row that is not left out."""
        planned = [self._plan(row) for row in rows if self.choices.targets.get(row.number) != "skip"]
        check_targets(planned)
        return planned

    def _plan(self, row: ListRow) -> PlannedRow:
        target = self.choices.targets.get(row.number, "new")
        item = self.items.get(int(target)) if target.isdigit() else None
        planned = PlannedRow(row.number, row.title[:LINE], KIND)
        if target.isdigit() and item is None:
            planned.faults.append(Remark(TARGET_GONE))
            return planned
        if item is not None:
            planned.title, planned.subject_id, planned.version = item.title("de"), item.key, item.version
        values, notes = self._values(row, planned, item)
        self._note(values, notes, item)
        self._reason(values, row, item)
        for name, value in values.items():
            old = plain(getattr(item, name)) if item is not None else None
            if (value or None) != (old or None):
                planned.before[name], planned.after[name] = old, value
        if item is not None and planned.is_effective and row.title and fold(row.title) != fold(item.label_de):
            planned.remarks.insert(0, Remark(CALLED, {"title": row.title[:LINE]}))
        if len(planned.after.get("note") or "") > NOTE:
            planned.faults.append(Remark(NOTE_FULL))
        return planned

    def _values(
        self, row: ListRow, planned: PlannedRow, item: Commitment | None
    ) -> tuple[dict[str, Any], list[str]]:
        values: dict[str, Any] = {}
        notes: list[str] = []
        if item is None:
            self._new(row, planned, values, notes)
        for meaning, value in row.cells.items():
            if isinstance(value, ErrorCell):
                planned.faults.append(Remark(ERROR_CELL, {"value": str(value)}, (_COLUMN[meaning],)))
            elif meaning is Meaning.STATE:
                self._state(shown(value), planned, values, notes)
            elif meaning is Meaning.RESPONSIBLE:
                self._responsible(shown(value), planned, values, notes)
            elif meaning is Meaning.DUE:
                self._due(value, planned, values, notes)
            elif meaning is Meaning.FILE_NUMBER:
                self._file_number(value, planned, values)
            elif meaning is Meaning.NOTE:
                notes.insert(0, shown(value))
            elif meaning is Meaning.PROOF:
                self._proof(shown(value), planned, notes, item)
        return values, notes

    def _new(self, row: ListRow, planned: PlannedRow, values: dict[str, Any], notes: list[str]) -> None:
        planned.remarks.append(Remark(NEW_OWN_ITEM))
        if not row.title:
            planned.faults.append(Remark(NO_TITLE))
        try:
            values["label_de"] = text_in(row.cells.get(Meaning.TITLE), LINE)
        except CellFaultError as fault:
            planned.faults.append(fault.remark)
        phase = row.cells.get(Meaning.PHASE)
        if phase is None or isinstance(phase, ErrorCell):
            return
        values["phase_id"] = phase_of(shown(phase), self.known)
        if values["phase_id"] is None:
            notes.append(f"Phase laut Liste: {shown(phase)}")
            planned.remarks.append(Remark(NO_PHASE, {"value": shown(phase)[:60]}))

    def _state(self, written: str, planned: PlannedRow, values: dict[str, Any], notes: list[str]) -> None:
        state = self.choices.states.get(state_word(written))
        if state is not None:
            values["state"] = state.value
        else:
            notes.append(f"Stand laut Liste: {written}")
            planned.remarks.append(Remark(NO_STATE, {"value": written[:60]}))

    def _responsible(
        self, written: str, planned: PlannedRow, values: dict[str, Any], notes: list[str]
    ) -> None:
        found = officer_of(written, self.known)
        if found is not None:
            values["responsible_id"] = found
        else:
            notes.append(f"Zuständig laut Liste: {written}")
            planned.remarks.append(Remark(NOBODY, {"value": written[:60]}))

    def _due(self, value: Value, planned: PlannedRow, values: dict[str, Any], notes: list[str]) -> None:
        try:
            values["due_on"] = plain(day_in(value))
        except CellFaultError:
            notes.append(f"Frist laut Liste: {shown(value)}")
            planned.remarks.append(Remark(NO_DAY, {"value": shown(value)[:60]}))

    def _file_number(self, value: Value, planned: PlannedRow, values: dict[str, Any]) -> None:
        try:
            values["file_number"] = text_in(value, NAME)
        except CellFaultError as fault:
            planned.faults.append(Remark(fault.remark.text, fault.remark.values, ("file_number",)))

    def _proof(self, written: str, planned: PlannedRow, notes: list[str], item: Commitment | None) -> None:
        if not is_proof(written):
            if written:
                notes.append(f"Nachweis laut Liste: {written}")
                planned.remarks.append(Remark(NO_PROOF, {"value": written[:60]}))
        elif item is None or fold(written) not in self.proofs.get(item.key, set()):
            planned.attached["proof"] = written

    def _note(self, values: dict[str, Any], notes: list[str], item: Commitment | None) -> None:
        """What stands here stays; the list's words come below it, unless they stand there already."""
        there = item.note if item is not None else ""
        lines = [there, *(note for note in notes if note and note not in there)]
        values["note"] = "\n".join(line for line in lines if line)

    def _reason(self, values: dict[str, Any], row: ListRow, item: Commitment | None) -> None:
        if values.get("state") == CommitmentState.DROPPED.value and not (item and item.drop_reason):
            said = shown(row.cells.get(Meaning.NOTE)) or f"Laut eigener Liste „{self.file_name}“"
            values["drop_reason"] = " ".join(said.split())[:LINE]
