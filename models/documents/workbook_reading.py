"""Reading a table that somebody sends: an Excel workbook or a CSV file in, plain values out.

Only cached values are read, never formulas. Whatever cannot be read says why, as a msgid with values.
"""

import csv
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from typing import Any
from xml.etree.ElementTree import iterparse

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet._reader import FORMULA_TAG, MERGE_TAG, ROW_TAG, WorkSheetParser

from models.base import N_
from models.documents.workbook_parts import (
    FILE_LIMIT,
    UnreadableError,
    checked_workbook,
    no_workbook,
    too_large,
)
from models.folding import UNSEEN

ROWS_LIMIT = 20_000
COLUMNS_LIMIT = 200
_KEPT_FROM_FORMULA = re.compile("'+[=+@-]")
_EXCEL_CODE = re.compile(r"_x([0-9A-Fa-f]{4})_")

# Excel writes extensions that openpyxl does not know; it says so in warnings that nobody here can act on.
warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")


class ErrorCell(str):
    """A cell in which Excel shows an error, like #REF!, or a formula that was never computed."""


Value = str | int | float | bool | date | datetime | None


@dataclass(frozen=True)
class Sheet:
    """The rows of one sheet that hold anything, each with its number in Excel; rows end at their last filled cell.
    `hidden` counts the rows that Excel does not show: they are read too."""

    name: str
    rows: list[tuple[int, list[Value]]]
    hidden: int = 0


@dataclass
class Book:
    """A file that was read. `names` are its visible sheets; `created` is what the file says of itself (naive UTC)."""

    names: list[str]
    created: datetime | None = None
    _sheets: dict[str, Sheet] = field(default_factory=dict)
    _workbook: Any = None

    def sheet(self, name: str = "") -> Sheet:
        """The sheet of that name, or the first. Raises UnreadableError for one with more than 20,000 rows."""
        name = name if name in self.names else self.names[0]
        if name not in self._sheets:
            self._sheets[name] = _guarded(lambda: _read_sheet(self._workbook, name))
        return self._sheets[name]


def read_book(content: bytes, file_name: str) -> Book:
    """Open a workbook or, by its name, a CSV file. Raises UnreadableError, and nothing else."""
    if file_name.casefold().endswith((".csv", ".txt", ".tsv")) and not content.startswith(b"PK\x03\x04"):
        return _read_csv(content)
    checked = checked_workbook(content)
    workbook = _guarded(
        lambda: load_workbook(BytesIO(checked), read_only=True, data_only=True, keep_links=False)
    )
    names = [sheet.title for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    if not names:
        raise UnreadableError(N_("There is no sheet in the file."))
    return Book(names, workbook.properties.created, _workbook=workbook)


def _guarded(work: Any) -> Any:
    """What openpyxl makes of a damaged file are errors of any kind; all of them mean the same."""
    try:
        return work()
    except UnreadableError:
        raise
    except Exception as error:
        raise no_workbook() from error


class _Parser(WorkSheetParser):
    """openpyxl's parser without what is not needed here (rules, filters, pictures): in files of other tools that is
    what it stumbles over. It also tells merged and hidden cells, which its read-only sheets do not."""

    merged: list[str]

    def table_rows(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        self.merged = []
        for _event, element in iterparse(self.source):  # noqa: S314  (checked_workbook() refuses a DOCTYPE)
            if element.tag == ROW_TAG:
                yield self.parse_row(element)
                element.clear()
            elif element.tag == MERGE_TAG:
                self.merged = [child.get("ref", "") for child in element]

    def parse_cell(self, element: Any) -> Any:
        cell = super().parse_cell(element)
        is_formula = element.find(FORMULA_TAG) is not None
        if cell["value"] is None and is_formula and element.get("t") != "str":
            cell.update(value="#?", data_type="e")  # never computed: empty would be a lie
        return cell

    def hidden_rows(self) -> set[int]:
        shown = ("0", "false", None)
        return {int(key) for key, row in self.row_dimensions.items() if row.get("hidden") not in shown}


def _read_sheet(workbook: Any, name: str) -> Sheet:
    source = workbook[name]
    found: dict[int, list[Value]] = {}
    with source._get_source() as xml:
        parser = _Parser(
            xml, source._shared_strings, data_only=True, epoch=workbook.epoch,
            date_formats=workbook._date_formats, timedelta_formats=workbook._timedelta_formats,
        )  # fmt: skip
        for number, cells in parser.table_rows():
            row = _row(cells)
            if row:
                found[number] = row
            if len(found) > ROWS_LIMIT:
                raise UnreadableError(
                    N_("The sheet “{name}” has more than {n} rows. Please split it."), name=name, n=ROWS_LIMIT
                )
        _spread_down(found, parser.merged)
        hidden = len(parser.hidden_rows() & set(found))
    return Sheet(name, [(number, found[number]) for number in sorted(found)], hidden)


def _row(cells: list[dict[str, Any]]) -> list[Value]:
    row: list[Value] = []
    for cell in cells:
        value = _value(cell["value"], cell["data_type"] == "e")
        if value is None:
            continue
        if cell["column"] > COLUMNS_LIMIT:
            raise too_large()
        row += [None] * (cell["column"] - len(row))
        row[cell["column"] - 1] = value
    return row


def _value(value: Any, is_error: bool) -> Value:
    """A cell's value: text without Excel's codes and blanks at its ends, a day where there is no time of day."""
    if is_error:
        return ErrorCell(value)
    if isinstance(value, str):
        return plain_text(_EXCEL_CODE.sub(lambda code: chr(int(code[1], 16)), value)) or None
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, time | timedelta):
        return str(value)
    known: Value = value
    return known


def plain_text(text: str) -> str:
    """Text as the database takes it: line breaks as \\n, no control characters or half characters, no blanks around."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    kept = (c for c in text if (c >= " " and c != "\x7f" and not "\ud800" <= c <= "\udfff") or c in "\t\n")
    return "".join(kept).translate(UNSEEN).strip()


def _spread_down(rows: dict[int, list[Value]], merged: list[str]) -> None:
    """A cell merged over several rows holds for each of them, where something else stands in the row: so people write
    a phase once beside five lines. To the right nothing is spread: that is how headings are centred."""
    for area in merged[:ROWS_LIMIT]:
        first_column, first, _last_column, last = range_boundaries(area)
        place = (first_column or 1) - 1
        top = rows.get(first or 0, [])
        value = top[place] if place < len(top) else None
        if value is None or first is None or last is None:
            continue
        for number in range(first + 1, min(last, first + ROWS_LIMIT) + 1):
            row = rows.get(number)
            if row is not None:
                row += [None] * (place + 1 - len(row))
                row[place] = value if row[place] is None else row[place]


def _read_csv(content: bytes) -> Book:
    """A CSV file: semicolon, comma or tab; UTF-8, UTF-16 or the Windows code page of western Europe."""
    if len(content) > FILE_LIMIT:
        raise UnreadableError(N_("The file is too large. A table may have up to {n} MB."), n=FILE_LIMIT >> 20)
    text = _decoded(content)
    if not text.strip():
        raise UnreadableError(N_("The file is empty."))
    head = text[:10_000]
    delimiter = max(";,\t", key=lambda mark: head.split("\n", 1)[0].count(mark) * 1000 + head.count(mark))
    rows: list[tuple[int, list[Value]]] = []
    try:
        for number, cells in enumerate(csv.reader(StringIO(text, newline=""), delimiter=delimiter), start=1):
            values: list[Value] = [plain_text(_unquoted(cell)) or None for cell in cells]
            while values and values[-1] is None:
                values.pop()
            if len(rows) >= ROWS_LIMIT or len(values) > COLUMNS_LIMIT:
                raise too_large()
            if values:
                rows.append((number, values))
    except csv.Error as error:
        raise no_workbook() from error
    return Book(["CSV"], _sheets={"CSV": Sheet("CSV", rows)})


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content:
        raise no_workbook()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _unquoted(cell: str) -> str:
    """Without the apostrophe by which our own CSV keeps Excel from seeing a formula."""
    return cell[1:] if _KEPT_FROM_FORMULA.match(cell) else cell
