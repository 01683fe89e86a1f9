"""Mails that speak of a person who is erased: that one went to a colleague on a day is kept, what it said is not.

One that waits to be sent is withdrawn: nothing goes out half empty, and what else it would have said is composed anew.
"""

from datetime import datetime

from sqlmodel import Session, select

from models.privacy.identifiers import Identifiers
from models.privacy.replacing import empty_row, replace_in_row, rows_of
from models.reminders.messages import Message, MessageState, Reason, Reminder
from models.reminders.settling import settle_failed

_WAITING = (MessageState.COMPOSED, MessageState.RETRYING)
_KEPT = ("to_name", "to_address", "server_reply")  # to whom it went is no secret; only what is hers goes


def take_back_mails(
    session: Session, keys: set[int], hers: Identifiers, phrase: str, now: datetime
) -> list[str]:
    """Withdraw what waits and empty what went out. Answers the Message-IDs, by which a mail may lie in the folder."""
    found: list[str] = []
    for message in rows_of(session, "message", keys):
        found.append(message.message_id)
        is_waiting = message.state in _WAITING
        if is_waiting and message.kind.speaks_of_reminders:
            _compose_anew(session, message)
            continue
        if is_waiting:
            settle_failed(session, message, Reason.DELETED, "", now)
        # Whoever is sending it now has its bytes already; `claim` refuses a mail without any.
        kept = {name: getattr(message, name) for name in _KEPT}
        empty_row(message, {"subject": phrase} | kept)
        replace_in_row(message, list(_KEPT), hers)
    session.flush()
    return [one for one in found if one]


def _compose_anew(session: Session, message: Message) -> None:
    """As a claim does that finds its mail no longer true: the reminders wait for another mail, or are left out."""
    for reminder in session.exec(select(Reminder).where(Reminder.message_id == message.key)):
        reminder.message_id = None
    session.flush()
    session.delete(message)
