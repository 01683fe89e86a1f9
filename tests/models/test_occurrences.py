"""When a rule is due: pure, asked about any day."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calendar_days import add_months, add_working_days, is_working_day, moment
from models.reminders.occurrences import anchor_window, dates_due_between, steps
from models.reminders.rules import Direction, HolidayPolicy, ReminderRule, SubjectKind, Unit

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 1, 1, tzinfo=UTC)


def rule(**values: object) -> ReminderRule:
    settings = {
        "subject_kind": SubjectKind.CONFERENCE, "effective_from": START, "queued_until": START, "send_at": time(8, 0),
        **values,
    }  # fmt: skip
    return ReminderRule(**settings)  # type: ignore[arg-type]


def test_thirty_days_before_at_eight_in_leipzig() -> None:
    [step] = steps(rule(amount=30, unit=Unit.DAYS), date(2027, 7, 12), BERLIN, "SN")
    assert step.name == "-P30D"
    assert step.due_at == datetime(2027, 6, 12, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hour"),
    [(date(2027, 3, 27), 7), (date(2027, 3, 28), 6), (date(2027, 10, 30), 6), (date(2027, 10, 31), 7)],
)
def test_t14_eight_means_eight_in_berlin_on_both_sides_of_the_clock_changes(day: date, hour: int) -> None:
    [step] = steps(rule(amount=0), day, BERLIN, "SN")
    assert step.due_at == datetime(day.year, day.month, day.day, hour, 0, tzinfo=UTC)


def test_t13_an_hour_that_does_not_exist_is_pushed_and_one_that_exists_twice_is_the_first() -> None:
    assert moment(date(2027, 3, 28), time(2, 30), BERLIN).astimezone(BERLIN).time() == time(3, 30)
    assert moment(date(2027, 10, 31), time(2, 30), BERLIN) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_months_clamp() -> None:
    assert add_months(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert add_months(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert add_months(date(2027, 3, 31), -1) == date(2027, 2, 28)


def test_t24_working_days_pass_over_weekends_and_saxon_holidays() -> None:
    # 18.11.2026 is Buß- und Bettag, a holiday in Saxony alone.
    assert add_working_days(date(2026, 11, 20), -2, "SN") == date(2026, 11, 17)
    assert add_working_days(date(2026, 11, 20), -2, "BE") == date(2026, 11, 18)
    assert add_working_days(date(2027, 3, 30), -1, "SN") == date(2027, 3, 25)  # Easter


def test_a_day_off_can_be_moved_to_the_working_day_before_or_after() -> None:
    saturday = date(2026, 11, 28)
    assert steps(rule(holiday_policy=HolidayPolicy.EXACT), saturday, BERLIN, "SN")[0].day == saturday
    assert steps(rule(holiday_policy=HolidayPolicy.PREVIOUS), saturday, BERLIN, "SN")[0].day == date(
        2026, 11, 27
    )
    assert steps(rule(holiday_policy=HolidayPolicy.NEXT), saturday, BERLIN, "SN")[0].day == date(2026, 11, 30)


def test_repeats_end_at_the_date_or_at_the_largest_number() -> None:
    weekly = rule(amount=3, unit=Unit.WEEKS, repeat_amount=1, repeat_unit=Unit.WEEKS)
    names = [step.name for step in steps(weekly, date(2027, 6, 30), BERLIN, "SN")]
    assert names == ["-P3W", "-P3W+1xP1W", "-P3W+2xP1W", "-P3W+3xP1W"]
    after = rule(direction=Direction.AFTER, amount=1, repeat_amount=1, repeat_unit=Unit.DAYS, repeat_max=2)
    assert [step.day.day for step in steps(after, date(2027, 6, 1), BERLIN, "SN")] == [2, 3, 4]


@given(
    anchor=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    amount=st.integers(0, 60),
    unit=st.sampled_from(list(Unit)),
    direction=st.sampled_from(list(Direction)),
    policy=st.sampled_from(list(HolidayPolicy)),
    late=st.integers(0, 10),
)
def test_whatever_is_due_lies_in_the_window_that_the_tick_looks_at(
    anchor: date, amount: int, unit: Unit, direction: Direction, policy: HolidayPolicy, late: int
) -> None:
    made = rule(amount=amount, unit=unit, direction=direction, holiday_policy=policy)
    [step] = steps(made, anchor, BERLIN, "SN")
    today = step.day + timedelta(days=late)
    if direction is Direction.BEFORE and today > anchor:
        today = anchor
    first, last = anchor_window(made, today, step.day - timedelta(days=1))
    assert first <= anchor <= last


@given(
    direction=st.sampled_from(Direction),
    amount=st.integers(0, 40),
    unit=st.sampled_from(Unit),
    repeats=st.tuples(st.integers(0, 6), st.sampled_from(Unit), st.integers(0, 4)),
    policy=st.sampled_from(HolidayPolicy),
    escalate=st.integers(0, 5),
    since=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    hours=st.integers(1, 24 * 21),
)
def test_the_dates_that_fall_due_are_those_of_which_a_step_does(
    direction: Direction, amount: int, unit: Unit, repeats: tuple[int, Unit, int], policy: HolidayPolicy,
    escalate: int, since: datetime, hours: int,
) -> None:  # fmt: skip
    found = rule(
        direction=direction, amount=amount, unit=unit, repeat_amount=repeats[0], repeat_unit=repeats[1],
        repeat_max=repeats[2] or 5, holiday_policy=policy, escalate_after=escalate,
    )  # fmt: skip
    now = since + timedelta(hours=hours)
    middle = now.date() + timedelta(days=amount if direction is Direction.BEFORE else -amount)
    due = dates_due_between(found, since, now, BERLIN, "SN")
    for day in (middle + timedelta(days=n) for n in range(-45, 46)):
        falls_due = any(since < step.due_at <= now for step in steps(found, day, BERLIN, "SN"))
        assert (day in due) == falls_due, day


@given(day=st.dates(date(2020, 1, 1), date(2035, 12, 31)), amount=st.integers(-600, 600))
def test_working_days_are_counted_one_by_one(day: date, amount: int) -> None:
    way = range(1, abs(amount) * 2 + 30)
    days = (day + timedelta(days=n if amount > 0 else -n) for n in way)
    counted = [one for one in days if is_working_day(one, "SN")]
    assert add_working_days(day, amount, "SN") == (counted[abs(amount) - 1] if amount else day)


def test_a_rule_that_repeats_for_centuries_names_its_dates_at_once() -> None:
    found = rule(
        direction=Direction.AFTER, unit=Unit.WORKING_DAYS, repeat_amount=1305, repeat_unit=Unit.WORKING_DAYS
    )
    now = datetime(2026, 11, 23, 7, tzinfo=UTC)
    due = dates_due_between(found, now - timedelta(minutes=1), now, BERLIN, "SN")
    assert due[-1] == date(2026, 11, 23)
    assert all(now in {step.due_at for step in steps(found, day, BERLIN, "SN")} for day in due[:3])
