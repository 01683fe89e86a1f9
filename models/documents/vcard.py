"""Visiting cards (vCard 4.0, RFC 6350): what address books read. Plain values in, text out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from unicodedata import category

LINE_OCTETS = 75  # RFC 6350 3.2: without the line break


@dataclass(frozen=True)
class Card:
    """One person or, with `is_organisation`, one organisation. `uid` names the card for good, so that an address book
    that reads it twice keeps one. `phone` as it is read, `phone_address` as 'tel:+49-341-…' (RFC 3966) if known."""

    uid: str
    name: str
    given_name: str = ""
    family_name: str = ""
    organisation: str = ""
    function: str = ""
    email: str = ""
    phone: str = ""
    phone_address: str = ""
    website: str = ""
    language: str = ""
    note: str = ""
    is_organisation: bool = False
    changed_at: datetime | None = None


def cards_bytes(cards: Iterable[Card]) -> bytes:
    """The file: cards one after the other, as address books import them."""
    return "".join(card_text(card) for card in cards).encode()


def card_text(card: Card) -> str:
    """One card, folded, with CRLF."""
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"KIND:{'org' if card.is_organisation else 'individual'}"]
    lines += [f"UID;VALUE=text:{escaped(card.uid)}", f"FN:{escaped(card.name)}"]
    if card.given_name or card.family_name:
        lines.append(f"N:{escaped(card.family_name)};{escaped(card.given_name)};;;")
    texts = ("ORG", card.organisation), ("TITLE", card.function), ("EMAIL", card.email), ("NOTE", card.note)
    lines += [f"{name}:{escaped(value)}" for name, value in texts if value]
    if card.phone_address:
        lines.append(f"TEL;VALUE=uri:{_one_word(card.phone_address)}")
    elif card.phone:
        lines.append(f"TEL;VALUE=text:{escaped(card.phone)}")
    addresses = ("URL", card.website), ("LANG", card.language)
    lines += [f"{name}:{_one_word(value)}" for name, value in addresses if value]
    if card.changed_at is not None:
        lines.append(f"REV:{card.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    return "".join(f"{folded(line)}\r\n" for line in [*lines, "END:VCARD"])


def escaped(value: str) -> str:
    """A text value (RFC 6350 3.4): line breaks of any kind as \\n, no other control characters."""
    value = re.sub("\r\n|[\r\x85\u2028\u2029]", "\n", value)
    value = "".join(c for c in value if c in "\n\t" or category(c) not in ("Cc", "Cs"))
    for plain, written in (("\\", "\\\\"), (",", "\\,"), (";", "\\;"), ("\n", "\\n")):
        value = value.replace(plain, written)
    return value


def folded(line: str) -> str:
    """A line of any length as lines of at most 75 octets, each but the first begun by a space; no letter is cut."""
    parts, part, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > LINE_OCTETS:
            parts.append(part)
            part, size = " ", 1
        part, size = part + letter, size + octets
    return "\r\n".join([*parts, part])


def _one_word(value: str) -> str:
    """An address, which is written without escaping: nothing in it may end the line."""
    return "".join(c for c in value if c.isprintable() and not c.isspace())
