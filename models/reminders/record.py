"""What became of reminders and mails: looked up, never computed."""

from datetime import datetime

from sqlmodel import Session, col, func, or_, select

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
    missed = select(Reminder).where(never, Reminder.due_at > since)
    return list(session.exec(missed.order_by(col(Reminder.due_at).desc(), col(Reminder.id))))


def reminders_of_rule(session: Session, rule_id: int, limit: int) -> list[tuple[Reminder, Message | None]]:
    """What a rule has done, the latest first, with the mails: what became of a mail is the truth (T26)."""
    found = select(Reminder).where(Reminder.rule_id == rule_id)
    latest = session.exec(
        found.order_by(col(Reminder.due_at).desc(), col(Reminder.id).desc()).limit(limit)
    ).all()
    return [(row, session.get(Message, row.message_id) if row.message_id else None) for row in latest]


def reminders_in(session: Session, message_id: int) -> list[Reminder]:
    """The reminders that one mail carries."""
    return list(
        session.exec(select(Reminder).where(Reminder.message_id == message_id).order_by(col(Reminder.id)))
    )


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


def messages(
    session: Session, state: MessageState | None = None, limit: int = 200, query: str = ""
) -> list[Message]:
    """The latest mails, newest first, found by recipient or subject."""
    found = select(Message).order_by(col(Message.id).desc()).limit(limit)
    if state is not None:
        found = found.where(Message.state == state)
    if query.strip():
        word = query.strip().lower()
        columns = (Message.subject, Message.to_name, Message.to_address)
        found = found.where(or_(*(func.lower(column).contains(word, autoescape=True) for column in columns)))
    return list(session.exec(found))


def messages_about(session: Session, subject_kind: str, subject_id: int) -> list[Message]:
    """Every mail that reminded of this subject, newest first."""
    return list(
        session.exec(
            select(Message)
            .join(Reminder, col(Reminder.message_id) == col(Message.id))
            .where(Reminder.subject_kind == subject_kind, Reminder.subject_id == subject_id)
            .order_by(col(Message.id).desc())
            .distinct()
        )
    )
