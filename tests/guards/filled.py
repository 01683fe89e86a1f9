"""One row in every table, made from the metadata: parents first, and the same words in every column for words."""

from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

from sqlalchemy import Column, Connection, Date, DateTime, Enum, Table, Time, insert, update
from sqlmodel import SQLModel

import models.tables  # noqa: F401
from models.privacy.columns import is_bytes, is_json, is_unique, limit_of, may_hold_text, plain_type, walked

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


_numbers = count(1000)  # for what may not stand anywhere twice
Made = dict[str, list[int]]
Values = dict[tuple[str, str], Any]
SINGLE = ("city", "sender")  # one row each, there already


def fill_every_table(connection: Connection, words: list[str], values: Values, mail: bytes) -> Made:
    """At least one row in every table; `values`: (table, column) -> what has to stand there, or a function of the keys
    made so far. A column too short for all words gets a row for each of them. Answers the keys."""
    made: Made = {}
    for table in SQLModel.metadata.sorted_tables:
        made[table.name] = []
        for number, portion in enumerate(_portions(table, words)):
            row = {
                c.name: _value(c, portion, values, made, mail, number)
                for c in table.columns
                if c.name != "id"
            }
            if table.name in SINGLE:
                told = {c.name: row[c.name] for c in walked(table)}
                if connection.execute(update(table).values(told)).rowcount:
                    made[table.name].append(1)
                    break
            key = connection.execute(insert(table).values(row)).inserted_primary_key
            made[table.name].append(int(key[0]) if key else 0)
    return made


def _portions(table: Table, words: list[str]) -> list[list[str]]:
    """All words at once where they fit, else one by one."""
    limits = [limit_of(column) for column in walked(table) if limit_of(column) is not None]
    fits = all(limit is None or limit >= len(" | ".join(words)) + 10 for limit in limits)
    return [words] if fits else [[word] for word in words]


def _value(
    column: Column[Any], words: list[str], values: Values, made: Made, mail: bytes, number: int,
) -> Any:  # fmt: skip
    table, name = column.table.name, column.name
    if (table, name) in values:
        known = values[table, name]
        return known(made) if callable(known) else known
    foreign = next(iter(column.foreign_keys), None)
    if foreign is not None:
        return _parent(column, foreign.column.table.name, made, number)
    if column in walked(column.table):
        return _words(column, words, number, mail)
    return _anything(column, number)


def _parent(column: Column[Any], parent: str, made: Made, number: int) -> int | None:
    if parent == column.table.name or not made.get(parent):
        return None
    return made[parent][min(number, len(made[parent]) - 1)]


def _words(column: Column[Any], words: list[str], number: int, mail: bytes) -> Any:
    if is_bytes(column):
        return mail
    if is_json(column):
        return {"deep": [{"er": " – ".join(words)}, *words], words[0]: 1}
    said = " | ".join(words) + (f" {next(_numbers)}" if is_unique(column) else "")
    limit = limit_of(column)
    return said if limit is None else said[:limit]


def _anything(column: Column[Any], number: int) -> Any:
    kind = plain_type(column)
    if isinstance(kind, Enum):
        return kind.enum_class(kind.enums[0]) if kind.enum_class else kind.enums[0]
    if isinstance(kind, DateTime):
        return NOW
    if isinstance(kind, Date):
        return date(2026, 11, 23)
    if isinstance(kind, Time):
        return time(8)
    if may_hold_text(column):
        return {} if is_json(column) else f"{next(_numbers)}"[: limit_of(column) or 60]
    return bool(number) if kind.python_type is bool else number + 1
