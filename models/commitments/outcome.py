"""What became of an old item's answer, and how many items each edition has."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from models.commitments.carry_over import CarryOver, Decision
from models.commitments.checklist import Commitment
from models.commitments.editions import EditionState, HandbookEdition


@dataclass(frozen=True)
class Outcome:
    """The decision that came true when `edition` came into force; `to` is the new item, if it was taken over."""

    decision: CarryOver
    edition: HandbookEdition
    to: Commitment | None


def outcome_of(session: Session, item: Commitment) -> Outcome | None:
    """What became of an item of a superseded edition; None if nothing had been answered there."""
    found = session.exec(
        select(CarryOver, HandbookEdition)
        .join(HandbookEdition, col(HandbookEdition.id) == col(CarryOver.edition_id))
        .where(CarryOver.from_id == item.key, HandbookEdition.state != EditionState.DRAFT)
    ).first()
    if found is None:
        return None
    decision, edition = found
    return Outcome(decision, edition, session.get(Commitment, decision.to_id) if decision.to_id else None)


def item_on(session: Session, item: Commitment, day: date) -> Commitment:
    """Where the item's answer stood at the end of a day: in the item itself, or, before its edition came into force, in
    that of an older edition from which it was taken over."""
    edition = session.get_one(HandbookEdition, item.edition_id)
    if edition.adopted_on is None or edition.adopted_on <= day:
        return item
    taken_over = select(CarryOver.from_id).where(
        CarryOver.to_id == item.key, CarryOver.decision == Decision.CONFIRMED
    )
    before = session.get(Commitment, session.exec(taken_over).first() or 0)
    return item if before is None else item_on(session, before, day)


def item_counts(session: Session) -> dict[int, int]:
    """Edition -> number of items."""
    query = select(Commitment.edition_id, func.count()).group_by(col(Commitment.edition_id))
    return dict(session.exec(query).all())
