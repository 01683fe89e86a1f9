"""The engine and its sessions: readers never wait, writers queue up in order.

On SQLite a reader opens a plain BEGIN, a writer takes a fair lock and BEGIN IMMEDIATE: without it concurrent
read-modify-write loses updates silently, and SQLite's own busy handler lets single writers wait for a second.
"""

import sqlite3
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, create_engine, event, update
from sqlmodel import Session, col

from models.base import Recorded, Searchable
from models.folding import search_words
from models.quick_writes import QuickWrites

SQLITE_THREADS = 16
SQLITE_CACHE = 16_000  # KiB for each connection; a search looks at some thousand pages of 4 KiB


class OutdatedError(Exception):
    """Somebody else saved this row since the form was opened."""


class LotseSession(Session):
    """A session that knows the moment it works at (`info["now"]`) and who acts (`info["officer_id"]`)."""


class FairLock:
    """A lock that is handed over in the order of asking; threading.Lock promises no order."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    def acquire(self) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()

    def release(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


def make_engine(url: str, *, durable: bool = False, lock: FairLock | None = None) -> Engine:
    """An engine for SQLite or PostgreSQL. `durable`: every commit survives a power cut (the sender's). `lock`: where
    SQLite's writers of this process queue up."""
    if url.startswith("sqlite"):
        # The connection used last comes first: the sender keeps to one, and knows what was written past it.
        engine = create_engine(
            url, pool_size=SQLITE_THREADS, max_overflow=0, pool_use_lifo=True, hide_parameters=True
        )
        _prepare_sqlite(engine, "full" if durable else "normal", lock or FairLock())
        return engine
    return create_engine(url, pool_pre_ping=True, pool_size=8, max_overflow=4, hide_parameters=True)


def _prepare_sqlite(engine: Engine, synchronous: str, lock: FairLock) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # pysqlite must not begin by itself
        # Whatever is deleted is overwritten: a contact who was erased is nowhere in the file.
        durable = (f"synchronous={synchronous}", "secure_delete=on")
        usual = ("foreign_keys=on", "busy_timeout=10000", f"cache_size=-{SQLITE_CACHE}")
        pragmas = ("journal_mode=wal", *durable, *usual)
        for pragma in pragmas:
            connection.execute(f"pragma {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if not connection.get_execution_options().get("writes"):
            connection.exec_driver_sql("begin")
            return
        lock.acquire()
        try:
            connection.exec_driver_sql("begin immediate")
        except BaseException:
            lock.release()
            raise
        connection.info["holds_write_lock"] = True

    @event.listens_for(engine.pool, "checkin")
    def give_back(_dbapi: Any, record: Any) -> None:
        if record.info.pop("holds_write_lock", False):
            lock.release()

    @event.listens_for(engine.pool, "invalidate")
    def lose(_dbapi: Any, record: Any, _error: Any) -> None:
        give_back(_dbapi, record)


class Database:
    """One database, two kinds of session. `now` is the moment the session works at, timezone-aware."""

    def __init__(self, url: str, *, durable: bool = False) -> None:
        self.url = url
        self._lock = FairLock()
        self.engine = make_engine(url, durable=durable, lock=self._lock)
        self._writing = self.engine.execution_options(writes=True)

    @contextmanager
    def read(self, now: datetime) -> Iterator[LotseSession]:
        """A session for looking; it is rolled back at the end."""
        with LotseSession(self.engine, expire_on_commit=False, info={"now": now}) as session:
            yield session

    @contextmanager
    def write(self, now: datetime, officer_id: int | None = None) -> Iterator[LotseSession]:
        """A session for changing; whoever opens it commits it."""
        info = {"now": now, "officer_id": officer_id}
        with LotseSession(self._writing, expire_on_commit=False, info=info) as session:
            yield session

    def quick_writes(self) -> QuickWrites:
        """A connection for many short transactions, on SQLite only; whoever opens it closes it."""
        return QuickWrites(self.engine, self._lock)

    def close(self) -> None:
        self.engine.dispose()


def check_version(session: Session, row: Recorded, seen: int) -> None:
    """Take the row for editing. Raises OutdatedError when another officer saved it after `seen` was shown."""
    kind = type(row)
    taken = session.connection().execute(
        update(kind).where(col(kind.id) == row.key, col(kind.version) == seen).values(version=seen + 1)
    )
    if taken.rowcount != 1:
        raise OutdatedError
    session.refresh(row, ["version"])


def matches(kind: type[Searchable], query: str) -> list[ColumnElement[bool]]:
    """The conditions under which a row is found by a search box: every word, anywhere."""
    return [col(kind.search_text).contains(word, autoescape=True) for word in search_words(query)]


@event.listens_for(LotseSession, "before_flush")
def derive_columns(session: Session, _context: Any, _instances: Any) -> None:
    for row in [*session.new, *session.dirty]:
        if isinstance(row, Recorded):
            row.derive()
