"""Indexes for words in the middle of a text: FTS5 with trigrams on SQLite, pg_trgm on PostgreSQL.

They stand outside the metadata. A migration that rebuilds one of these tables on SQLite loses its triggers: it calls
`drop_search_indexes` first and `create_search_indexes` afterwards.
"""

from alembic import op

INDEXED = ("person", "interaction")
MARK = "_fts"  # in the name of everything that belongs to such an index; nothing here comes from outside


def create_search_indexes() -> None:
    """For `search_text` of every indexed table, with what stands there already."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        op.execute("create extension if not exists pg_trgm")
    for table in INDEXED:
        if is_sqlite:
            _create_in_sqlite(table)
        else:
            op.execute(f"create index {table}{MARK} on {table} using gin (search_text gin_trgm_ops)")


def _create_in_sqlite(table: str) -> None:
    index = f"{table}{MARK}"
    remove = f"insert into {index} ({index}, rowid, search_text) values ('delete', old.id, old.search_text);"  # noqa: S608
    add = f"insert into {index} (rowid, search_text) values (new.id, new.search_text);"  # noqa: S608
    changed = f"update of search_text on {table} when old.search_text <> new.search_text"
    op.execute(
        f"create virtual table {index} using fts5 "
        f"(search_text, content='{table}', content_rowid='id', tokenize='trigram')"
    )
    op.execute(f"create trigger {index}_insert after insert on {table} begin {add} end")
    op.execute(f"create trigger {index}_delete after delete on {table} begin {remove} end")
    op.execute(f"create trigger {index}_update after {changed} begin {remove} {add} end")
    op.execute(f"insert into {index} ({index}) values ('rebuild')")  # noqa: S608


def drop_search_indexes() -> None:
    """Take them away again; the extension of PostgreSQL stays."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in INDEXED:
        if is_sqlite:
            for event in ("insert", "delete", "update"):
                op.execute(f"drop trigger if exists {table}{MARK}_{event}")
            op.execute(f"drop table if exists {table}{MARK}")
        else:
            op.execute(f"drop index if exists {table}{MARK}")
