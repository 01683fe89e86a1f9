"""Thousands of rows at once: inserted and deleted in a few statements, each with its entry in the history."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from itertools import chain
from typing import Any

from sqlalchemy import JSON, Connection, Table, delete, func, select, text
from sqlalchemy import Enum as SqlEnum
from sqlmodel import Session

from models.audit import Action, AuditEntry, plain
from models.base import LINE, Row
from models.imports.batches import ImportBatch, ImportChange

CHUNK = 500  # keys in one statement
MOST_VALUES = 30_000  # in one statement; SQLite takes 32,766
Turn = Callable[[Any], Any]


def table_of(kind: type[Row]) -> Table:
    """The table of a class."""
    found: Table = kind.__table__  # type: ignore[attr-defined]
    return found


def take_keys(session: Session, kind: type[Row], number: int) -> list[int]:
    """So many keys for rows to be inserted; nobody else gets them. The session must be one for writing."""
    table, connection = table_of(kind), session.connection()
    if connection.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, "id")
        series = func.generate_series(1, number).table_valued("n")
        return list(connection.execute(select(func.nextval(sequence)).select_from(series)).scalars().all())
    # The writers' lock is held: nobody takes a key meanwhile. SQLite counts up by itself as the rows come in.
    last = connection.execute(
        text("select seq from sqlite_sequence where name = :name"), {"name": table.name}
    ).scalar()
    return list(range((last or 0) + 1, (last or 0) + 1 + number))


def columns_of(row: Row) -> dict[str, Any]:
    """The columns of a row that no session knows, for insert_rows()."""
    return {
        column.name: getattr(row, column.name)
        for column in table_of(type(row)).columns
        if column.name != "id"
    }


def insert_rows(session: Session, kind: type[Row], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows of all columns but the key, and answer their keys in this order."""
    if not rows:
        return []
    keys, table = take_keys(session, kind, len(rows)), table_of(kind)
    keyed = [{**row, "id": key} for row, key in zip(rows, keys, strict=True)]
    insert_many(session, table, keyed)
    return keys


def insert_many(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns. On PostgreSQL they are copied in; on SQLite some hundred rows make
    one statement: it writes its search index once for each statement."""
    if not rows:
        return
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        _copy(connection, table, rows)
    else:
        _insert(connection, table, rows)


def _insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """INSERT as SQLite takes it; SQLAlchemy would spend more time on getting ready than SQLite on writing."""
    names, dialect = list(rows[0]), connection.dialect
    kinds = {name: table.c[name].type.dialect_impl(dialect) for name in names}
    turned = {name: turn for name in names if (turn := kinds[name].bind_processor(dialect))}
    listed = ", ".join(f'"{name}"' for name in names)
    one_row = f"({', '.join('?' * len(names))})"
    at_once = MOST_VALUES // len(names)
    for start in range(0, len(rows), at_once):
        some = rows[start : start + at_once]
        into = f'insert into "{table.name}" ({listed}) values {", ".join([one_row] * len(some))}'  # noqa: S608  (names of the metadata)
        connection.exec_driver_sql(into, tuple(chain.from_iterable(_values(some, names, turned))))


def _copy(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """COPY takes a tenth of the time of INSERT. Names of columns come from the metadata, values go their own way."""
    names = list(rows[0])
    kinds = {name: table.c[name].type for name in names}
    turned: dict[str, Turn] = {name: json.dumps for name, kind in kinds.items() if isinstance(kind, JSON)}
    turned |= {name: _plain_member for name, kind in kinds.items() if isinstance(kind, SqlEnum)}
    listed = ", ".join(f'"{name}"' for name in names)
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({listed}) FROM STDIN') as copy:
        for values in _values(rows, names, turned):
            copy.write_row(values)


def _values(
    rows: Iterable[Mapping[str, Any]], names: list[str], turned: Mapping[str, Turn]
) -> Iterator[list[Any]]:
    """The values of each row in the order of the names; few columns have to be turned into what is stored."""
    places = [(names.index(name), turn) for name, turn in turned.items()]
    for row in rows:
        values = [row[name] for name in names]
        for place, turn in places:
            values[place] = turn(values[place])
        yield values


def _plain_member(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def audited(kind: type[Row]) -> list[str]:
    """The columns that the history covers."""
    return [c.name for c in table_of(kind).columns if c.name != "id" and not c.info.get("unaudited")]


def made_history(kind: type[Row], columns: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What the session would write into the history of a row that is made."""
    return {
        name: [None, value]
        for name in audited(kind)
        if (value := plain(columns[name])) not in (None, "", False)
    }


def write_created(
    session: Session, kind: type[Row], rows: Iterable[tuple[int, str, Mapping[str, Any]]]
) -> None:
    """The history of rows that were made: key, label and what it says of each."""
    entries = [
        _entry(session, kind, key, label, Action.CREATED) | {"changes": changes}
        for key, label, changes in rows
    ]
    insert_many(session, table_of(AuditEntry), entries)


def write_changes(
    session: Session,
    batch: ImportBatch,
    kind: type[Row],
    rows: Iterable[tuple[int, int, Mapping[str, Any]]],
) -> None:
    """What the import made, to be taken back: number in the file, key and mark of each."""
    name = table_of(kind).name
    changes = [
        {"batch_id": batch.key, "row_number": n, "subject_kind": name, "subject_id": key, "before": None}
        | {"after": dict(mark)}
        for n, key, mark in rows
    ]
    insert_many(session, table_of(ImportChange), changes)


def _entry(session: Session, kind: type[Row], key: int, label: str, action: Action) -> dict[str, Any]:
    return {
        "at": session.info["now"],
        "officer_id": session.info.get("officer_id"),
        "subject_kind": table_of(kind).name,
        "subject_id": key,
        "label": label[:LINE],
        "action": action,
        "reason": session.info.get("reason", ""),
        "changes": {},
    }


def delete_rows(session: Session, kind: type[Row], keys: Sequence[int], label: str) -> None:
    """Delete rows that an import made. Their history keeps that they were there, and when, but not what stood there."""
    table, history, connection = table_of(kind), table_of(AuditEntry), session.connection()
    for start in range(0, len(keys), CHUNK):
        some = list(keys[start : start + CHUNK])
        connection.execute(delete(table).where(table.c.id.in_(some)))
        told = (history.c.subject_kind == table.name) & history.c.subject_id.in_(some)
        connection.execute(history.update().where(told).values(label=label, changes={}))
    entries = [_entry(session, kind, key, label, Action.DELETED) for key in keys]
    if "version" in table.c:
        insert_many(session, history, entries)
