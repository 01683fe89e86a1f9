"""What others were reminded of while a colleague was away: her own tasks, for the day she is back."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from models.officers import Officer
from models.reminders.messages import Reminder
from models.reminders.rules import SubjectKind
from models.reminders.subjects import Subject, load_subject

SHOWN_FOR = timedelta(days=30)  # after the last day of the absence


@dataclass(frozen=True)
class Meanwhile:
    """One reminder that went to somebody else."""

    reminder: Reminder
    subject: Subject


def meanwhile(session: Session, officer: Officer, zone: ZoneInfo, today: date) -> list[Meanwhile]:
    """Reminders of this colleague's tasks that fell due in her absence and went to others, the latest first; each task
    once. Empty before the absence, and a month after it."""
    first, last = officer.absent_from, officer.absent_until
    if first is None or last is None or not first <= today <= last + SHOWN_FOR:
        return []
    query = select(Reminder).where(
        Reminder.due_at >= datetime.combine(first, time(), zone),
        Reminder.due_at < datetime.combine(last + timedelta(days=1), time(), zone),
        Reminder.person_id != officer.key,
    )
    found: dict[tuple[SubjectKind, int], Meanwhile] = {}
    for reminder in session.exec(query.order_by(col(Reminder.due_at).desc(), col(Reminder.id).desc())):
        subject = load_subject(session, SubjectKind(reminder.subject_kind), reminder.subject_id)
        if subject is not None and subject.responsible_id == officer.key:
            found.setdefault((subject.kind, subject.id), Meanwhile(reminder, subject))
    return list(found.values())
