"""What became of reminders and mails: looked up, never computed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, tuple_
from sqlalchemy import select as choose
from sqlmodel import Session, col, or_, select

from models.reminders.about import Thing
from models.reminders.addresses import release_address
from models.reminders.mail_log import mails_without_bytes
from models.reminders.messages import (
    MailAddress,
    Message,
    MessageKind,
    MessageState,
    Reason,
    Reminder,
    ReminderState,
)

# The states in which a mail was at least on its way to the recipient.
_ON_ITS_WAY = (MessageState.CLAIMED, MessageState.SENT, MessageState.UNCERTAIN)
_BEFORE_THAT = (MessageState.COMPOSED, MessageState.CLAIMED, MessageState.RETRYING)


def missed_since(session: Session, since: datetime) -> list[Reminder]:
    """Reminders that never went out, or whose mail cannot be written; the latest first."""
    never = or_(col(Reminder.state) == ReminderState.MISSED, col(Reminder.reason) == Reason.FAULTY)
    missed = select(Reminder).where(never, Reminder.queued_at > since)
    return list(session.exec(missed.order_by(col(Reminder.due_at).desc(), col(Reminder.id))))


def reminders_of_rule(session: Session, rule_id: int, limit: int) -> list[tuple[Reminder, Message | None]]:
    """What a rule has done, the latest first, with the mails: what became of a mail is the truth (T26)."""
    found = select(Reminder).where(Reminder.rule_id == rule_id)
    latest = session.exec(
        found.order_by(col(Reminder.due_at).desc(), col(Reminder.id).desc()).limit(limit)
    ).all()
    keys = [row.message_id for row in latest if row.message_id]
    mails = {mail.key: mail for mail in session.exec(mails_without_bytes().where(col(Message.id).in_(keys)))}
    return [(row, mails.get(row.message_id) if row.message_id else None) for row in latest]


def reminders_in(session: Session, message_id: int, limit: int) -> tuple[list[Reminder], int]:
    """The first reminders that one mail carries, in the order of their dates, and how many it carries."""
    carried = select(Reminder).where(Reminder.message_id == message_id)
    first = session.exec(carried.order_by(col(Reminder.occurrence), col(Reminder.id)).limit(limit)).all()
    count = choose(func.count()).select_from(Reminder).where(col(Reminder.message_id) == message_id)
    return list(first), int(session.connection().execute(count).scalar_one())


def last_test(session: Session, officer_id: int) -> Message | None:
    """The latest test mail to a colleague."""
    tests = select(Message).where(Message.kind == MessageKind.TEST, Message.officer_id == officer_id)
    return session.exec(tests.order_by(col(Message.id).desc()).limit(1)).first()


def is_under_way(message: Message) -> bool:
    """Whether the sender still works on this mail by itself."""
    return message.state in _BEFORE_THAT


def may_have_arrived(session: Session, officer_id: int) -> bool:
    """Whether any test mail to a colleague left this computer."""
    tests = select(Message.id).where(Message.kind == MessageKind.TEST, Message.officer_id == officer_id)
    return session.exec(tests.where(col(Message.state).in_(_ON_ITS_WAY)).limit(1)).first() is not None


def held_address(session: Session, address: str) -> MailAddress | None:
    """The record of an address that is on hold."""
    found = session.exec(select(MailAddress).where(MailAddress.address == address)).first()
    return found if found is not None and found.on_hold_since is not None else None


def held_addresses(session: Session) -> list[MailAddress]:
    """The addresses to which nothing is sent until a person has looked, the latest first."""
    held = select(MailAddress).where(col(MailAddress.on_hold_since).is_not(None))
    return list(session.exec(held.order_by(col(MailAddress.on_hold_since).desc(), col(MailAddress.id))))


def release_held(session: Session, key: int) -> str | None:
    """Somebody checked this address on hold: it starts anew. Answers the address; None if that was done before."""
    row = session.get(MailAddress, key)
    if row is None or row.on_hold_since is None:
        return None
    release_address(session, row.address)
    return row.address


def in_one_thread(session: Session, message: Message, things: Sequence[Thing], limit: int) -> list[Message]:
    """Other mails to the same person about any of these subjects, newest first."""
    if not things:
        return []
    about = tuple_(col(Reminder.subject_kind), col(Reminder.subject_id)).in_(things)
    carrying = choose(col(Reminder.message_id)).where(about, col(Reminder.message_id).is_not(None))
    to_her = (
        col(Message.officer_id) == message.officer_id
        if message.officer_id is not None
        else col(Message.to_address) == message.to_address
    )
    others = mails_without_bytes().where(
        to_her, col(Message.id) != message.key, col(Message.id).in_(carrying)
    )
    return list(session.exec(others.order_by(col(Message.id).desc()).limit(limit)))
