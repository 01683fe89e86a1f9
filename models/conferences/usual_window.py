"""When an edition can begin: its own date as exactly as it is known, else the window of days of the year in which past
editions of its series began. Computed when it is asked for, never stored as a date."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from models.base import N_, Labelled
from models.conferences.conferences import Conference, ConferenceStatus, DatePrecision, Series
from models.conferences.dating import OVER, has_passed, last_possible_day
from models.conferences.history import ENOUGH, SHARE, SINCE

_LEAP_YEAR = 2000  # in it every day of any year exists, so that days of different years can be compared
_ROUND = 366  # days of that year


@dataclass(frozen=True)
class UsualWindow:
    """`usual` of `total` editions since `since` began between two days of the year (dates in the year 2000). It crosses
    New Year if `last` comes before `first`. `exceptions` are the starts outside it, which do not widen it."""

    series: Series
    usual: int
    total: int
    since: int
    first: date
    last: date
    exceptions: tuple[date, ...] = ()

    def in_year(self, year: int) -> tuple[date, date]:
        """The window's days for an edition of this year. One that crosses New Year begins in the year before: the
        cautious reading. A 29 February that does not exist widens it: 28 February first, 1 March last."""
        crosses = self.last < self.first
        first = _day(year - 1 if crosses else year, self.first, date(year - crosses, 2, 28))
        return first, _day(year, self.last, date(year, 3, 1))


def _day(year: int, day: date, instead: date) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return instead


def usual_window(rows: Iterable[Conference], series: Series) -> UsualWindow | None:
    """The shortest window in which nearly all held editions of a series began; None where too few are known to the day.
    Every edition counts, also the second one of a year."""
    starts = sorted(
        c.starts_on
        for c in rows
        if c.series is series
        and c.status is ConferenceStatus.HELD
        and c.date_precision is DatePrecision.DAY
        and c.starts_on is not None
        and c.starts_on.year >= SINCE
    )
    if len(starts) < ENOUGH:
        return None
    days = sorted(start.replace(year=_LEAP_YEAR) for start in starts)
    wanted = ceil(SHARE * len(days))
    # Around the year: the days once more, a year later.
    around = [*days, *(day + timedelta(days=_ROUND) for day in days)]
    pairs = [(around[i], around[i + wanted - 1]) for i in range(len(days))]
    first, last = min(pairs, key=lambda pair: pair[1] - pair[0])
    last = last if last.year == _LEAP_YEAR else last - timedelta(days=_ROUND)
    outside = tuple(day for day in starts if not _lies_in(day.replace(year=_LEAP_YEAR), first, last))
    return UsualWindow(
        series, len(days) - len(outside), len(days), starts[0].year, first, last, outside
    )  # fmt: skip


def _lies_in(day: date, first: date, last: date) -> bool:
    return first <= day <= last if first <= last else day >= first or day <= last


class Basis(Labelled):
    """From what the possible start follows."""

    DAY = "day", N_("The first day is known.")
    SPAN = "span", N_("Only the days are known between which it lies.")
    MONTH = "month", N_("Only the month is known.")
    EXPERIENCE = "experience", N_("Nothing is announced: the days follow from past editions.")


@dataclass(frozen=True)
class PossibleStart:
    """The first and the last day on which an edition can begin; equal if the day is known."""

    first: date
    last: date
    basis: Basis
    window: UsualWindow | None = None
    parent: str = ""  # the larger conference whose date it is

    @property
    def is_known(self) -> bool:
        return self.basis is Basis.DAY


def possible_start(conference: Conference, rows: Sequence[Conference], today: date) -> PossibleStart | None:
    """When this edition can begin. What lies within a larger conference takes its date; a summit with too few summits
    before it takes the window of FABx, where summits have been held. Nothing begins before today. None: unknown."""
    found = _announced(conference) or _of_parent(conference, rows) or _experience(conference, rows)
    if found is None or found.is_known or not found.first < today <= found.last:
        return found
    return PossibleStart(today, found.last, found.basis, found.window, found.parent)


def _announced(conference: Conference) -> PossibleStart | None:
    first, last = conference.starts_on, last_possible_day(conference)
    if conference.anchor_on is not None:
        return PossibleStart(conference.anchor_on, conference.anchor_on, Basis.DAY)
    if first is not None and last is not None:
        return PossibleStart(first, last, Basis.SPAN)
    if conference.year and conference.month and last is not None:
        return PossibleStart(date(conference.year, conference.month, 1), last, Basis.MONTH)
    return None


def _of_parent(conference: Conference, rows: Sequence[Conference]) -> PossibleStart | None:
    parent = next((c for c in rows if c.id is not None and c.id == conference.parent_id), None)
    found = _announced(parent) if parent is not None and parent.status not in OVER else None
    if parent is None or found is None:
        return None
    return PossibleStart(found.first, found.last, found.basis, parent=parent.name)


def _experience(conference: Conference, rows: Sequence[Conference]) -> PossibleStart | None:
    if conference.year is None:
        return None
    window = usual_window(rows, conference.series) or usual_window(rows, Series.FABX)
    return PossibleStart(*window.in_year(conference.year), Basis.EXPERIENCE, window) if window else None


class NoPlan(Labelled):
    """Why there is nothing to count back from."""

    RELATED = (
        "related",
        N_("Cities are admitted at FABx and at Fab City Summits only; for related events there is no plan."),
    )
    CANCELLED = "cancelled", N_("This conference is cancelled.")
    BEGUN = "begun", N_("This conference has begun or is over.")
    NO_YEAR = "no_year", N_("Not even the year of this conference is known.")
    NO_EXPERIENCE = "no_experience", N_("Nothing is announced, and too few past editions are known.")


def why_no_plan(conference: Conference, rows: Sequence[Conference], today: date) -> NoPlan | None:
    """The reason why no plan can be made for this conference; None if one can."""
    if conference.series is Series.RELATED:
        return NoPlan.RELATED
    if conference.status is ConferenceStatus.CANCELLED:
        return NoPlan.CANCELLED
    begun = conference.anchor_on is not None and conference.anchor_on < today
    if conference.status is ConferenceStatus.HELD or begun or has_passed(conference, today):
        return NoPlan.BEGUN
    if possible_start(conference, rows, today) is None:
        return NoPlan.NO_YEAR if conference.year is None else NoPlan.NO_EXPERIENCE
    return None


@dataclass(frozen=True)
class NextEdition:
    """The edition after one: stored (`key`), or only computed."""

    name: str
    year: int
    key: int | None = None


def next_edition(conference: Conference, rows: Iterable[Conference]) -> NextEdition | None:
    """The edition of the series after this one; where none is stored, a year later. None if the year is not known."""
    if conference.year is None:
        return None
    later = [
        c
        for c in rows
        if c.series is conference.series
        and c.status not in OVER
        and c is not conference
        and _is_later(c, conference)
    ]
    if later:
        found = min(later, key=lambda c: (c.year or 0, c.starts_on or date.max, c.key))
        return NextEdition(found.name, found.year or 0, found.key)
    year = conference.year + 1
    # The number of an FABx is the calendar year from FAB23 on.
    is_fabx = conference.series is Series.FABX
    return NextEdition(f"FAB{year % 100:02}" if is_fabx else f"Fab City Summit {year}", year)


def _is_later(other: Conference, conference: Conference) -> bool:
    if other.starts_on is not None and conference.starts_on is not None:
        return other.starts_on > conference.starts_on
    return (other.year or 0) > (conference.year or 0)
