"""What past editions teach about one that is not announced yet: computed when it is shown, never stored as a date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import ceil

from babel import dates

from models.conferences.conferences import Conference, ConferenceStatus, DatePrecision, Series

SINCE = 2014  # FAB10: the first pledge of a city. What was before says little about today's season.
SHARE = 0.9  # so many of the editions must have begun within the season; the rest are exceptions
ENOUGH = 5  # fewer editions are no experience
_LEAP_YEAR = 2000  # in it every day of any year exists, so that days of different years can be compared


@dataclass(frozen=True)
class Season:
    """`usual` of `total` editions since `since` began between two days of the year (dates in the year 2000)."""

    usual: int
    total: int
    since: int
    first: date
    last: date


def usual_season(rows: Iterable[Conference]) -> Season | None:
    """The shortest season in which nearly all held FABx began; None where too little is known to the day.
    A season that spans New Year is not found: FABx never were near it."""
    starts = [
        c.starts_on
        for c in rows
        if c.series is Series.FABX
        and c.status is ConferenceStatus.HELD
        and c.date_precision is DatePrecision.DAY
        and c.starts_on is not None
        and c.starts_on.year >= SINCE
    ]
    if len(starts) < ENOUGH:
        return None
    days = sorted(day.replace(year=_LEAP_YEAR) for day in starts)
    usual = ceil(SHARE * len(days))
    seasons = [(days[i], days[i + usual - 1]) for i in range(len(days) - usual + 1)]
    first, last = min(seasons, key=lambda season: season[1] - season[0])
    inside = sum(first <= day <= last for day in days)
    return Season(inside, len(days), min(day.year for day in starts), first, last)


def day_in_year(day: date, language: str) -> str:
    """2. Juli in German, 2 July in English."""
    month = dates.get_month_names("wide", locale=language)[day.month]
    return f"{day.day}. {month}" if language == "de" else f"{day.day} {month}"
