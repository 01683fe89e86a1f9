"""Claiming: whoever changes the row may send it, after looking once more whether it is still true (point 4)."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from models.reminders.addresses import is_on_hold
from models.reminders.letters import MailSettings
from models.reminders.messages import Message, MessageState, Reason, Reminder, ReminderState
from models.reminders.recipients import surroundings
from models.reminders.settling import settle_failed, take
from models.reminders.situation import Situation, fingerprint, situation


def claim(session: Session, message_id: int, settings: MailSettings, now: datetime) -> Message | None:
    """Claim a message for sending. None: somebody else has it, or it is not to be sent (then it was left out, or will
    be composed anew). The caller commits before sending."""
    message = take(session, message_id, now)
    if message is None:
        return None
    if is_on_hold(session, message.to_address):
        settle_failed(session, message, Reason.ON_HOLD, "", now)
        return None
    if not message.kind.speaks_of_reminders:
        return message
    if message.send_before is not None and now > message.send_before:
        settle_failed(session, message, Reason.PAST, "", now)
        return None
    reminders = _reminders_of(session, message)
    around, is_by_hand = surroundings(session), message.send_before is None
    found = [situation(session, reminder, now, around, is_by_hand=is_by_hand) for reminder in reminders]
    still = [one for one in found if isinstance(one, Situation)]
    if len(still) == len(found) and fingerprint(still, settings) == message.fingerprint:
        return message
    for reminder, one in zip(reminders, found, strict=True):
        reminder.message_id = None
        if isinstance(one, Reason):
            leave_out(reminder, one)
    session.flush()
    session.delete(message)
    return None


def _reminders_of(session: Session, message: Message) -> Sequence[Reminder]:
    return session.exec(
        select(Reminder).where(Reminder.message_id == message.key).order_by(col(Reminder.id))
    ).all()


def leave_out(reminder: Reminder, reason: Reason) -> None:
    """Nothing goes out for this reminder; the page says why."""
    reminder.reason = reason
    if reason is Reason.MOVED:
        reminder.state = ReminderState.SUPERSEDED
    elif reason in (Reason.PAST, Reason.DO_NOT_CONTACT):
        reminder.state = ReminderState.MISSED
    else:
        reminder.state = ReminderState.SKIPPED


def unsettled(session: Session) -> list[Message]:
    """Messages that would be sent now."""
    waiting = (MessageState.COMPOSED, MessageState.RETRYING)
    return list(
        session.exec(select(Message).where(col(Message.state).in_(waiting)).order_by(col(Message.id)))
    )
