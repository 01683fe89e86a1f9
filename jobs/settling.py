"""Writes down what became of a mail: the relay's words on the one side, the database's on the other."""

from datetime import datetime

from sqlmodel import Session

from jobs.outcome import Kind, Outcome
from models.quick_writes import QuickWrites
from models.reminders.messages import Message, Reason
from models.reminders.settling import (
    is_ours,
    settle_delivered,
    settle_failed,
    settle_refused,
    settle_retry,
    settle_uncertain,
)


def settle(session: Session | QuickWrites, mail: Message, outcome: Outcome, now: datetime) -> None:
    """Write down what became of a mail that this process claimed. Through QuickWrites: only that it was delivered."""
    kind = outcome.kind
    if kind in (Kind.DELIVERED, Kind.FILED):
        settle_delivered(session, mail, now, filed=kind is Kind.FILED)
    elif isinstance(session, QuickWrites):
        raise TypeError("a mail that was not delivered needs a session")
    elif (row := session.get(Message, mail.key)) is not None and is_ours(row):
        _settle_otherwise(session, row, outcome, now)
        session.flush()


def _settle_otherwise(session: Session, mail: Message, outcome: Outcome, now: datetime) -> None:
    kind, reply = outcome.kind, outcome.reply
    if kind is Kind.REFUSED:
        settle_refused(session, mail, reply, now, is_unknown=outcome.is_unknown)
    elif kind is Kind.CONTENT:
        settle_failed(session, mail, Reason.CONTENT, reply, now)
    elif kind is Kind.NO_ANSWER:
        settle_uncertain(session, mail, now)
    else:
        settle_retry(session, mail, Reason.DROPPED if kind is Kind.DROPPED else Reason.TEMPORARY, reply, now)
