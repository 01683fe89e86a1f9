"""The answers of the edition in force beside a draft: what a person must decide, and what was decided.

Only decisions are stored. The answers themselves stay where they are and are copied when the draft comes into force, so
that what is done meanwhile is not lost; an answer that changed after its decision is asked for once more.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session, col, func, select

from models.audit import Action, AuditEntry
from models.base import N_
from models.comments import Comment
from models.commitments.carry_over import CarryOver, Decision
from models.commitments.checklist import Commitment, CommitmentState, commitments
from models.commitments.differences import WORDS, Change, Difference, differences
from models.commitments.edition_items import words_of
from models.commitments.editions import EditionState, HandbookEdition
from models.commitments.proofs import CommitmentProof
from models.followups import FollowUp

# What the city answered: these columns go over.
ANSWER = (
    "state",
    "drop_reason",
    "responsible_id",
    "deputy_id",
    "due_on",
    "file_number",
    "record_url",
    "note",
)
CHECK = ("checked_on", "checked_by_id")


class CannotDecideError(Exception):
    """This decision cannot be taken; `msgid` says why."""

    def __init__(self, msgid: str) -> None:
        super().__init__(msgid)
        self.msgid = msgid


@dataclass(frozen=True)
class Hanging:
    """What hangs on an edition's items: commitment id -> number."""

    proofs: Mapping[int, int] = field(default_factory=Counter)
    follow_ups: Mapping[int, int] = field(default_factory=Counter)  # open ones
    comments: Mapping[int, int] = field(default_factory=Counter)

    def on(self, key: int) -> tuple[int, int, int]:
        return self.proofs.get(key, 0), self.follow_ups.get(key, 0), self.comments.get(key, 0)


@dataclass(frozen=True)
class Row:
    """One old item, what became of its words, and what was decided. `new`: the item with its key, or a proposal."""

    old: Commitment
    difference: Difference
    new: Commitment | None
    is_answered: bool
    decision: CarryOver | None
    is_overtaken: bool  # changed after it was decided

    @property
    def is_decided(self) -> bool:
        return self.decision is not None and not self.is_overtaken

    @property
    def is_plain(self) -> bool:
        """Whether several of this kind may be confirmed at once: the words are the same, or the item is our own."""
        return self.old.is_own or self.difference.change is Change.SAME


@dataclass(frozen=True)
class Comparison:
    """The edition in force beside a draft."""

    rows: list[Row]
    new: list[Commitment]  # items of the draft that no old one has the key of
    hanging: Hanging

    @property
    def undecided(self) -> list[Row]:
        """What is missing before the draft can come into force."""
        return [row for row in self.rows if row.is_answered and not row.is_decided]


def compare(
    session: Session, old: HandbookEdition, draft: HandbookEdition, phase_codes: Mapping[int, str]
) -> Comparison:
    """Both editions item by item, in a fixed number of queries. Own items of the city stand at the end."""
    old_items, new_items = commitments(session, edition=old), commitments(session, edition=draft)
    theirs = [item for item in old_items if not item.is_own]
    by_code = {item.code: item for item in new_items}
    hanging = _hanging(session, old)
    decided = decisions(session, draft)
    overtaken = _overtaken(session, decided.values())

    def row(item: Commitment, difference: Difference) -> Row:
        new = by_code.get(difference.new.code) if difference.new else None
        answered = item.is_own or is_answered(item) or any(hanging.on(item.key))
        return Row(item, difference, new, answered, decided.get(item.key), item.key in overtaken)

    found = differences(
        [words_of(item, phase_codes) for item in theirs], [words_of(item, phase_codes) for item in new_items]
    )
    rows = [row(item, found[number]) for number, item in enumerate(theirs)]
    for item in old_items:
        if item.is_own:
            words = words_of(item, phase_codes)
            rows.append(row(item, Difference(Change.SAME, words, None)))
    new = [by_code[d.new.code] for d in found if d.change is Change.NEW and d.new is not None]
    return Comparison(rows, new, hanging)


def is_answered(item: Commitment) -> bool:
    """Whether somebody entered anything on this item."""
    if item.state is not CommitmentState.OPEN or item.checked_on is not None:
        return True
    return any(getattr(item, name) not in (None, "") for name in ANSWER if name != "state")


def _hanging(session: Session, edition: HandbookEdition) -> Hanging:
    mine = select(Commitment.id).where(Commitment.edition_id == edition.key)
    proofs = select(CommitmentProof.commitment_id, func.count()).where(
        col(CommitmentProof.commitment_id).in_(mine), col(CommitmentProof.unlinked_at).is_(None)
    )
    follow_ups = select(FollowUp.subject_id, func.count()).where(
        FollowUp.subject_kind == "commitment",
        col(FollowUp.subject_id).in_(mine),
        col(FollowUp.done_on).is_(None),
    )
    comments = select(Comment.subject_id, func.count()).where(
        Comment.subject_kind == "commitment", col(Comment.subject_id).in_(mine)
    )
    return Hanging(
        dict(session.exec(proofs.group_by(col(CommitmentProof.commitment_id))).all()),
        dict(session.exec(follow_ups.group_by(col(FollowUp.subject_id))).all()),
        dict(session.exec(comments.group_by(col(Comment.subject_id))).all()),
    )


def decisions(session: Session, draft: HandbookEdition) -> dict[int, CarryOver]:
    """What was decided for an edition, by the old item."""
    found = session.exec(select(CarryOver).where(CarryOver.edition_id == draft.key))
    return {decision.from_id: decision for decision in found}


def _overtaken(session: Session, decided: Iterable[CarryOver]) -> set[int]:
    """Old items whose answer, proofs or new words were changed after the decision about them. The history tells: its
    entries are numbered in the order in which they were written."""
    of_draft = {decision.key: decision for decision in decided}
    written = select(AuditEntry.subject_id, func.max(AuditEntry.id)).where(
        AuditEntry.subject_kind == "carry_over", AuditEntry.action != Action.DELETED
    )
    when = {
        of_draft[key].from_id: number or 0
        for key, number in session.exec(written.group_by(col(AuditEntry.subject_id)))
        if key in of_draft
    }
    if not when:
        return set()
    old_of = {decision.to_id: decision.from_id for decision in of_draft.values() if decision.to_id}
    since = select(AuditEntry.subject_id, AuditEntry.id, AuditEntry.changes).where(
        AuditEntry.subject_kind == "commitment", col(AuditEntry.id) > min(when.values())
    )
    changed = []
    for key, number, columns in session.exec(since):
        if key in when:
            changed.append((key, number))
        elif key in old_of and any(name in columns for name in WORDS):
            changed.append((old_of[key], number))
    proofs = (
        select(CommitmentProof.commitment_id, AuditEntry.id)
        .join(AuditEntry, col(AuditEntry.subject_id) == col(CommitmentProof.id))
        .where(AuditEntry.subject_kind == "commitment_proof", col(AuditEntry.id) > min(when.values()))
    )
    changed += session.exec(proofs).all()
    return {key for key, number in changed if (number or 0) > when.get(key, number or 0)}


def decide(
    session: Session,
    draft: HandbookEdition,
    old: Commitment,
    decision: Decision,
    today: date,
    *,
    to: Commitment | None = None,
    reason: str = "",
) -> CarryOver:
    """Note what a person decided about one answer; another decision replaces the one before. An own item of the city is
    copied with its words and needs no new item. Raises CannotDecideError."""
    if draft.state is not EditionState.DRAFT:
        raise CannotDecideError(N_("This edition is no draft any more."))
    if decision is Decision.REFUSED and not reason:
        raise CannotDecideError(N_("Please say why the answer is not taken over."))
    if decision is Decision.REFUSED or old.is_own:
        to = None
    elif to is None or to.edition_id != draft.key:
        raise CannotDecideError(N_("Please choose the new item that gets the answer."))
    if to is not None and _is_taken(session, draft, old, to):
        raise CannotDecideError(
            N_(
                "This new item gets another answer already. Take that back first, or do not take this one over."
            )
        )
    found = decisions(session, draft).get(old.key)
    if found is not None:  # a new row, so that the history tells when it was decided
        session.delete(found)
        session.flush()
    made = CarryOver(
        edition_id=draft.key,
        from_id=old.key,
        to_id=to.key if to else None,
        decision=decision,
        reason=reason,
        decided_on=today,
        decided_by_id=session.info.get("officer_id"),
    )
    session.add(made)
    session.flush()
    return made


def _is_taken(session: Session, draft: HandbookEdition, old: Commitment, to: Commitment) -> bool:
    query = select(CarryOver.id).where(
        CarryOver.edition_id == draft.key, CarryOver.to_id == to.key, CarryOver.from_id != old.key
    )
    return session.exec(query).first() is not None


def take_back(session: Session, draft: HandbookEdition, old: Commitment) -> None:
    """Forget a decision while the edition is a draft. Raises CannotDecideError."""
    if draft.state is not EditionState.DRAFT:
        raise CannotDecideError(N_("This edition is no draft any more."))
    found = decisions(session, draft).get(old.key)
    if found is not None:
        session.delete(found)
        session.flush()
