"""Which subjects changed since the sender last looked: written with the change itself, in its transaction.

A tick then looks at what falls due now and at what changed, never at everything (reminders, point 2).
"""

from typing import Any

from sqlalchemy import event, insert
from sqlmodel import Session, SQLModel

from models.application.phases import Phase
from models.base import CODE, Row, text
from models.commitments.checklist import Commitment
from models.conferences.conferences import Conference, ConferenceDeadline, Participation
from models.database import LotseSession
from models.followups import FollowUp
from models.officers import Officer
from models.reminders.rules import ReminderRule, RuleException, RuleRecipient


class Touched(Row, table=True):
    """A row that changed; `subject_kind` is its table."""

    __tablename__ = "touched"

    subject_kind: str = text(CODE)
    subject_id: int


# A row of this table stands for the row that a column of it names.
_STANDS_FOR: dict[type[SQLModel], tuple[str, str]] = {
    Commitment: ("commitment", "id"),
    Phase: ("phase", "id"),
    Conference: ("conference", "id"),
    ConferenceDeadline: ("conference_deadline", "id"),
    FollowUp: ("follow_up", "id"),
    Participation: ("conference", "conference_id"),
    ReminderRule: ("reminder_rule", "id"),
    RuleRecipient: ("reminder_rule", "rule_id"),
    RuleException: ("reminder_rule", "rule_id"),
    Officer: ("officer", "id"),
}


@event.listens_for(LotseSession, "after_flush")
def note_touched(session: Session, _context: Any) -> None:
    """Remember every subject, rule and colleague of this flush."""
    rows = [row for row in (*session.new, *session.dirty, *session.deleted) if type(row) in _STANDS_FOR]
    found = {(kind, getattr(row, column)) for row in rows for kind, column in [_STANDS_FOR[type(row)]]}
    if found:
        values = [{"subject_kind": kind, "subject_id": key} for kind, key in sorted(found)]
        session.connection().execute(insert(Touched), values)
