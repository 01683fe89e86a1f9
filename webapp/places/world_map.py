"""The map of places: where a marker stands, and how it looks. Pure: rows in, numbers in the picture's own units out.

A plain equirectangular projection, true to shape along one parallel; the outline is drawn at set-up by
webapp/assets.py in whole steps of a degree, and scaled by the page.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from models.places import Activity, Membership, Place, PlaceType

CROWD = 400  # of more places than this there is no room for each: they stand where they are
GRID = 20  # steps in a degree, as webapp/assets.py draws the outlines


@dataclass(frozen=True)
class Section:
    """A part of the world: its frame in degrees, its width in units of the picture, and the size of its markers."""

    key: str
    outline: str
    west: float
    south: float
    east: float
    north: float
    parallel: float  # along it east and north have the same scale
    width: int
    radius: float
    apart: float  # no two markers are nearer to each other than this

    @property
    def step_x(self) -> float:
        """Units of a degree of longitude."""
        return self.width / (self.east - self.west)

    @property
    def step_y(self) -> float:
        """Units of a degree of latitude."""
        return self.step_x / math.cos(math.radians(self.parallel))

    @property
    def height(self) -> int:
        return round((self.north - self.south) * self.step_y)

    @property
    def transform(self) -> str:
        """What brings an outline in steps of the grid into the picture."""
        move = f"translate({-self.west * self.step_x:.2f} {self.north * self.step_y:.2f})"
        return f"{move} scale({self.step_x / GRID:.5f} {self.step_y / GRID:.5f})"

    def holds(self, place: Place) -> bool:
        """Whether a place with coordinates lies in the frame."""
        return (
            place.lat is not None
            and place.lon is not None
            and self.south <= place.lat <= self.north
            and self.west <= place.lon <= self.east
        )


WORLD = Section("welt", "world", -180, -56, 180, 76, 37, 1000, 5.5, 13)
EUROPE = Section("europa", "europe", -12, 34.5, 47, 66.5, 52, 640, 9, 24)
SECTIONS = {section.key: section for section in (WORLD, EUROPE)}


class Look(StrEnum):
    """How a marker is drawn, beside colour and shape, which tell the type."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    UNKNOWN = "unknown"
    NEAR = "near"
    OUTSIDE = "outside"


def look_of(place: Place) -> Look:
    """Members are filled or hollow, who is near to joining is dashed, everybody else a cross."""
    if place.membership is Membership.MEMBER:
        known = {Activity.ACTIVE: Look.ACTIVE, Activity.INACTIVE: Look.INACTIVE}
        return known.get(place.activity, Look.UNKNOWN)
    near = (Membership.PROBABLE, Membership.CANDIDATE)
    return Look.NEAR if place.membership in near else Look.OUTSIDE


@dataclass(frozen=True)
class Marker:
    """A place in the picture: `x`, `y` where its marker stands, `home_x`, `home_y` where the place lies."""

    place: Place
    look: Look
    x: float
    y: float
    home_x: float
    home_y: float
    is_moved: bool


@dataclass
class WorldMap:
    """What the map shows of some places, and which of them it cannot show."""

    section: Section
    markers: list[Marker] = field(default_factory=list)
    beyond: list[Place] = field(default_factory=list)
    unlocated: list[Place] = field(default_factory=list)


def is_located(place: Place) -> bool:
    """Missing coordinates are missing: they are never 0, 0."""
    return place.lat is not None and place.lon is not None


def section_for(places: Iterable[Place], wanted: str = "") -> Section:
    """The section that the address asks for; without one Europe where everything lies there, else the world."""
    if wanted in SECTIONS:
        return SECTIONS[wanted]
    located = [place for place in places if is_located(place)]
    return EUROPE if located and all(EUROPE.holds(place) for place in located) else WORLD


def draw_map(places: Iterable[Place], section: Section) -> WorldMap:
    """Markers in the order of the list, so that the keyboard walks through both alike. Where it is narrow, cities stay
    where they are, and what has no one point (regions, countries, islands) makes room."""
    found, free, listed = WorldMap(section), _FreePlaces(section.apart), list(places)
    if len(listed) > CROWD:
        free.is_full = True
    order = {id(place): number for number, place in enumerate(listed)}
    for place in sorted(listed, key=lambda place: place.type is not PlaceType.CITY):
        if not is_located(place):
            found.unlocated.append(place)
        elif not section.holds(place):
            found.beyond.append(place)
        else:
            found.markers.append(_marker(place, section, free))
    found.markers.sort(key=lambda marker: order[id(marker.place)])
    return found


def _marker(place: Place, section: Section, free: "_FreePlaces") -> Marker:
    home_x = ((place.lon or 0) - section.west) * section.step_x
    home_y = (section.north - (place.lat or 0)) * section.step_y
    x, y = free.take(home_x, home_y, section)
    is_moved = math.dist((x, y), (home_x, home_y)) > section.radius
    return Marker(
        place, look_of(place), round(x, 1), round(y, 1), round(home_x, 1), round(home_y, 1), is_moved
    )


class _FreePlaces:
    """Where markers stand already: each new one takes the free spot nearest to its home."""

    TRIES = 600

    def __init__(self, apart: float) -> None:
        self.apart = apart
        self.is_full = False
        self.taken: dict[tuple[int, int], list[tuple[float, float]]] = {}

    def take(self, x: float, y: float, section: Section) -> tuple[float, float]:
        if self.is_full:
            return x, y
        for spot in self._spiral(x, y):
            is_inside = 0 <= spot[0] <= section.width and 0 <= spot[1] <= section.height
            if is_inside and self._is_free(spot):
                break
        else:
            spot = (x, y)
        self.taken.setdefault(self._cell(spot), []).append(spot)
        return spot

    def _spiral(self, x: float, y: float) -> Iterator[tuple[float, float]]:
        for number in range(self.TRIES):
            far, angle = self.apart * 0.3 * math.sqrt(number), number * 2.399963  # the golden angle
            yield x + far * math.cos(angle), y + far * math.sin(angle)

    def _cell(self, spot: tuple[float, float]) -> tuple[int, int]:
        return int(spot[0] // self.apart), int(spot[1] // self.apart)

    def _is_free(self, spot: tuple[float, float]) -> bool:
        column, row = self._cell(spot)
        near = ((column + dx, row + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
        return all(
            math.dist(spot, other) >= self.apart for cell in near for other in self.taken.get(cell, [])
        )
