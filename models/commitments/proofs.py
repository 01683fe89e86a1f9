"""What proves which item: one piece of evidence may prove several. A proof that was taken off stays on record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from sqlalchemy import ColumnElement, and_, case, func
from sqlmodel import Field, Session, col, or_, select

from models.base import Recorded
from models.commitments.checklist import Commitment, CommitmentState, Progress, in_force
from models.commitments.editions import HandbookEdition
from models.evidence.evidence import (
    Evidence,
    EvidenceRevision,
    EvidenceState,
    FileState,
    end_of,
    in_force_on,
)


class CommitmentProof(Recorded, table=True):
    """An item and a piece of evidence that proves it, from `linked_at` until `unlinked_at`."""

    __tablename__ = "commitment_proof"

    commitment_id: int = Field(foreign_key="commitment.id", ondelete="CASCADE", index=True)
    evidence_id: int = Field(foreign_key="evidence.id", ondelete="CASCADE", index=True)
    linked_at: datetime
    linked_by_id: int | None = Field(default=None, foreign_key="officer.id")
    unlinked_at: datetime | None = Field(default=None, index=True)
    unlinked_by_id: int | None = Field(default=None, foreign_key="officer.id")

    def title(self, language: str) -> str:
        return "Nachweis" if language == "de" else "Proof"


def link(
    session: Session, commitment_id: int, evidence_id: int, now: datetime, officer_id: int | None
) -> None:
    """Let the evidence prove the item; nothing happens where it does already."""
    there = select(CommitmentProof.id).where(
        CommitmentProof.commitment_id == commitment_id,
        CommitmentProof.evidence_id == evidence_id,
        col(CommitmentProof.unlinked_at).is_(None),
    )
    if session.exec(there).first() is None:
        proof = CommitmentProof(
            commitment_id=commitment_id, evidence_id=evidence_id, linked_at=now, linked_by_id=officer_id
        )
        session.add(proof)
        session.flush()


def unlink(
    session: Session, commitment_id: int, evidence_id: int, now: datetime, officer_id: int | None
) -> None:
    """The evidence proves the item no longer; that it did stays on record."""
    for proof in session.exec(
        select(CommitmentProof).where(
            CommitmentProof.commitment_id == commitment_id,
            CommitmentProof.evidence_id == evidence_id,
            col(CommitmentProof.unlinked_at).is_(None),
        )
    ):
        proof.unlinked_at, proof.unlinked_by_id = now, officer_id


def proofs_of(session: Session, commitment_id: int) -> list[tuple[Evidence, EvidenceRevision]]:
    """The evidence that proves an item with its revision in force, the newest first; without what was withdrawn."""
    found = (
        select(Evidence, EvidenceRevision)
        .join(CommitmentProof, col(CommitmentProof.evidence_id) == col(Evidence.id))
        .join(EvidenceRevision, col(EvidenceRevision.evidence_id) == col(Evidence.id))
        .where(CommitmentProof.commitment_id == commitment_id, *_in_force())
        .order_by(col(EvidenceRevision.added_at).desc(), col(EvidenceRevision.id).desc())
    )
    return list(session.exec(found).all())


def _in_force() -> tuple[ColumnElement[bool], ...]:
    return (
        col(CommitmentProof.unlinked_at).is_(None),
        col(EvidenceRevision.replaced_at).is_(None),
        col(Evidence.withdrawn_on).is_(None),
    )


def proof_states(
    session: Session, today: date, commitment_ids: Iterable[int] | None = None
) -> dict[int, EvidenceState]:
    """The state of proof of every item that has any, or of these; an item without evidence is not in it (missing).
    One query, however many revisions there are."""
    fresh = or_(col(EvidenceRevision.valid_until).is_(None), col(EvidenceRevision.valid_until) >= today)
    intact = col(EvidenceRevision.file_state) == FileState.INTACT
    best = func.max(case((and_(fresh, intact), 3), (fresh, 2), else_=1))
    query = (
        select(CommitmentProof.commitment_id, best)
        .join(Evidence, col(Evidence.id) == col(CommitmentProof.evidence_id))
        .join(EvidenceRevision, col(EvidenceRevision.evidence_id) == col(Evidence.id))
        .where(*_in_force())
        .group_by(col(CommitmentProof.commitment_id))
    )
    if commitment_ids is not None:
        query = query.where(col(CommitmentProof.commitment_id).in_(list(commitment_ids)))
    states = {3: EvidenceState.PRESENT, 2: EvidenceState.DAMAGED, 1: EvidenceState.EXPIRED}
    return {key: states[level] for key, level in session.exec(query)}


def proven_unchecked(session: Session) -> dict[int, datetime]:
    """Since when each fulfilled item that nobody ever checked has its newest proof. One query."""
    query = (
        select(CommitmentProof.commitment_id, func.max(EvidenceRevision.added_at))
        .join(Evidence, col(Evidence.id) == col(CommitmentProof.evidence_id))
        .join(EvidenceRevision, col(EvidenceRevision.evidence_id) == col(Evidence.id))
        .join(Commitment, col(Commitment.id) == col(CommitmentProof.commitment_id))
        .where(
            *_in_force(),
            Commitment.state == CommitmentState.FULFILLED,
            col(Commitment.checked_on).is_(None),
        )
        .group_by(col(CommitmentProof.commitment_id))
    )
    return dict(session.exec(query).all())


def is_proven(item: Commitment, proofs: dict[int, EvidenceState]) -> bool:
    """Whether an item has evidence that is valid today."""
    return proofs.get(item.key) is EvidenceState.PRESENT


def is_proven_on(today: date) -> ColumnElement[bool]:
    """The condition, in a query over items, under which an item has evidence that is valid on this day."""
    valid = (
        select(CommitmentProof.commitment_id)
        .join(Evidence, col(Evidence.id) == col(CommitmentProof.evidence_id))
        .join(EvidenceRevision, col(EvidenceRevision.evidence_id) == col(Evidence.id))
        .where(
            *_in_force(),
            or_(col(EvidenceRevision.valid_until).is_(None), col(EvidenceRevision.valid_until) >= today),
            EvidenceRevision.file_state == FileState.INTACT,
        )
    )
    return col(Commitment.id).in_(valid)


def progress_of(session: Session, edition: HandbookEdition, today: date) -> Progress:
    """Handled = no longer open; proven = fulfilled with evidence that is valid today. Counted by the database."""
    state = col(Commitment.state)
    handled = func.sum(case((state != CommitmentState.OPEN, 1), else_=0))
    proven = func.sum(case(((state == CommitmentState.FULFILLED) & is_proven_on(today), 1), else_=0))
    counted = select(func.count(), handled, proven).where(Commitment.edition_id == edition.key)
    return Progress(*(int(number or 0) for number in session.exec(counted).one()))


def items_of(session: Session, evidence_id: int) -> list[Commitment]:
    """The items in force that a piece of evidence proves."""
    found = (
        select(Commitment)
        .join(CommitmentProof, col(CommitmentProof.commitment_id) == col(Commitment.id))
        .where(
            CommitmentProof.evidence_id == evidence_id, col(CommitmentProof.unlinked_at).is_(None), in_force()
        )
        .order_by(col(Commitment.edition_id), col(Commitment.position), col(Commitment.id))
    )
    return list(session.exec(found).unique())


def items_of_other_editions(session: Session, evidence_id: int) -> list[tuple[Commitment, HandbookEdition]]:
    """The items of superseded editions that a piece of evidence proves: readable, and never changed."""
    found = (
        select(Commitment, HandbookEdition)
        .join(CommitmentProof, col(CommitmentProof.commitment_id) == col(Commitment.id))
        .join(HandbookEdition, col(HandbookEdition.id) == col(Commitment.edition_id))
        .where(
            CommitmentProof.evidence_id == evidence_id,
            col(CommitmentProof.unlinked_at).is_(None),
            ~in_force(),
        )
        .order_by(col(HandbookEdition.id).desc(), col(Commitment.position), col(Commitment.id))
    )
    return list(session.exec(found).all())


def numbers_of_items(session: Session, evidence_ids: Iterable[int]) -> dict[int, int]:
    """How many items in force each of these pieces of evidence proves; those that prove none are left out."""
    found = (
        select(CommitmentProof.evidence_id, func.count())
        .join(Commitment, col(Commitment.id) == col(CommitmentProof.commitment_id))
        .where(
            col(CommitmentProof.evidence_id).in_(list(evidence_ids)),
            col(CommitmentProof.unlinked_at).is_(None),
            in_force(),
        )
        .group_by(col(CommitmentProof.evidence_id))
    )
    return dict(session.exec(found).all())


def taken_off(session: Session, evidence_id: int) -> list[tuple[CommitmentProof, Commitment]]:
    """The items that a piece of evidence proved once and no longer does, the latest first."""
    found = (
        select(CommitmentProof, Commitment)
        .join(Commitment, col(Commitment.id) == col(CommitmentProof.commitment_id))
        .where(CommitmentProof.evidence_id == evidence_id, col(CommitmentProof.unlinked_at).is_not(None))
        .order_by(col(CommitmentProof.unlinked_at).desc(), col(CommitmentProof.id).desc())
    )
    return list(session.exec(found))


@dataclass(frozen=True)
class LayHere:
    """A revision that lay here on a day, and the item that it proved then; None where it proved none."""

    item: Commitment | None
    evidence: Evidence
    revision: EvidenceRevision

    def was_valid(self, day: date) -> bool:
        return self.revision.valid_until is None or self.revision.valid_until >= day


def lay_here_on(session: Session, day: date, zone: tzinfo, commitment_id: int | None = None) -> list[LayHere]:
    """Which proof lay here at the end of this day (in the city's zone), in the order of the checklist: revisions in
    force then, with the items they were linked to then. What was deleted since is not known any more."""
    end = end_of(day, zone)
    was_linked = and_(
        col(CommitmentProof.evidence_id) == col(Evidence.id),
        col(CommitmentProof.linked_at) < end,
        or_(col(CommitmentProof.unlinked_at).is_(None), col(CommitmentProof.unlinked_at) >= end),
    )
    found = (
        select(Evidence, EvidenceRevision, Commitment)
        .join(EvidenceRevision, col(EvidenceRevision.evidence_id) == col(Evidence.id))
        .join(CommitmentProof, was_linked, isouter=True)
        .join(Commitment, col(Commitment.id) == col(CommitmentProof.commitment_id), isouter=True)
        .where(*in_force_on(day, zone))
        .order_by(
            col(Commitment.id).is_(None), col(Commitment.edition_id), col(Commitment.position), col(Commitment.id),
            col(Evidence.name), col(Evidence.id),
        )
    )  # fmt: skip
    if commitment_id is not None:
        found = found.where(col(Commitment.id) == commitment_id)
    return [LayHere(item, evidence, revision) for evidence, revision, item in session.exec(found)]
