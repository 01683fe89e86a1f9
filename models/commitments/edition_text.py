"""An edition as plain values, checked whole: every fault with its place, all of them told at once.

A YAML file and an Excel file both come as rows of text (`Cells`); what holds for one holds for the other.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TypeVar

from models.base import CODE, LINE, N_, NAME, NOTE, URL, Labelled
from models.commitments.checklist import ItemCertainty, Origin, Timing, Who
from models.commitments.phase_circles import first_circle
from models.language import Translate
from models.places import read_as_of

ITEMS_AT_MOST = 5_000
PHASES_AT_MOST = 200
L = TypeVar("L", bound=Labelled)


@dataclass(frozen=True)
class PhaseText:
    """A phase as an edition names it; `after`: the codes of the phases that come before it."""

    code: str
    label_de: str
    label_en: str
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class ItemText:
    """One item's words. `phase` is a phase's code or empty."""

    code: str
    label_de: str
    label_en: str
    who: Who
    wanted_de: str
    wanted_en: str
    origin: Origin
    certainty: ItemCertainty
    source_de: str
    source_en: str
    timing: Timing
    phase: str


@dataclass(frozen=True)
class EditionText:
    """An edition as a file holds it. `as_of`: year, month or day (2026, 2026-11, 2026-11-22)."""

    code: str
    name: str
    network: str
    as_of: str
    source: str
    source_url: str
    note: str
    phases: tuple[PhaseText, ...]
    items: tuple[ItemText, ...]

    def content_hash(self) -> str:
        """SHA-256 of the items' words, whatever the file looks like."""
        return content_hash(self.items)


def content_hash(items: Iterable[ItemText]) -> str:
    """SHA-256 over the items in their order, as canonical JSON: keys sorted, no blanks, UTF-8."""
    plain = [asdict(item) for item in items]
    canonical = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class Fault:
    """What is wrong and where: the line (or row) of the file, 0 if unknown, and the item's key if there is one."""

    line: int
    item: str
    msgid: str
    values: tuple[tuple[str, str], ...] = ()

    def words(self, translate: Translate) -> str:
        """The fault in the user's language."""
        what = translate(self.msgid).format(**dict(self.values))
        if self.item:
            what = translate(N_("Item “{key}”: {what}")).format(key=self.item, what=what)
        return translate(N_("Line {line}: {what}")).format(line=self.line, what=what) if self.line else what


class EditionError(Exception):
    """The edition cannot be taken; `faults` tells everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{f.line} {f.item} {f.msgid} {dict(f.values)}" for f in faults))
        self.faults = faults


@dataclass(frozen=True)
class Cells:
    """One row of a file: field -> text, and the line where it begins."""

    line: int
    values: Mapping[str, str]


# Which fields there are, and how long each may be. What is in `_NEEDED` must not be empty.
HEAD = {
    "code": CODE,
    "name": NAME,
    "network": NAME,
    "as_of": CODE,
    "source": NOTE,
    "source_url": URL,
    "note": NOTE,
}
PHASE = {"code": CODE, "label_de": LINE, "label_en": LINE, "after": NOTE}
ITEM = {
    "code": CODE, "label_de": LINE, "label_en": LINE, "who": CODE, "wanted_de": LINE, "wanted_en": LINE,
    "origin": CODE, "certainty": CODE, "source_de": LINE, "source_en": LINE, "timing": CODE, "phase": CODE,
}  # fmt: skip
_NEEDED = {"code", "name", "as_of", "source", "label_de", "origin", "certainty"}
_SEVERAL_LINES = {"source", "note"}
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]*", re.ASCII)


class _Check:
    """Turns cells into values and keeps every fault."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, line: int, item: str, msgid: str, **values: object) -> None:
        self.faults.append(Fault(line, item, msgid, tuple((k, str(v)) for k, v in values.items())))

    def texts(self, cells: Cells, fields: Mapping[str, int], item: str = "") -> dict[str, str]:
        """Every field of a row as clean text."""
        for name in cells.values:
            if name not in fields:
                self.fault(cells.line, item, N_("The field “{field}” is unknown."), field=name[:CODE])
        return {name: self._text(cells, name, limit, item) for name, limit in fields.items()}

    def _text(self, cells: Cells, name: str, limit: int, item: str) -> str:
        raw = cells.values.get(name, "")
        if any((c < " " and c not in "\t\n\r") or c == "\x7f" or "\ud800" <= c <= "\udfff" for c in raw):
            self.fault(
                cells.line, item, N_("{field}: there are characters that cannot be stored."), field=name
            )
            return ""
        tidy = raw.replace("\r\n", "\n").strip() if name in _SEVERAL_LINES else " ".join(raw.split())
        if len(tidy) > limit:
            self.fault(
                cells.line,
                item,
                N_("{field} is too long: at most {limit} characters."),
                field=name,
                limit=limit,
            )
        if not tidy and name in _NEEDED:
            self.fault(cells.line, item, N_("{field} is missing."), field=name)
        return tidy

    def code(self, line: int, code: str, seen: dict[str, int], item: str = "") -> None:
        """A key is written in small letters and stands once."""
        if not code:
            return  # told as missing
        if code in seen:
            self.fault(
                line, item, N_("The key “{key}” stands already in line {first}."), key=code, first=seen[code]
            )
        elif not _CODE.fullmatch(code):
            self.fault(
                line, item, N_("“{key}” is no key: small letters a to z, digits, - and _ only."), key=code
            )
        seen.setdefault(code, line)

    def member(self, cells: Cells, name: str, kind: type[L], default: L, item: str) -> L:
        """The enumeration's member; an empty field that may be empty is the default."""
        raw = cells.values.get(name, "").strip()
        try:
            return kind(raw) if raw else default
        except ValueError:
            known = ", ".join(member.value for member in kind)
            self.fault(cells.line, item, N_("{field}: “{value}” is unknown. Known are: {known}."),
                       field=name, value=raw[:CODE], known=known)  # fmt: skip
            return default


def build(
    head: Cells, phases: list[Cells], items: list[Cells], known_phases: Iterable[str] = ()
) -> EditionText:
    """The edition that these rows describe. Items may name the file's phases, and `known_phases` of the installation.
    Raises EditionError with every fault."""
    check = _Check()
    facts = check.texts(head, HEAD)
    check.code(head.line, facts["code"], {})
    if facts["as_of"] and read_as_of(facts["as_of"]) is None:
        check.fault(
            head.line,
            "",
            N_("as_of: “{value}” is no day, month or year, like 2026-11-22."),
            value=facts["as_of"],
        )
    if facts["source_url"] and not re.match(r"https?://[^\s/]+\S*$", facts["source_url"]):
        check.fault(head.line, "", N_("source_url: a web address begins with https:// or http://."))
    if len(items) > ITEMS_AT_MOST or len(phases) > PHASES_AT_MOST:
        check.fault(0, "", N_("The edition is too large: at most {items} items and {phases} phases."),
                    items=ITEMS_AT_MOST, phases=PHASES_AT_MOST)  # fmt: skip
        raise EditionError(check.faults)
    if not items:
        check.fault(head.line, "", N_("There is no item in it."))
    found_phases = _phases(check, phases)
    codes = {phase.code for phase in found_phases}
    found_items = _items(check, items, codes | set(known_phases))
    if check.faults:
        raise EditionError(check.faults)
    facts["as_of"] = read_as_of(facts["as_of"]) or facts["as_of"]
    return EditionText(**facts, phases=tuple(found_phases), items=tuple(found_items))


def _phases(check: _Check, rows: list[Cells]) -> list[PhaseText]:
    seen: dict[str, int] = {}
    found = []
    for cells in rows:
        texts = check.texts(cells, PHASE)
        check.code(cells.line, texts["code"], seen)
        after = tuple(texts["after"].split())
        found.append(PhaseText(texts["code"], texts["label_de"], texts["label_en"], after))
    for cells, phase in zip(rows, found, strict=True):
        for code in phase.after:
            if code not in seen:
                check.fault(cells.line, "", N_("The phase “{phase}” comes after “{code}”, which is not there."),
                            phase=phase.code, code=code[:CODE])  # fmt: skip
    circle = first_circle({phase.code: phase.after for phase in found})
    if circle:
        check.fault(seen[circle[0]], "", N_("The phases wait for each other in a circle: {circle}."),
                    circle=" → ".join(circle))  # fmt: skip
    return found


def _items(check: _Check, rows: list[Cells], phases: set[str]) -> list[ItemText]:
    seen: dict[str, int] = {}
    found = []
    for cells in rows:
        code = " ".join(cells.values.get("code", "").split())[:CODE]
        texts = check.texts(cells, ITEM, code)
        check.code(cells.line, texts["code"], seen, code)
        if texts["phase"] and texts["phase"] not in phases:
            check.fault(cells.line, code, N_("There is no phase “{phase}”."), phase=texts["phase"])
        found.append(
            ItemText(
                code=texts["code"],
                label_de=texts["label_de"],
                label_en=texts["label_en"],
                who=check.member(cells, "who", Who, Who.CITY, code),
                wanted_de=texts["wanted_de"],
                wanted_en=texts["wanted_en"],
                origin=check.member(cells, "origin", Origin, Origin.OWN, code),
                certainty=check.member(cells, "certainty", ItemCertainty, ItemCertainty.LOW, code),
                source_de=texts["source_de"],
                source_en=texts["source_en"],
                timing=check.member(cells, "timing", Timing, Timing.BEFORE, code),
                phase=texts["phase"],
            )
        )
    return found
