"""The task list: the phases of a case, their items counted by the database, and what is next in each."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case
from sqlalchemy import select as choose
from sqlmodel import Session, col, func, select

from models.application.phases import Phase, PhaseState, phase_state, phases, unfinished_before
from models.commitments.checklist import Commitment, CommitmentState, in_force
from models.commitments.proofs import is_proven_on


@dataclass(frozen=True)
class PhaseRow:
    """A phase as the task list shows it: how many items it has; how many of these are no longer open, fulfilled with
    valid proof, not applying."""

    phase: Phase
    state: PhaseState
    waiting_for: list[Phase]
    items: int
    handled: int
    proven: int
    dropped: int

    @property
    def unproven(self) -> int:
        return self.items - self.proven - self.dropped


def phase_rows(session: Session, today: date, application_id: int | None = None) -> list[PhaseRow]:
    """The phases of a case, or of the first one, with their items counted by the database: four queries, however many
    items there are."""
    waiting, numbers = unfinished_before(session), _items_by_phase(session, today)
    rows = []
    for phase in phases(session, application_id):
        before = waiting.get(phase.key, [])
        rows.append(
            PhaseRow(phase, phase_state(phase, before), before, *numbers.get(phase.key, (0, 0, 0, 0)))
        )
    return rows


def _items_by_phase(session: Session, today: date) -> dict[int, tuple[int, int, int, int]]:
    """For each phase its items in force: all, no longer open, fulfilled with valid proof, and not applying."""
    fulfilled = col(Commitment.state) == CommitmentState.FULFILLED
    counted = (
        choose(
            col(Commitment.phase_id),
            func.count(),
            func.sum(case((col(Commitment.state) != CommitmentState.OPEN, 1), else_=0)),
            func.sum(case((fulfilled & is_proven_on(today), 1), else_=0)),
            func.sum(case((col(Commitment.state) == CommitmentState.DROPPED, 1), else_=0)),
        )
        .where(col(Commitment.phase_id).is_not(None), in_force())
        .group_by(col(Commitment.phase_id))
    )
    rows = session.connection().execute(counted)
    return {
        key: (int(all_), int(one), int(two), int(dropped)) for key, all_, one, two, dropped in rows if key
    }


def items_of_phase(session: Session, phase_id: int, limit: int | None = None) -> list[Commitment]:
    """The items in force of a phase, those that are still open first."""
    closed = col(Commitment.state).in_((CommitmentState.FULFILLED, CommitmentState.DROPPED))
    found = select(Commitment).where(Commitment.phase_id == phase_id, in_force())
    return list(
        session.exec(found.order_by(closed, col(Commitment.position), col(Commitment.id)).limit(limit))
    )


def next_items(
    session: Session, phase_ids: list[int], today: date, for_each: int
) -> dict[int, list[Commitment]]:
    """For each of these phases the first items that are not fulfilled with valid proof: what must be done next."""
    if not phase_ids:
        return {}
    place = func.row_number().over(
        partition_by=col(Commitment.phase_id), order_by=(col(Commitment.position), col(Commitment.id))
    )
    fulfilled = col(Commitment.state) == CommitmentState.FULFILLED
    numbered = (
        select(col(Commitment.id).label("id"), place.label("place"))
        .where(
            col(Commitment.phase_id).in_(phase_ids),
            in_force(),
            col(Commitment.state) != CommitmentState.DROPPED,
            ~(fulfilled & is_proven_on(today)),
        )
        .subquery()
    )
    rows = session.exec(
        select(Commitment)
        .join(numbered, numbered.c.id == col(Commitment.id))
        .where(numbered.c.place <= for_each)
        .order_by(col(Commitment.position), col(Commitment.id))
    )
    found: dict[int, list[Commitment]] = {}
    for item in rows:
        found.setdefault(item.phase_id or 0, []).append(item)
    return found
