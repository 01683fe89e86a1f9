"""Which item here a row of an own list may mean: by words that look alike. A proposal; a person decides."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from models.commitments.checklist import Commitment
from models.commitments.own_list import ListRow
from models.folding import fold

SURE = 0.6  # from here on an item is proposed by itself
OFFERED = 8  # so many are offered where there are too many items to choose from
ALL_UP_TO = 60
_STEM = 6  # letters by which "Konsortium" and "Konsortiums" are one word
_FEW = 200


@dataclass(frozen=True)
class Offer:
    """For one row: the items offered, the likeliest first, and the one proposed (None: a new item)."""

    row: ListRow
    items: list[Commitment]
    proposed: int | None


def stems(text: str) -> set[str]:
    """The longer words of a text, by their beginnings."""
    return {word[:_STEM] for word in re.findall(r"\w+", fold(text)) if len(word) > 3}


def likeness(one: str, other: str) -> float:
    """How much two titles are alike, from 0 to 1: by letters, and by words that both have."""
    first, second = fold(one), fold(other)
    letters = SequenceMatcher(None, first, second).ratio()
    mine, theirs = stems(one), stems(other)
    shared = len(mine & theirs) / max(1, min(len(mine), len(theirs)))
    if len(mine & theirs) < 2 and min(len(mine), len(theirs)) > 1:
        shared /= 2  # one common word of many says little
    return max(letters, 0.35 * letters + 0.65 * shared)


def offers(rows: Iterable[ListRow], items: list[Commitment]) -> list[Offer]:
    """For every row what it may mean. No item is proposed twice: the row that is most like it has it."""
    by_stem: dict[str, set[int]] = {}
    for place, item in enumerate(items):
        for stem in stems(item.label_de):
            by_stem.setdefault(stem, set()).add(place)
    scored = [(row, _scored(row.title, items, by_stem)) for row in rows]
    best = sorted(
        ((score, row.number, item.key) for row, found in scored for score, item in found if score >= SURE),
        key=lambda triple: (-triple[0], triple[1]),
    )
    proposed: dict[int, int] = {}
    for _score, number, key in best:
        if number not in proposed and key not in proposed.values():
            proposed[number] = key
    most = len(items) if len(items) <= ALL_UP_TO else OFFERED
    return [
        Offer(row, [item for _score, item in found[:most]], proposed.get(row.number)) for row, found in scored
    ]


def _scored(
    title: str, items: list[Commitment], by_stem: dict[str, set[int]]
) -> list[tuple[float, Commitment]]:
    places: Iterable[int] = range(len(items))
    if len(items) > _FEW:
        hits: dict[int, int] = {}
        for stem in stems(title):
            for place in by_stem.get(stem, ()):
                hits[place] = hits.get(place, 0) + 1
        places = sorted(hits, key=lambda place: -hits[place])[:30]
    found = [(likeness(title, items[place].label_de), items[place]) for place in places]
    return sorted(found, key=lambda pair: (-pair[0], pair[1].position, pair[1].key))
