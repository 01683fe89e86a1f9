"""One row of a list of places on its way to a planned row: what it would change, and what is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from models.audit import plain
from models.base import CODE, N_, NAME, NOTE
from models.imports.plan import PlannedRow, Remark
from models.imports.values import CellFaultError
from models.language import LANGUAGES
from models.place_list.columns import BY_NAME, SLUG, ListColumn
from models.place_list.hand_edits import HandEdit, HandEdits
from models.place_list.matching import KnownPlaces
from models.place_list.reading import ListFormat, ListRow
from models.places import NULL_ISLAND, Activity, Certainty, Membership, Place, PlaceType

KIND = "place"
_STATE = ("membership", "activity")

NO_NAME = N_("A place needs a name.")
NO_COUNTRY = N_("A new place needs a country.")
ONE_DEGREE = N_("Please give latitude and longitude, or neither.")
SAME_YEAR = N_("Both years of joining are the same.")
NEW_PLACE = N_("A new place.")
NO_MEMBERSHIP = N_("The list does not say whether it is a member.")
NEWER_HERE = N_("A newer state is stored here: {as_of}.")


@dataclass(frozen=True)
class ListDay:
    """Which list it is: the day that its state is of (ISO), and how sources name it."""

    as_of: str
    name: str

    @property
    def note(self) -> str:
        return f"{self.name} ({self.as_of})"

    def added_to(self, source: str) -> str:
        """A source with this list named in it, in the place of an earlier edition of the same list."""
        parts = [part.strip() for part in source.split(" | ") if part.strip()]
        kept = [part for part in parts if not part.startswith(f"{self.name} (")]
        return " | ".join([*kept, self.note])[:NOTE]


@dataclass(frozen=True)
class Held:
    """A value that an officer set by hand: the list offers another one."""

    column: str
    before: Any
    offered: Any
    edit: HandEdit


class Likeness(StrEnum):
    """What a person decides about a row that may mean a stored place of a similar name."""

    LEFT_OUT = ""
    SAME = "same"
    NEW = "new"


@dataclass
class PlannedPlace(PlannedRow):
    """A planned row of a list of places. `held` stay as they are, unless a person takes the list's values. `alike` is a
    stored place that may be the same one: a person is asked."""

    held: list[Held] = field(default_factory=list)
    alike: Place | None = None

    @property
    def is_only_confirmed(self) -> bool:
        """Whether the list says what is stored already, only with a newer day."""
        return self.is_effective and not self.is_new and set(self.after) <= {"as_of", "source"}


@dataclass(frozen=True)
class Circumstances:
    """What is the same for all rows of a list."""

    known: KnownPlaces
    edits: HandEdits
    day: ListDay
    format: ListFormat
    gives_as_of: bool
    answers: "Answers"


@dataclass(frozen=True)
class Answers:
    """What a person answered in the preview: `taken` are rows whose held values give way to the list's, `likeness` says
    of a row whether it is the stored place of a similar name."""

    taken: frozenset[int] = frozenset()
    likeness: Mapping[int, Likeness] = field(default_factory=dict)


def plan_row(row: ListRow, around: Circumstances) -> PlannedPlace:
    """What one row would change."""
    planned = PlannedPlace(row.number, _raw(row, "name", NAME), KIND)
    given = {
        name: value for name in row.cells if (value := _read(planned, row, BY_NAME[name])) not in (None, "")
    }
    place = around.known.meant(given.get("slug", ""), given.get("name", ""), given.get("country_code", ""))
    _check_degrees(planned, given)
    if place is None:
        planned.alike = around.known.alike(given.get("name", ""), given.get("country_code", ""))
        answer = around.answers.likeness.get(row.number, Likeness.LEFT_OUT)
        if planned.alike is not None and answer is Likeness.SAME:
            place = planned.alike
            given.pop("name", None)  # our wording stays
    if place is None:
        _make(planned, given, around)
        if planned.alike is not None and answer is Likeness.LEFT_OUT:
            planned.after = {}
    else:
        planned.subject_id, planned.version = place.key, place.version
        planned.title = place.name
        _change(planned, given, row, place, around)
    return planned


def _raw(row: ListRow, column: str, limit: int) -> str:
    return str(row.cells.get(column) or "")[:limit]


def mentioned_by(row: ListRow, known: KnownPlaces) -> set[int]:
    """The places that a row may mean, whatever is wrong with it."""
    return known.mentioned(_raw(row, "slug", CODE), _raw(row, "name", NAME))


def _read(planned: PlannedPlace, row: ListRow, column: ListColumn) -> Any:
    """A cell's value, plain; a fault of the row where it cannot be understood."""
    try:
        return plain(column.read(row.cells[column.name]))
    except CellFaultError as fault:
        planned.faults.append(Remark(fault.remark.text, fault.remark.values, (column.name,)))
        return None


def _check_degrees(planned: PlannedPlace, given: dict[str, Any]) -> None:
    faulty = {column for fault in planned.faults for column in fault.columns}
    if ("lat" in given) != ("lon" in given) and not faulty & {"lat", "lon"}:
        planned.faults.append(Remark(ONE_DEGREE, columns=("lat", "lon")))
    if given.get("lat") == 0 and given.get("lon") == 0:
        planned.faults.append(Remark(NULL_ISLAND, columns=("lat", "lon")))


def _change(
    planned: PlannedPlace, given: dict[str, Any], row: ListRow, place: Place, around: Circumstances
) -> None:
    """The columns of a stored place that the list has otherwise. An empty cell says nothing."""
    for name, value in given.items():
        stored = plain(getattr(place, name))
        if name == SLUG.name or value == stored or _is_as_written(row.cells[name], place, BY_NAME[name]):
            continue
        edit = around.edits.get((place.key, name))
        if edit is not None and stored not in (None, "") and row.number not in around.answers.taken:
            planned.held.append(Held(name, stored, value, edit))
            continue
        planned.before[name], planned.after[name] = stored, value
    _date(planned, given, place, around)
    years = [planned.after.get(name, getattr(place, name)) for name in ("joined_year", "joined_year_alt")]
    if (
        years[0] is not None
        and years[0] == years[1]
        and {"joined_year", "joined_year_alt"} & set(planned.after)
    ):
        planned.faults.append(Remark(SAME_YEAR, columns=("joined_year_alt",)))


def _is_as_written(cell: Any, place: Place, column: ListColumn) -> bool:
    """Whether the cell holds what our own list writes for the stored value, in either language."""
    value = getattr(place, column.name)
    return value is not None and str(cell) in {column.write(value, language) for language in LANGUAGES}


def _date(planned: PlannedPlace, given: dict[str, Any], place: Place, around: Circumstances) -> None:
    """Day and source of what the list says about the membership."""
    moves = any(name in planned.after for name in _STATE)
    is_held = any(held.column in _STATE for held in planned.held)
    confirms = not around.gives_as_of and not is_held and any(name in given for name in _STATE)
    if (moves or confirms) and not {"as_of"} & set(planned.after):
        if around.day.as_of > place.as_of:
            planned.before["as_of"], planned.after["as_of"] = place.as_of, around.day.as_of
        elif moves and around.day.as_of < place.as_of:
            planned.remarks.append(Remark(NEWER_HERE, {"as_of": place.as_of}))
    if (
        planned.after
        and "source" not in planned.after
        and all(held.column != "source" for held in planned.held)
    ):
        source = around.day.added_to(place.source)
        if source != place.source:
            planned.before["source"], planned.after["source"] = place.source, source


def _make(planned: PlannedPlace, given: dict[str, Any], around: Circumstances) -> None:
    """A place that is not here yet."""
    if not given.get("name"):
        planned.faults.append(Remark(NO_NAME, columns=("name",)))
    faulty = {column for fault in planned.faults for column in fault.columns}
    if not given.get("country_code") and "country_code" not in faulty:
        planned.faults.append(Remark(NO_COUNTRY, columns=("country_code",)))
    is_index = around.format is ListFormat.INDEX
    guessed = {
        "type": PlaceType.CITY,
        "membership": Membership.PROBABLE if is_index else Membership.MENTIONED,
        "activity": Activity.UNKNOWN,
        "as_of": around.day.as_of,
        "source": around.day.note,
        "certainty": Certainty.LOW if is_index else Certainty.MEDIUM,
    }
    planned.after = {**{name: plain(value) for name, value in guessed.items()}, **given}
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", planned.after.get("slug", "")):
        planned.after.pop("slug", None)
    planned.remarks.append(Remark(NEW_PLACE))
    if "membership" not in given:
        planned.remarks.append(Remark(NO_MEMBERSHIP))
