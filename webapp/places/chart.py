"""The picture of the network's growth: bars by year. Pure; beside it stands the table of the same numbers."""

from dataclasses import dataclass

from models.place_growth import Growth

WIDTH = 640
TOP, BASE = 24, 172  # between them the highest bar
GAP = 6


@dataclass(frozen=True)
class Bar:
    """The members of a year: those of before, and on top who joined in it; of these some years are uncertain."""

    year: int
    members: int
    x: float
    width: float
    top: float
    joined_height: float
    height: float
    is_uncertain: bool

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


def draw_chart(growth: Growth) -> list[Bar]:
    """One bar for each year, in units of the picture."""
    if not growth.years:
        return []
    step, most = WIDTH / len(growth.years), max(year.members for year in growth.years)
    unit = (BASE - TOP) / most
    return [
        Bar(
            year.year,
            year.members,
            round(number * step + GAP / 2, 1),
            round(step - GAP, 1),
            round(BASE - year.members * unit, 1),
            round(year.joined * unit, 1),
            round(year.members * unit, 1),
            year.uncertain > 0,
        )
        for number, year in enumerate(growth.years)
    ]
