"""What past editions teach: computed from what was held and known to the day."""

from datetime import date

from sqlmodel import Session

from models.conferences.conferences import Conference, ConferenceStatus, DatePrecision, Series, conferences
from models.conferences.history import Season, day_in_year, usual_season
from models.database import Database


def held(*starts: date) -> list[Conference]:
    return [
        Conference(
            name="FAB", series=Series.FABX, status=ConferenceStatus.HELD, date_precision=DatePrecision.DAY,
            starts_on=day, year=day.year,
        )
        for day in starts
    ]  # fmt: skip


SUMMERS = [date(year, 7, year - 2010) for year in range(2014, 2024)]


def test_the_starter_data_say_12_of_13_between_2_july_and_9_august(database: Database, now) -> None:
    with database.read(now) as session:
        season = usual_season(conferences(session))
    assert season == Season(12, 13, 2014, date(2000, 7, 2), date(2000, 8, 9))


def test_one_exception_does_not_widen_the_season() -> None:
    season = usual_season([*held(*SUMMERS[:9]), *held(date(2023, 10, 12))])
    assert season is not None
    assert (season.usual, season.total, season.last) == (9, 10, date(2000, 7, 12))


def test_what_was_before_2014_does_not_count() -> None:
    season = usual_season([*held(*SUMMERS), *held(date(2013, 8, 21))])
    assert season is not None
    assert season.total == 10


def test_summits_announced_ones_and_spans_do_not_count() -> None:
    rows = held(*SUMMERS[:8])
    rows[0].series = Series.SUMMIT
    rows[1].status = ConferenceStatus.ANNOUNCED
    rows[2].date_precision = DatePrecision.WEEK
    season = usual_season(rows)
    assert season is not None
    assert season.total == 5


def test_too_few_editions_are_no_experience() -> None:
    assert usual_season(held(*SUMMERS[:4])) is None
    assert usual_season([]) is None


def test_the_29_february_can_be_compared() -> None:
    season = usual_season(held(*(date(year, 2, 29) for year in range(2016, 2040, 4))))
    assert season is not None
    assert season.first == season.last == date(2000, 2, 29)


def test_the_hint_is_never_stored(database: Database, now) -> None:
    with database.read(now) as session:
        usual_season(conferences(session))
        assert _dates_of_unannounced(session) == [None] * len(_dates_of_unannounced(session))


def _dates_of_unannounced(session: Session) -> list[date | None]:
    return [c.starts_on for c in conferences(session) if c.status is ConferenceStatus.NOT_ANNOUNCED]


def test_a_day_of_the_year_is_written_out() -> None:
    assert day_in_year(date(2000, 7, 2), "de") == "2. Juli"
    assert day_in_year(date(2000, 7, 2), "en") == "2 July"
