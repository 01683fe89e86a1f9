"""What a list of places would change, before anything is changed; and importing it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from models.base import N_
from models.folding import fold
from models.imports.applying import apply
from models.imports.batches import ImportBatch
from models.imports.columns import put
from models.imports.plan import Left, PlannedRow, Remark, check_targets
from models.place_list.hand_edits import hand_edits
from models.place_list.matching import KnownPlaces
from models.place_list.reading import PlaceList
from models.place_list.row_plan import (
    KIND,
    Answers,
    Circumstances,
    ListDay,
    PlannedPlace,
    mentioned_by,
    plan_row,
)
from models.places import Activity, Membership, Place, free_slug, places

NO_ANSWERS = Answers()
NEW_TWICE = N_("The new place stands in several rows: {rows}. Please keep one of them.")


class Vanished(StrEnum):
    """What a person decides about a member that the list does not name."""

    STAYS = ""
    INACTIVE = "inactive"
    LEFT = "left"


@dataclass
class ListPlan:
    """What a list would do. `vanished` are members here that it does not name."""

    rows: list[PlannedPlace]
    vanished: list[Place] = field(default_factory=list)

    @property
    def faulty(self) -> list[PlannedPlace]:
        return [row for row in self.rows if row.faults]

    @property
    def made(self) -> list[PlannedPlace]:
        return [row for row in self.rows if row.is_effective and row.is_new]

    @property
    def asked(self) -> list[PlannedPlace]:
        """Rows that may mean a stored place of a similar name; unless a person says so they are left out."""
        return [row for row in self.rows if row.alike is not None and not row.faults]

    @property
    def changed(self) -> list[PlannedPlace]:
        """Rows with a difference that a person wants to see, held ones among them."""
        return [
            row for row in self.rows
            if not row.faults and not row.is_new and ((row.is_effective and not row.is_only_confirmed) or row.held)
        ]  # fmt: skip

    @property
    def confirmed(self) -> list[PlannedPlace]:
        return [row for row in self.rows if row.is_only_confirmed and not row.held]

    @property
    def unchanged(self) -> int:
        return sum(
            not row.faults and not row.is_effective and not row.held and row.alike is None
            for row in self.rows
        )

    @property
    def seen(self) -> str:
        """The versions that a preview shows, to be sent back with the order to import."""
        asked = [row.alike for row in self.rows if row.alike is not None]
        rows = [f"{row.subject_id}:{row.version}" for row in self.rows if row.subject_id]
        return " ".join([*rows, *(f"{place.key}:{place.version}" for place in [*asked, *self.vanished])])


def plan_list(session: Session, found: PlaceList, day: ListDay, answers: Answers = NO_ANSWERS) -> ListPlan:
    """What the list would change as things stand, and after what a person answered in the preview."""
    known = KnownPlaces(places(session))
    around = Circumstances(known, hand_edits(session), day, found.format, found.names("as_of"), answers)
    rows = [plan_row(row, around) for row in found.rows]
    check_targets(list[PlannedRow](rows))
    _check_new(rows)
    named: set[int] = set()
    for row in found.rows:
        named |= mentioned_by(row, known)
    named |= {row.subject_id for row in rows if row.subject_id}
    named |= {row.alike.key for row in rows if row.alike is not None}
    members = (place for place in known.all if place.membership is Membership.MEMBER)
    return ListPlan(rows, [place for place in members if place.key not in named])


def _check_new(rows: list[PlannedPlace]) -> None:
    """A new place may stand in one row only."""
    meant: dict[tuple[str, str], list[PlannedPlace]] = {}
    for row in rows:
        if row.is_new and row.is_effective:
            meant.setdefault((fold(row.after["name"]), row.after["country_code"]), []).append(row)
    for same in meant.values():
        if len(same) > 1:
            numbers = ", ".join(str(row.number) for row in same)
            for row in same:
                row.faults.append(Remark(NEW_TWICE, {"rows": numbers}))


def decided(plan: ListPlan, decisions: Mapping[int, Vanished], day: ListDay) -> list[PlannedPlace]:
    """What a person decided about members that vanished from the list, as rows; who stays is none."""
    rows = []
    for place in plan.vanished:
        decision = decisions.get(place.key, Vanished.STAYS)
        if decision is Vanished.STAYS:
            continue
        column, value = (
            ("activity", Activity.INACTIVE)
            if decision is Vanished.INACTIVE
            else ("membership", Membership.NOT_MEMBER)
        )
        row = PlannedPlace(0, place.name, KIND, place.key, place.version)
        row.after = {
            column: value.value,
            "as_of": max(day.as_of, place.as_of),
            "source": day.added_to(place.source),
        }
        rows.append(row)
    return rows


def apply_list(
    session: Session,
    batch: ImportBatch,
    rows: list[PlannedPlace],
    seen: Mapping[int, int],
    now: datetime,
) -> list[Left]:
    """Import the rows without a fault, all in one transaction, and answer those that were left. The caller commits."""

    def make(planned: PlannedRow) -> Place:
        slug = str(planned.after.get("slug", ""))
        place = Place()
        put(place, {name: value for name, value in planned.after.items() if name != "slug"})
        place.version = 1
        place.slug = free_slug(session, place.name, slug)
        return place

    return apply(session, batch, list[PlannedRow](rows), seen, now, make, lambda _planned, _row: ())
