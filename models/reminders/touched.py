"""Which subjects changed since the sender last looked: written with the change itself, in its transaction.

A tick then looks at what falls due now and at what changed, never at everything (reminders, point 2).
"""

from typing import Any

from sqlalchemy import delete, event, insert
from sqlmodel import Session, SQLModel, col, select

from models.application.phases import Phase
from models.base import CODE, Row, text
from models.commitments.checklist import Commitment
from models.commitments.editions import HandbookEdition
from models.commitments.proofs import CommitmentProof
from models.conferences.conferences import Conference, ConferenceDeadline, Participation
from models.database import LotseSession
from models.evidence.evidence import Evidence, EvidenceRevision
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
    Evidence: ("evidence", "id"),
    EvidenceRevision: ("evidence", "evidence_id"),
    CommitmentProof: ("evidence", "evidence_id"),
    HandbookEdition: ("handbook_edition", "id"),
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


def take_touched(session: Session) -> dict[str, set[int]]:
    """What changed since the last look, by table; taken away with the transaction that looks at it. A conference that
    changed touches its deadlines: they are called by its name, and cancelled with it; an edition touches its items."""
    rows = session.exec(select(Touched.id, Touched.subject_kind, Touched.subject_id)).all()
    found: dict[str, set[int]] = {}
    for _key, kind, subject_id in rows:
        found.setdefault(kind, set()).add(subject_id)
    keys = [key for key, _kind, _subject_id in rows]
    for start in range(0, len(keys), 500):
        session.connection().execute(delete(Touched).where(col(Touched.id).in_(keys[start : start + 500])))
    _touch_children(session, found, "conference", ConferenceDeadline, ConferenceDeadline.conference_id)
    _touch_children(session, found, "handbook_edition", Commitment, Commitment.edition_id)
    found.pop("handbook_edition", None)
    return found


def _touch_children(
    session: Session, found: dict[str, set[int]], parent: str, child: type[Row], column: Any
) -> None:
    if parents := found.get(parent):
        of_them = select(child.id).where(col(column).in_(parents))
        kind = str(child.__tablename__)
        found.setdefault(kind, set()).update(key for key in session.exec(of_them) if key is not None)
