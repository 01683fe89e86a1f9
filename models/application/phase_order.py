"""Which phase comes before which, and what follows from that for their dates; phases in a circle could never begin."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from models.application.phases import Phase, PhaseOrder, phases


class CircleError(Exception):
    """Phases would wait for each other. `way` names the circle, its first phase again at the end."""

    def __init__(self, way: list[Phase]) -> None:
        super().__init__("phases wait for each other")
        self.way = way


@dataclass(frozen=True)
class DateConflict:
    """A day does not fit another phase: that one comes before and is due later, or comes after and is due earlier."""

    other: Phase
    comes_before: bool


def order_of(session: Session, application_id: int) -> dict[int, set[int]]:
    """For each phase of a case (id) the phases that come directly before it."""
    found: dict[int, set[int]] = {phase.key: set() for phase in phases(session, application_id)}
    rows = select(PhaseOrder).join(Phase, col(Phase.id) == col(PhaseOrder.phase_id))
    for row in session.exec(rows.where(Phase.application_id == application_id)):
        found[row.phase_id].add(row.before_id)
    return found


def circle(before: Mapping[int, Collection[int]], phase: int, wanted: Iterable[int]) -> list[int]:
    """The circle that would come about if `phase` came after `wanted`: from the phase back to itself. Empty without."""
    ways = [[phase, first] for first in wanted]
    seen: set[int] = set()
    while ways:
        way = ways.pop()
        if way[-1] == phase:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [[*way, further] for further in before.get(way[-1], ())]
    return []


def all_before(before: Mapping[int, Collection[int]], phase: int) -> set[int]:
    """Every phase that comes before, directly or through others."""
    found: set[int] = set()
    rest = list(before.get(phase, ()))
    while rest:
        one = rest.pop()
        if one not in found:
            found.add(one)
            rest += before.get(one, ())
    return found


def date_conflict(
    session: Session, phase: Phase, due_on: date | None, wanted: Collection[int] | None = None
) -> DateConflict | None:
    """Whether this due date lies before that of a phase that comes before, or after that of one that comes after.
    Closed phases bind nobody any more. `wanted`: what would come directly before, if that is to change."""
    if due_on is None:
        return None
    before = order_of(session, phase.application_id)
    if wanted is not None:
        before[phase.key] = set(wanted)
    earlier = all_before(before, phase.key)
    later = {other for other in before if phase.key in all_before(before, other)}
    for other in phases(session, phase.application_id):
        if other.due_on is None or other.closed_on is not None:
            continue
        if other.key in earlier and other.due_on > due_on:
            return DateConflict(other, True)
        if other.key in later and other.due_on < due_on:
            return DateConflict(other, False)
    return None


def find_circle(session: Session, phase: Phase, wanted: Collection[int]) -> list[Phase]:
    """The circle that would come about if the phase came after these, itself at both ends; empty without one."""
    named = {row.key: row for row in phases(session, phase.application_id)}
    way = circle(order_of(session, phase.application_id), phase.key, wanted)
    return [named[key] for key in way if key in named]


def set_before(session: Session, phase: Phase, wanted: Collection[int]) -> None:
    """Let the phase come after these. Raises CircleError, with nothing changed, if they wait for it themselves."""
    way = find_circle(session, phase, wanted)
    if way:
        raise CircleError(way)
    known = {row.key for row in phases(session, phase.application_id)}
    for row in session.exec(select(PhaseOrder).where(PhaseOrder.phase_id == phase.key)).all():
        if row.before_id not in wanted:
            session.delete(row)
        known.discard(row.before_id)
    session.add_all(PhaseOrder(phase_id=phase.key, before_id=key) for key in wanted if key in known)
    session.flush()


def add_phase(session: Session, phase: Phase) -> Phase:
    """Store a new phase at the end of its case; its key in files is made up."""
    last = select(func.max(Phase.position)).where(Phase.application_id == phase.application_id)
    phase.position = (session.exec(last).one() or 0) + 1
    phase.code = f"own-{uuid.uuid4().hex[:8]}"
    session.add(phase)
    session.flush()
    return phase


def shift(session: Session, phase: Phase, steps: int) -> None:
    """Move a phase so many places down its list (negative: up); the others close up. Only the list changes by that,
    not what comes before what."""
    rows = phases(session, phase.application_id)
    here = next(number for number, row in enumerate(rows) if row.key == phase.key)
    place = min(max(here + steps, 0), len(rows) - 1)
    rows.insert(place, rows.pop(here))
    for number, row in enumerate(rows):
        if row.position != number:
            row.position = number
    session.flush()


def join_around(session: Session, phase: Phase) -> None:
    """Before a phase is deleted: what came after it comes after what came before it, so that no way is lost."""
    before = order_of(session, phase.application_id)
    for other, direct in before.items():
        if phase.key in direct:
            for key in before[phase.key] - direct:
                session.add(PhaseOrder(phase_id=other, before_id=key))
    session.flush()
