"""What is wrong with a rule, judged without a page."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.conferences.conferences import Series
from models.officers import Officer
from models.reminders.checking import Fault, Load, as_if_switched_on, faults, load_of
from models.reminders.occurrences import Step
from models.reminders.planning import Planned
from models.reminders.recipients import Surroundings
from models.reminders.rules import Direction, HolidayPolicy, ReminderRule, SubjectKind, Unit
from models.reminders.subjects import Subject

ANNA, BEN = 1, 2
OFFICERS = {
    ANNA: Officer(id=ANNA, name="Anna", email="anna@lotse.example"),
    BEN: Officer(id=BEN, name="Ben", email="ben@lotse.example"),
}
AROUND = Surroundings(ZoneInfo("Europe/Berlin"), "SN", OFFICERS, ANNA)


def rule(now: datetime, **columns: Any) -> ReminderRule:
    values = {"subject_kind": SubjectKind.COMMITMENT, "effective_from": now, "queued_until": now} | columns
    return ReminderRule(id=0, **values)


def commitment(on: date | None) -> Subject:
    return Subject(SubjectKind.COMMITMENT, 1, "Brief", "Letter", on, True)


def found(
    now: datetime,
    also: set[int] | None = None,
    but: set[int] | None = None,
    subject: Subject | None = None,
    **columns: Any,
) -> list[Fault]:
    return faults(rule(now, **columns), (also or set(), but or set()), subject, AROUND, now)


def test_an_ordinary_rule_is_without_fault(now: datetime) -> None:
    assert found(now, amount=2, unit=Unit.WORKING_DAYS) == []
    assert found(now, to_lead=True, but={BEN}, amount=6, unit=Unit.MONTHS) == []


@pytest.mark.parametrize(
    ("columns", "also", "but", "fault"),
    [
        ({"to_responsible": False}, set(), set(), Fault.NOBODY),
        ({"to_responsible": False, "to_participants": True}, set(), set(), Fault.NOBODY_GOES),
        ({}, set(), {ANNA, BEN}, Fault.ALL_LEFT_OUT),
        ({"to_responsible": False, "to_lead": True}, set(), {ANNA}, Fault.ALL_LEFT_OUT),
        ({"only_series": Series.FABX}, set(), set(), Fault.NO_SERIES),
        ({"fixed_on": date(2026, 11, 22)}, set(), set(), Fault.DAY_PASSED),
        ({"escalate_to_id": BEN}, set(), set(), Fault.ASKS_NEVER),
    ],
)
def test_a_rule_that_reaches_nobody_or_never_fires_is_named(
    now: datetime, columns: dict[str, Any], also: set[int], but: set[int], fault: Fault
) -> None:
    assert found(now, also, but, **columns) == [fault]


def test_left_out_are_only_those_who_are_known_before(now: datetime) -> None:
    assert found(now, but={ANNA}) == []  # the responsible person may be somebody else
    assert found(now, also={BEN}, but={ANNA}, to_responsible=False) == []
    assert found(now, but={ANNA}, to_responsible=False, to_everyone=True) == []


def test_who_goes_is_enough_for_a_conference(now: datetime) -> None:
    columns = {"subject_kind": SubjectKind.CONFERENCE, "to_responsible": False, "to_participants": True}
    assert found(now, **columns) == []


@pytest.mark.parametrize(
    ("amount", "unit", "every", "every_unit", "repeats"),
    [
        (2, Unit.WEEKS, 1, Unit.WEEKS, True),
        (14, Unit.DAYS, 2, Unit.WEEKS, True),  # on the date itself
        (2, Unit.WEEKS, 3, Unit.WEEKS, False),
        (0, Unit.DAYS, 1, Unit.DAYS, False),
        (1, Unit.MONTHS, 30, Unit.DAYS, True),  # in months of 30 and 31 days
    ],
)
def test_a_repetition_that_would_begin_after_the_date_is_refused(
    now: datetime, amount: int, unit: Unit, every: int, every_unit: Unit, repeats: bool
) -> None:
    faulty = found(now, amount=amount, unit=unit, repeat_amount=every, repeat_unit=every_unit)
    assert faulty == ([] if repeats else [Fault.NEVER_REPEATS])


def test_a_repetition_after_the_date_is_none_before_it(now: datetime) -> None:
    assert found(now, direction=Direction.AFTER, amount=3, repeat_amount=5, repeat_max=2) == []


def test_t12_a_mail_that_holidays_would_push_past_its_date_is_refused(now: datetime) -> None:
    later = {"holiday_policy": HolidayPolicy.NEXT}
    assert found(now, amount=1, **later) == [Fault.PUSHED_PAST]  # a Sunday's mail would go on Monday
    assert found(now, amount=30, **later) == []
    assert found(now, amount=2, unit=Unit.WORKING_DAYS, **later) == []
    assert found(now, amount=1, direction=Direction.AFTER, **later) == []
    assert found(now, amount=1, holiday_policy=HolidayPolicy.PREVIOUS) == []
    assert found(now, amount=1, subject=commitment(date(2026, 11, 27)), **later) == []


def test_a_single_reminder_of_a_date_that_is_over_is_refused(now: datetime) -> None:
    over = commitment(date(2026, 11, 20))
    assert found(now, subject=over, amount=1) == [Fault.OVER]
    assert found(now, subject=over, amount=1, direction=Direction.AFTER, unit=Unit.WEEKS) == []
    assert found(now, subject=over, fixed_on=date(2026, 11, 23)) == []
    assert found(now, subject=commitment(None), fixed_on=date(2026, 12, 1)) == []
    assert found(now, subject=commitment(date(2026, 11, 23)), amount=30) == []  # late, but not over


def planned(now: datetime, hour: int, people: int) -> Planned:
    step = Step("-P2D", now.date(), now.replace(hour=hour))
    return Planned(rule(now), commitment(now.date()), now.date(), step, tuple([OFFICERS[ANNA]] * people))


def test_reminders_are_counted_by_person_and_by_moment(now: datetime) -> None:
    load = load_of([planned(now, 6, 2)], [planned(now, 8, 3), planned(now, 8, 3), planned(now, 9, 1)])
    assert load == Load(at_once=2, busiest=6, year=9)
    assert load_of([], []) == Load(0, 0, 0)


@pytest.mark.parametrize(("load", "too_much"), [(Load(1000, 1000, 5000), False), (Load(1001, 0, 1001), True)])
def test_more_than_a_thousand_at_once_are_too_much(load: Load, too_much: bool) -> None:
    assert load.is_too_much is too_much
    assert Load(0, load.most, load.year).is_too_much is too_much


def test_t3_a_rule_that_is_off_is_judged_from_this_moment_on(now: datetime) -> None:
    before = datetime(2026, 1, 1, tzinfo=now.tzinfo)
    off = rule(before, is_on=False)
    judged = as_if_switched_on(off, now)
    assert (judged.is_on, judged.effective_from, judged.queued_until) == (True, now, now)
    assert (off.is_on, off.effective_from) == (False, before)
