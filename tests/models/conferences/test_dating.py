"""Which statements about a date fit together, and how it is written."""

from dataclasses import replace
from datetime import date

import pytest

from models.conferences.conferences import (
    Conference,
    ConferenceStatus,
    DatePrecision,
    conferences,
)
from models.conferences.dating import Dating, faults, has_passed, is_coming, settle, state_words
from models.conferences.family import children_of, possible_parents
from models.database import Database

TODAY = date(2026, 11, 23)
ANNOUNCED = Dating(
    ConferenceStatus.ANNOUNCED, DatePrecision.DAY, starts_on=date(2027, 7, 5), ends_on=date(2027, 7, 9)
)
NOTHING = Dating(ConferenceStatus.NOT_ANNOUNCED, DatePrecision.UNKNOWN, year=2027)


def conference(**facts: object) -> Conference:
    return Conference(**{"name": "FAB27", **facts})


def test_an_announced_range_and_an_expected_year_are_without_fault() -> None:
    assert faults(ANNOUNCED, TODAY) == {}
    assert faults(NOTHING, TODAY) == {}


@pytest.mark.parametrize(
    ("said", "column"),
    [
        (replace(ANNOUNCED, starts_on=None, ends_on=None), "starts_on"),
        (replace(ANNOUNCED, precision=DatePrecision.WEEK, starts_on=None, ends_on=None), "starts_on"),
        (replace(ANNOUNCED, ends_on=date(2027, 7, 4)), "ends_on"),
        (replace(ANNOUNCED, starts_on=date(2207, 7, 4), ends_on=None), "starts_on"),
        (replace(ANNOUNCED, precision=DatePrecision.MONTH, year=2027, month=7), "starts_on"),
        (replace(ANNOUNCED, precision=DatePrecision.MONTH, starts_on=None, year=2027, month=7), "ends_on"),
        (Dating(ConferenceStatus.ANNOUNCED, DatePrecision.MONTH, year=2027), "month"),
        (Dating(ConferenceStatus.ANNOUNCED, DatePrecision.MONTH, month=7), "year"),
        (Dating(ConferenceStatus.ANNOUNCED, DatePrecision.YEAR), "year"),
        (Dating(ConferenceStatus.ANNOUNCED, DatePrecision.YEAR, year=2027, month=7), "month"),
        (replace(NOTHING, month=7), "month"),
        (replace(NOTHING, status=ConferenceStatus.ANNOUNCED), "date_precision"),
        (replace(ANNOUNCED, status=ConferenceStatus.NOT_ANNOUNCED), "status"),
        (replace(ANNOUNCED, status=ConferenceStatus.HELD), "status"),
        (replace(ANNOUNCED, status=ConferenceStatus.POSTPONED), "postponed_from"),
        (replace(ANNOUNCED, postponed_from=2028), "postponed_from"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field(said: Dating, column: str) -> None:
    assert column in faults(said, TODAY)


def test_a_past_day_may_be_announced() -> None:
    assert faults(replace(ANNOUNCED, starts_on=date(2025, 7, 5), ends_on=None), TODAY) == {}


def test_year_and_month_are_those_of_the_first_day() -> None:
    row = conference(year=2026, month=3, starts_on=date(2027, 7, 5))
    settle(row)
    assert (row.year, row.month) == (2027, None)


def test_a_date_is_written_as_exactly_as_it_is_known() -> None:
    days = {"starts_on": date(2025, 7, 4), "ends_on": date(2025, 7, 11)}
    exact = conference(date_precision=DatePrecision.DAY, **days)
    assert exact.when("de") == "04.07.–11.07.2025"
    assert exact.when("en") == "4–11 July 2025"
    span = conference(date_precision=DatePrecision.WEEK, **days)
    assert span.when("en") == "within 4–11 July 2025"
    assert span.when("de").endswith(" 04.07.–11.07.2025")
    assert (
        conference(date_precision=DatePrecision.DAY, starts_on=date(2016, 4, 20)).when("de") == "20.04.2016"
    )
    assert conference(date_precision=DatePrecision.MONTH, year=2023, month=7).when("de") == "Juli 2023"
    assert conference(date_precision=DatePrecision.YEAR, year=2020).when("de") == "2020"
    assert conference(date_precision=DatePrecision.UNKNOWN, year=2027).when("en") == "date unknown"


def test_a_range_over_months_and_years_names_both() -> None:
    over = conference(date_precision=DatePrecision.DAY, starts_on=date(2019, 7, 28), ends_on=date(2019, 8, 4))
    assert (over.when("de"), over.when("en")) == ("28.07.–04.08.2019", "28 July – 4 August 2019")
    over.ends_on = date(2020, 1, 4)
    assert over.when("de") == "28.07.2019 – 04.01.2020"


def test_what_is_coming_is_neither_over_nor_past() -> None:
    expected = conference(year=2027, status=ConferenceStatus.NOT_ANNOUNCED)
    assert is_coming(expected, TODAY)
    assert not is_coming(conference(year=2025, status=ConferenceStatus.NOT_ANNOUNCED), TODAY)
    assert not is_coming(conference(year=2027, status=ConferenceStatus.CANCELLED), TODAY)
    assert is_coming(conference(status=ConferenceStatus.POSTPONED), TODAY)
    this_month = conference(
        year=2026, month=11, date_precision=DatePrecision.MONTH, status=ConferenceStatus.ANNOUNCED
    )
    assert is_coming(this_month, TODAY)
    assert has_passed(this_month, date(2026, 12, 1))


def test_what_was_expected_for_a_past_year_is_not_announced_any_more() -> None:
    assert state_words(conference(year=2027), TODAY) == "not announced yet"
    assert state_words(conference(year=2025), TODAY) == "no announcement found"


def test_a_conference_belongs_neither_to_itself_nor_to_what_lies_within_it(database: Database, now) -> None:
    with database.read(now) as session:
        outer = next(c for c in conferences(session) if c.name == "FAB16")
        (inner,) = children_of(session, outer.key)
        allowed = {c.key for c in possible_parents(session, outer.key)}
        assert outer.key not in allowed
        assert inner.key not in allowed
        assert outer.key in {c.key for c in possible_parents(session, inner.key)}
        assert len(possible_parents(session, None)) == 39
