"""What changed between two editions, item by item, and which new item an old one could have become.

A proposal is only that: nothing is carried over before a person has confirmed it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from models.base import N_, Labelled
from models.commitments.edition_text import ItemText
from models.folding import fold

LEAST_ALIKE = 0.55  # below this two items rarely mean the same (tried with the starter data's 23 items)
_LOOK_CLOSER = 8  # candidates with the most words in common that are compared letter by letter

# What a person reads, in this order; a change of anything else (who, origin …) is named, not shown side by side.
WORDS = ("label_de", "wanted_de", "label_en", "wanted_en")
FACTS = ("who", "timing", "origin", "certainty", "source_de", "source_en", "phase")


class Change(Labelled):
    SAME = "same", N_("unchanged")
    REWORDED = "reworded", N_("worded differently")
    GONE = "gone", N_("no longer there")
    NEW = "new", N_("new")


@dataclass(frozen=True)
class Difference:
    """An old item beside the new one with the same key, or beside the one that could be meant. `alike`: 0 to 1, only
    for a proposal by wording. `fields`: what differs, of WORDS and FACTS."""

    change: Change
    old: ItemText | None
    new: ItemText | None
    fields: tuple[str, ...] = ()
    alike: float | None = None


@dataclass(frozen=True)
class Piece:
    """A run of words: kept, taken away or added."""

    kind: str  # "same", "gone", "new"
    text: str


def differences(old: Sequence[ItemText], new: Sequence[ItemText]) -> list[Difference]:
    """Every item of both editions once: the old ones in their order, then those that are new. An item whose key is gone
    stands beside the new item with the most similar wording, if there is one that is alike enough."""
    by_code = {item.code: item for item in new}
    old_codes = {item.code for item in old}
    only_new = [item for item in new if item.code not in old_codes]
    proposals = propose([item for item in old if item.code not in by_code], only_new)
    rows = []
    for item in old:
        same = by_code.get(item.code)
        if same is None:
            proposed, alike = proposals.get(item.code, (None, None))
            fields = changed_fields(item, proposed) if proposed else ()
            rows.append(Difference(Change.GONE, item, proposed, fields, alike))
        else:
            fields = changed_fields(item, same)
            reworded = any(name in WORDS for name in fields)
            rows.append(Difference(Change.REWORDED if reworded else Change.SAME, item, same, fields))
    return rows + [Difference(Change.NEW, None, item) for item in only_new]


def changed_fields(old: ItemText, new: ItemText) -> tuple[str, ...]:
    """The fields in which two items differ."""
    return tuple(name for name in (*WORDS, *FACTS) if getattr(old, name) != getattr(new, name))


def propose(gone: Sequence[ItemText], new: Sequence[ItemText]) -> dict[str, tuple[ItemText, float]]:
    """For each item that is gone the new one that reads most alike, with how much (0 to 1). Two old items may point to
    the same new one: a person decides."""
    candidates = [(item, fold(_words(item)), fold(item.label_de)) for item in new]
    places: dict[str, list[int]] = {}
    for number, (_item, words, _label) in enumerate(candidates):
        for word in set(words.split()):
            places.setdefault(word, []).append(number)
    found = {}
    for item in gone:
        words, label = fold(_words(item)), fold(item.label_de)
        shared = Counter(n for word in set(words.split()) for n in places.get(word, ()))
        best: tuple[float, int] | None = None
        for number, _count in shared.most_common(_LOOK_CLOSER):
            title = _alike(label, candidates[number][2])  # weighs more than what counts as proof
            alike = max(title, (title + _alike(words, candidates[number][1])) / 2)
            if best is None or alike > best[0]:
                best = (alike, number)
        if best is not None and best[0] >= LEAST_ALIKE:
            found[item.code] = (candidates[best[1]][0], round(best[0], 2))
    return found


def _words(item: ItemText) -> str:
    return f"{item.label_de} {item.wanted_de}"


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def side_by_side(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """The old and the new wording in runs of words, so that a page can show what was taken away and what was added."""
    left, right = old.split(), new.split()
    before: list[Piece] = []
    after: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if b > a:
            before.append(Piece("same" if kind == "equal" else "gone", " ".join(left[a:b])))
        if d > c:
            after.append(Piece("same" if kind == "equal" else "new", " ".join(right[c:d])))
    return before, after


def counts(rows: Iterable[Difference]) -> dict[Change, int]:
    """How many items there are of each change."""
    found = Counter(row.change for row in rows)
    return {change: found[change] for change in Change}
