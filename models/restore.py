"""Restore: a backup into an empty database; wholly or not at all."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from models import migrations
from models.backup import FORMAT, ROWS_AT_ONCE, BackupError, Content, Manifest, from_json, tables_of
from models.base import N_
from models.database import Database
from models.files import FileStore

DAMAGED = N_("The backup is damaged: {part}. Nothing was restored.")
CHUNK = 64 * 1024


def restore_backup(database: Database, files: FileStore, source: Path, now: datetime) -> Manifest:
    """Bring everything back, pause the sender, and bring the schema up to date. Raises BackupError, with nothing
    restored, for a database that holds something, an unknown format, or damaged content."""
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _read_manifest(archive)
            _check_content(archive, manifest)
            _prepare(database, manifest)
            written = _write_files(archive, files, manifest)
            try:
                _write_rows(database, archive, manifest, now)
            except BaseException:
                for sha256 in written:
                    files.path(sha256).unlink(missing_ok=True)
                raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BackupError(DAMAGED, part=str(error) or type(error).__name__) from error
    migrations.migrate(database.url)
    return manifest


def _read_manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        raw = json.loads(archive.read("manifest.json"))
        if raw["format"] != FORMAT:
            raise BackupError(
                N_("This backup has a format that this program does not know. Nothing was restored.")
            )
        tables = {
            str(name): Content(int(t["rows"]), str(t["sha256"]), int(t["last_id"]))
            for name, t in raw["tables"].items()
        }
        return Manifest(
            str(raw["revision"]), str(raw["created_at"]), FORMAT, tables,
            {str(name): int(size) for name, size in raw["files"].items()},
            [str(name) for name in raw["missing_files"]],
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BackupError(DAMAGED, part="manifest.json") from error


def _check_content(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Every part is there and is what it was; nothing else is in it."""
    wanted = {f"tables/{name}.jsonl": table.sha256 for name, table in manifest.tables.items()}
    wanted |= {f"files/{sha256}": sha256 for sha256 in manifest.files}
    if sorted(archive.namelist()) != sorted([*wanted, "manifest.json"]):
        raise BackupError(DAMAGED, part="list of contents")
    for name, sha256 in wanted.items():
        digest = hashlib.sha256()
        for chunk in _chunks(archive, name):
            digest.update(chunk)
        if digest.hexdigest() != sha256:
            raise BackupError(DAMAGED, part=name)


def _chunks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    try:
        with archive.open(name) as entry:
            while chunk := entry.read(CHUNK):
                yield chunk
    except zlib.error as error:
        raise BackupError(DAMAGED, part=name) from error


def _prepare(database: Database, manifest: Manifest) -> None:
    """The empty schema of the backup's revision. Raises BackupError where anything is in the database."""
    script = ScriptDirectory.from_config(migrations.config())
    if manifest.revision not in {revision.revision for revision in script.walk_revisions()}:
        raise BackupError(N_("This backup was made by a newer version of the program. Nothing was restored."))
    with database.engine.connect() as connection:
        names = set(inspect(connection).get_table_names()) - {"alembic_version"}
        for table in tables_of(connection) if names else ():
            if connection.execute(select(func.count()).select_from(table)).scalar():
                raise BackupError(
                    N_("The database is not empty. A backup is restored into an empty one alone.")
                )
        connection.rollback()
    known = migrations.current(database.engine)
    if names and known is None:
        raise BackupError(N_("The database holds tables of another program. Nothing was restored."))
    if known != manifest.revision:
        if known is not None:
            migrations.migrate(database.url, "base")
        migrations.migrate(database.url, manifest.revision)


def _write_files(archive: zipfile.ZipFile, files: FileStore, manifest: Manifest) -> list[str]:
    """Store the files; answers which of them were new."""
    new = [sha256 for sha256 in manifest.files if not files.is_intact(sha256)]
    for sha256 in new:
        files.put(_chunks(archive, f"files/{sha256}"), manifest.files[sha256])
    return new


def _write_rows(database: Database, archive: zipfile.ZipFile, manifest: Manifest, now: datetime) -> None:
    """All rows in one transaction, parents first."""
    with database.write(now) as session:
        connection = session.connection()
        tables = {table.name: table for table in tables_of(connection)}
        if set(tables) != set(manifest.tables):
            raise BackupError(DAMAGED, part="list of tables")
        for table in tables.values():
            try:
                count = _write_table(connection, table, archive)
            except (SQLAlchemyError, ValueError, KeyError, TypeError) as error:
                raise BackupError(DAMAGED, part=f"tables/{table.name}.jsonl") from error
            if count != manifest.tables[table.name].rows:
                raise BackupError(DAMAGED, part=f"tables/{table.name}.jsonl")
        _pause_sender(connection, tables["sender"], now)
        _set_sequences(connection, list(tables.values()), manifest)
        session.commit()


def _write_table(connection: Connection, table: Table, archive: zipfile.ZipFile) -> int:
    own = [c.name for c in table.columns if any(key.column.table is table for key in c.foreign_keys)]
    later: list[dict[str, Any]] = []
    count = 0
    with archive.open(f"tables/{table.name}.jsonl") as entry:
        rows = ({k: from_json(v, table.c[k]) for k, v in json.loads(line).items()} for line in entry)
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            for row in batch:
                # A row that names another of its own table, which may not be there yet, names it afterwards.
                if any(row[name] is not None for name in own):
                    later.append({name: row[name] for name in (*own, "id")})
                    row.update(dict.fromkeys(own))
            connection.execute(table.insert(), batch)
            count += len(batch)
    for row in later:
        connection.execute(table.update().where(table.c.id == row.pop("id")).values(row))
    return count


def _pause_sender(connection: Connection, sender: Table, now: datetime) -> None:
    """An officer looks before anything goes out again (reminders, point 11)."""
    if connection.execute(sender.update().values(paused_at=now)).rowcount == 0:
        connection.execute(sender.insert().values(counter=0, server_fault="", paused_at=now))


def _set_sequences(connection: Connection, tables: list[Table], manifest: Manifest) -> None:
    """The next row gets a key that no row ever had, deleted ones included."""
    for table in tables:
        if "id" not in table.c:
            continue
        highest = connection.execute(select(func.max(table.c.id))).scalar() or 0
        last = max(highest, manifest.tables[table.name].last_id)
        if connection.dialect.name == "postgresql":
            statement = text("select setval(pg_get_serial_sequence(:name, 'id'), :next, false)")
            connection.execute(statement, {"name": f'"{table.name}"', "next": last + 1})
        else:
            connection.exec_driver_sql("delete from sqlite_sequence where name = ?", (table.name,))
            connection.exec_driver_sql(
                "insert into sqlite_sequence (name, seq) values (?, ?)", (table.name, last)
            )
