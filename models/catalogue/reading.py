"""Reading the starter CSVs: every row is checked before anything is loaded."""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from models.base import Labelled
from models.conferences.conferences import DatePrecision
from models.language import country_codes

FOLDER = Path(__file__).parent

E = TypeVar("E", bound=Labelled)
T = TypeVar("T")


class CatalogueError(Exception):
    """The starter data cannot be loaded. `faults` names file, line and reason of each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass
class Line:
    """One CSV row; its accessors note a fault and go on, so that all faults are told at once."""

    file: str
    number: int
    cells: dict[str, str]
    faults: list[str]

    def text(self, column: str) -> str:
        return (self.cells.get(column) or "").strip()

    def fault(self, reason: str) -> None:
        self.faults.append(f"{self.file}, line {self.number}: {reason}")

    def required(self, column: str) -> str:
        if not self.text(column):
            self.fault(f"{column} is empty")
        return self.text(column)

    def _parsed(self, column: str, parse: Callable[[str], T], wanted: str) -> T | None:
        raw = self.text(column)
        if not raw:
            return None
        try:
            return parse(raw)
        except ValueError:
            self.fault(f"{column}: {raw!r} is not {wanted}")
            return None

    def number_of(self, column: str) -> int | None:
        return self._parsed(column, int, "a whole number")

    def decimal(self, column: str) -> float | None:
        return self._parsed(column, float, "a number")

    def day(self, column: str) -> date | None:
        return self._parsed(column, date.fromisoformat, "a date (YYYY-MM-DD)")

    def flag(self, column: str) -> bool:
        if self.text(column) not in ("true", "false"):
            self.fault(f"{column}: {self.text(column)!r} is neither true nor false")
        return self.text(column) == "true"

    def member(self, column: str, values: type[E], default: E) -> E:
        raw = self.text(column)
        if not raw:
            return default
        try:
            return values(raw)
        except ValueError:
            self.fault(f"{column}: {raw!r} is not one of {', '.join(v.value for v in values)}")
            return default

    def country(self, column: str) -> str:
        code = self.text(column)
        if code and code not in country_codes():
            self.fault(f"{column}: unknown country {code!r}")
        return code

    def dated(self) -> tuple[DatePrecision, int | None, date | None, date | None]:
        """Precision, month, first and last day of a conference, as exactly as the row says."""
        precision = self.member("precision", DatePrecision, DatePrecision.UNKNOWN)
        if precision in (DatePrecision.DAY, DatePrecision.WEEK):
            first, last = self.day("start"), self.day("end")
            if first is None and not self.text("start"):
                self.fault("start is empty, though the precision is a day or a week")
            if first and last and last < first:
                self.fault("end lies before start")
            return precision, None, first, last
        if precision is DatePrecision.MONTH:
            found = re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", self.text("start"))
            if found is None:
                self.fault(f"start: {self.text('start')!r} is not a month (YYYY-MM)")
            return precision, int(found[1]) if found else None, None, None
        if self.text("start") not in ("", self.text("year")):
            self.fault(f"start: {self.text('start')!r} is more exact than the precision")
        return precision, None, None, None


@dataclass
class Reader:
    """Reads the files of one folder and gathers the faults of all of them."""

    folder: Path = FOLDER
    faults: list[str] = field(default_factory=list)

    def lines(self, name: str, key: str | None = None) -> Iterator[Line]:
        """The rows of a file; with `key` that column must be there once per row."""
        seen: dict[str, int] = {}
        with (self.folder / name).open(encoding="utf-8", newline="") as source:
            rows = csv.DictReader(source, strict=True)
            for cells in rows:
                line = Line(name, rows.line_num, cells, self.faults)
                if None in cells or None in cells.values():
                    line.fault(f"{len(rows.fieldnames or [])} columns are expected")
                    continue
                if key:
                    value = line.required(key)
                    if value in seen:
                        line.fault(f"{key} {value!r} stands already in line {seen[value]}")
                        continue
                    seen[value] = rows.line_num
                yield line

    def finish(self) -> None:
        """Raises CatalogueError if any row had a fault."""
        if self.faults:
            raise CatalogueError(self.faults)
