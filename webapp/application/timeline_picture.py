"""The timeline as a picture: numbers for an SVG that the page draws. It is decoration: the table says all of it."""

from dataclasses import dataclass
from datetime import date

from models.timeline import Lane, Moment

# In units of the picture; its edges are given by the template's viewBox.
LEFT, RIGHT, TOP, LANE = 190, 940, 40, 44


@dataclass(frozen=True)
class Dot:
    x: float
    y: int
    is_past: bool


@dataclass(frozen=True)
class Picture:
    """Lanes with their height, years with their place, dots, and where today stands."""

    height: int
    lanes: list[tuple[Lane, int]]
    years: list[tuple[int, float]]
    dots: list[Dot]
    today: float


def picture(moments: list[Moment], today: date) -> Picture | None:
    """The picture of these days; None where there is nothing to draw. Whole years are shown, today among them."""
    if not moments:
        return None
    days = [row.day for row in moments] + [today]
    first, last = date(min(days).year, 1, 1), date(max(days).year + 1, 1, 1)
    scale = (RIGHT - LEFT) / (last - first).days

    def place(day: date) -> float:
        return round(LEFT + (day - first).days * scale, 1)

    used = [lane for lane in Lane if any(row.lane is lane for row in moments)]
    heights = {lane: TOP + LANE * number + LANE // 2 for number, lane in enumerate(used)}
    years = range(first.year, last.year + 1)
    step = max(1, len(years) // 12)
    return Picture(
        TOP + LANE * len(used) + 12,
        list(heights.items()),
        [(year, place(date(year, 1, 1))) for year in years if (year - first.year) % step == 0],
        [Dot(place(row.day), heights[row.lane], row.day <= today) for row in moments],
        place(today),
    )
