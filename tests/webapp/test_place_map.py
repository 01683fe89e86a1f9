"""The map of cities and regions: as complete as its table, without script and without a foreign server."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from models.places import Activity, Membership, Place, PlaceType
from tests.judge import JudgingClient
from webapp import assets
from webapp.places.chart import draw_chart
from webapp.places.views import growth_of
from webapp.places.world_map import EUROPE, GRID, WORLD, Look, draw_map, look_of, section_for


def _place(key: int, lat: float | None, lon: float | None, **more: Any) -> Place:
    return Place(id=key, slug=str(key), name=str(key), lat=lat, lon=lon, **more)


def test_every_place_is_on_the_map_or_named_below_it(client: JudgingClient) -> None:
    page = lxml.html.fromstring(client.get("/staedte").text)
    names = page.xpath("//*[local-name()='svg']//a/@aria-label")
    assert (len(names), len(page.xpath("//tbody/tr"))) == (57, 58)
    assert "Hamburg, Stadt, Mitglied, aktiv, Stand August 2025" in names
    assert "Leipzig, Stadt, Kein Mitglied, Stand November 2026" in names
    assert names == [
        name
        for place in page.xpath("//tbody//th/a/text()")
        for name in names
        if name.startswith(f"{place}, ")
    ]
    assert "León" in page.xpath("//section[@class='map']/p[last()]/a/text()")
    keys = set(page.xpath("//*[local-name()='svg']//a/@href"))
    assert keys < set(page.xpath("//tbody//th/a/@href"))
    assert not page.xpath("//*[@style]")
    german = lxml.html.fromstring(client.get("/staedte?land=DE").text)
    assert german.xpath("//a[@aria-current='true' and contains(@href,'ausschnitt')]/text()") == ["Europa"]
    assert len(german.xpath("//*[local-name()='svg']//a")) == 4
    kept = lxml.html.fromstring(client.get("/staedte?art=region&ausschnitt=europa&ansicht=druck").text)
    assert "6 Orte liegen" in kept.text_content()
    assert not client.get("/staedte?ausschnitt=mond").text.count('value="mond"')


def test_without_an_outline_the_markers_stand_alone(
    client: JudgingClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stylesheets = import_module("webapp.stylesheets")  # the package's own name for it is a function
    monkeypatch.setattr(stylesheets, "STATIC", tmp_path)
    stylesheets.version.cache_clear()
    page = lxml.html.fromstring(client.get("/staedte").text)
    stylesheets.version.cache_clear()
    assert len(page.xpath("//*[local-name()='svg']//a")) == 57
    assert not page.xpath("//*[local-name()='use']")
    assert "Umrisse der Länder fehlten" in page.text_content()


def test_missing_coordinates_are_missing_and_markers_make_room() -> None:
    crowd = [_place(key, 50, 8) for key in range(30)]
    found = draw_map([*crowd, _place(30, None, None), _place(31, 0, 0), _place(32, -70, 10)], WORLD)
    assert ([p.id for p in found.unlocated], [p.id for p in found.beyond]) == ([30], [32])
    spots = {(marker.x, marker.y) for marker in found.markers}
    assert len(spots) == len(found.markers) == 31
    first = found.markers[0]
    assert (first.x, first.y, first.is_moved) == (first.home_x, first.home_y, False)
    assert found.markers[-1].place.id == 31  # the order of the list
    region = _place(40, 50, 8, type=PlaceType.REGION)
    assert [marker.is_moved for marker in draw_map([region, _place(41, 50, 8)], EUROPE).markers] == [
        True,
        False,
    ]
    assert (section_for(crowd), section_for([]), section_for(crowd, "welt")) == (EUROPE, WORLD, WORLD)


def test_the_looks_tell_membership_and_activity() -> None:
    looks = {
        (membership, activity): look_of(_place(1, 1, 1, membership=membership, activity=activity))
        for membership in Membership
        for activity in Activity
    }
    assert [looks[Membership.MEMBER, activity] for activity in Activity] == [
        Look.ACTIVE,
        Look.INACTIVE,
        Look.UNKNOWN,
    ]
    assert {looks[m, Activity.ACTIVE] for m in (Membership.PROBABLE, Membership.CANDIDATE)} == {Look.NEAR}
    assert {looks[m, Activity.ACTIVE] for m in (Membership.MENTIONED, Membership.NOT_MEMBER)} == {
        Look.OUTSIDE
    }


def test_growth_is_a_picture_with_its_numbers_beside_it(client: JudgingClient) -> None:
    page = lxml.html.fromstring(client.get("/staedte/entwicklung").text)
    assert page.xpath("//div[@class='chart']/@aria-hidden") == ["true"]
    assert page.xpath("//tbody/tr[last()]//text()")[:3] == ["2024", "2", "54"]
    bars = draw_chart(growth_of([_place(1, 1, 1, joined_year=2014), _place(2, 1, 1, joined_year=2016)]))
    assert [(bar.year, bar.members, bar.joined_height > 0) for bar in bars] == [
        (2014, 1, True),
        (2015, 1, False),
        (2016, 2, True),
    ]


ATLAS = {
    "transform": {"scale": [1, 1], "translate": [0, 0]},
    # A square whose right side belongs to its neighbour too; an island over the date line; Antarctica.
    "arcs": [
        [[0, 0], [0, 10], [10, 0]], [[10, 10], [0, -10]], [[10, 0], [-10, 0]],
        [[175, 0], [5, 0], [-355, 0], [0, 5], [350, 0], [0, -5]], [[0, -80], [10, 0], [0, 5], [-10, -5]],
    ],
    "objects": {
        "countries": {
            "geometries": [
                {"type": "Polygon", "id": "1", "arcs": [[0, 1, 2]]},
                {"type": "MultiPolygon", "id": "2", "arcs": [[[3]]]},
                {"type": "Polygon", "id": "010", "arcs": [[4]]},
            ]
        }
    },
}  # fmt: skip


def test_outlines_are_decoded_cut_and_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = list(assets.rings(ATLAS))
    assert found[0] == [(0, 0), (0, 10), (10, 10), (10, 0), (0, 0)]
    assert len(found) == 2
    assert assets.drawn(assets.clipped(found[0], (5, -90, 180, 5))).startswith("M")
    assert assets.drawn(assets.clipped(found[0], (20, 20, 30, 30))) == ""
    turns = [assets.clipped(turn, (-180, -90, 180, 90)) for turn in assets.around(found[1])]
    east_and_west = [{x for x, _y in turn} for turn in turns if turn]
    assert [(min(xs), max(xs)) for xs in east_and_west] == [(-180, -175), (175, 180)]
    monkeypatch.setattr(assets, "VENDOR", tmp_path / "vendor")
    monkeypatch.setattr(assets, "ATLAS", tmp_path)
    (tmp_path / "vendor").mkdir()
    (tmp_path / "LICENSE").write_text("ISC")
    (tmp_path / "countries-110m.json").write_text(json.dumps(ATLAS))
    assets.draw_outlines()  # the second file is missing: no half a map
    assert not list((tmp_path / "vendor").glob("*.svg*"))
    (tmp_path / "countries-50m.json").write_text(json.dumps(ATLAS))
    assets.draw_outlines()
    assert sorted(path.name for path in (tmp_path / "vendor").glob("*.svg.gz")) == [
        "europe.svg.gz",
        "world.svg.gz",
    ]
    assert GRID == assets.GRID
    for section in (WORLD, EUROPE):
        west, south, east, north = assets.OUTLINES[section.outline][1]
        assert (
            west <= section.west,
            south <= section.south,
            east >= section.east,
            north >= section.north,
        ) == (True,) * 4
