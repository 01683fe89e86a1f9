"""By what a person is recognised in other people's texts: the full names, addresses, numbers and keys of all her rows,
today's and former ones. The family name alone is none: too many bear it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from models.folding import fold
from models.privacy.spellings import (
    address_pattern,
    address_sieve,
    compiled,
    digits_of,
    loose_word_sieve,
    name_pattern,
    number_pattern,
    number_sieve,
    text_sieve,
    word_pattern,
    word_sieves,
)

_SHORTEST_KEY = 8  # characters of a UID; "12" stands everywhere
_MOST_NAMES = 40
_ENDING = 6  # digits


@dataclass
class Identifiers:
    """`names`: (given name, family name). `whole`: names that somebody typed into one field. `shared`: what is somebody
    else's as well and therefore not looked for."""

    names: set[tuple[str, str]] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)

    @cached_property
    def name_pattern(self) -> re.Pattern[str] | None:
        """Only names, to tell a namesake's mention from a certain one."""
        return compiled(name_pattern(given, family) for given, family in self.names)

    @cached_property
    def certain_pattern(self) -> re.Pattern[str] | None:
        """Addresses, numbers and keys."""
        numbers = {digits_of(number): number for number in self.numbers if digits_of(number)}
        return compiled(
            [
                *(address_pattern(address) for address in self.addresses),
                *(number_pattern(number) for number in numbers.values()),
                *(re.escape(key) for key in self.keys),
            ]
        )

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """Everything. None: nothing by which anybody could be recognised."""
        both = [p.pattern for p in (self.certain_pattern, self.name_pattern) if p is not None]
        # A whole address before the name that stands in it.
        return re.compile("|".join(both), re.IGNORECASE) if both else None

    @cached_property
    def _last_words(self) -> list[re.Pattern[str]]:
        """The longest word of each name: where none of them stands, no name does. Each by itself, which is quick."""
        longest = {max(_words_of(given, family), key=len) for given, family in self.names}
        return [re.compile(word_pattern(word), re.IGNORECASE) for word in sorted(longest)]

    def may_stand_in(self, text: str) -> bool:
        """A quick look before the thorough one; it never says no where the thorough one would say yes."""
        if any(word.search(text) for word in self._last_words):
            return True
        lowered = text.lower()
        if any(one.partition("@")[0].lower() in lowered for one in self.addresses):
            return True
        if any(key.lower() in lowered for key in self.keys):
            return True
        ends = [digits_of(number)[-_ENDING:] for number in self.numbers]
        digits = re.sub(r"\D+", "", text) if ends else ""
        return any(end in digits for end in ends)

    def search(self, text: str) -> re.Match[str] | None:
        """The first place where she stands in a text."""
        return self.pattern.search(text) if self.pattern is not None and self.may_stand_in(text) else None

    def names_one(self, given: str, family: str) -> bool:
        """Whether somebody of this name is called by hers, in one of both orders."""
        written = self.name_pattern
        return written is not None and any(
            written.search(name) for name in (f"{given} {family}", f"{family}, {given}")
        )

    @cached_property
    def sieves(self) -> list[list[set[str]]]:
        """For a database: a text is worth a look if, for one of these, each group has a LIKE pattern that fits."""
        names = [
            [{f"%{one}%" for one in word_sieves(word)} for word in _longest_first(given, family)]
            for given, family in sorted(self.names)
        ]
        return [*names, *([patterns] for patterns in self._certain_sieves())]

    @cached_property
    def loose_sieves(self) -> list[list[set[str]]]:
        """The same for JSON, where letters with marks are escaped."""
        names = [
            [{loose_word_sieve(word)} for word in _longest_first(given, family)]
            for given, family in sorted(self.names)
        ]
        return [*names, *([patterns] for patterns in self._certain_sieves())]

    def _certain_sieves(self) -> list[set[str]]:
        digits = sorted({digits_of(number) for number in self.numbers} - {""})
        addresses = [{address_sieve(address)} for address in sorted(self.addresses)]
        return [*addresses, *({number_sieve(d)} for d in digits), *(text_sieve(k) for k in sorted(self.keys))]

    def without(self, taken: "Identifiers") -> "Identifiers":
        """Those that are nobody else's; the others are named in `shared`."""
        names = {fold(" ".join(name)) for name in taken.names}
        digits = {digits_of(number) for number in taken.numbers}
        addresses = {address.casefold() for address in taken.addresses}
        left = Identifiers(
            {name for name in self.names if fold(" ".join(name)) not in names},
            {address for address in self.addresses if address.casefold() not in addresses},
            {number for number in self.numbers if digits_of(number) not in digits},
            set(self.keys),
        )
        left.shared = {" ".join(name) for name in self.names - left.names}
        left.shared |= (self.addresses - left.addresses) | (self.numbers - left.numbers)
        return left

    def take_deep(self, found: Any) -> None:
        """Whatever stands in JSON, at any depth."""
        if isinstance(found, dict):
            self.take(found)
        for one in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
            self.take_deep(one)

    def take(self, values: Mapping[str, Any]) -> None:
        """Add what the columns of a row, or of its history, say: column -> value or [old, new]."""
        given, family = _texts(values, "given_name"), _texts(values, "family_name")
        if len(given) * len(family) <= _MOST_NAMES:
            # Two letters are no name: "Anlage A, B".
            self.names |= {(a, b) for a in given for b in family if len(a + b) > 2 or not (a + b).isascii()}
            # Of two given names mostly one is used.
            single = {word for one in given for word in one.split() if len(word) > 2 and word.isalpha()}
            self.names |= {(one, other) for one in single for other in family}
        if {"given_name", "family_name"} <= set(values) and bool(given) != bool(family):
            self.whole |= {one for one in given + family if len(one.split()) in (2, 3)}
        self.addresses |= {one for one in _texts(values, "email", "email_key") if "@" in one}
        self.numbers |= {one for one in _texts(values, "phone") if digits_of(one)}
        self.keys |= {one for one in _texts(values, "uid") if len(one) >= _SHORTEST_KEY}
        for value in _texts(values, "value", "value_key"):
            self._take_point(value)

    def _take_point(self, value: str) -> None:
        """A further mail address or number. A website or a street may be that of many."""
        if "@" in value and " " not in value and "/" not in value:
            self.addresses.add(value.removeprefix("mailto:"))
        elif digits_of(value) and not re.search(r"[^\W\d_]{3}|\n", value):
            self.numbers.add(value)


def _words_of(given: str, family: str) -> Iterable[str]:
    return (word for name in (given, family) for word in re.split(r"[\s\-]+", name) if word)


def _longest_first(given: str, family: str) -> list[str]:
    """The word that keeps most rows out comes first."""
    return sorted(_words_of(given, family), key=lambda word: (-len(word), word))


def _texts(values: Mapping[str, Any], *columns: str) -> list[str]:
    found: list[str] = []
    for column in columns:
        value = values.get(column)
        for one in value if isinstance(value, list | tuple) else [value]:
            if isinstance(one, str | int) and not isinstance(one, bool) and str(one).strip():
                found.append(str(one).strip())
    return sorted(set(found))
