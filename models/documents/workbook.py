"""Tables as an Excel workbook (.xlsx): real dates and numbers, text that stays text, lists to choose from."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

CELL_LIMIT = 32_767  # characters that Excel takes into one cell
_LIKE_A_CODE = re.compile("_(x[0-9A-Fa-f]{4}_)")  # what Excel would read as the code of a character
_FORMULA = ("=", "+", "-", "@")
_TOP = Alignment(vertical="top", wrap_text=True)
_HEAD = Font(bold=True)
_LOCKED = PatternFill("solid", fgColor="E8EAED")


@dataclass(frozen=True)
class Column:
    """One column: its heading, its width in characters, the words that may stand in it (empty: anything), and whether
    it is shaded, because it is there to be read."""

    title: str
    width: int = 16
    choices: tuple[str, ...] = ()
    is_shaded: bool = False


@dataclass(frozen=True)
class Notes:
    """A second sheet that says how the first one is filled in."""

    name: str
    lines: tuple[str, ...]


def write_workbook(
    name: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]], notes: Notes, created: datetime
) -> bytes:
    """A workbook with the sheet `name`, its notes, and a hidden sheet of the choices. `created` stays in the file when
    Excel saves it, and tells later what the file could know."""
    book, sheet = _begun(name, columns, created)
    count = 1
    for row in rows:
        count += 1
        sheet.append([_cell(sheet, value, column) for value, column in zip(row, columns, strict=True)])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{count}"
    _write_notes(book, notes)
    _offer_choices(book, sheet, columns, count)
    return _saved(book)


def write_table(
    name: str, columns: Sequence[Column], rows: Iterable[Sequence[str | date]], created: datetime
) -> bytes:
    """A plain workbook of any length: one sheet of texts and days, without choices or colours."""
    book, sheet = _begun(name, columns, created)
    count = 1
    for row in rows:
        count += 1
        sheet.append([_plain_cell(sheet, value) for value in row])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{count}"
    return _saved(book)


def _begun(name: str, columns: Sequence[Column], created: datetime) -> tuple[Any, Any]:
    book = Workbook(write_only=True)
    book.properties.created = created.astimezone(UTC).replace(tzinfo=None)
    book.properties.creator = "Fab City Lotse"
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "B2"
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.append([_head(sheet, column) for column in columns])
    return book, sheet


def _saved(book: Any) -> bytes:
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _plain_cell(sheet: Any, value: str | date) -> Any:
    """A cell without more than it needs: thousands of rows are written. What Excel could take for a formula, an error
    or a code gets a cell of its own kind."""
    if value == "":
        return None
    if (
        isinstance(value, str)
        and value.isprintable()
        and not value.startswith((*_FORMULA, "#"))
        and "_x" not in value
    ):
        return value[:CELL_LIMIT]
    return _cell(sheet, value)


def _head(sheet: Any, column: Column) -> Any:
    cell = _cell(sheet, column.title, column)
    cell.font = _HEAD
    return cell


def _cell(sheet: Any, value: Any, column: Column | None = None) -> Any:
    """A cell that Excel never takes for a formula, whatever stands in it."""
    if isinstance(value, str):
        value = cell_text(value)
    written = _LIKE_A_CODE.sub(r"_x005F_\1", value) if isinstance(value, str) else value
    cell = WriteOnlyCell(sheet, None if value == "" else written)
    if isinstance(value, str) and value:
        cell.data_type = "s"  # openpyxl would make a formula of "=…"
        cell.quotePrefix = value.startswith(_FORMULA)  # and Excel, once somebody edits the cell
    elif isinstance(value, date):
        cell.number_format = "DD.MM.YYYY"
    cell.alignment = _TOP
    if column is not None and column.is_shaded:
        cell.fill = _LOCKED
    return cell


def cell_text(text: str) -> str:
    """Text as a cell can hold it: no control characters, and not longer than Excel takes."""
    kept = "".join(c for c in text.replace("\r\n", "\n") if (c >= " " and c != "\x7f") or c in "\t\n")
    return "".join(c for c in kept if not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")[:CELL_LIMIT]


def _write_notes(book: Any, notes: Notes) -> None:
    sheet = book.create_sheet(notes.name)
    sheet.column_dimensions["A"].width = 100
    for line in notes.lines:
        sheet.append([_cell(sheet, line)])


def _offer_choices(book: Any, sheet: Any, columns: Sequence[Column], count: int) -> None:
    """Lists to choose from. They stand on a hidden sheet: a list inside the rule may have 255 characters only."""
    offered = [(number, column) for number, column in enumerate(columns, start=1) if column.choices]
    if not offered:
        return
    lists = book.create_sheet("Listen")
    lists.sheet_state = "hidden"
    longest = max(len(column.choices) for _number, column in offered)
    for line in range(longest):
        lists.append(
            [_cell(lists, c.choices[line]) if line < len(c.choices) else None for _number, c in offered]
        )
    for place, (number, column) in enumerate(offered, start=1):
        letter, source = get_column_letter(number), get_column_letter(place)
        area = f"{quote_sheetname('Listen')}!${source}$1:${source}${len(column.choices)}"
        rule = DataValidation(type="list", formula1=area, allow_blank=True, showErrorMessage=False)
        rule.add(f"{letter}2:{letter}{count + 500}")
        sheet.data_validations.append(rule)
