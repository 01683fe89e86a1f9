"""What an erasure leaves on the disk, and how it goes: old entries of the search index, free pages, the log of SQLite.

Every connection overwrites what it deletes (`secure_delete`); the log is emptied right after an erasure; and in the
night after one the whole file is written anew, for what was changed before that was so.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.database import Database
from models.job_runs import JobRun
from models.privacy.records import Erasure
from models.reminders.messages import Message, MessageKind, MessageState

JOB = "wipe"
_INDEXES = ("person_fts", "interaction_fts")
_SECONDS = 1
AT_ONCE = 20_000  # rows; merging so many takes about a second


def forget_in_search(session: Session, at_most: int = AT_ONCE) -> None:
    """Merge the search indexes of SQLite: what was deleted from them stands in old segments until then, in pieces of
    three letters. An index of more rows than `at_most` waits for the night."""
    connection = session.connection()
    for name in _INDEXES if connection.dialect.name == "sqlite" else ():
        (rows,) = connection.exec_driver_sql(f"select count(*) from {name.removesuffix('_fts')}").one()  # noqa: S608
        if rows <= at_most:
            connection.exec_driver_sql(f"insert into {name} ({name}) values ('optimize')")  # noqa: S608


def empty_log(database: Database) -> bool:
    """Write SQLite's log into the database and empty it. False: somebody reads, and the next one does it."""
    if database.engine.dialect.name != "sqlite":
        return True
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(f"pragma busy_timeout={_SECONDS * 1000}")
        (is_busy, *_pages) = cursor.execute("pragma wal_checkpoint(truncate)").fetchone()
        cursor.execute("pragma busy_timeout=10000")
        return not is_busy
    finally:
        connection.close()


def is_due(session: Session) -> bool:
    """Whether somebody was erased since the file was last written anew."""
    newest = session.connection().execute(select(func.max(col(Erasure.erased_at)))).scalar()
    if newest is None:
        return False
    runs = select(func.max(col(JobRun.started_at))).where(
        col(JobRun.job) == JOB, col(JobRun.finished_at).is_not(None), col(JobRun.failure) == ""
    )
    last = session.connection().execute(runs).scalar()
    return last is None or last <= newest


def wipe(database: Database, now: datetime) -> bool:
    """Write the database anew if somebody was erased since. Answers whether that was so."""
    with database.read(now) as session:
        if not is_due(session):
            return False
    with database.write(now) as session:
        forget_in_search(session, at_most=10**9)
        session.commit()
    connection = database.engine.raw_connection()
    try:
        raw = connection.dbapi_connection
        if database.engine.dialect.name == "postgresql":
            raw.autocommit = True  # type: ignore[union-attr]
        connection.cursor().execute("vacuum")
        if database.engine.dialect.name == "postgresql":
            raw.autocommit = False  # type: ignore[union-attr]
    finally:
        connection.close()
    return empty_log(database) or True


def filed_and_empty(session: Session) -> list[str]:
    """The Message-IDs of mails in the mail folder whose text is no longer kept; a mail that was on its way into the
    folder while somebody was erased is found by this. Links of accounts are not meant."""
    secret = (MessageKind.INVITATION, MessageKind.RESET)
    found = select(col(Message.message_id)).where(
        col(Message.state) == MessageState.FILED,
        func.length(col(Message.body)) == 0,
        col(Message.kind).not_in(secret),
    )
    return [str(one) for one in session.connection().execute(found).scalars()]
