"""Columns of somebody else's table: where its headings are, and what stands below each."""

from collections.abc import Callable
from dataclasses import dataclass

from models.base import NAME, NOTE
from models.documents.workbook_reading import Sheet, Value
from models.imports.values import CellFaultError, text_in

HEADER_WITHIN = 30
SAMPLES = 3


@dataclass(frozen=True)
class ListColumn:
    """One column of the list with its first values, to be recognised by."""

    index: int
    heading: str
    samples: tuple[str, ...]


def shown(value: Value) -> str:
    """A cell as a person reads it."""
    try:
        return text_in(value, NOTE)
    except CellFaultError:
        return str(value)[:NAME]


def best_header(sheet: Sheet, guess: Callable[[str], object | None]) -> int:
    """The number of the row that looks like headings: the most known words, or else the most texts."""

    def score(cells: list[Value]) -> tuple[int, int]:
        texts = [cell for cell in cells if isinstance(cell, str)]
        known = {guess(cell) for cell in texts if len(cell) <= 40} - {None}
        return (len(known) if len(known) > 1 else 0, len(texts))

    best = max(sheet.rows[:HEADER_WITHIN], key=lambda row: score(row[1]), default=(0, []))
    return best[0]


def list_columns(sheet: Sheet, header: int) -> list[ListColumn]:
    """The columns below the row of headings; one without a heading is called by its letter elsewhere."""
    below = [cells for number, cells in sheet.rows if number > header]
    head = next((cells for number, cells in sheet.rows if number == header), [])
    width = max([len(head), *(len(cells) for cells in below)], default=0)
    found = []
    for index in range(width):
        values = (cells[index] for cells in below if index < len(cells) and cells[index] is not None)
        heading = shown(head[index]) if index < len(head) else ""
        samples: dict[str, None] = {}
        for value in values:
            samples[shown(value)[:80]] = None
            if len(samples) == SAMPLES:
                break
        if heading or samples:
            found.append(ListColumn(index, heading, tuple(samples)))
    return found
