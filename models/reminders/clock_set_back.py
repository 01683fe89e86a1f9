"""The machine's clock had gone ahead and was put right: moments that were written down meanwhile are not waited for."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from models.reminders.messages import CLAIM_LENGTH, Message, MessageState, Sender

# Clocks of several machines differ a little; what is less than this apart is the same moment.
APART = CLAIM_LENGTH


def was_set_back(sender: Sender, now: datetime) -> bool:
    """Whether the last run took place in what is the future now."""
    return sender.last_tick_at is not None and sender.last_tick_at - now > APART


def put_right(session: Session, sender: Sender, now: datetime) -> None:
    """What waits for a moment of the false future is tried now, and claims run out as if they were taken now."""
    sender.server_retry_at = None
    waiting = (MessageState.COMPOSED, MessageState.RETRYING)
    connection = session.connection()
    connection.execute(
        update(Message)
        .where(col(Message.state).in_(waiting), col(Message.ready_at) > now)
        .values(ready_at=now, composed_at=now)
    )
    connection.execute(
        update(Message)
        .where(col(Message.state) == MessageState.CLAIMED, col(Message.claimed_until) > now + CLAIM_LENGTH)
        .values(claimed_until=now + CLAIM_LENGTH)
    )
