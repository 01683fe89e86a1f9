"""Many short write transactions on one SQLite connection, without a session: for the sender, who writes a handful of
known rows for each of thousands of mails. SQLAlchemy's statements stay the source: they are turned into text once, and
values are stored as their columns' types store them."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, Protocol

from sqlalchemy import Engine, Update
from sqlalchemy.dialects.sqlite import dialect

_SQLITE = dialect(paramstyle="named")


class Lock(Protocol):
    """What writers of one process queue up at."""

    def acquire(self) -> None: ...
    def release(self) -> None: ...


class QuickWrites:
    """A connection kept out of the pool until `close`. Between its transactions it locks nothing and nobody."""

    def __init__(self, engine: Engine, lock: Lock) -> None:
        self._pooled, self._lock = engine.raw_connection(), lock
        raw: object = self._pooled.dbapi_connection
        if not isinstance(raw, sqlite3.Connection):
            raise TypeError("only SQLite's connections are known")
        self.raw = raw

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """The same turn at the same lock as every other writer. What `commit` did not make last is rolled back."""
        self._lock.acquire()
        try:
            self.raw.execute("begin immediate")
            try:
                yield
            finally:
                if self.raw.in_transaction:
                    self.raw.rollback()
        finally:
            self._lock.release()

    def commit(self) -> None:
        """On the disk, if the engine is a durable one. Raises sqlite3.Error."""
        self.raw.execute("commit")

    def run(self, statement: Update, values: Mapping[str, object]) -> int:
        """Change rows; answers how many. `statement` is one of a module's constants: its text is kept for good."""
        sql, fixed, store = _prepared(statement)
        return self.raw.execute(
            sql, fixed | {key: store[key](value) for key, value in values.items()}
        ).rowcount

    def close(self) -> None:
        """Back into the pool."""
        self._pooled.close()


def _as_it_is(value: Any) -> Any:
    return value


@cache
def _prepared(statement: Update) -> tuple[str, dict[str, Any], dict[str, Callable[[Any], Any]]]:
    """Its text; its own values as they are stored; and for each name how a value is stored."""
    compiled = statement.compile(dialect=_SQLITE)
    store: dict[str, Callable[[Any], Any]] = {
        name: bind.type.dialect_impl(_SQLITE).bind_processor(_SQLITE) or _as_it_is
        for name, bind in compiled.binds.items()
    }
    own = {name: store[name](bind.value) for name, bind in compiled.binds.items() if not bind.required}
    return str(compiled), own, store
