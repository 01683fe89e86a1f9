"""When an edition can begin: from past editions, or from what is announced; never stored."""

from datetime import date
from typing import Any

import pytest

from models.conferences.conferences import Conference, ConferenceStatus, DatePrecision, Series, conferences
from models.conferences.history import usual_season
from models.conferences.usual_window import (
    Basis,
    NoPlan,
    next_edition,
    possible_start,
    usual_window,
    why_no_plan,
)
from models.database import Database

TODAY = date(2026, 11, 23)


def held(*starts: date, series: Series = Series.FABX) -> list[Conference]:
    return [
        Conference(
            name="FAB", series=series, status=ConferenceStatus.HELD, date_precision=DatePrecision.DAY,
            starts_on=day, year=day.year,
        )
        for day in starts
    ]  # fmt: skip


SUMMERS = held(*(date(year, 7, year - 2010) for year in range(2014, 2024)))


def coming(**more: Any) -> Conference:
    return Conference(**({"name": "FAB27", "series": Series.FABX, "year": 2027} | more))


def test_the_starter_data_say_12_of_13_between_2_july_and_9_august(database: Database, now) -> None:
    with database.read(now) as session:
        rows = conferences(session)
    window, season = usual_window(rows, Series.FABX), usual_season(rows)
    assert window is not None
    assert season is not None
    assert (window.usual, window.total, window.since) == (12, 13, 2014)
    assert window.in_year(2027) == (date(2027, 7, 2), date(2027, 8, 9))
    assert window.exceptions == (date(2022, 10, 12),)
    # The list of conferences says the same.
    assert (season.usual, season.total, season.first, season.last) == (12, 13, window.first, window.last)


def test_summits_have_a_window_of_their_own(database: Database, now) -> None:
    with database.read(now) as session:
        rows = conferences(session)
    window = usual_window(rows, Series.SUMMIT)
    assert window is not None
    assert (window.usual, window.total) == (5, 5)
    assert window.in_year(2027) == (date(2027, 4, 20), date(2027, 10, 17))


def test_an_outlier_does_not_widen_the_window_and_is_named() -> None:
    window = usual_window([*SUMMERS[:9], *held(date(2023, 10, 12))], Series.FABX)
    assert window is not None
    assert (window.usual, window.total, window.last) == (9, 10, date(2000, 7, 12))
    assert window.exceptions == (date(2023, 10, 12),)


def test_two_editions_of_one_year_count_both() -> None:
    window = usual_window([*SUMMERS, *held(date(2023, 7, 20))], Series.FABX)
    assert window is not None
    assert window.total == 11


def test_all_editions_on_the_same_day_make_a_window_of_one_day() -> None:
    window = usual_window(held(*(date(year, 7, 5) for year in range(2014, 2020))), Series.FABX)
    assert window is not None
    assert window.in_year(2027) == (date(2027, 7, 5), date(2027, 7, 5))


def test_a_window_can_cross_new_year_and_then_begins_in_the_year_before() -> None:
    days = [date(2015, 12, 20), date(2017, 1, 3), date(2018, 1, 8), date(2018, 12, 28), date(2020, 1, 5)]
    window = usual_window(held(*days), Series.FABX)
    assert window is not None
    assert window.in_year(2027) == (date(2026, 12, 20), date(2027, 1, 8))
    assert window.exceptions == ()


def test_a_29_february_is_widened_where_it_does_not_exist() -> None:
    days = held(*(date(year, 2, 29) for year in range(2016, 2036, 4)))
    window = usual_window(days, Series.FABX)
    assert window is not None
    assert window.in_year(2027) == (date(2027, 2, 28), date(2027, 3, 1))
    assert window.in_year(2028) == (date(2028, 2, 29), date(2028, 2, 29))


def test_too_few_editions_and_what_was_not_held_make_no_window() -> None:
    assert usual_window([], Series.FABX) is None
    assert usual_window(SUMMERS[:4], Series.FABX) is None
    assert usual_window(SUMMERS, Series.SUMMIT) is None
    announced = held(*(date(year, 7, 5) for year in range(2014, 2024)))
    for row in announced:
        row.status = ConferenceStatus.ANNOUNCED
    assert usual_window(announced, Series.FABX) is None


@pytest.mark.parametrize(
    ("more", "first", "last", "basis"),
    [
        ({"starts_on": date(2027, 7, 5), "date_precision": DatePrecision.DAY}, (7, 5), (7, 5), Basis.DAY),
        (
            {"starts_on": date(2027, 7, 5), "ends_on": date(2027, 7, 11), "date_precision": DatePrecision.WEEK},
            (7, 5), (7, 11), Basis.SPAN,
        ),
        ({"month": 9, "date_precision": DatePrecision.MONTH}, (9, 1), (9, 30), Basis.MONTH),
        ({"date_precision": DatePrecision.YEAR}, (7, 4), (7, 12), Basis.EXPERIENCE),
        ({}, (7, 4), (7, 12), Basis.EXPERIENCE),
    ],
)  # fmt: skip
def test_what_is_announced_goes_before_experience(more: Any, first: Any, last: Any, basis: Basis) -> None:
    start = possible_start(coming(**more), SUMMERS, TODAY)
    assert start is not None
    assert (start.first, start.last, start.basis) == (date(2027, *first), date(2027, *last), basis)


def test_a_summit_within_an_fabx_takes_its_date_and_one_alone_the_window_of_fabx() -> None:
    fab = coming(id=7, starts_on=date(2027, 7, 5), date_precision=DatePrecision.DAY)
    summit = coming(name="Summit", series=Series.SUMMIT, parent_id=7)
    start = possible_start(summit, [fab, summit], TODAY)
    assert start is not None
    assert (start.first, start.parent) == (date(2027, 7, 5), "FAB27")
    fab.status = ConferenceStatus.CANCELLED
    start = possible_start(summit, [fab, summit, *SUMMERS], TODAY)
    assert start is not None
    assert start.window is not None
    assert start.window.series is Series.FABX


def test_nothing_begins_before_today() -> None:
    start = possible_start(coming(), SUMMERS, date(2027, 7, 8))
    assert start is not None
    assert (start.first, start.last) == (date(2027, 7, 8), date(2027, 7, 12))
    over = possible_start(coming(), SUMMERS, date(2027, 8, 1))
    assert over is not None
    assert over.last == date(2027, 7, 12)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"series": Series.RELATED}, NoPlan.RELATED),
        ({"status": ConferenceStatus.CANCELLED}, NoPlan.CANCELLED),
        ({"status": ConferenceStatus.HELD}, NoPlan.BEGUN),
        ({"year": 2025}, NoPlan.BEGUN),
        (
            {"starts_on": date(2026, 11, 22), "ends_on": date(2026, 11, 30), "date_precision": DatePrecision.DAY},
            NoPlan.BEGUN,
        ),
        ({"year": None}, NoPlan.NO_YEAR),
        ({}, None),
    ],
)  # fmt: skip
def test_there_is_no_plan_where_there_is_nothing_to_count_back_from(more: Any, reason: NoPlan | None) -> None:
    assert why_no_plan(coming(**more), SUMMERS, TODAY) is reason


def test_without_past_editions_there_is_no_plan() -> None:
    assert why_no_plan(coming(), [], TODAY) is NoPlan.NO_EXPERIENCE


def test_the_next_edition_is_the_stored_one_or_computed() -> None:
    fab27, fab29 = coming(id=1), coming(id=2, name="FAB29", year=2029)
    found = next_edition(fab27, [fab27, fab29, coming(id=3, year=2028, status=ConferenceStatus.CANCELLED)])
    assert found is not None
    assert (found.name, found.year, found.key) == ("FAB29", 2029, 2)
    found = next_edition(fab27, [fab27, *SUMMERS])
    assert found is not None
    assert (found.name, found.year, found.key) == ("FAB28", 2028, None)
    found = next_edition(coming(series=Series.SUMMIT), [])
    assert found is not None
    assert found.name == "Fab City Summit 2028"
    assert next_edition(coming(year=None), []) is None


def test_the_next_edition_can_be_later_in_the_same_year() -> None:
    day = {"date_precision": DatePrecision.DAY, "status": ConferenceStatus.ANNOUNCED}
    first, second = (
        coming(id=1, starts_on=date(2027, 3, 1), **day),
        coming(id=2, name="FAB27b", starts_on=date(2027, 9, 1), **day),
    )
    found = next_edition(first, [first, second])
    assert found is not None
    assert found.name == "FAB27b"
