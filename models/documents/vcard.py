"""Visiting cards as plain values: what vcard_reading reads from other programs' files and vcard_writing writes.

In every list the preferred entry stands first. Texts are clean: no control characters, lines parted by "\\n".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

_PLACE = re.compile(r"(?:[A-Z]{1,3}[ -])?(\d{4,6}) +(\S.*)")


@dataclass(frozen=True, slots=True)
class Point:
    """An e-mail address, phone number or web address. `types` are the standard's words in small letters ("work",
    "home", "cell", "fax"), `label` what a person called it ("Pressestelle"). `uri`: the number as 'tel:+49-341-…'
    (RFC 3966) if known; a writer then writes that instead of the value."""

    value: str
    label: str = ""
    types: tuple[str, ...] = ()
    uri: str = ""


@dataclass(frozen=True, slots=True)
class Postal:
    """A postal address in its parts. `written`: the lines as they stand on an envelope, if somebody wrote them."""

    street: str = ""
    locality: str = ""
    code: str = ""
    region: str = ""
    country: str = ""
    post_box: str = ""
    extended: str = ""
    written: str = ""
    label: str = ""
    types: tuple[str, ...] = ()

    @property
    def lines(self) -> str:
        """As on an envelope: the lines as written, else made of the parts in the order of DIN 5008."""
        place = " ".join(part for part in (self.code, self.locality) if part)
        parts = (self.extended, self.street, self.post_box, place, self.region, self.country)
        return self.written or "\n".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody is where: a function in an organisation, `unit` being the department."""

    organisation: str = ""
    function: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One person or, with `is_organisation`, one organisation. `uid` names the card for good, so that an address book
    that reads it twice keeps one ("" = none). `other`: content lines that nobody here understands, unfolded and in the
    manner of vCard 4.0; they are written out again."""

    name: str
    uid: str = ""
    given_name: str = ""
    family_name: str = ""
    honorific: str = ""
    suffix: str = ""
    roles: tuple[Role, ...] = ()
    emails: tuple[Point, ...] = ()
    phones: tuple[Point, ...] = ()
    addresses: tuple[Postal, ...] = ()
    websites: tuple[Point, ...] = ()
    languages: tuple[str, ...] = ()
    note: str = ""
    tags: tuple[str, ...] = ()
    is_organisation: bool = False
    changed_at: datetime | None = None
    other: tuple[str, ...] = ()


@dataclass(frozen=True)
class CardRemark:
    """A sentence about a card or a file: a msgid, and what goes into its braces."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadCard:
    """One card of a file. `number` counts cards from 1 (0: the fault is the file's), `line` is where it begins.
    With a `fault` there is no card; `title` then says what can be said of whose it was. Remarks are only said."""

    number: int
    line: int
    title: str
    card: Card | None = None
    fault: CardRemark | None = None
    remarks: tuple[CardRemark, ...] = ()


def parted(name: str) -> tuple[str, str]:
    """Given and family name of a name that stands in one piece: "Öl, Uta", or the last word with its "von"."""
    family, comma, given = name.partition(",")
    if comma and given.strip() and family.strip():
        return given.strip(), family.strip()
    words = name.split()
    cut = max(0, len(words) - 1)
    while cut > 1 and words[cut - 1][:1].islower():
        cut -= 1
    return " ".join(words[:cut]), " ".join(words[cut:])


def postal_of(lines: str) -> Postal:
    """An address that somebody typed, in parts as far as they can be told: "04109 Leipzig" is code and place, what
    follows the country. The lines themselves are kept."""
    found = [line.strip() for line in lines.splitlines() if line.strip()]
    at = next((at for at in reversed(range(len(found))) if _PLACE.fullmatch(found[at])), len(found))
    place = _PLACE.fullmatch(found[at]) if at < len(found) else None
    code, locality = place.groups() if place else ("", "")
    street, country = "\n".join(found[:at]), "\n".join(found[at + 1 :])
    return Postal(street, locality, code, country=country, written="\n".join(found))
