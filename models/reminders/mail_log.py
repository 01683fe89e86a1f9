"""The mail log (Versandprotokoll): mails found, newest first, page by page; their bytes are never read for it.

A search folds letters as everywhere (Müller, Mueller, Muller). Subject lines have no folded column, so it reads the
names and subject lines of the newest `WINDOW` mails that fit the other filters, folds them, and says where it stopped.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, func
from sqlalchemy import select as choose
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.folding import search_text
from models.reminders.about import Thing, speaks_of
from models.reminders.messages import Message, MessageKind, MessageState, Reminder

WINDOW = 10_000
_BATCH = 500

R = TypeVar("R")


@dataclass(frozen=True)
class Wanted:
    """What is looked for. `since` and `until` are moments, `until` is not included; `words` are folded."""

    state: MessageState | None = None
    kind: MessageKind | None = None
    officer_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    words: tuple[str, ...] = ()
    about: Thing | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return self != Wanted()


@dataclass(frozen=True)
class Found(Generic[R]):
    """One page of a list. `before` is the key below which the next page begins, None on the last one; `has_stopped`:
    the search has not looked further than that yet."""

    rows: list[R]
    before: int | None = None
    has_stopped: bool = False


def mails_without_bytes() -> SelectOfScalar[Message]:
    """A query for mails that leaves their bytes where they are."""
    return select(Message).options(defer(col(Message.body)))  # type: ignore[arg-type]


def shown_at() -> ColumnElement[datetime]:
    """The moment by which lists name a mail: when it was settled, else when it was composed."""
    return func.coalesce(col(Message.settled_at), col(Message.composed_at))


def _conditions(wanted: Wanted) -> list[Any]:
    found: list[Any] = []
    if wanted.state is not None:
        found.append(col(Message.state) == wanted.state)
    if wanted.kind is not None:
        found.append(col(Message.kind) == wanted.kind)
    if wanted.officer_id is not None:
        found.append(col(Message.officer_id) == wanted.officer_id)
    if wanted.since is not None:
        found.append(shown_at() >= wanted.since)
    if wanted.until is not None:
        found.append(shown_at() < wanted.until)
    if wanted.about is not None:
        found.append(col(Message.id).in_(_carrying(wanted.about)))
    return found


def _carrying(thing: Thing) -> Select[int | None]:
    return choose(col(Reminder.message_id)).where(speaks_of(thing), col(Reminder.message_id).is_not(None))


@lru_cache(maxsize=65_536)
def _folded(word: str) -> str:
    """Folding is what a search costs, and subject lines are made of few words."""
    return search_text([word])


def has_words(words: tuple[str, ...], *parts: str) -> bool:
    """Whether every folded word stands in the parts."""
    if not words:
        return True
    said = [_folded(word) for part in parts for word in part.split()]
    return all(any(word in one for one in said) for word in words)


def _searched(session: Session, wanted: Wanted, before: int | None, limit: int) -> Found[int]:
    """The keys of one page, found by words."""
    columns = (col(Message.id), col(Message.to_name), col(Message.to_address), col(Message.subject))
    query = choose(*columns).where(*_conditions(wanted)).order_by(col(Message.id).desc()).limit(WINDOW)
    if before is not None:
        query = query.where(col(Message.id) < before)
    keys: list[int] = []
    looked_at, last = 0, None
    result = session.connection().execute(query.execution_options(yield_per=_BATCH))
    for key, *parts in result:
        if key is not None and has_words(wanted.words, *parts):
            if len(keys) == limit:
                result.close()
                return Found(keys, keys[-1])
            keys.append(key)
        looked_at, last = looked_at + 1, key
    has_stopped = looked_at == WINDOW
    return Found(keys, last if has_stopped else None, has_stopped)


def find_mails(session: Session, wanted: Wanted, before: int | None, limit: int) -> Found[Message]:
    """One page of mails, newest first; at most two queries."""
    query = mails_without_bytes().order_by(col(Message.id).desc())
    if wanted.words:
        page = _searched(session, wanted, before, limit)
        mails = list(session.exec(query.where(col(Message.id).in_(page.rows)))) if page.rows else []
        return Found(mails, page.before, page.has_stopped)
    if before is not None:
        query = query.where(col(Message.id) < before)
    rows = list(session.exec(query.where(*_conditions(wanted)).limit(limit + 1)))
    return Found(rows[:limit], rows[limit - 1].key if len(rows) > limit else None)


def every_mail(session: Session, wanted: Wanted) -> Iterator[Message]:
    """All of them, newest first, read in small portions: for a table that is written while it is read."""
    query = mails_without_bytes().order_by(col(Message.id).desc())
    for mail in session.exec(query.where(*_conditions(wanted)).execution_options(yield_per=_BATCH)):
        if has_words(wanted.words, mail.subject, mail.to_name, mail.to_address):
            yield mail
