"""What a file would change, row by row, before anything is changed. Values are as the history has them: plain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from models.base import N_, Recorded


@dataclass(frozen=True)
class Remark:
    """A sentence about a row: a msgid, and what goes into its braces. `columns` are those it speaks of."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)
    columns: tuple[str, ...] = ()


@dataclass
class PlannedRow:
    """One row of a file. `subject_id` is None where a row would be made; `before` and `after` hold what changes only.
    A row with faults changes nothing; remarks are only said. `attached`: what comes with it and is no column."""

    number: int
    title: str
    subject_kind: str
    subject_id: int | None = None
    version: int = 0
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    attached: dict[str, str] = field(default_factory=dict)
    faults: list[Remark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.subject_id is None

    @property
    def is_effective(self) -> bool:
        """Whether importing this row would change anything."""
        return not self.faults and bool(self.after or self.attached)


@dataclass(frozen=True)
class Left:
    """A row that was not imported, or not taken back, and why."""

    number: int
    title: str
    remark: Remark

    def stored(self) -> dict[str, Any]:
        """As JSON, for the batch's record."""
        values = {
            name: value if isinstance(value, int) else str(value)
            for name, value in self.remark.values.items()
        }
        return {
            "row": self.number, "title": self.title, "text": self.remark.text, "values": values,
            "columns": list(self.remark.columns),
        }  # fmt: skip


def left_from(stored: Iterable[Mapping[str, Any]]) -> list[Left]:
    """What was stored, as it was."""
    return [
        Left(row["row"], row["title"], Remark(row["text"], row["values"], tuple(row["columns"])))
        for row in stored
    ]


def versions_text(rows: Iterable[PlannedRow]) -> str:
    """The versions that a preview showed, to be sent back with the order to import: "12:3 13:1"."""
    return " ".join(f"{row.subject_id}:{row.version}" for row in rows if row.subject_id and row.is_effective)


def versions_from(text: str) -> dict[int, int]:
    """Row -> version, from versions_text(); what is garbled is left out, so that such a row is not overwritten."""
    pairs = (pair.partition(":") for pair in text.split())
    return {
        int(key): int(version)
        for key, _colon, version in pairs
        if key.isascii()
        and key.isdigit()
        and version.isascii()
        and version.isdigit()
        and len(key) + len(version) < 20
    }


def kind_of(name: str) -> type[Recorded]:
    """The table of that name. Raises LookupError where there is none with a history."""
    for mapper in Recorded._sa_registry.mappers:
        if issubclass(mapper.class_, Recorded) and getattr(mapper.class_, "__tablename__", "") == name:
            return mapper.class_
    raise LookupError(name)


TAKEN_TWICE = N_("The row stands twice in the file: {rows}. Please keep one of them.")


def check_targets(rows: list[PlannedRow]) -> None:
    """Two rows that mean the same subject are both at fault: nobody could say which of them holds."""
    meant: dict[tuple[str, int], list[PlannedRow]] = {}
    for row in rows:
        if row.subject_id is not None:
            meant.setdefault((row.subject_kind, row.subject_id), []).append(row)
    for same in meant.values():
        if len(same) > 1:
            numbers = ", ".join(str(row.number) for row in same)
            for row in same:
                row.faults.append(Remark(TAKEN_TWICE, {"rows": numbers}))
