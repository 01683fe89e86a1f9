"""What can be reminded of, as plain values: one shape for items, phases, conferences, deadlines, follow-ups."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from models.application.declarations import Declaration
from models.application.phases import Phase
from models.base import Recorded, in_language
from models.commitments.checklist import Commitment, CommitmentState, in_force, is_in_force
from models.commitments.proofs import CommitmentProof
from models.conferences.conferences import (
    Conference,
    ConferenceDeadline,
    ConferenceStatus,
    DatePrecision,
    Participation,
    Series,
)
from models.database import check_version
from models.evidence.evidence import Evidence, EvidenceRevision
from models.folding import search_text, search_words
from models.followups import FollowUp, FollowUpKind, finish
from models.reminders.rules import ReminderRule, SubjectKind

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
    series: Series | None = None
    is_cancelled: bool = False
    parent_id: int | None = None

    def title(self, language: str) -> str:
        return self.title_en if language == "en" else self.title_de

    def where(self, language: str) -> str:
        """Place and country as a reader of this language calls them."""
        return self.where_en if language == "en" else self.where_de


def _commitment(row: Commitment, *, is_open: bool) -> Subject:
    return Subject(
        SubjectKind.COMMITMENT, row.id or 0, in_language("de", row.label_de, row.label_en),
        in_language("en", row.label_de, row.label_en), row.due_on, is_open, responsible_id=row.responsible_id,
        deputy_id=row.deputy_id,
    )  # fmt: skip


def _phase(row: Phase, *, is_open: bool) -> Subject:
    return Subject(
        SubjectKind.PHASE, row.id or 0, in_language("de", row.label_de, row.label_en),
        in_language("en", row.label_de, row.label_en), row.due_on, is_open, responsible_id=row.responsible_id,
        deputy_id=row.deputy_id,
    )  # fmt: skip


def _conference(row: Conference, going: frozenset[int]) -> Subject:
    is_cancelled = row.status is ConferenceStatus.CANCELLED
    return Subject(
        SubjectKind.CONFERENCE, row.key, row.name, row.name, row.anchor_on, not is_cancelled, end_on=row.ends_on,
        where_de=row.where("de"), where_en=row.where("en"), address=row.website, responsible_id=row.responsible_id,
        participant_ids=going, series=row.series, is_cancelled=is_cancelled,
    )  # fmt: skip


def _deadline(row: ConferenceDeadline, parent: str, series: str, status: str) -> Subject:
    name, is_cancelled = f"{row.name} – {parent}", status is ConferenceStatus.CANCELLED
    return Subject(
        SubjectKind.DEADLINE, row.id or 0, name, name, row.due_on, row.done_on is None and not is_cancelled,
        responsible_id=row.responsible_id, deputy_id=row.deputy_id, series=Series(series),
        is_cancelled=is_cancelled and row.done_on is None, parent_id=row.conference_id,
    )  # fmt: skip


def _follow_up(row: FollowUp, *, is_open: bool) -> Subject:
    return Subject(
        SubjectKind.FOLLOW_UP, row.id or 0, FollowUp.title(row, "de"), FollowUp.title(row, "en"), row.due_on, is_open,
        address=row.address, is_look_up=row.kind is FollowUpKind.LOOK_UP, responsible_id=row.responsible_id,
        deputy_id=row.deputy_id,
    )  # fmt: skip


def _evidences(session: Session, *conditions: Any) -> Iterator[Subject]:
    """Evidence; its date is the last day on which its revision in force is valid. It is over when it was withdrawn or
    proves only what a superseded edition asked for."""
    joined = (
        select(Evidence, col(EvidenceRevision.valid_until), _is_needed())
        .join(EvidenceRevision, col(EvidenceRevision.evidence_id) == col(Evidence.id))
        .where(col(EvidenceRevision.replaced_at).is_(None), *conditions)
    )
    for row, valid_until, is_needed in session.exec(joined):
        is_open = bool(is_needed) and row.withdrawn_on is None
        yield Subject(
            SubjectKind.EVIDENCE,
            row.key,
            row.name,
            row.name,
            valid_until,
            is_open,
            responsible_id=row.owner_id,
        )


def _is_needed() -> ColumnElement[bool]:
    """It proves an item in force, or a declaration that stands; or nothing yet, then its owner knows what it is for."""
    proves = select(CommitmentProof.id).where(
        col(CommitmentProof.evidence_id) == col(Evidence.id), col(CommitmentProof.unlinked_at).is_(None)
    )
    today = proves.join(Commitment, col(Commitment.id) == col(CommitmentProof.commitment_id)).where(
        in_force()
    )
    declared = select(Declaration.id).where(
        col(Declaration.evidence_id) == col(Evidence.id), col(Declaration.withdrawn_on).is_(None)
    )
    return or_(today.exists(), declared.exists(), ~proves.exists())


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
    if kind is SubjectKind.CONFERENCE:
        found = session.get(Conference, subject_id)
        return _conference_subjects(session, [found])[0] if found else None
    if kind is SubjectKind.DEADLINE:
        return next(iter(_deadlines(session, ConferenceDeadline.id == subject_id)), None)
    if kind is SubjectKind.COMMITMENT:
        item = session.get(Commitment, subject_id)
        return _commitment(item, is_open=item.is_open and is_in_force(session, item)) if item else None
    if kind is SubjectKind.EVIDENCE:
        return next(_evidences(session, Evidence.id == subject_id), None)
    if kind is SubjectKind.PHASE:
        phase = session.get(Phase, subject_id)
        return _phase(phase, is_open=phase.closed_on is None) if phase else None
    follow_up = session.get(FollowUp, subject_id)
    return _follow_up(follow_up, is_open=follow_up.is_open) if follow_up else None


def _deadlines(session: Session, *conditions: Any) -> Iterator[Subject]:
    joined = select(ConferenceDeadline, Conference.name, Conference.series, Conference.status).join(
        Conference, col(Conference.id) == col(ConferenceDeadline.conference_id)
    )
    for row, name, series, status in session.exec(joined.where(*conditions)):
        yield _deadline(row, name, series, status)


# What a reminder needs of a row: a hundred thousand of them are read as plain columns, not as objects.
_DUTY = ("id", "due_on", "responsible_id", "deputy_id")
_READ = {
    SubjectKind.COMMITMENT: (Commitment, (*_DUTY, "label_de", "label_en")),
    SubjectKind.PHASE: (Phase, (*_DUTY, "label_de", "label_en")),
    SubjectKind.FOLLOW_UP: (FollowUp, (*_DUTY, "kind", "what", "address")),
}


def _plain(session: Session, kind: SubjectKind, *conditions: Any) -> Iterator[Any]:
    table, names = _READ[kind]
    wanted = select(*(getattr(table, name) for name in names)).where(*conditions)
    yield from session.execute(wanted, execution_options={"yield_per": 1000})


def open_subjects(session: Session, kind: SubjectKind, first: date, last: date) -> Iterator[Subject]:
    """Open subjects of a kind whose date lies in these days, one after the other: the index on the date is enough."""
    if kind is SubjectKind.COMMITMENT:
        due = col(Commitment.due_on).between(first, last)
        states = (CommitmentState.OPEN, CommitmentState.IN_PROGRESS)
        for row in _plain(session, kind, due, col(Commitment.state).in_(states), in_force()):
            yield _commitment(row, is_open=True)
    elif kind is SubjectKind.PHASE:
        due = col(Phase.due_on).between(first, last)
        for row in _plain(session, kind, due, col(Phase.closed_on).is_(None)):
            yield _phase(row, is_open=True)
    elif kind is SubjectKind.FOLLOW_UP:
        due = col(FollowUp.due_on).between(first, last)
        for row in _plain(session, kind, due, col(FollowUp.done_on).is_(None)):
            yield _follow_up(row, is_open=True)
    elif kind is SubjectKind.EVIDENCE:
        due = col(EvidenceRevision.valid_until).between(first, last)
        yield from (found for found in _evidences(session, due) if found.is_open)
    elif kind is SubjectKind.DEADLINE:
        due = col(ConferenceDeadline.due_on).between(first, last)
        yield from (found for found in _deadlines(session, due) if found.is_open)
    else:
        starts = (
            col(Conference.starts_on).between(first, last),
            Conference.date_precision == DatePrecision.DAY,
        )
        rows = session.exec(select(Conference).where(*starts)).all()
        yield from (found for found in _conference_subjects(session, rows) if found.is_open)


# What has no "done", and gets its date on its own page: a conference takes place, a proof is renewed.
CANNOT_BE_DONE = (SubjectKind.CONFERENCE, SubjectKind.EVIDENCE)


class CannotCompleteError(Exception):
    """This kind of subject is not ended by a reminder's answer."""


def complete(session: Session, subject: Subject, today: date) -> None:
    """Mark the subject as done. A conference or a proof cannot be done; raises CannotCompleteError."""
    if subject.kind is SubjectKind.COMMITMENT:
        _take(session, Commitment, subject).state = CommitmentState.FULFILLED
    elif subject.kind is SubjectKind.PHASE:
        _take(session, Phase, subject).closed_on = today
    elif subject.kind is SubjectKind.DEADLINE:
        _take(session, ConferenceDeadline, subject).done_on = today
    elif subject.kind is SubjectKind.FOLLOW_UP:
        finish(session, _take(session, FollowUp, subject), today)
    else:
        raise CannotCompleteError


def move(session: Session, subject: Subject, day: date) -> None:
    """Give the subject another date. A conference or a proof gets it on its own page; raises CannotCompleteError."""
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


def is_meant(rule: ReminderRule, subject: Subject) -> bool:
    """Whether a standing rule's filter lets this subject through: its series, words in its title."""
    if rule.only_series is not None and subject.series is not rule.only_series:
        return False
    if not rule.only_words:
        return True
    title = search_text([subject.title_de, subject.title_en])
    return all(word in title for word in search_words(rule.only_words))
