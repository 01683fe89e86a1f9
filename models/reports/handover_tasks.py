"""The open tasks of a handover file: what has a day, and what waits without one."""

from collections.abc import Collection, Iterator
from datetime import date

from sqlmodel import col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from models.application.phases import Phase
from models.commitments.checklist import Commitment, CommitmentState, in_force
from models.conferences.conferences import Conference, ConferenceStatus, Participation
from models.evidence.evidence import Evidence, EvidenceRevision
from models.language import translator
from models.officers import Officer
from models.reminders.rules import SubjectKind
from models.reminders.subjects import Subject, open_subjects
from models.reports.handover import Task
from models.reports.handover_part import HandoverPart


def dated_tasks(part: HandoverPart) -> Iterator[Task]:
    """Everything open that has a day; conferences only until they are over."""
    for kind in SubjectKind:
        first = part.today if kind is SubjectKind.CONFERENCE else date.min
        for subject in open_subjects(part.session, kind, first, date.max):
            role = part.role(subject.responsible_id, subject.deputy_id, subject.participant_ids)
            if role:
                yield _task(part, subject, role)


def _task(part: HandoverPart, subject: Subject, role: str) -> Task:
    _ = translator(part.language)
    return Task(
        kind=subject.kind.value,
        key=subject.id,
        kind_word=_("Evidence expires") if subject.kind is SubjectKind.EVIDENCE else _(subject.kind.label),
        title=subject.title(part.language),
        role=role,
        due_on=subject.anchor_on,
        ends_on=subject.end_on,
        where=subject.where(part.language),
        is_own=part.officer is None or part.officer.key == subject.responsible_id,
    )


def undated_tasks(part: HandoverPart) -> Iterator[Task]:
    """Items, phases and conferences without a day; of proofs without an end only a colleague's own."""
    items = select(Commitment).where(
        col(Commitment.due_on).is_(None),
        col(Commitment.state).in_((CommitmentState.OPEN, CommitmentState.IN_PROGRESS)),
        in_force(),
    )
    for item in part.session.exec(items.order_by(col(Commitment.position), col(Commitment.id))):
        yield from _open(part, SubjectKind.COMMITMENT, item, item.responsible_id, item.deputy_id)
    stages = select(Phase).where(col(Phase.due_on).is_(None), col(Phase.closed_on).is_(None))
    for phase in part.session.exec(stages.order_by(col(Phase.position), col(Phase.id))):
        yield from _open(part, SubjectKind.PHASE, phase, phase.responsible_id, phase.deputy_id)
    if part.officer is not None:
        yield from _conferences(part, part.officer)
        for evidence in part.session.exec(_lasting(part.officer)):
            yield from _open(part, SubjectKind.EVIDENCE, evidence, evidence.owner_id, None)


def _open(
    part: HandoverPart,
    kind: SubjectKind,
    row: Commitment | Phase | Conference | Evidence,
    responsible_id: int | None,
    deputy_id: int | None,
    going: Collection[int] = (),
) -> Iterator[Task]:
    if role := part.role(responsible_id, deputy_id, going):
        _ = translator(part.language)
        word = _("Proof") if kind is SubjectKind.EVIDENCE else _(kind.label)
        yield Task(kind.value, row.key, word, row.title(part.language), role)


def _conferences(part: HandoverPart, officer: Officer) -> Iterator[Task]:
    """Conferences ahead whose day nobody knows yet."""
    goes = select(Participation.conference_id).where(Participation.officer_id == officer.key)
    found = select(Conference).where(
        or_(Conference.responsible_id == officer.key, col(Conference.id).in_(goes)),
        Conference.status != ConferenceStatus.CANCELLED,
        col(Conference.year) >= part.today.year,
    )
    for row in part.session.exec(found.order_by(col(Conference.year), col(Conference.id))):
        if row.anchor_on is None:
            yield from _open(part, SubjectKind.CONFERENCE, row, row.responsible_id, None, {officer.key})


def _lasting(officer: Officer) -> SelectOfScalar[Evidence]:
    lasting = select(EvidenceRevision.evidence_id).where(
        col(EvidenceRevision.replaced_at).is_(None), col(EvidenceRevision.valid_until).is_(None)
    )
    return select(Evidence).where(
        Evidence.owner_id == officer.key,
        col(Evidence.withdrawn_on).is_(None),
        col(Evidence.id).in_(lasting),
    )
