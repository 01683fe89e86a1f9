"""How long the text of mails is kept: that one went to whom and when stays, what it said goes (a setting).

Only what is settled for good: a mail that waits, is being sent, or whose delivery a person has to check keeps its text.
"""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, or_, select, update
from sqlmodel import Session, col

from models.audit import AuditEntry
from models.calendar_days import add_months, moment
from models.language import translator
from models.reminders.messages import NO_LONGER_KEPT, Message, MessageState

AT_ONCE = 1_000
SETTLED = (MessageState.SENT, MessageState.FILED, MessageState.FAILED)


def kept_since(today: date, months: int, zone: ZoneInfo) -> datetime:
    """What was settled before this moment is emptied."""
    return moment(add_months(today, -months), time.min, zone)


def empty_old_mails(session: Session, before: datetime) -> list[str] | None:
    """Empty subject line and text of at most `AT_ONCE` mails that were settled before this moment. Answers the
    Message-IDs of mails that may lie in the mail folder; None when nothing is left to do. The caller commits."""
    speaks = or_(col(Message.subject) != "", func.length(col(Message.body)) > 0)
    old = and_(col(Message.state).in_(SETTLED), col(Message.settled_at) < before, speaks)
    connection = session.connection()
    found = connection.execute(
        select(col(Message.id), col(Message.state), col(Message.message_id))
        .where(old)
        .order_by(col(Message.id))
        .limit(AT_ONCE)
    ).all()
    if not found:
        return None
    keys = [key for key, _state, _message_id in found]
    connection.execute(update(Message).where(col(Message.id).in_(keys)).values(subject="", body=b""))
    noted = and_(col(AuditEntry.subject_kind) == "message", col(AuditEntry.subject_id).in_(keys))
    connection.execute(update(AuditEntry).where(noted).values(label=translator("de")(NO_LONGER_KEPT)))
    return [message_id for _key, state, message_id in found if state is MessageState.FILED and message_id]
