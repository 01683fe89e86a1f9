"""Rules of cities and regions."""

from datetime import datetime

import pytest

from models.database import Database
from models.places import (
    Activity,
    Membership,
    Place,
    PlaceType,
    as_of_text,
    count_places,
    free_slug,
    places,
    read_as_of,
)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("2025", "2025"),
        ("2025-08", "2025-08"),
        ("08/2025", "2025-08"),
        ("8.2025", "2025-08"),
        ("Aug 2025", "2025-08"),
        ("März 2024", "2024-03"),
        ("13.8.2025", "2025-08-13"),
        ("2025-08-13", "2025-08-13"),
        ("13 August 2025", "2025-08-13"),
        ("13/2025", None),
        ("31.02.2025", None),
        ("0025", None),
        ("Octember 2025", None),
        ("neulich", None),
        ("", None),
    ],
)
def test_the_state_is_as_exact_as_it_was_typed(typed: str, stored: str | None) -> None:
    assert read_as_of(typed) == stored


@pytest.mark.parametrize(
    ("value", "german", "english"),
    [
        ("2025-08", "August 2025", "August 2025"),
        ("2025-03", "März 2025", "March 2025"),
        ("2024", "2024", "2024"),
        ("2025-08-13", "13.08.2025", "13 August 2025"),
        ("", "", ""),
        ("2025-99", "2025-99", "2025-99"),
    ],
)
def test_the_state_is_written_in_words_that_can_be_typed_again(value: str, german: str, english: str) -> None:
    assert (as_of_text(value, "de"), as_of_text(value, "en")) == (german, english)
    if value and not value.endswith("99"):
        assert read_as_of(german) == read_as_of(english) == value


def test_places_are_found_by_words_membership_type_and_country(database: Database, now: datetime) -> None:
    with database.read(now) as session:
        assert [p.name for p in places(session, "", Membership.MEMBER, None, "DE")] == ["Augsburg", "Hamburg"]
        assert [p.name for p in places(session, "bergisch")] == [
            "Bergisches Städtedreieck (Wuppertal, Solingen, Remscheid)"
        ]
        assert {p.type for p in places(session, type_=PlaceType.ISLAND)} == {PlaceType.ISLAND}
        assert places(session, "", Membership.MEMBER, None, "XX") == []


def test_only_sure_members_are_counted_as_members() -> None:
    rows = [
        Place(slug="a", name="A", country_code="DE", membership=Membership.MEMBER, activity=Activity.ACTIVE),
        Place(
            slug="b", name="B", country_code="FR", membership=Membership.MEMBER, activity=Activity.INACTIVE
        ),
        Place(slug="c", name="C", country_code="DE", membership=Membership.PROBABLE),
    ]
    counts = count_places(rows)
    assert (counts.places, counts.members, counts.active, counts.inactive, counts.german) == (3, 2, 1, 1, 1)


def test_a_new_place_gets_an_address_that_nobody_has(database: Database, now: datetime) -> None:
    with database.write(now) as session:
        assert free_slug(session, "Ålesund & Molde") == "alesund-molde"
        assert free_slug(session, "深圳") == "ort"
        assert free_slug(session, "Hamburg") == "hamburg-2"
        session.add(Place(slug="hamburg-2", name="Hamburg"))
        session.flush()
        assert free_slug(session, "Hamburg!") == "hamburg-3"
        assert len(free_slug(session, "x" * 200)) <= 60
