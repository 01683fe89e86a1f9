"""How the network grew: its members by the year in which they joined, as far as that is known."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from models.places import Membership, Place


@dataclass(frozen=True)
class YearOfGrowth:
    """A year: who joined in it, how many members there are since then, and of whom another source says another year."""

    year: int
    joined: int
    members: int
    uncertain: int


@dataclass(frozen=True)
class Growth:
    """Members by year, every year from the first to the last; `undated` members have no year. Who left since stands
    nowhere, so these are today's members by their year of joining, not how many there were then."""

    years: list[YearOfGrowth]
    undated: int

    @property
    def members(self) -> int:
        return (self.years[-1].members if self.years else 0) + self.undated


def growth(places: Iterable[Place]) -> Growth:
    """The growth of the sure members among some places."""
    members = [place for place in places if place.membership is Membership.MEMBER]
    joined = Counter(place.joined_year for place in members if place.joined_year is not None)
    uncertain = Counter(place.joined_year for place in members if place.joined_year_alt is not None)
    years, total = [], 0
    for year in range(min(joined), max(joined) + 1) if joined else ():
        total += joined[year]
        years.append(YearOfGrowth(year, joined[year], total, uncertain[year]))
    return Growth(years, sum(place.joined_year is None for place in members))
