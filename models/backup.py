"""Backup and restore, alike for SQLite and PostgreSQL: a ZIP of JSON lines and files, with a checksum of each.

Both work on the tables as they are in the database, not as this program would make them, so that a backup of an older
program is restored at its own schema and then brought up to date.
"""

import base64
import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Column, Connection, MetaData, Table, select, text

from models.base import N_
from models.database import Database
from models.files import FileStore
from models.migrations import current
from models.migrations.search_indexes import MARK

FORMAT = 1
LEFT_OUT = {"alembic_version", "user_session", "sign_in_link", "sign_in_attempt", "job_run"}
ROWS_AT_ONCE = 500


class BackupError(Exception):
    """Nothing was written. `args` = a msgid, then its values by name."""

    def __init__(self, msgid: str, **values: object) -> None:
        super().__init__(msgid)
        self.msgid, self.values = msgid, values


@dataclass
class Content:
    """What the backup holds of one table."""

    rows: int
    sha256: str
    last_id: int = 0  # the highest key ever given, to rows since deleted too


@dataclass
class Manifest:
    """The table of contents of a backup."""

    revision: str
    created_at: str
    format: int = FORMAT
    tables: dict[str, Content] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)  # SHA-256 -> size
    missing_files: list[str] = field(default_factory=list)


# Values between database and JSON


def to_json(value: Any) -> Any:
    """A column's value as JSON can hold it; moments in UTC."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value


def from_json(value: Any, column: Column[Any]) -> Any:
    """The value for this column. Raises ValueError for what cannot be one."""
    if value is None or isinstance(column.type, JSON):
        return value
    kind = column.type.python_type
    if kind is datetime:
        return datetime.fromisoformat(value).astimezone(UTC)
    if kind in (date, time):
        return kind.fromisoformat(value)
    return base64.b64decode(value, validate=True) if kind is bytes else value


def tables_of(connection: Connection) -> list[Table]:
    """The tables that are backed up, as they are in this database, parents first."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _metadata: MARK not in name)  # search indexes are made anew
    for table in found.tables.values():
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type.none_as_null = True
    return [table for table in found.sorted_tables if table.name not in LEFT_OUT]


# Writing


@contextmanager
def _snapshot(database: Database) -> Iterator[Connection]:
    """One read transaction that sees one moment of the database."""
    engine = database.engine
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        yield connection
        connection.rollback()


def write_backup(database: Database, files: FileStore, target: Path, now: datetime) -> Manifest:
    """Write everything into a new file, readable for its owner alone. Raises BackupError if it exists already."""
    revision = current(database.engine)
    if target.exists():
        raise BackupError(N_("{file} exists already and is not overwritten."), file=target)
    if revision is None:
        raise BackupError(N_("The database is empty."))
    manifest = Manifest(revision, now.astimezone(UTC).isoformat())
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".backup-")  # 0600
    try:
        with os.fdopen(handle, "wb") as raw:
            with (
                zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive,
                _snapshot(database) as connection,
            ):
                named = _write_tables(archive, connection, manifest)
                _write_files(archive, files, sorted(named), manifest)
                archive.writestr("manifest.json", json.dumps(asdict(manifest), indent=1))
            raw.flush()
            os.fsync(raw.fileno())
        _put(Path(name), target)
    finally:
        Path(name).unlink(missing_ok=True)
    return manifest


def _put(temporary: Path, target: Path) -> None:
    try:
        os.link(temporary, target)  # unlike a rename, this never overwrites
    except FileExistsError as error:
        raise BackupError(N_("{file} exists already and is not overwritten."), file=target) from error
    except OSError:  # a file system without hard links
        temporary.rename(target)


def _write_tables(archive: zipfile.ZipFile, connection: Connection, manifest: Manifest) -> set[str]:
    """Write every table; answers the names of the files that the rows speak of."""
    named: set[str] = set()
    for table in tables_of(connection):
        digest, count = hashlib.sha256(), 0
        query = select(table).order_by(*table.primary_key.columns)
        with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as entry:
            streamed = connection.execution_options(stream_results=True, yield_per=ROWS_AT_ONCE)
            for row in streamed.execute(query).mappings():
                values = {key: to_json(value) for key, value in row.items()}
                line = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
                entry.write(line)
                digest.update(line)
                count += 1
                if values.get("sha256"):
                    named.add(str(values["sha256"]))
        manifest.tables[table.name] = Content(count, digest.hexdigest(), _last_id(connection, table))
    return named


def _last_id(connection: Connection, table: Table) -> int:
    if "id" not in table.c:
        return 0
    if connection.dialect.name == "sqlite":
        known = connection.exec_driver_sql(
            "select seq from sqlite_sequence where name = ?", (table.name,)
        ).scalar()
        return int(known or 0)
    query = text("select pg_sequence_last_value(pg_get_serial_sequence(:name, 'id')::regclass)")
    return int(connection.execute(query, {"name": f'"{table.name}"'}).scalar() or 0)


def _write_files(archive: zipfile.ZipFile, files: FileStore, named: list[str], manifest: Manifest) -> None:
    for sha256 in named:
        if not files.is_intact(sha256):
            manifest.missing_files.append(sha256)
            continue
        size = 0
        with archive.open(f"files/{sha256}", "w", force_zip64=True) as entry:
            for chunk in files.chunks(sha256):
                size += entry.write(chunk)
        manifest.files[sha256] = size
