"""Tagged PDF documents (PDF/UA-1): plain values in, bytes out. What stands in them comes in translated.

Values reach the template `typst/report.typ` as JSON and are never read as markup, so any text is safe.
"""

import ctypes
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from models.documents.report_text import boxes_for, boxes_for_all_rare, clean_text, unshowable, with_texts
from models.language import translator

TEMPLATE = Path(__file__).parent / "typst" / "report.typ"


@dataclass(frozen=True)
class Link:
    """A text that leads to an address."""

    text: str
    url: str

    @property
    def address(self) -> str:
        """The address, if it may be followed: http, https, mailto. Any other leaves plain text."""
        return self.url if self.text and self.url.startswith(("https://", "http://", "mailto:")) else ""


Value = str | Link


@dataclass(frozen=True)
class Heading:
    """Level 1 or 2; the document's title stands above both."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A line break in the text stays one."""

    text: str
    is_strong: bool = False
    is_small: bool = False


@dataclass(frozen=True)
class Bullets:
    items: tuple[Value, ...]


@dataclass(frozen=True)
class Facts:
    """A definition list: (what, value); an empty value leaves its row out."""

    rows: tuple[tuple[str, Value], ...]


@dataclass(frozen=True)
class Column:
    """`width` is its share of the page's width beside the others; a number stands to the right."""

    title: str
    width: float = 1
    is_number: bool = False


@dataclass(frozen=True)
class Table:
    """The header is repeated on every page. `caption` stands above it, `empty` in its place without rows."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    caption: str = ""
    empty: str = ""


@dataclass(frozen=True)
class Note:
    """A box that is read first: what is missing, what this does not mean."""

    text: str
    title: str = ""


@dataclass(frozen=True)
class Blanks:
    """Lines to write on: (label, what is printed there already)."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Choices:
    """Empty boxes to tick by hand, each with its text."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Signatures:
    """Lines beside each other, each with its label below: place and date, signature."""

    labels: tuple[str, ...]


@dataclass(frozen=True)
class PageBreak:
    pass


Block = Heading | Paragraph | Bullets | Facts | Table | Note | Blanks | Choices | Signatures | PageBreak


@dataclass(frozen=True)
class Report:
    """One document. `letterhead`: city, unit. `facts`: date, file number, under the title. `footer`: on every page.

    `language` is de or en: it chooses hyphenation and the words of the page number.
    """

    title: str
    language: str
    author: str
    blocks: tuple[Block, ...]
    subtitle: str = ""
    letterhead: tuple[str, ...] = ()
    facts: tuple[tuple[str, Value], ...] = ()
    footer: str = ""
    is_landscape: bool = False


def pdf_bytes(report: Report, now: datetime) -> bytes:
    """The PDF: the same bytes for the same report, moment and fonts.

    Raises ValueError where a table's row has not as many cells as the table has columns.
    A table of 300 rows takes 0.1 s and 40 MB, one of 5,000 rows 1.5 s and 350 MB for that time.
    """
    _check_tables(report.blocks)
    try:
        return _compiled(report, now)
    finally:
        _forget()


def _compiled(report: Report, now: datetime) -> bytes:
    cleaned = with_texts(report, clean_text)
    unknown: set[str] = set()
    for _attempt in range(3):
        try:
            return _compile(with_texts(cleaned, boxes_for(unknown)), now)
        except typst.TypstError as error:
            found = unshowable(str(error.diagnostic)) - unknown
            if not found:
                raise
            unknown |= found
    return _compile(with_texts(cleaned, boxes_for_all_rare), now)


def _check_tables(blocks: Iterable[Block]) -> None:
    for block in blocks:
        if isinstance(block, Table):
            for row in block.rows:
                if len(row) != len(block.columns):
                    raise ValueError(f"{len(row)} cells in a table of {len(block.columns)} columns")


@cache
def _fonts() -> Any:
    """typst's own fonts first; those of the machine only for what these cannot show."""
    return typst.Fonts(include_system_fonts=True)


def _compile(report: Report, now: datetime) -> bytes:
    _ = translator(report.language)
    before, between, after = re.split(r"\{n\}|\{count\}", _("Page {n} of {count}"))
    data = {
        **asdict(replace(report, blocks=())),
        "facts": [_facts_row(*row) for row in report.facts if _is_filled(row[1])],
        "blocks": [_block(block) for block in report.blocks],
        "page_words": [before, between, after],
    }
    return typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data)},
        pdf_standards=["ua-1"],
        timestamp=int(now.timestamp()),
    )


def _forget() -> None:
    """typst keeps what it computed for the last ten documents, 100 MB for a long one: ten empty ones drive it out."""
    for _attempt in range(10):
        typst.compile(b"-", font_paths=_fonts())
    if (give_back := getattr(ctypes.CDLL(None), "malloc_trim", None)) is not None:
        give_back(0)  # glibc keeps what was freed: 160 short documents left 480 MB behind, with this 10


def _block(block: Block) -> dict[str, Any]:
    """What the template understands: the kind and its values, every cell as text and address."""
    kind = type(block).__name__
    if isinstance(block, Facts):
        return {"kind": kind, "rows": [_facts_row(*row) for row in block.rows if _is_filled(row[1])]}
    if isinstance(block, Bullets):
        return {"kind": kind, "items": [_value(item) for item in block.items]}
    if isinstance(block, Table):
        rows = [[_value(cell) for cell in row] for row in block.rows]
        return {"kind": kind, **asdict(replace(block, rows=())), "rows": rows}
    return {"kind": kind, **asdict(block)}


def _facts_row(label: str, value: Value) -> dict[str, Any]:
    return {"label": label, "value": _value(value)}


def _is_filled(value: Value) -> bool:
    return bool(value.text if isinstance(value, Link) else value)


def _value(value: Value) -> dict[str, str]:
    if isinstance(value, str):
        return {"text": value, "url": ""}
    return {"text": value.text, "url": value.address}
