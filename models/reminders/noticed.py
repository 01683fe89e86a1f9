"""Failed mails that somebody has taken note of: an entry in the history says who and when, the mail stays failed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func
from sqlmodel import Session, col, select

from models.audit import Action, AuditEntry
from models.language import translator
from models.reminders.messages import NO_LONGER_KEPT, Message, MessageState

_KIND = "message"


def _later_note() -> ColumnElement[bool]:
    """There is an entry since the mail failed; a mail that fails again is news again."""
    failed_at = func.coalesce(col(Message.settled_at), col(Message.composed_at))
    return exists().where(
        col(AuditEntry.subject_kind) == _KIND,
        col(AuditEntry.subject_id) == col(Message.id),
        col(AuditEntry.at) >= failed_at,
    )


def is_news() -> ColumnElement[bool]:
    """The condition under which a failed mail is still to be looked at by somebody."""
    return (col(Message.state) == MessageState.FAILED) & ~_later_note()


def take_note(session: Session, keys: Sequence[int], by_id: int, now: datetime) -> int:
    """Somebody has seen that these mails failed. Answers how many of them nobody had seen before."""
    rows = session.exec(
        select(Message.id, Message.subject)
        .where(is_news(), col(Message.id).in_(keys))
        .order_by(col(Message.id))
    ).all()
    for key, subject in rows:
        if key is None:
            continue
        session.add(
            AuditEntry(
                at=now,
                officer_id=by_id,
                subject_kind=_KIND,
                subject_id=key,
                label=subject or translator("de")(NO_LONGER_KEPT),
                action=Action.CHANGED,
            )
        )
    return len(rows)


def news(session: Session, until: datetime) -> list[int]:
    """The keys of failed mails of this moment or before that nobody has taken note of."""
    failed_at = func.coalesce(col(Message.settled_at), col(Message.composed_at))
    rows = session.exec(select(Message.id).where(is_news(), failed_at <= until))
    return [key for key in rows if key is not None]


def notes_of(session: Session, mails: Sequence[Message]) -> dict[int, AuditEntry]:
    """Who took note of which of these mails since it failed; one query."""
    failed_at = {m.key: m.settled_at or m.composed_at for m in mails if m.state is MessageState.FAILED}
    if not failed_at:
        return {}
    entries = select(AuditEntry).where(
        AuditEntry.subject_kind == _KIND, col(AuditEntry.subject_id).in_(failed_at)
    )
    found = session.exec(entries.order_by(col(AuditEntry.id))).all()
    return {entry.subject_id: entry for entry in found if entry.at >= failed_at[entry.subject_id]}
