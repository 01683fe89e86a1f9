"""What changed between two editions, and which new item could be meant."""

import random
import time
from dataclasses import replace

from models.catalogue.reading import FOLDER
from models.commitments.checklist import Timing
from models.commitments.differences import Change, counts, differences, side_by_side
from models.commitments.edition_file import read

ITEMS = read((FOLDER / "editions" / "fab-city-2026.yaml").read_bytes()).edition.items


def test_an_edition_beside_itself_is_unchanged() -> None:
    assert counts(differences(ITEMS, ITEMS)) == {
        Change.SAME: 23, Change.REWORDED: 0, Change.GONE: 0, Change.NEW: 0,
    }  # fmt: skip


def test_each_item_of_both_stands_there_once_with_what_became_of_it() -> None:
    reworded = replace(ITEMS[0], label_de="Mindestens drei Fab-Lab-Akteure erklären ihren Beitrittswunsch")
    renamed = replace(
        ITEMS[6], code="map", label_de="Ökosystem kartiert: Labs, Betriebe, Werkstätten, Projekte"
    )
    moved = replace(ITEMS[17], timing=Timing.BEFORE)
    added = replace(
        ITEMS[1], code="dashboard", label_de="Quartalszahlen veröffentlichen", wanted_de="Bericht online"
    )
    new = [reworded, *ITEMS[1:6], renamed, *ITEMS[8:17], moved, *ITEMS[18:], added]  # ITEMS[7] is gone
    rows = differences(ITEMS, new)
    assert counts(rows) == {Change.SAME: 20, Change.REWORDED: 1, Change.GONE: 2, Change.NEW: 2}
    by_old = {row.old.code: row for row in rows if row.old}
    assert len(by_old) == 23
    assert by_old[ITEMS[0].code].fields == ("label_de",)
    assert by_old[ITEMS[17].code].change is Change.SAME  # its words are; what differs is named
    assert by_old[ITEMS[17].code].fields == ("timing",)
    map_row = by_old["ecosystem_map"]
    assert map_row.new == renamed
    assert map_row.alike is not None
    assert map_row.alike > 0.8
    declaration = by_old["declaration"]  # gone: nothing that is new reads like it
    assert (declaration.change, declaration.new, declaration.alike) == (Change.GONE, None, None)


def test_few_items_of_the_list_are_taken_for_each_other() -> None:
    taken = set()
    for item in ITEMS:
        others = [replace(other, code=f"{other.code}-new") for other in ITEMS if other is not item]
        row = differences([item], others)[0]
        if row.new is not None and (row.alike or 0) > 0.6:
            taken.add((item.code, row.new.code))
    assert taken == {("charter", "digital_declaration-new"), ("digital_declaration", "charter-new")}


def test_umlauts_and_capitals_do_not_hide_a_likeness() -> None:
    new = replace(
        ITEMS[6], code="x", label_de="OEKOSYSTEM kartiert – Labs, Hersteller, Werkstaetten, Projekte"
    )
    [row, *_rest] = differences([ITEMS[6]], [new])
    assert row.new == new


def test_the_words_that_went_and_came_are_marked() -> None:
    before, after = side_by_side(
        "Liste der Partner, mindestens drei", "Liste aller Partner, mindestens drei, mit Rolle"
    )
    assert [(p.kind, p.text) for p in before] == [
        ("same", "Liste"), ("gone", "der"), ("same", "Partner, mindestens"), ("gone", "drei"),
    ]  # fmt: skip
    assert [(p.kind, p.text) for p in after] == [
        ("same", "Liste"), ("new", "aller"), ("same", "Partner, mindestens"), ("new", "drei, mit Rolle"),
    ]  # fmt: skip
    assert side_by_side("", "") == ([], [])


def test_five_thousand_items_are_compared_in_seconds() -> None:
    dice = random.Random(4)
    words = " ".join(item.label_de for item in ITEMS).split()
    old = [replace(ITEMS[0], code=f"o{n}", label_de=" ".join(dice.choices(words, k=8))) for n in range(5000)]
    new = [replace(item, code=f"n{n}") if n % 50 == 0 else item for n, item in enumerate(old)]
    began = time.perf_counter()
    rows = differences(old, new)
    assert time.perf_counter() - began < 10
    assert all(row.new is not None and row.new.label_de == row.old.label_de for row in rows if row.old)
