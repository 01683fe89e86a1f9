"""The network's growth, and the conferences that its places hosted."""

from datetime import datetime

import pytest

from models.conferences.hosting import hosted_in, is_named
from models.database import Database
from models.place_growth import growth
from models.places import Membership, Place, places


def test_only_members_are_counted_and_uncertain_years_are_told(database: Database, now: datetime) -> None:
    rows = [
        Place(joined_year=2014), Place(joined_year=2016, joined_year_alt=2015), Place(joined_year=2016), Place(),
        Place(joined_year=2015, membership=Membership.PROBABLE),
    ]  # fmt: skip
    found = growth(rows)
    numbers = [(year.year, year.joined, year.members, year.uncertain) for year in found.years]
    assert numbers == [(2014, 1, 1, 0), (2015, 0, 1, 0), (2016, 2, 3, 1)]
    assert (found.undated, found.members, growth([]).years) == (1, 4, [])
    with database.read(now) as session:
        known = growth(places(session))
        assert (known.members, known.years[0].year, known.years[-1].year) == (54, 2014, 2024)
        by_name = {place.slug: place for place in places(session)}
        hosted = {
            slug: [c.name for c in hosted_in(session, by_name[slug])] for slug in ("bali", "bhutan", "paris")
        }
    assert hosted["bali"] == ["FAB17 / Bali Fab Fest", "Fab City Summit Bali"]
    assert (hosted["bhutan"][0], hosted["paris"]) == ("FAB23", ["Fab City Summit Paris"])


@pytest.mark.parametrize(
    ("name", "city", "is_meant"),
    [
        ("Cambridge", "Boston / Cambridge MA", True), ("Santiago de Chile", "Santiago", True),
        ("Bali", "Jimbaran, Bali", True),
        ("Montréal", "Montreal", True), ("Paris", "", False), ("Parepare", "Pare", False), ("Linz", "Linzberg", False),
    ],
)  # fmt: skip
def test_a_conference_is_held_in_the_city_that_it_names(name: str, city: str, is_meant: bool) -> None:
    assert is_named(name, city) is is_meant
