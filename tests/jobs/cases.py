"""What the tests of the sender begin with: something that is due, and a server to send it to."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

from sqlmodel import select

from models.commitments.checklist import Commitment
from models.database import Database
from models.reminders.messages import Message, Reminder
from models.reminders.rules import ReminderRule
from settings import Settings, SmtpServer
from tests.jobs.fault_server import FaultServer

# The default rule reminds two working days before: on Monday 23 November 2026 at 08:00 in Leipzig, 07:00 UTC.
DUE_ON = date(2026, 11, 25)
SECRET = "0123456789abcdef0123456789abcdef"


def at(hour: int, minute: int = 0, *, day: int = 23, month: int = 11) -> datetime:
    """A moment in UTC in November 2026, unless another month is named."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def clock_at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def make_due(
    database: Database, now: datetime, count: int = 1, due_on: date = DUE_ON, *, apart: bool = True
) -> list[int]:
    """Give so many items of the starter data this due date; answers their ids. `apart`: each has a mail of its own,
    as urgent ones have; otherwise they are collected."""
    with database.write(now) as session:
        rule = session.exec(select(ReminderRule).where(ReminderRule.code == "due-commitment")).one()
        rule.is_urgent = apart
        items = session.exec(select(Commitment).order_by(Commitment.position).limit(count)).all()
        for item in items:
            item.due_on = due_on
        session.commit()
        return [item.key for item in items]


def with_server(settings: Settings, server: FaultServer, **changes: object) -> Settings:
    """The settings with this server as relay."""
    relay = replace(SmtpServer("127.0.0.1", server.port), **changes)
    return replace(settings, smtp=relay, mail_from="lotse@leipzig.example")


def states(database: Database, now: datetime) -> list[tuple[str, str]]:
    """State and reason of every message, oldest first."""
    with database.read(now) as session:
        rows = session.exec(select(Message).order_by(Message.id)).all()
        return [(str(row.state), str(row.reason)) for row in rows]


def reminder_states(database: Database, now: datetime) -> list[tuple[str, str]]:
    """State and reason of every reminder, oldest first."""
    with database.read(now) as session:
        rows = session.exec(select(Reminder).order_by(Reminder.id)).all()
        return [(str(row.state), str(row.reason)) for row in rows]


def environ_of(settings: Settings, **more: str) -> dict[str, str]:
    """The variables that make these settings."""
    found = {
        "LOTSE_DATABASE_URL": settings.database_url, "LOTSE_DATA_DIR": str(settings.data_dir),
        "LOTSE_BASE_URL": settings.base_url, "LOTSE_SECRET_KEY": settings.secret_key,
    }  # fmt: skip
    if settings.smtp is not None:
        found |= {
            "LOTSE_SMTP_URL": f"smtp://{settings.smtp.host}:{settings.smtp.port}",
            "LOTSE_MAIL_FROM": settings.mail_from,
        }
    return found | more
