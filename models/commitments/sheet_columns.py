"""The columns of the checklist as an Excel file: one format, out and in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from models.audit import plain
from models.base import CODE, LINE, N_, NAME, NOTE, URL, Labelled
from models.commitments.checklist import Commitment, CommitmentState, ItemCertainty, Origin, Timing, Who
from models.documents.workbook_reading import Value, plain_text
from models.folding import fold
from models.imports.values import address_in, day_in, member_in, row_in, text_in
from models.language import LANGUAGES, translator
from models.officers import Officer


class PhaseName(Protocol):
    """What is needed of a phase; the rooms of the domain do not know each other."""

    @property
    def key(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def label_de(self) -> str: ...
    @property
    def label_en(self) -> str: ...


@dataclass(frozen=True)
class Known:
    """Whom and what cells may name: colleagues (who left too, to be written), phases."""

    officers: Sequence[Officer]
    phases: Sequence[PhaseName]

    def address(self, key: int | None) -> str:
        return next((o.email for o in self.officers if o.key == key), "")

    def officer(self, value: Value) -> int | None:
        """The active colleague, by address or name."""
        here = [o for o in self.officers if o.is_active]
        names = [(name, o.key) for o in here for name in (o.email, o.name)]
        return row_in(value, names, N_("No colleague here has the address “{value}”."))

    def phase(self, key: int | None, language: str) -> str:
        found = next((p for p in self.phases if p.key == key), None)
        return "" if found is None else phase_title(found, language)

    def phase_key(self, value: Value) -> int | None:
        """The phase, by its title in any language or its key."""
        names = [(name, p.key) for p in self.phases for name in (p.code, p.label_de, p.label_en)]
        return row_in(value, names, N_("There is no phase “{value}” here."))


def phase_title(phase: PhaseName, language: str) -> str:
    return (phase.label_en or phase.label_de) if language == "en" else (phase.label_de or phase.label_en)


@dataclass(frozen=True)
class SheetColumn:
    """A column of the file: the item's column of the same name, its heading, width, and how a cell is read."""

    name: str
    heading: str
    width: int
    read: Callable[[Value, Known], Any]
    is_wording: bool = False
    members: type[Labelled] | None = None

    def headings(self) -> set[str]:
        """The folded headings by which it is recognised."""
        return {fold(translator(language)(self.heading)) for language in LANGUAGES} | {fold(self.name)}


def _text(limit: int) -> Callable[[Value, Known], Any]:
    return lambda value, _known: text_in(value, limit)


def _member(members: type[Labelled]) -> Callable[[Value, Known], Any]:
    return lambda value, _known: member_in(value, members)


def _words(name: str, heading: str, width: int) -> SheetColumn:
    return SheetColumn(name, heading, width, _text(LINE), is_wording=True)


def _choice(name: str, heading: str, members: type[Labelled], is_wording: bool = True) -> SheetColumn:
    return SheetColumn(name, heading, 22, _member(members), is_wording, members)


KEY = SheetColumn("code", N_("Key"), 18, _text(CODE))
COLUMNS = (
    KEY,
    _words("label_de", N_("Title (German)"), 45),
    _words("label_en", N_("Title (English)"), 30),
    _words("wanted_de", N_("What counts as proof (German)"), 35),
    _words("wanted_en", N_("What counts as proof (English)"), 25),
    _choice("who", N_("Who has to act"), Who),
    _choice("origin", N_("Origin"), Origin),
    _choice("certainty", N_("How sure this is"), ItemCertainty),
    _words("source_de", N_("Source (German)"), 30),
    _words("source_en", N_("Source (English)"), 25),
    _choice("timing", N_("When"), Timing),
    SheetColumn("phase_id", N_("Phase"), 30, lambda value, known: known.phase_key(value), is_wording=True),
    _choice("state", N_("State"), CommitmentState, is_wording=False),
    SheetColumn("drop_reason", N_("Why it does not apply"), 25, _text(LINE)),
    SheetColumn(
        "responsible_id", N_("Responsible (e-mail address)"), 28, lambda value, known: known.officer(value)
    ),
    SheetColumn("deputy_id", N_("Deputy (e-mail address)"), 28, lambda value, known: known.officer(value)),
    SheetColumn("due_on", N_("Due on"), 14, lambda value, _known: day_in(value)),
    SheetColumn("file_number", N_("File number"), 18, _text(NAME)),
    SheetColumn("record_url", N_("Link to the e-file"), 28, lambda value, _known: address_in(value, URL)),
    SheetColumn("note", N_("Note"), 60, _text(NOTE)),
)
BY_NAME: Mapping[str, SheetColumn] = {column.name: column for column in COLUMNS}


def cell_of(item: Commitment, column: SheetColumn, known: Known, language: str) -> Any:
    """What stands in the file for an item: words in its language, days as days."""
    value = getattr(item, column.name)
    if isinstance(value, Labelled):
        return translator(language)(value.label)
    if column.name in ("responsible_id", "deputy_id"):
        return known.address(value)
    return known.phase(value, language) if column.name == "phase_id" else value


def says_the_same(value: Value, item: Commitment, column: SheetColumn, known: Known) -> bool:
    """Whether a cell still holds what the file was given for this item: then nothing was changed there."""
    return any(_same(value, cell_of(item, column, known, language)) for language in LANGUAGES)


def _same(value: Value, written: Any) -> bool:
    if isinstance(written, date) or value is None or value == "":
        return (value or None) == (written or None)
    return plain_text(str(value)) == plain_text(str("" if written is None else written))


def read_cell(value: Value, column: SheetColumn, known: Known) -> Any:
    """A cell as the item's column holds it, plain. Raises CellFaultError."""
    return plain(column.read(value, known))
