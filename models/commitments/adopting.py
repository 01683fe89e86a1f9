"""A draft comes into force: the confirmed answers are copied to its items, the old edition stays as it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from models.comments import Comment
from models.commitments.carry_over import CarryOver, Decision
from models.commitments.checklist import Commitment, add_own, commitments
from models.commitments.differences import WORDS, changed_fields
from models.commitments.edition_items import renew_hash, words_of
from models.commitments.editions import EditionState, HandbookEdition
from models.commitments.proofs import CommitmentProof, link
from models.commitments.taking_over import ANSWER, CHECK, Comparison, compare
from models.database import check_version
from models.followups import FollowUp


class StillUndecidedError(Exception):
    """Answers of the old edition wait for a decision."""

    def __init__(self, comparison: Comparison) -> None:
        super().__init__(f"{len(comparison.undecided)} answers are not decided")
        self.comparison = comparison


@dataclass(frozen=True)
class Adopted:
    """What was done."""

    answers: int
    refused: int
    follow_ups: int
    comments: int


def adopt(
    session: Session,
    old: HandbookEdition,
    draft: HandbookEdition,
    now: datetime,
    today: date,
    phase_codes: Mapping[int, str],
    *,
    with_follow_ups: bool,
    with_comments: bool,
) -> Adopted:
    """Put a draft in force in one transaction and supersede `old`, of which no item, answer or proof is changed. Open
    follow-ups and comments move to the new items if wanted. Raises StillUndecidedError, with nothing done, and
    OutdatedError if somebody else was faster."""
    comparison = compare(session, old, draft, phase_codes)
    if comparison.undecided:
        raise StillUndecidedError(comparison)
    for edition in (old, draft):  # who puts another draft, or this one, in force at the same moment is told
        check_version(session, edition, edition.version)
    session.info["reason"] = f"Neue Ausgabe: {draft.name}"
    new_items = {item.key: item for item in commitments(session, edition=draft)}
    codes = {item.code for item in new_items.values()}
    proofs = _proofs(session, old)
    moved: dict[int, int] = {}
    refused = 0
    for row in comparison.rows:
        decision = row.decision
        if decision is None or decision.decision is Decision.REFUSED:
            refused += decision is not None
            continue
        if row.old.is_own:
            target = _copy_of_own(session, row.old, draft, codes)
            decision.to_id = target.key
        else:
            target = new_items[decision.to_id or 0]
            _copy_answer(row.old, target, decision, phase_codes)
        moved[row.old.key] = target.key
        for evidence_id in proofs.get(row.old.key, ()):
            link(session, target.key, evidence_id, now, decision.decided_by_id)
    session.flush()
    follow_ups = _move_follow_ups(session, moved) if with_follow_ups else 0
    comments = _move_comments(session, moved) if with_comments else 0
    old.state = EditionState.SUPERSEDED
    session.flush()
    draft.state, draft.adopted_on = EditionState.CURRENT, today
    renew_hash(session, draft, phase_codes)
    session.flush()
    return Adopted(len(moved), refused, follow_ups, comments)


def _proofs(session: Session, old: HandbookEdition) -> dict[int, list[int]]:
    """The evidence that proves the old items today: item -> evidence."""
    query = (
        select(CommitmentProof.commitment_id, CommitmentProof.evidence_id)
        .join(Commitment, col(Commitment.id) == col(CommitmentProof.commitment_id))
        .where(Commitment.edition_id == old.key, col(CommitmentProof.unlinked_at).is_(None))
        .order_by(col(CommitmentProof.id))
    )
    found: dict[int, list[int]] = {}
    for item_id, evidence_id in session.exec(query):
        found.setdefault(item_id, []).append(evidence_id)
    return found


def _copy_answer(
    old: Commitment, target: Commitment, decision: CarryOver, phase_codes: Mapping[int, str]
) -> None:
    """Where the words changed, who confirmed the answer is who looked at it last."""
    for name in ANSWER:
        setattr(target, name, getattr(old, name))
    fields = changed_fields(words_of(old, phase_codes), words_of(target, phase_codes))
    if any(name in WORDS for name in fields):
        target.checked_on, target.checked_by_id = decision.decided_on, decision.decided_by_id
    else:
        for name in CHECK:
            setattr(target, name, getattr(old, name))
    target.version += 1


def _copy_of_own(session: Session, old: Commitment, draft: HandbookEdition, taken: set[str]) -> Commitment:
    kept = old.model_dump(exclude={"id", "version", "edition_id", "search_text", "sort_key"})
    copied = Commitment(**kept, edition_id=draft.key)
    if copied.code in taken:  # an Excel file of the old edition was read into the draft
        return add_own(session, copied)
    session.add(copied)
    session.flush()
    return copied


def _move_follow_ups(session: Session, moved: Mapping[int, int]) -> int:
    """Open follow-ups speak of the new item from now on; those that are done stay with the old one."""
    query = select(FollowUp).where(FollowUp.subject_kind == "commitment", col(FollowUp.done_on).is_(None))
    found = [row for row in session.exec(query) if row.subject_id in moved]
    for row in found:
        row.subject_id = moved[row.subject_id]
        row.version += 1
    session.flush()
    return len(found)


def _move_comments(session: Session, moved: Mapping[int, int]) -> int:
    query = select(Comment).where(Comment.subject_kind == "commitment")
    found = [row for row in session.exec(query) if row.subject_id in moved]
    for row in found:
        row.subject_id = moved[row.subject_id]
    session.flush()
    return len(found)
