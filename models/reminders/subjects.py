"""What can be reminded of, as plain values: one shape for items, phases, conferences, deadlines, follow-ups."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from models.application.phases import Phase
from models.base import Recorded
from models.commitments.checklist import Commitment, CommitmentState
from models.conferences.conferences import (
    Conference,
    ConferenceDeadline,
    ConferenceStatus,
    DatePrecision,
    Participation,
)
from models.database import check_version
from models.followups import FollowUp, FollowUpKind
from models.reminders.rules import SubjectKind

R = TypeVar("R", bound=Recorded)


@dataclass(frozen=True)
class Subject:
    """A subject at this moment. `anchor_on` is None unless the date is known to the day."""

    kind: SubjectKind
    id: int
    title_de: str
    title_en: str
    anchor_on: date | None
    is_open: bool
    end_on: date | None = None
    where_de: str = ""
    where_en: str = ""
    address: str = ""
    is_look_up: bool = False
    responsible_id: int | None = None
    deputy_id: int | None = None
    participant_ids: frozenset[int] = field(default_factory=frozenset)

    def title(self, language: str) -> str:
        return self.title_en if language == "en" else self.title_de

    def where(self, language: str) -> str:
        """Place and country as a reader of this language calls them."""
        return self.where_en if language == "en" else self.where_de


def _commitment(row: Commitment) -> Subject:
    return Subject(
        SubjectKind.COMMITMENT,
        row.key,
        row.title("de"),
        row.title("en"),
        row.due_on,
        row.is_open,
        responsible_id=row.responsible_id,
        deputy_id=row.deputy_id,
    )


def _phase(row: Phase) -> Subject:
    return Subject(
        SubjectKind.PHASE,
        row.key,
        row.title("de"),
        row.title("en"),
        row.due_on,
        row.closed_on is None,
        responsible_id=row.responsible_id,
        deputy_id=row.deputy_id,
    )


def _conference(row: Conference, going: frozenset[int]) -> Subject:
    return Subject(
        SubjectKind.CONFERENCE,
        row.key,
        row.name,
        row.name,
        row.anchor_on,
        row.status is not ConferenceStatus.CANCELLED,
        end_on=row.ends_on,
        where_de=row.where("de"),
        where_en=row.where("en"),
        address=row.website,
        responsible_id=row.responsible_id,
        participant_ids=going,
    )


def _deadline(row: ConferenceDeadline, conference: Conference) -> Subject:
    name = f"{row.name} – {conference.name}"
    is_open = row.done_on is None and conference.status is not ConferenceStatus.CANCELLED
    return Subject(
        SubjectKind.DEADLINE,
        row.key,
        name,
        name,
        row.due_on,
        is_open,
        responsible_id=row.responsible_id,
        deputy_id=row.deputy_id,
    )


def _follow_up(row: FollowUp) -> Subject:
    return Subject(
        SubjectKind.FOLLOW_UP,
        row.key,
        row.title("de"),
        row.title("en"),
        row.due_on,
        row.is_open,
        address=row.address,
        is_look_up=row.kind is FollowUpKind.LOOK_UP,
        responsible_id=row.responsible_id,
        deputy_id=row.deputy_id,
    )


def _going(session: Session, ids: Sequence[int]) -> dict[int, frozenset[int]]:
    rows = session.exec(select(Participation).where(col(Participation.conference_id).in_(ids)))
    found: dict[int, set[int]] = {}
    for row in rows:
        if row.officer_id is not None:
            found.setdefault(row.conference_id, set()).add(row.officer_id)
    return {key: frozenset(value) for key, value in found.items()}


def _conference_subjects(session: Session, rows: Sequence[Conference]) -> list[Subject]:
    going = _going(session, [row.key for row in rows])
    return [_conference(row, going.get(row.key, frozenset())) for row in rows]


def load_subject(session: Session, kind: SubjectKind, subject_id: int) -> Subject | None:
    """The subject as it is now, or None if it was deleted."""
    found: list[Subject] = []
    if kind is SubjectKind.COMMITMENT:
        found = [_commitment(row) for row in _one(session, Commitment, subject_id)]
    elif kind is SubjectKind.PHASE:
        found = [_phase(row) for row in _one(session, Phase, subject_id)]
    elif kind is SubjectKind.CONFERENCE:
        found = _conference_subjects(session, _one(session, Conference, subject_id))
    elif kind is SubjectKind.DEADLINE:
        found = [
            _deadline(row, parent) for row, parent in _deadlines(session, ConferenceDeadline.id == subject_id)
        ]
    else:
        found = [_follow_up(row) for row in _one(session, FollowUp, subject_id)]
    return found[0] if found else None


def _one(session: Session, kind: Any, key: int) -> list[Any]:
    row = session.get(kind, key)
    return [] if row is None else [row]


def _deadlines(session: Session, *conditions: Any) -> list[tuple[ConferenceDeadline, Conference]]:
    joined = select(ConferenceDeadline, Conference).join(
        Conference, col(Conference.id) == col(ConferenceDeadline.conference_id)
    )
    return list(session.exec(joined.where(*conditions)))


def open_subjects(session: Session, kind: SubjectKind, first: date, last: date) -> list[Subject]:
    """Open subjects whose date lies in this span, by the index on that date."""
    if kind is SubjectKind.COMMITMENT:
        states = (CommitmentState.OPEN, CommitmentState.IN_PROGRESS)
        due = col(Commitment.due_on).between(first, last)
        found = [
            _commitment(r)
            for r in session.exec(select(Commitment).where(due, col(Commitment.state).in_(states)))
        ]
    elif kind is SubjectKind.PHASE:
        due = col(Phase.due_on).between(first, last)
        found = [_phase(r) for r in session.exec(select(Phase).where(due, col(Phase.closed_on).is_(None)))]
    elif kind is SubjectKind.CONFERENCE:
        starts = (
            col(Conference.starts_on).between(first, last),
            Conference.date_precision == DatePrecision.DAY,
        )
        found = _conference_subjects(session, session.exec(select(Conference).where(*starts)).all())
    elif kind is SubjectKind.DEADLINE:
        due = col(ConferenceDeadline.due_on).between(first, last)
        found = [_deadline(row, parent) for row, parent in _deadlines(session, due)]
    else:
        due = col(FollowUp.due_on).between(first, last)
        found = [
            _follow_up(r) for r in session.exec(select(FollowUp).where(due, col(FollowUp.done_on).is_(None)))
        ]
    return [subject for subject in found if subject.is_open]


class CannotCompleteError(Exception):
    """This kind of subject is not ended by a reminder's answer."""


def complete(session: Session, subject: Subject, today: date) -> None:
    """Mark the subject as done. A conference cannot be done; raises CannotCompleteError."""
    if subject.kind is SubjectKind.COMMITMENT:
        _take(session, Commitment, subject).state = CommitmentState.FULFILLED
    elif subject.kind is SubjectKind.PHASE:
        _take(session, Phase, subject).closed_on = today
    elif subject.kind is SubjectKind.DEADLINE:
        _take(session, ConferenceDeadline, subject).done_on = today
    elif subject.kind is SubjectKind.FOLLOW_UP:
        _take(session, FollowUp, subject).done_on = today
    else:
        raise CannotCompleteError


def move(session: Session, subject: Subject, day: date) -> None:
    """Give the subject another date. A conference is moved on its own page; raises CannotCompleteError."""
    if subject.kind is SubjectKind.COMMITMENT:
        _take(session, Commitment, subject).due_on = day
    elif subject.kind is SubjectKind.PHASE:
        _take(session, Phase, subject).due_on = day
    elif subject.kind is SubjectKind.DEADLINE:
        _take(session, ConferenceDeadline, subject).due_on = day
    elif subject.kind is SubjectKind.FOLLOW_UP:
        _take(session, FollowUp, subject).due_on = day
    else:
        raise CannotCompleteError


def _take(session: Session, kind: type[R], subject: Subject) -> R:
    """The row for a change; a form that a colleague has open on it will say so."""
    row = session.get_one(kind, subject.id)
    check_version(session, row, row.version)
    return row
