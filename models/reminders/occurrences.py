"""The one pure function that says when a rule is due: page, preview and sender all call it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from models.calendar_days import add_months, add_working_days, moment, nearest_working_day
from models.reminders.rules import Direction, HolidayPolicy, ReminderRule, Unit

LATE_AFTER = timedelta(days=14)  # reminders after a date are still sent this late (point 6)
MOST_REPEATS = 60
_LETTER = {Unit.DAYS: "D", Unit.WORKING_DAYS: "BD", Unit.WEEKS: "W", Unit.MONTHS: "M"}


@dataclass(frozen=True)
class Step:
    """One due moment of a rule on a date. `name` is the offset itself ("-P30D"), not its index."""

    name: str
    day: date
    due_at: datetime


def shift(day: date, amount: int, unit: Unit, state: str) -> date:
    """The day that lies `amount` units after (before, if negative) this one."""
    if unit is Unit.DAYS:
        return day + timedelta(days=amount)
    if unit is Unit.WEEKS:
        return day + timedelta(weeks=amount)
    if unit is Unit.MONTHS:
        return add_months(day, amount)
    return add_working_days(day, amount, state)


def _on_working_day(day: date, policy: HolidayPolicy, state: str) -> date:
    if policy is HolidayPolicy.EXACT:
        return day
    return nearest_working_day(day, state, backward=policy is HolidayPolicy.PREVIOUS)


def _planned_days(rule: ReminderRule, anchor_on: date, state: str) -> Iterator[tuple[str, date]]:
    sign = -1 if rule.direction is Direction.BEFORE else 1
    if rule.fixed_on is not None:
        name, first = f"on:{rule.fixed_on}", rule.fixed_on
    else:
        mark = "-" if sign < 0 and rule.amount else ""
        name = f"{mark}P{rule.amount}{_LETTER[rule.unit]}"
        first = shift(anchor_on, sign * rule.amount, rule.unit, state)
    yield name, first
    if not rule.repeat_amount:
        return
    for n in count(1):
        day = shift(first, n * rule.repeat_amount, rule.repeat_unit, state)
        ends = day > anchor_on if sign < 0 else n > (rule.repeat_max or MOST_REPEATS)
        if ends or n > MOST_REPEATS or (rule.repeat_max and n > rule.repeat_max):
            return
        yield f"{name}+{n}xP{rule.repeat_amount}{_LETTER[rule.repeat_unit]}", day


def steps(rule: ReminderRule, anchor_on: date, zone: ZoneInfo, state: str) -> list[Step]:
    """All due moments of a rule on one date, in order. `state` gives the public holidays."""
    there = ZoneInfo(rule.zone) if rule.zone else zone
    found = []
    for name, planned in _planned_days(rule, anchor_on, state):
        day = _on_working_day(planned, rule.holiday_policy, state)
        found.append(Step(name, day, moment(day, rule.send_at, there)))
    return found


def counts_after(rule: ReminderRule, anchor_on: date) -> bool:
    """Whether a rule reminds when its date is over, or on a day that no date follows."""
    if rule.fixed_on is not None:
        return rule.fixed_on >= anchor_on
    return rule.direction is Direction.AFTER


def is_past(rule: ReminderRule, step: Step, anchor_on: date, today: date, now: datetime) -> bool:
    """Whether it makes no sense any more to send this step: the date is over, or too long ago for a rule after it."""
    if counts_after(rule, anchor_on):
        return now - step.due_at > LATE_AFTER
    return today > anchor_on


def send_before(rule: ReminderRule, due_at: datetime, anchor_on: date, zone: ZoneInfo) -> datetime:
    """The last moment at which a mail of this rule still makes sense."""
    if counts_after(rule, anchor_on):
        return due_at + LATE_AFTER
    return moment(anchor_on, time(23, 59), zone)


def anchor_window(rule: ReminderRule, today: date, queued_until: date) -> tuple[date, date]:
    """The first and last date on which something of this rule can be due by now, wide enough for holidays."""
    slack = timedelta(days=12)
    spread = {Unit.DAYS: 1.0, Unit.WORKING_DAYS: 2.0, Unit.WEEKS: 7.0, Unit.MONTHS: 31.0}
    reach = timedelta(days=int(rule.amount * spread[rule.unit]))
    if rule.direction is Direction.BEFORE:
        return min(today, queued_until) - timedelta(days=1), today + reach + slack
    repeats = timedelta(
        days=int(rule.repeat_amount * spread[rule.repeat_unit] * (rule.repeat_max or MOST_REPEATS))
    )
    first = min(today - LATE_AFTER, queued_until) - reach - slack
    # A holiday policy may pull the mail before the date itself.
    return first - (repeats if rule.repeat_amount else timedelta()), today + slack
