"""The starter data: loaded once, whole or not at all."""

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from models.catalogue.load import StarterRow, load
from models.catalogue.reading import FOLDER, CatalogueError
from models.commitments.checklist import Commitment, CommitmentState, commitments
from models.commitments.editions import EditionState, editions, the_edition
from models.conferences.conferences import Conference, DatePrecision, conferences
from models.council.papers import Paper, papers, resolutions, way_of
from models.database import Database
from models.followups import open_follow_ups
from models.migrations import migrate
from models.places import Place, places


def test_everything_is_there(database: Database, now: datetime) -> None:
    with database.read(now) as session:
        assert len(commitments(session)) == 23
        assert len(conferences(session)) == 39
        assert len(places(session)) == 58
        assert len(papers(session)) == 2


def test_the_motion_has_four_stations_and_seven_dates_and_was_not_adopted_as_it_stood(
    database: Database, now: datetime
) -> None:
    with database.read(now) as session:
        motion = session.exec(select(Paper).where(Paper.reference == "VII-A-00726")).one()
        way = way_of(session, motion.key)
        assert len(way) == 4
        assert sum(len(dates) for _, dates in way) == 7
        adopted = resolutions(session)[0]
        assert adopted.adopted_on == date(2020, 6, 10)
        assert adopted.adopted_as == "VII-A-00726-VSP-01"
        assert adopted.summary_de != motion.summary_de
        assert motion.wording == adopted.wording == ""  # entered by a person, never shipped


def test_a_guess_is_never_a_date(database: Database, now: datetime) -> None:
    with database.read(now) as session:
        for conference in conferences(session):
            if conference.date_precision not in (DatePrecision.DAY, DatePrecision.WEEK):
                assert conference.starts_on is None, conference.name
        fab27 = session.exec(select(Conference).where(Conference.name == "FAB27")).one()
        assert fab27.anchor_on is None


def test_only_the_next_unannounced_edition_is_looked_up(database: Database, now: datetime) -> None:
    with database.read(now) as session:
        assert [(f.title("de"), f.due_on) for f in open_follow_ups(session)] == [
            ("FAB27: nachsehen, ob der Termin angekündigt ist", date(2026, 12, 1))
        ]


def test_a_second_load_doubles_nothing_and_keeps_edits_and_deletions(
    database: Database, now: datetime, today: date
) -> None:
    with database.write(now) as session:
        item = commitments(session)[0]
        item.state, item.label_de = CommitmentState.IN_PROGRESS, "Anders genannt"
        session.delete(session.exec(select(Place).where(Place.slug == "boston")).one())
        session.commit()
        load(session, now, today)
        session.commit()
        assert len(commitments(session)) == 23
        assert len(places(session)) == 57
        assert session.get_one(Commitment, item.key).label_de == "Anders genannt"


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        (
            "conferences.csv",
            "2006-06-26",
            "2006-13-26",
            "conferences.csv, line 4: start: '2006-13-26' is not a date",
        ),
        (
            "places.csv",
            "\nboston,",
            "\nbarcelona,",
            "places.csv, line 3: slug 'barcelona' stands already in line 2",
        ),
        ("places.csv", ",city,ES,", ",city,XQ,", "places.csv, line 2: country_code: unknown country 'XQ'"),
        (
            "editions/fab-city-2026.yaml",
            "who: labs",
            "who: nobody",
            "fab-city-2026.yaml: Line 78: Item “actors_wish”: who: “nobody” is unknown.",
        ),
        (
            "resolutions.csv",
            "2020-06-10",
            "10.06.2020",
            "resolutions.csv, line 2: adopted_on: '10.06.2020' is not a date",
        ),
        (
            "editions/fab-city-2026.yaml",
            "phase: talks",
            "phase: tea",
            "fab-city-2026.yaml: Line 198: Item “talk”: There is no phase “tea”.",
        ),
    ],
)
def test_one_bad_row_refuses_the_whole_load_and_says_where(
    empty_database_url: str,
    now: datetime,
    today: date,
    tmp_path: Path,
    file: str,
    old: str,
    new: str,
    reason: str,
) -> None:
    folder = tmp_path / "catalogue"
    shutil.copytree(FOLDER, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    migrate(empty_database_url)
    database = Database(empty_database_url)
    with database.write(now) as session:
        with pytest.raises(CatalogueError) as refused:
            load(session, now, today, folder)
        assert any(fault.startswith(reason) for fault in refused.value.faults), refused.value.faults
        assert places(session) == []
        assert session.exec(select(Commitment)).all() == []
    database.close()


def test_an_installation_that_has_the_list_gets_its_source_and_nothing_twice(
    database: Database, now: datetime, today: date
) -> None:
    with database.write(now) as session:  # as migration 0003 leaves it
        edition = the_edition(session)
        edition.source = edition.note = edition.content_hash = ""
        session.delete(session.exec(select(StarterRow).where(StarterRow.file == "editions")).one())
        session.flush()
        load(session, now, today)
        assert "nicht die Liste des Handbuchs" in edition.source
        assert len(edition.content_hash) == 64
        assert len(editions(session)) == 1
        assert len(commitments(session)) == 23


def test_nothing_is_loaded_into_an_edition_that_was_superseded(
    database: Database, now: datetime, today: date
) -> None:
    with database.write(now) as session:
        the_edition(session).state = EditionState.SUPERSEDED
        session.delete(session.exec(select(Commitment).where(Commitment.code == "talk")).one())
        session.delete(session.exec(select(StarterRow).where(StarterRow.code == "talk")).one())
        session.flush()
        load(session, now, today)
        assert session.exec(select(Commitment).where(Commitment.code == "talk")).all() == []
