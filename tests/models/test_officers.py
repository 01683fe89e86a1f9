"""Colleagues: who is away, and who gets the mails meanwhile."""

from datetime import date

import pytest

from models.database import Database
from models.leaving import leave
from models.officers import Cover, Officer, covers, end_absence, is_absent, stand_in
from tests.conftest import NOW

DAY = date(2026, 12, 24)
BEFORE, AFTER = date(2026, 12, 20), date(2027, 1, 3)


def _officers(**deputies: int | None) -> dict[int, Officer]:
    """Colleagues 1, 2, 3 named a, b, c; who has a deputy here is away around the day."""
    found = {}
    for key, name in enumerate("abc", start=1):
        officer = Officer(id=key, name=name, email=f"{name}@lotse.example")
        if name in deputies:
            officer.absent_from, officer.absent_until = BEFORE, AFTER
            officer.stand_in_id = deputies[name]
        found[key] = officer
    return found


@pytest.mark.parametrize(
    ("day", "away"),
    [(date(2026, 12, 19), False), (BEFORE, True), (DAY, True), (AFTER, True), (date(2027, 1, 4), False)],
)
def test_the_first_and_the_last_day_belong_to_an_absence(day: date, away: bool) -> None:
    assert is_absent(_officers(a=2)[1], day) is away


def test_who_gave_no_absence_is_here() -> None:
    officer = _officers()[1]
    assert not is_absent(officer, DAY)
    officer.absent_from = BEFORE
    assert not is_absent(officer, DAY)


def test_nobody_stands_in_for_who_is_here() -> None:
    assert stand_in(_officers(b=1), 1, DAY) is None
    assert stand_in(_officers(a=2), 1, date(2027, 2, 1)) is None


def test_the_deputy_stands_in() -> None:
    assert stand_in(_officers(a=2), 1, DAY) == 2


def test_the_deputy_of_an_absent_deputy_stands_in() -> None:
    assert stand_in(_officers(a=2, b=3), 1, DAY) == 3


@pytest.mark.parametrize(
    "deputies", [{"a": 2, "b": 1}, {"a": 1}, {"a": 2, "b": 3, "c": 2}, {"a": 2, "b": 3, "c": 1}]
)
def test_a_circle_of_deputies_ends_with_nobody(deputies: dict[str, int]) -> None:
    assert stand_in(_officers(**deputies), 1, DAY) is None


def test_nobody_stands_in_without_a_deputy_who_works_here() -> None:
    assert stand_in(_officers(a=None), 1, DAY) is None
    assert stand_in(_officers(a=9), 1, DAY) is None
    assert stand_in(_officers(), 9, DAY) is None
    left = _officers(a=2)
    left[2].left_on = date(2026, 12, 1)
    assert stand_in(left, 1, DAY) is None


def test_who_stood_in_for_others_is_followed_by_the_heir(
    database: Database, anna: Officer, ben: Officer
) -> None:
    with database.write(NOW) as session:
        clara = Officer(name="Clara Chef", email="clara@lotse.example", stand_in_id=ben.key)
        session.add(clara)
        session.get_one(Officer, anna.key).stand_in_id = ben.key
        session.flush()
        leave(session, session.get_one(Officer, ben.key), session.get_one(Officer, anna.key), NOW.date())
        session.commit()
        assert clara.stand_in_id == anna.key
        assert session.get_one(Officer, anna.key).stand_in_id is None, "nobody is her own deputy"


def test_an_absence_is_covered_by_whoever_is_here_on_each_day() -> None:
    officers = _officers(a=2)
    assert covers(officers, 1) == [Cover(BEFORE, AFTER, 2)]
    officers[2].absent_from, officers[2].absent_until = date(2026, 12, 24), date(2026, 12, 26)
    officers[2].stand_in_id = 3
    assert covers(officers, 1) == [
        Cover(BEFORE, date(2026, 12, 23), 2),
        Cover(date(2026, 12, 24), date(2026, 12, 26), 3),
        Cover(date(2026, 12, 27), AFTER, 2),
    ]
    assert covers(officers, 1, unreachable={3})[1].officer_id is None
    assert covers(officers, 3) == []


def test_who_comes_and_goes_elsewhere_divides_nothing() -> None:
    officers = _officers(a=2)
    officers[3].absent_from = officers[3].absent_until = DAY
    assert covers(officers, 1) == [Cover(BEFORE, AFTER, 2)]


def test_back_again_keeps_the_days_that_were_and_gives_up_those_to_come() -> None:
    officer = _officers(a=2)[1]
    end_absence(officer, DAY)
    assert (officer.absent_from, officer.absent_until, officer.stand_in_id) == (BEFORE, date(2026, 12, 23), 2)
    end_absence(officer, DAY)
    assert officer.absent_until == date(2026, 12, 23)
    other = _officers(a=2)[1]
    end_absence(other, BEFORE)
    assert (other.absent_from, other.absent_until, other.stand_in_id) == (None, None, None)
    end_absence(other, BEFORE)
