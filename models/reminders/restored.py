"""What would go out now, without storing it; and how a restored past is taken as sent (reminders, points 11, 14)."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from models.reminders.claiming import claim, unsettled
from models.reminders.composing import compose, people_waiting, waiting_of
from models.reminders.letters import MailSettings
from models.reminders.messages import Message, MessageKind, Reason, Reminder, ReminderState
from models.reminders.queueing import queue_due
from models.reminders.settling import settle_failed


@dataclass(frozen=True)
class WouldSend:
    """One mail that would go out. `due_at` is the moment it was due, or from which it is tried again."""

    to_name: str
    to_address: str
    subject: str
    due_at: datetime
    kind: MessageKind


def would_send(
    session: Session, settings: MailSettings, now: datetime, *, ready_only: bool = False
) -> list[WouldSend]:
    """What the sender would hand over at this moment: its own steps, in a write session that the caller rolls back.
    A reminder that cannot be composed is missing here as it would be missing there. What waits for another try is
    left out with `ready_only` until its turn comes."""
    queue_due(session, now, everything=True)
    found: dict[int, WouldSend] = {}
    for _ in range(2):  # a mail whose subject changed is composed anew, and looked at again
        compose_what_waits(session, settings, now)
        for message in unsettled(session):
            key, ready_at = message.key, message.ready_at
            if ready_only and ready_at > now:
                continue
            with suppress(Exception), session.begin_nested():
                taken = claim(session, key, settings, now)
                if taken is not None:
                    found[key] = _row(session, taken, ready_at)
    return list(found.values())


def compose_what_waits(session: Session, settings: MailSettings, now: datetime) -> None:
    """Compose everybody's mails; what the program fails at is passed over."""
    for officer_id in people_waiting(session):
        with suppress(Exception), session.begin_nested():
            compose(session, officer_id, settings, now)
            continue
        for key in waiting_of(session, officer_id):  # one of them is faulty: each by itself
            with suppress(Exception), session.begin_nested():
                compose(session, officer_id, settings, now, only={key})


def _row(session: Session, message: Message, ready_at: datetime) -> WouldSend:
    due = session.exec(select(Reminder.due_at).where(Reminder.message_id == message.key)).first()
    is_first_try = message.attempts == 1
    due_at = due if due is not None and is_first_try else ready_at
    return WouldSend(message.to_name, message.to_address, message.subject, due_at, message.kind)


def settle_as_sent(session: Session, now: datetime) -> int:
    """Take everything that is due by now as sent before the restore: nothing of it goes out. Answers how many mails
    and reminders that were. The sender stays paused; `overview.resume_sending` lets it go on."""
    queue_due(session, now, everything=True)
    settled = 0
    for message in unsettled(session):
        if message.kind.speaks_of_reminders:
            for reminder in session.exec(select(Reminder).where(Reminder.message_id == message.key)):
                reminder.message_id = None
            session.flush()
            session.delete(message)
        else:
            settle_failed(session, message, Reason.RESTORED, "", now)
            settled += 1
    session.flush()
    waiting = select(Reminder).where(
        Reminder.state == ReminderState.QUEUED, col(Reminder.message_id).is_(None)
    )
    for reminder in session.exec(waiting).all():
        reminder.state, reminder.reason = ReminderState.SKIPPED, Reason.RESTORED
        settled += 1
    session.flush()
    return settled
