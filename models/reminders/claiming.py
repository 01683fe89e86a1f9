"""Claiming: whoever changes the row may send it, after looking once more whether it is still true (point 4)."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from models.quick_writes import QuickWrites
from models.reminders.addresses import is_on_hold
from models.reminders.letters import MailSettings
from models.reminders.messages import Message, MessageState, Reason, Reminder, ReminderState
from models.reminders.recipients import Surroundings, surroundings
from models.reminders.settling import settle_failed, take, take_unseen
from models.reminders.situation import Situation, fingerprint, situation


def claim(
    session: Session | QuickWrites, message_id: int, settings: MailSettings, now: datetime,
    known: Message | None = None,
) -> Message | None:  # fmt: skip
    """Claim a message for sending. None: somebody else has it, or it is not to be sent (then it was left out, or will
    be composed anew). `known`: it was looked at before, and nothing was written since (`looking_ahead`); only such a
    mail can be claimed through QuickWrites. The caller commits before sending."""
    if known is not None:
        return known if take_unseen(session, message_id, now) else None
    if isinstance(session, QuickWrites):
        raise TypeError("a closer look needs a session")
    message = take(session, message_id, now)
    if message is None:
        return None
    if is_on_hold(session, message.to_address):
        settle_failed(session, message, Reason.ON_HOLD, "", now)
        return None
    if not message.kind.speaks_of_reminders:
        if message.body:
            return message
        # Emptied: it spoke of somebody who was erased.
        settle_failed(session, message, Reason.DELETED, "", now)
        return None
    if message.send_before is not None and now > message.send_before:
        settle_failed(session, message, Reason.PAST, "", now)
        return None
    reminders = _reminders_of(session, message)
    found = _situations(session, message, reminders, surroundings(session), now)
    if message.send_before is None and message.body:
        # An officer has decided that these very words go out again.
        nobody = next((one for one in found if one in (Reason.LEFT, Reason.DO_NOT_CONTACT)), None)
        if nobody is None:
            return message
        settle_failed(session, message, Reason(nobody), "", now)
        return None
    if _says_so(message, found, settings):
        return message
    for reminder, one in zip(reminders, found, strict=True):
        reminder.message_id = None
        if isinstance(one, Reason):
            leave_out(reminder, one)
    session.flush()
    session.delete(message)
    return None


def is_unchanged(
    session: Session, message: Message, reminders: Sequence[Reminder], around: Surroundings, settings: MailSettings,
    now: datetime,
) -> bool:  # fmt: skip
    """Whether everything that the mail speaks of is still as it says. What to do if not, `claim` knows."""
    if not message.body:
        return False
    if not message.kind.speaks_of_reminders:
        return True
    if message.send_before is not None and now > message.send_before:
        return False
    return _says_so(message, _situations(session, message, reminders, around, now), settings)


def _situations(
    session: Session, message: Message, reminders: Sequence[Reminder], around: Surroundings, now: datetime
) -> list[Situation | Reason]:
    is_by_hand = message.send_before is None
    return [situation(session, reminder, now, around, is_by_hand=is_by_hand) for reminder in reminders]


def _says_so(message: Message, found: Sequence[Situation | Reason], settings: MailSettings) -> bool:
    still = [one for one in found if isinstance(one, Situation)]
    if not message.body:  # emptied with somebody who was erased: what else it said is composed anew
        return False
    return len(still) == len(found) and fingerprint(still, settings) == message.fingerprint


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
