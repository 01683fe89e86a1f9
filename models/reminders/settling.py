"""What becomes of a claimed mail: settled by what the server said, and by what a person decides (points 4, 5)."""

from datetime import datetime

from sqlalchemy import CursorResult, Update, and_, bindparam, or_, update
from sqlmodel import Session, SQLModel, col, select

from models.base import NOTE
from models.quick_writes import QuickWrites
from models.reminders.messages import (
    CLAIM_LENGTH,
    REFUSALS_UNTIL_HOLD,
    RETRY_AT_MOST,
    RETRY_PAUSES,
    SERVER_PAUSE,
    MailAddress,
    Message,
    MessageKind,
    MessageState,
    Reason,
    Reminder,
    ReminderState,
    the_sender,
)


def next_ready(session: Session, now: datetime, after: int = 0) -> int | None:
    """The id of the next message that may be sent now, in the order of composing."""
    return session.exec(
        select(Message.id)
        .where(
            col(Message.state).in_((MessageState.COMPOSED, MessageState.RETRYING)),
            Message.ready_at <= now,
            col(Message.id) > after,
        )
        .order_by(col(Message.id))
        .limit(1)
    ).first()


def take(session: Session, message_id: int, now: datetime) -> Message | None:
    """Claim a message: whoever changes the row owns it, everybody else gets None."""
    session.flush()  # what is not written yet would be lost by expire_all
    result = session.connection().execute(
        update(Message)
        .where(
            col(Message.id) == message_id,
            col(Message.state).in_((MessageState.COMPOSED, MessageState.RETRYING)),
        )
        .values(state=MessageState.CLAIMED, claimed_until=now + CLAIM_LENGTH, attempts=Message.attempts + 1)
    )
    if result.rowcount != 1:
        return None
    session.expire_all()
    return session.get_one(Message, message_id)


_MESSAGE, _REMINDER, _SENDER = (SQLModel.metadata.tables[name] for name in ("message", "reminder", "sender"))

_TAKE = (
    update(_MESSAGE)
    .where(
        _MESSAGE.c.id == bindparam("key"),
        or_(_MESSAGE.c.state == MessageState.COMPOSED, _MESSAGE.c.state == MessageState.RETRYING),
    )
    .values(state=MessageState.CLAIMED, claimed_until=bindparam("until"), attempts=_MESSAGE.c.attempts + 1)
)
_COUNT = update(_SENDER).values(counter=bindparam("new"), last_tick_at=bindparam("at"))


def _run(writes: Session | QuickWrites, statement: Update, **values: object) -> int:
    if isinstance(writes, QuickWrites):
        return writes.run(statement, values)
    return writes.connection().execute(statement, values).rowcount


def take_unseen(writes: Session | QuickWrites, message_id: int, now: datetime) -> bool:
    """`take` for a mail that the caller has loaded already."""
    return _run(writes, _TAKE, key=message_id, until=now + CLAIM_LENGTH) == 1


def count_turn(writes: Session | QuickWrites, counter: int, now: datetime) -> None:
    """Write the sender's counter, known and raised by the caller, and its heartbeat: a long batch is no silence."""
    _run(writes, _COUNT, new=counter, at=now)


def expire_claims(session: Session, now: datetime) -> int:
    """Claims that ran out become uncertain: they may have gone out, so nobody but an officer sends them again."""
    result: CursorResult[tuple[()]] = session.connection().execute(
        update(Message)
        .where(Message.state == MessageState.CLAIMED, col(Message.claimed_until) < now)  # type: ignore[arg-type]
        .values(state=MessageState.UNCERTAIN, reason=Reason.INTERRUPTED, settled_at=now)
    )
    return result.rowcount


def _reminders_of(session: Session, message: Message) -> list[Reminder]:
    return list(session.exec(select(Reminder).where(Reminder.message_id == message.key)))


def _close(session: Session, message: Message, state: MessageState, reason: Reason, now: datetime) -> None:
    message.state, message.reason, message.settled_at, message.claimed_until = state, reason, now, None


def settle_sent(session: Session, message: Message, now: datetime, *, filed: bool = False) -> None:
    """The server said 250, or the mail lies in the mail folder."""
    _close(session, message, MessageState.FILED if filed else MessageState.SENT, Reason.NONE, now)
    for reminder in _reminders_of(session, message):
        reminder.state = ReminderState.SENT
    if message.kind in (MessageKind.INVITATION, MessageKind.RESET):
        message.body = b""


# A claim that ran out meanwhile is still ours to settle; what an officer decided since is not.
_CLOSE = (
    update(_MESSAGE)
    .where(
        _MESSAGE.c.id == bindparam("key"),
        or_(
            _MESSAGE.c.state == MessageState.CLAIMED,
            and_(_MESSAGE.c.state == MessageState.UNCERTAIN, _MESSAGE.c.reason == Reason.INTERRUPTED),
        ),
    )
    .values(state=bindparam("new"), reason=Reason.NONE, settled_at=bindparam("at"), claimed_until=None)
)
_TOLD = update(_REMINDER).where(_REMINDER.c.message_id == bindparam("key")).values(state=ReminderState.SENT)
_EMPTY = update(_MESSAGE).where(_MESSAGE.c.id == bindparam("key")).values(body=b"")
_WORKS = (
    update(_SENDER)
    .where(_SENDER.c.server_fault_at.is_not(None))
    .values(server_fault="", server_fault_at=None, server_retry_at=None)
)


def settle_delivered(
    writes: Session | QuickWrites, message: Message, now: datetime, *, filed: bool = False
) -> None:
    """What almost every mail comes to, for whoever sent it: nothing is loaded for that, its bytes least of all."""
    state = MessageState.FILED if filed else MessageState.SENT
    if _run(writes, _CLOSE, key=message.key, new=state, at=now) != 1:
        return
    _run(writes, _TOLD, key=message.key)
    if message.kind in (MessageKind.INVITATION, MessageKind.RESET):
        _run(writes, _EMPTY, key=message.key)


def is_ours(message: Message) -> bool:
    """Whether whoever sent this mail may still say what became of it."""
    interrupted = message.state is MessageState.UNCERTAIN and message.reason is Reason.INTERRUPTED
    return message.state is MessageState.CLAIMED or interrupted


def settle_refused(
    session: Session, message: Message, reply: str, now: datetime, *, is_unknown: bool = False
) -> None:
    """5xx to RCPT TO: failed for this person; the second refusal puts the address on hold, a 5.1.1 does so at once."""
    _close(session, message, MessageState.FAILED, Reason.REFUSED, now)
    message.server_reply = reply[:NOTE]
    known = session.exec(select(MailAddress).where(MailAddress.address == message.to_address)).first()
    known = known or MailAddress(address=message.to_address)
    known.refusals += 1
    if is_unknown or known.refusals >= REFUSALS_UNTIL_HOLD:
        known.on_hold_since = known.on_hold_since or now
    session.add(known)
    _fail_reminders(session, message)


def settle_failed(session: Session, message: Message, reason: Reason, reply: str, now: datetime) -> None:
    """Nothing more is tried; a person sees it."""
    _close(session, message, MessageState.FAILED, reason, now)
    message.server_reply = reply[:NOTE]
    _fail_reminders(session, message)


def _fail_reminders(session: Session, message: Message) -> None:
    for reminder in _reminders_of(session, message):
        reminder.state, reminder.reason = ReminderState.MISSED, message.reason


def settle_retry(session: Session, message: Message, reason: Reason, reply: str, now: datetime) -> None:
    """4xx, or dropped before the mail was handed over: again after a growing pause, until the date or 72 h."""
    pause = RETRY_PAUSES[min(message.attempts, len(RETRY_PAUSES)) - 1]
    again, last = now + pause, message.composed_at + RETRY_AT_MOST
    if message.send_before is not None:
        last = min(last, message.send_before)
    if again > last:  # a long pause would pass the end: once more shortly before it
        again = last - RETRY_PAUSES[0]
    if again < now + RETRY_PAUSES[0]:
        settle_failed(session, message, Reason.GAVE_UP, reply, now)
        return
    message.state, message.reason, message.server_reply = MessageState.RETRYING, reason, reply[:NOTE]
    message.ready_at, message.claimed_until = again, None


def put_off(session: Session, message: Message, now: datetime) -> None:
    """The program failed at this mail before it was claimed: later again, as with a server that asks for it."""
    if message.state in (MessageState.COMPOSED, MessageState.RETRYING):
        message.attempts += 1
        settle_retry(session, message, Reason.FAULTY, "", now)


def settle_uncertain(session: Session, message: Message, now: datetime) -> None:
    """Dropped after DATA and before the 250: it may have arrived."""
    _close(session, message, MessageState.UNCERTAIN, Reason.NO_ANSWER, now)


def give_back(session: Session, message: Message) -> None:
    """The server was at fault before the mail began: the claim is undone, nothing was tried."""
    message.state, message.claimed_until = MessageState.COMPOSED, None
    message.attempts -= 1


def pause_for_server(session: Session, reply: str, now: datetime) -> None:
    """The server's fault stops the sender for a while, not the mails."""
    sender = the_sender(session)
    sender.server_fault, sender.server_fault_at = reply[:NOTE], sender.server_fault_at or now
    sender.server_retry_at = now + SERVER_PAUSE


def server_works(session: Session) -> None:
    """The server took a mail: the banner goes."""
    session.flush()
    session.connection().execute(_WORKS)


# What a person decides


class CannotDecideError(Exception):
    """The message is no longer in a state in which this can be decided."""


def send_again(session: Session, message: Message, now: datetime) -> None:
    """An officer wants an uncertain or failed mail to go out again, with the same Message-ID."""
    if message.state not in (MessageState.UNCERTAIN, MessageState.FAILED) or not message.body:
        raise CannotDecideError
    message.state, message.reason, message.attempts = MessageState.COMPOSED, Reason.NONE, 0
    message.ready_at = message.composed_at = now
    message.send_before, message.settled_at = None, None
    for reminder in _reminders_of(session, message):
        reminder.state, reminder.reason = ReminderState.QUEUED, Reason.NONE


def mark_delivered(session: Session, message: Message, now: datetime) -> None:
    """An officer knows that an uncertain mail arrived."""
    if message.state is not MessageState.UNCERTAIN:
        raise CannotDecideError
    settle_sent(session, message, now)
    message.reason = Reason.BY_HAND
