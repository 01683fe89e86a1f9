"""Rows of mails and reminders as the sender leaves them, written straight into the database for tests of pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import Engine, event
from sqlmodel import Session, select

from models.officers import Officer
from models.reminders.messages import Message, MessageKind, MessageState, Reminder, ReminderState
from models.reminders.rules import ReminderRule

_numbers = count()


def add_mail(session: Session, to: Officer, at: datetime, **values: Any) -> Message:
    """A mail that was handed over at this moment, unless `values` say otherwise."""
    known: dict[str, Any] = {
        "kind": MessageKind.REMINDER, "officer_id": to.id, "to_name": to.name, "to_address": to.email,
        "language": "de", "subject": "Erinnerung: Probe", "body": b"To: x\r\n\r\nText der E-Mail\r\n",
        "state": MessageState.SENT, "ready_at": at, "composed_at": at, "settled_at": at,
    }  # fmt: skip
    mail = Message(**(known | values))
    session.add(mail)
    session.flush()
    return mail


def add_reminder(
    session: Session,
    to: Officer,
    kind: str,
    key: int,
    at: datetime,
    mail: Message | None = None,
    **values: Any,
) -> Reminder:
    """A reminder of a row; told by `mail` if there is one, otherwise due and not written yet."""
    number = next(_numbers)
    known: dict[str, Any] = {
        "rule_id": session.exec(select(ReminderRule.id)).first(), "subject_kind": kind, "subject_id": key,
        "occurrence": "2026-12-24", "step": f"test-{number}", "person_id": to.id, "token": f"test-{number}",
        "due_at": at, "queued_at": at, "message_id": mail.id if mail else None,
        "state": ReminderState.SENT if mail else ReminderState.QUEUED,
    }  # fmt: skip
    reminder = Reminder(**(known | values))
    session.add(reminder)
    session.flush()
    return reminder


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Every SQL statement that runs meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
