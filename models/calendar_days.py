"""Local time, working days and holidays: wall-clock times are stored, UTC is derived."""

import calendar
from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

STATES = ("BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH")


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC moment of a wall-clock time. A time that does not exist is pushed one hour on (02:30 -> 03:30),
    one that exists twice is the first (reminders, point 8)."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)  # fold=0 does both


def local_day(now: datetime, zone: ZoneInfo) -> date:
    """The calendar day in the zone at this moment."""
    return now.astimezone(zone).date()


def add_months(day: date, months: int) -> date:
    """Month arithmetic that clamps: 31.01. + 1 month = 28.02."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@lru_cache(maxsize=512)
def _holidays_of(state: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("DE", subdiv=state, years=year))


@lru_cache(maxsize=512)  # a rule that repeats at long intervals reaches over centuries
def _working_days_of(state: str, year: int) -> tuple[date, ...]:
    january = date(year, 1, 1)
    days = (january + timedelta(days=n) for n in range(366 if calendar.isleap(year) else 365))
    return tuple(day for day in days if is_working_day(day, state))


def is_working_day(day: date, state: str) -> bool:
    """Monday to Friday and no public holiday of the state (two letters, as in ISO 3166-2:DE)."""
    return day.weekday() < 5 and day not in _holidays_of(state, day.year)


def add_working_days(day: date, amount: int, state: str) -> date:
    """The day that lies so many working days after (or before, if negative) this one."""
    if not amount:
        return day
    year = day.year
    days = _working_days_of(state, year)
    at = bisect_right(days, day) - 1 + amount if amount > 0 else bisect_left(days, day) + amount
    while at >= len(days):
        at, year = at - len(days), year + 1
        days = _working_days_of(state, year)
    while at < 0:
        year -= 1
        days = _working_days_of(state, year)
        at += len(days)
    return days[at]


def nearest_working_day(day: date, state: str, *, backward: bool) -> date:
    """The day itself, or the working day before or after it."""
    step = timedelta(days=-1 if backward else 1)
    while not is_working_day(day, state):
        day += step
    return day
