"""The one pure function that says when a rule is due: page, preview and sender all call it."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from models.calendar_days import add_months, add_working_days, local_day, moment, nearest_working_day
from models.reminders.rules import Direction, HolidayPolicy, ReminderRule, Unit

LATE_AFTER = timedelta(days=14)  # reminders after a date are still sent this late (point 6)
MOST_REPEATS = 60
_LETTER = {Unit.DAYS: "D", Unit.WORKING_DAYS: "BD", Unit.WEEKS: "W", Unit.MONTHS: "M"}
_SPREAD = {Unit.DAYS: 1.0, Unit.WORKING_DAYS: 2.0, Unit.WEEKS: 7.0, Unit.MONTHS: 31.0}  # days, generously


@dataclass(frozen=True)
class Step:
    """One due moment of a rule on a date. `name` is the offset itself ("-P30D"), not its index."""

    name: str
    day: date
    due_at: datetime
    is_escalation: bool = False


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


def _planned_day(rule: ReminderRule, anchor_on: date, n: int, state: str) -> date:
    """Of the first reminder (0) or its nth repetition. Of a later date it is never earlier."""
    first = rule.fixed_on
    if first is None:
        sign = -1 if rule.direction is Direction.BEFORE else 1
        first = shift(anchor_on, sign * rule.amount, rule.unit, state)
    return shift(first, n * rule.repeat_amount, rule.repeat_unit, state) if n else first


def _repeats(rule: ReminderRule) -> range:
    most = min(rule.repeat_max or MOST_REPEATS, MOST_REPEATS)
    return range(1, most + 1 if rule.repeat_amount else 1)


def _is_needless(rule: ReminderRule, anchor_on: date, repeated_on: date) -> bool:
    """Repetitions of a reminder before a date end with it."""
    return rule.direction is Direction.BEFORE and repeated_on > anchor_on


def _planned_days(rule: ReminderRule, anchor_on: date, state: str) -> Iterator[tuple[str, date]]:
    mark = "-" if rule.direction is Direction.BEFORE and rule.amount else ""
    name = f"on:{rule.fixed_on}" if rule.fixed_on else f"{mark}P{rule.amount}{_LETTER[rule.unit]}"
    yield name, _planned_day(rule, anchor_on, 0, state)
    for n in _repeats(rule):
        day = _planned_day(rule, anchor_on, n, state)
        if _is_needless(rule, anchor_on, day):
            return
        yield f"{name}+{n}xP{rule.repeat_amount}{_LETTER[rule.repeat_unit]}", day


def steps(rule: ReminderRule, anchor_on: date, zone: ZoneInfo, state: str) -> list[Step]:
    """All due moments of a rule on one date, in order; at last the one at which somebody else is asked, if nobody has
    answered the first by then. `state` gives the public holidays."""
    there = zone_of(rule, zone)
    found = []
    for name, planned in _planned_days(rule, anchor_on, state):
        day = _on_working_day(planned, rule.holiday_policy, state)
        found.append(Step(name, day, moment(day, rule.send_at, there)))
    if rule.escalate_after:
        day = add_working_days(found[0].day, rule.escalate_after, state)
        name = f"{found[0].name}!{rule.escalate_after}BD"
        found.append(Step(name, day, moment(day, rule.send_at, there), is_escalation=True))
    return found


def zone_of(rule: ReminderRule, zone: ZoneInfo) -> ZoneInfo:
    """The zone of a rule's time of day: its own, or the city's."""
    return ZoneInfo(rule.zone) if rule.zone else zone


def counts_after(rule: ReminderRule, anchor_on: date) -> bool:
    """Whether a rule reminds when its date is over, or on a day that no date follows."""
    if rule.fixed_on is not None:
        return rule.fixed_on >= anchor_on
    return rule.direction is Direction.AFTER


def is_past(rule: ReminderRule, step: Step, anchor_on: date, today: date, now: datetime) -> bool:
    """Whether it makes no sense any more to send this step: the date is over, or too long ago for a rule after it."""
    if counts_after(rule, anchor_on) or step.is_escalation:
        return now - step.due_at > LATE_AFTER
    return today > anchor_on


def send_before(rule: ReminderRule, due_at: datetime, anchor_on: date, zone: ZoneInfo) -> datetime:
    """The last moment at which a mail of this rule still makes sense."""
    if counts_after(rule, anchor_on):
        return due_at + LATE_AFTER
    return end_of(anchor_on, zone)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last second of a day."""
    return moment(day, time(23, 59, 59), zone)


def anchor_window(rule: ReminderRule, today: date, queued_until: date) -> tuple[date, date]:
    """The first and last date on which something of this rule can be due by now, wide enough for holidays."""
    slack = timedelta(days=12)
    reach = timedelta(days=int(rule.amount * _SPREAD[rule.unit]))
    asked_later = timedelta(days=int(rule.escalate_after * _SPREAD[Unit.WORKING_DAYS])) + (
        LATE_AFTER + slack if rule.escalate_after else timedelta()
    )
    if rule.direction is Direction.BEFORE:
        return min(today, queued_until) - timedelta(days=1) - asked_later, today + reach + slack
    repeats = timedelta(
        days=int(rule.repeat_amount * _SPREAD[rule.repeat_unit] * (rule.repeat_max or MOST_REPEATS))
    )
    first = min(today - LATE_AFTER, queued_until) - reach - slack - asked_later
    # A holiday policy may pull the mail before the date itself.
    return first - (repeats if rule.repeat_amount else timedelta()), today + slack


def strikes(rule: ReminderRule, since: datetime, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the rule's time of day came between two looks (the second included). If not, nothing of it can have
    fallen due: on all but one minute of a day that is the whole work of a tick."""
    there = zone_of(rule, zone)
    day = local_day(since, there)
    while day <= local_day(now, there):
        if since < moment(day, rule.send_at, there) <= now:
            return True
        day += timedelta(days=1)
    return False


def dates_due_between(
    rule: ReminderRule, since: datetime, now: datetime, zone: ZoneInfo, state: str
) -> list[date]:
    """The dates of which a due moment of this rule lies between two looks (the second included), in order. The same
    step of a later date is never due earlier: each step's dates are found by halving the window, which spans centuries
    where a rule repeats at long intervals."""
    first, last = anchor_window(rule, local_day(now, zone), local_day(since, zone))
    window, there, found = range((last - first).days + 1), zone_of(rule, zone), set[date]()

    def due_between(day_of: Callable[[date], date]) -> Iterator[date]:
        def due_at(n: int) -> datetime:
            return moment(day_of(first + timedelta(days=n)), rule.send_at, there)

        begin, end = bisect_right(window, since, key=due_at), bisect_right(window, now, key=due_at)
        return (first + timedelta(days=n) for n in window[begin:end])

    def told_on(anchor_on: date, n: int = 0) -> date:
        return _on_working_day(_planned_day(rule, anchor_on, n, state), rule.holiday_policy, state)

    found.update(due_between(told_on))
    for n in _repeats(rule):
        repeated = due_between(partial(told_on, n=n))
        found.update(d for d in repeated if not _is_needless(rule, d, _planned_day(rule, d, n, state)))
    if rule.escalate_after:
        found.update(due_between(lambda d: add_working_days(told_on(d), rule.escalate_after, state)))
    return sorted(found)
