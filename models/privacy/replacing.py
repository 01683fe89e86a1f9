"""Words taken out of rows: a mention replaced where it stands, a row emptied of everything that somebody wrote."""

import re
from typing import Any

from sqlalchemy import Column, Table
from sqlmodel import Session, SQLModel, col, select

from models.base import N_, Recorded, Row
from models.folding import fold
from models.language import translator
from models.privacy.columns import DERIVED, empty_value, is_bytes, is_json, is_unique, limit_of, walked
from models.privacy.identifiers import Identifiers
from models.privacy.mentions import names_in_parts, texts_in
from models.privacy.whose import portions, table_named


def mark(language: str = "de") -> str:
    """What stands in the place of a name, an address or a number."""
    return translator(language)(N_("[erased contact]"))


def rows_of(session: Session, name: str, keys: set[int]) -> list[Any]:
    """The rows of a table by their keys, locked where the database can."""
    kind: Any = class_of(name)
    found: list[Any] = []
    for portion in portions(keys):
        wanted = select(kind).where(col(kind.id).in_(portion)).order_by(kind.id).with_for_update()
        found += session.exec(wanted.execution_options(populate_existing=True)).all()
    return found


def class_of(name: str) -> type[Row]:
    """The class of a table."""
    found: type[Row] = next(m.class_ for m in SQLModel._sa_registry.mappers if m.class_.__tablename__ == name)
    return found


def empty_row(row: Any, phrases: dict[str, Any]) -> None:
    """Take every text out of a row of the person; `phrases`: column -> what stands there instead."""
    for column in walked(table_named(row.__tablename__)):
        if column.name in DERIVED:
            continue
        left = phrases.get(column.name)
        if left is None:
            left = empty_value(column, getattr(row, column.name))
            left = f"{row.id}" if is_unique(column) and left == "" else left
        setattr(row, column.name, left)
    count_version(row)


def replace_in_row(row: Any, columns: list[str], hers: Identifiers) -> None:
    """Put the mark in the place of every mention; the rest of the text stays."""
    table: Table = table_named(row.__tablename__)
    for name in columns:
        column = table.c[name]
        if name not in DERIVED:
            setattr(row, name, replaced(getattr(row, name), column, hers, row.id))
    count_version(row)


def count_version(row: Any) -> None:
    """Who has the row's form open is told, and does not write the name back."""
    if isinstance(row, Recorded):
        row.version += 1


def replaced(value: Any, column: Column[Any], hers: Identifiers, key: int) -> Any:
    """A column's value without her."""
    if is_bytes(column):
        return b"" if any(_hit(hers, text) for text in texts_in(value)) else value
    if is_json(column):
        return _in_json(value, hers)
    if not isinstance(value, str):
        return value
    written = _in_text(value, hers)
    if written != value and is_unique(column):
        written = f"{written} {key}"
    limit = limit_of(column)
    if limit is None or len(written) <= limit:
        return written
    cut = written[:limit]
    return cut if not is_unique(column) else f"{written[: limit - 12]} {key}"


def _hit(hers: Identifiers, text: str) -> bool:
    return hers.search(text) is not None


def _in_text(text: str, hers: Identifiers) -> str:
    if hers.pattern is None:
        return text
    for _once_more in range(3):  # what stood on both sides of a mention may be one itself; so may the mark
        written = hers.pattern.sub(lambda _hit: mark(), text)
        if written == text:
            break
        text = written
    return text


def _in_json(value: Any, hers: Identifiers) -> Any:
    if isinstance(value, str):
        return _in_text(value, hers)
    if isinstance(value, list):
        return [_in_json(one, hers) for one in value]
    if isinstance(value, dict):
        apart = names_in_parts({k: v for k, v in value.items() if not isinstance(v, dict)}, hers)
        return {
            _in_text(str(name), hers): _emptied(one)
            if apart and name in ("given_name", "family_name")
            else _in_json(one, hers)
            for name, one in value.items()
        }
    if isinstance(value, int | float) and not isinstance(value, bool) and _hit(hers, str(value)):
        return mark()
    return value


def _emptied(value: Any) -> Any:
    return [None for _one in value] if isinstance(value, list) else ""


def has_both_names(line: str, hers: Identifiers) -> bool:
    """Whether given and family name stand somewhere in a line, as in a table with other columns between them."""
    words = set(re.findall(r"[^\W_]+", fold(line)))
    return any(
        set(re.findall(r"[^\W_]+", fold(f"{given} {family}"))) <= words for given, family in hers.names
    )
