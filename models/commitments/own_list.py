"""An officer's own Excel list: where its headings are, what its columns and its words for states mean."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from models.base import N_, NAME, Labelled
from models.commitments.checklist import CommitmentState
from models.documents.workbook_reading import ErrorCell, Sheet, Value
from models.folding import fold
from models.imports.headings import ListColumn, best_header, shown

ROWS_LIMIT = 1_000  # of a list whose rows a person places one by one


class Meaning(Labelled):
    """What a column of the list can be for us."""

    TITLE = "title", N_("Title")
    STATE = "state", N_("State")
    RESPONSIBLE = "responsible", N_("Responsible")
    DUE = "due", N_("Due on")
    FILE_NUMBER = "file_number", N_("File number")
    NOTE = "note", N_("Note")
    PROOF = "proof", N_("Proof: a link or what it is called")
    PHASE = "phase", N_("Phase")


# Folded words by which a heading is guessed; a person decides.
_HEADINGS = {
    Meaning.TITLE: "titel title zusage aufgabe massnahme thema was punkt bezeichnung vorhaben task item anforderung",
    Meaning.STATE: "stand status zustand state bearbeitungsstand erledigt fortschritt",
    Meaning.RESPONSIBLE: "zustandig zustandigkeit verantwortlich wer bearbeiter bearbeiterin responsible owner",
    Meaning.DUE: "frist fallig termin bis datum deadline due falligkeit zieltermin",
    Meaning.FILE_NUMBER: "aktenzeichen az geschaftszeichen file aktenz",
    Meaning.NOTE: "bemerkung bemerkungen notiz anmerkung kommentar hinweis note comment erlauterung",
    Meaning.PROOF: "nachweis beleg link dokument evidence proof ablage nachweise",
    Meaning.PHASE: "phase abschnitt etappe bereich",
}

# Folded words by which a state is guessed.
_STATES = {
    CommitmentState.FULFILLED: "erledigt|fertig|abgeschlossen|ja|x|ok|done|100%|100 %|erfullt|umgesetzt|gemacht",
    CommitmentState.IN_PROGRESS: "lauft|laufend|in arbeit|in bearbeitung|begonnen|teilweise|angefangen|in progress|"
    "teils|50%|wip|in vorbereitung|in abstimmung",
    CommitmentState.OPEN: "offen|nein|open|todo|ausstehend|geplant|unklar|neu|wartet|nicht begonnen|noch offen",
    CommitmentState.DROPPED: "entfallt|gestrichen|nicht relevant|trifft nicht zu|entfallen|n/a|hinfallig|nicht notig",
}
_NOT = {"nicht", "kein", "keine", "fast", "not", "bald"}


@dataclass(frozen=True)
class ListRow:
    """One row of the list, its cells by what they mean."""

    number: int
    cells: Mapping[Meaning, Value]

    @property
    def title(self) -> str:
        return shown(self.cells.get(Meaning.TITLE))


@dataclass
class Choices:
    """What a person decided, as the batch keeps it."""

    sheet: str = ""
    header: int = 0
    columns: dict[Meaning, int] = field(default_factory=dict)
    states: dict[str, CommitmentState] = field(default_factory=dict)
    targets: dict[int, str] = field(default_factory=dict)

    @classmethod
    def read(cls, mapping: Mapping[str, Any]) -> "Choices":
        """From the batch's mapping."""
        return cls(
            mapping.get("sheet", ""),
            mapping.get("header", 0),
            {Meaning(name): index for name, index in mapping.get("columns", {}).items()},
            {word: CommitmentState(state) for word, state in mapping.get("states", {}).items()},
            {int(number): target for number, target in mapping.get("targets", {}).items()},
        )


def guess_header(sheet: Sheet) -> int:
    """The number of the row that looks like headings."""
    return best_header(sheet, guess_meaning)


def guess_meaning(heading: str) -> Meaning | None:
    """What a heading may stand for: "Bearbeitungsstand (Ampel)" is the state."""
    words = re.findall(r"[a-z]+", fold(heading))
    for meaning, known in _HEADINGS.items():
        if words and words[0] in known.split():
            return meaning
    for meaning, known in _HEADINGS.items():
        if set(words) & set(known.split()):
            return meaning
    return None


def guess_columns(columns: Iterable[ListColumn]) -> dict[Meaning, int]:
    """The first column that fits each meaning."""
    found: dict[Meaning, int] = {}
    for column in columns:
        meaning = guess_meaning(column.heading)
        if meaning is not None:
            found.setdefault(meaning, column.index)
    return found


def list_rows(sheet: Sheet, choices: Choices) -> list[ListRow]:
    """The rows below the headings that hold anything in a chosen column."""
    rows = []
    for number, cells in sheet.rows:
        if number <= choices.header:
            continue
        chosen = {m: cells[i] for m, i in choices.columns.items() if i < len(cells) and cells[i] is not None}
        if chosen:
            rows.append(ListRow(number, chosen))
    return rows


def state_words(rows: Iterable[ListRow]) -> dict[str, str]:
    """Every word that stands for a state in the list: folded -> as it is written."""
    found: dict[str, str] = {}
    for row in rows:
        value = row.cells.get(Meaning.STATE)
        written = shown(value)
        if written and not isinstance(value, ErrorCell):
            found.setdefault(state_word(written), written[:80])
    return found


def state_word(written: str) -> str:
    """The folded word by which the mapping knows a state."""
    return fold(written)[:NAME]


def guess_state(word: str) -> CommitmentState | None:
    """Our state for their folded word; None where it could mean several, like "fast erledigt"."""
    for state, known in _STATES.items():
        if word in known.split("|") or word == state.value:
            return state
    parts = set(re.findall(r"\w+", word))
    found = {state for state, known in _STATES.items() if parts & set(known.split("|"))}
    return found.pop() if len(found) == 1 and not parts & _NOT else None
