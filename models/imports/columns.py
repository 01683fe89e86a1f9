"""Columns of any table as the history writes them, and back: so that an import can be recorded and taken back."""

import enum
import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, select
from sqlmodel import Session

from models.audit import plain
from models.base import Recorded, Row


def _table(kind: type[Row]) -> Table:
    table: Table = kind.__table__  # type: ignore[attr-defined]
    return table


def plain_columns(row: Row, names: Mapping[str, Any] | list[str]) -> dict[str, Any]:
    """The named columns of a row, plain."""
    return {name: plain(getattr(row, name)) for name in names}


def all_columns(row: Row) -> dict[str, Any]:
    """Every column of a row that the history covers, plain."""
    columns = _table(type(row)).columns
    return plain_columns(row, [c.name for c in columns if c.name != "id" and not c.info.get("unaudited")])


FINGERPRINT = "fingerprint"


def fingerprint(values: Mapping[str, Any]) -> dict[str, Any]:
    """Of every column of a row that an import made, so that a later change is seen without keeping what stood there."""
    written = json.dumps(values, sort_keys=True, ensure_ascii=False).encode()
    return {FINGERPRINT: hashlib.sha256(written).hexdigest()[:32]}


def is_as_made(row: Row, after: Mapping[str, Any]) -> bool:
    """Whether a row is still as an import made it: by its fingerprint, or column by column."""
    if FINGERPRINT in after:
        return fingerprint(all_columns(row)) == dict(after)
    return plain_columns(row, after) == dict(after)


def from_plain(kind: type[Row], name: str, value: Any) -> Any:
    """A plain value as the column holds it: a member of its enumeration, a date, a moment."""
    if value is None:
        return None
    column_type = _table(kind).columns[name].type
    members = getattr(column_type, "enum_class", None)
    if members is not None and issubclass(members, enum.Enum):
        return members(value)
    wanted = column_type.python_type
    if wanted is datetime:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if wanted is date else value


def put(row: Recorded, values: Mapping[str, Any]) -> None:
    """Set plain values, and count the row's version."""
    for name, value in values.items():
        setattr(row, name, from_plain(type(row), name, value))
    row.version += 1


def is_there(session: Session, kind: type[Recorded], name: str, value: Any) -> bool:
    """Whether what a column would point to still exists."""
    for key in _table(kind).columns[name].foreign_keys:
        target = key.column
        if (
            value is not None
            and session.connection().execute(select(target).where(target == value)).first() is None
        ):
            return False
    return True


def points_to(kind: type[Recorded], values: Mapping[str, Any], target: str, key: int) -> bool:
    """Whether these columns name that row."""
    columns = _table(kind).columns
    return any(
        value == key and any(fk.column.table.name == target for fk in columns[name].foreign_keys)
        for name, value in values.items()
    )
