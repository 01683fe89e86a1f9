"""Blocks of people within which names are compared, so that nobody is compared with everybody."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from models.contacts.duplicates.alike import Keys, is_title, plain_spelling

LARGEST = 20  # people of a block who are all compared with each other; in a larger one each with the next


class Named(NamedTuple):
    """What is compared of a person. `place_id` is her city, or that of her organisation."""

    id: int
    sort_key: str
    given_key: str
    organisation_id: int | None
    place_id: int | None

    @property
    def keys(self) -> Keys:
        return Keys(self.sort_key, self.given_key)

    @property
    def initials(self) -> set[str]:
        """The first letters of given and family name: names that are alike have one in common."""
        return {self.sort_key[:1], self.given_key[:1]}

    @property
    def is_unplaced(self) -> bool:
        return self.organisation_id is None and self.place_id is None


Rows = Mapping[int, Sequence[Any]]  # key -> the columns of a Named


class _Groups:
    """Keys by what they share. Most share nothing: a list is made for the second one only."""

    def __init__(self) -> None:
        self._first: dict[str, int] = {}
        self.shared: dict[str, list[int]] = {}

    def add(self, name: str, key: int) -> None:
        first = self._first.setdefault(name, key)
        if first != key:
            self.shared.setdefault(name, [first]).append(key)


def blocks(rows: Rows) -> Iterator[list[int]]:
    """Groups of at least two keys, in which the pairs with alike names are.

    Within one city or organisation: the same name in any order, one given name with a family name that has its first
    two letters alike, or all but the second. And of those who need it: one family name
    with one initial, one family name alone, the same name anywhere.
    """
    groups = _Groups()
    short: set[str] = set()
    alone: set[str] = set()
    unplaced: set[str] = set()
    for row in rows.values():
        key, sort_key, given_key, organisation_id, place_id = row
        name, turned = plain_spelling(sort_key), plain_spelling(given_key)
        scope = _scope(organisation_id, place_id)
        if not scope:
            unplaced.add(_any_order(row))
            continue
        family, given = _first_word(name), _first_word(turned)
        groups.add(f"{scope} {family[:2]}- {given}", key)
        groups.add(f"{scope} {family[:1]}-{family[2:]} {given}", key)
        groups.add(f"{scope}:{min(name, turned)}", key)
        if len(given) < 3:
            short.add(_initial(row))
        if sort_key == given_key and organisation_id is not None:
            alone.add(_family_at(row))
    yield from groups.shared.values()
    for wanted, name_of in ((short, _initial), (alone, _family_at), (unplaced, _any_order)):
        if wanted:
            yield from _grouped(rows, wanted, name_of)


def _scope(organisation_id: int | None, place_id: int | None) -> str:
    if place_id is not None:
        return str(place_id)
    return f"o{organisation_id}" if organisation_id is not None else ""


def _first_word(text: str) -> str:
    word, _blank, rest = text.partition(" ")
    return _first_word(rest) if rest and is_title(word) else word


def _any_order(row: Sequence[Any]) -> str:
    return min(plain_spelling(row[1]), plain_spelling(row[2]))


def _initial(row: Sequence[Any]) -> str:
    family, given = _first_word(plain_spelling(row[1])), _first_word(row[2])
    return f"{_scope(row[3], row[4])} {family} {given[:1]}"


def _family_at(row: Sequence[Any]) -> str:
    return f"{row[3]} {_first_word(plain_spelling(row[1]))}"


def _grouped(rows: Rows, wanted: set[str], name: Callable[[Sequence[Any]], str]) -> Iterator[list[int]]:
    groups = _Groups()
    for row in rows.values():
        found = name(row)
        if found in wanted:
            groups.add(found, row[0])
    yield from groups.shared.values()


def pairs_of(keys: list[int]) -> Iterator[tuple[int, int]]:
    """Every pair of a block, the smaller key first; of a very large block only neighbours."""
    ordered = sorted(keys)
    return itertools.combinations(ordered, 2) if len(ordered) <= LARGEST else itertools.pairwise(ordered)
