"""Writing visiting cards (vCard 4.0, RFC 6350): what address books read. Plain values in, text or bytes out.

A label that somebody made up has no property of its own in the standard; it is written as X-ABLabel in a group,
which Apple, Google, Nextcloud and khard read.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC

from models.documents.vcard import Card, Point, Postal, Role, postal_of

LINE_OCTETS = 75  # RFC 6350 3.2: without the line break
CHUNK_CARDS = 100
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_BREAKS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_SPECIAL = re.compile(r"[\\,;\n]")
_WORD = re.compile(r"[A-Za-z0-9-]+")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:\S")
_OTHER = re.compile(r'(?:[\w-]+\.)?([\w-]+)(?:;(?:[^";:]|"[^"]*")*+)*+:', re.ASCII)
# What stands once in a card and is written here; a kept line of that name would contradict it.
_OWN = frozenset(("BEGIN", "END", "VERSION", "KIND", "UID", "FN", "N", "REV"))


def cards_bytes(cards: Iterable[Card]) -> bytes:
    """The file: cards one after the other, as address books import them."""
    return b"".join(card_chunks(cards))


def card_chunks(cards: Iterable[Card]) -> Iterator[bytes]:
    """The same file in pieces, so that any number of cards needs the memory of a hundred."""
    texts: list[str] = []
    for card in cards:
        texts.append(card_text(card))
        if len(texts) == CHUNK_CARDS:
            yield "".join(texts).encode()
            texts.clear()
    if texts:
        yield "".join(texts).encode()


def card_text(card: Card) -> str:
    """One card, folded, with CRLF."""
    groups = _Groups(card.other)
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"KIND:{'org' if card.is_organisation else 'individual'}"]
    if card.uid:
        lines.append(
            f"UID:{card.uid}"
            if _URI.match(card.uid) and one_word(card.uid) == card.uid
            else f"UID;VALUE=text:{escaped(card.uid)}"
        )
    lines.append(f"FN:{escaped(card.name)}")
    parts = (card.family_name, card.given_name, "", card.honorific, card.suffix)
    if any(parts):
        lines.append(f"N:{';'.join(map(escaped, parts))}")
    lines += _roles(card.roles, groups)
    lines += _points("EMAIL", card.emails, groups)
    lines += _points("TEL", card.phones, groups)
    lines += _postals(card.addresses, groups)
    lines += _points("URL", card.websites, groups)
    for place, code in enumerate(card.languages, 1):
        lines.append(f"LANG{_parameters((), place, len(card.languages))}:{one_word(code)}")
    if card.tags:
        lines.append(f"CATEGORIES:{','.join(map(escaped, card.tags))}")
    if card.note:
        lines.append(f"NOTE:{escaped(card.note)}")
    lines += [kept for line in card.other if (kept := _kept(line))]
    if card.changed_at is not None:
        lines.append(f"REV:{card.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    lines.append("END:VCARD\r\n")
    return "\r\n".join([line if len(line) < 19 else folded(line) for line in lines])


class _Groups:
    """Names for groups of lines that belong together; none that a kept line uses already."""

    def __init__(self, other: Iterable[str]) -> None:
        self._stem, self._number = "item", 0
        taken = [line.lower() for line in other if "." in line]
        while any(line.startswith(self._stem) for line in taken):
            self._stem += "x"

    def next(self) -> str:
        self._number += 1
        return f"{self._stem}{self._number}."


def _roles(roles: tuple[Role, ...], groups: _Groups) -> Iterator[str]:
    for role in roles:
        group = groups.next() if len(roles) > 1 else ""
        if role.organisation or role.unit:
            unit = f";{escaped(role.unit)}" if role.unit else ""
            yield f"{group}ORG:{escaped(role.organisation)}{unit}"
        if role.function:
            yield f"{group}TITLE:{escaped(role.function)}"


def _points(name: str, points: tuple[Point, ...], groups: _Groups) -> Iterator[str]:
    for place, point in enumerate(points, 1):
        group = groups.next() if point.label else ""
        parameters = _parameters(point.types, place, len(points))
        if name == "URL":
            yield f"{group}URL{parameters}:{one_word(point.value)}"
        elif point.uri:
            yield f"{group}{name};VALUE=uri{parameters}:{one_word(point.uri)}"
        else:
            value_type = ";VALUE=text" if name == "TEL" else ""
            yield f"{group}{name}{value_type}{parameters}:{escaped(point.value)}"
        if group:
            yield f"{group}X-ABLabel:{escaped(point.label)}"


def _postals(postals: tuple[Postal, ...], groups: _Groups) -> Iterator[str]:
    for place, postal in enumerate(postals, 1):
        group = groups.next() if postal.label else ""
        parts = _address_parts(postal)
        if postal.written and not any(parts):
            parts = _address_parts(postal_of(postal.written))  # few programs read the lines
        written = f";LABEL={_quoted(postal.written)}" if postal.written else ""
        parameters = f"{written}{_parameters(postal.types, place, len(postals))}"
        yield f"{group}ADR{parameters}:{';'.join(map(escaped, parts))}"
        if group:
            yield f"{group}X-ABLabel:{escaped(postal.label)}"


def _address_parts(postal: Postal) -> tuple[str, ...]:
    """In the order of RFC 6350 6.3.1."""
    return (
        postal.post_box, postal.extended, postal.street, postal.locality,
        postal.region, postal.code, postal.country,
    )  # fmt: skip


def _parameters(types: tuple[str, ...], place: int, number: int) -> str:
    """The kinds, and the place in the order of preference where there is more than one."""
    words = ",".join(word for word in types if _WORD.fullmatch(word))
    return (f";TYPE={words}" if words else "") + (f";PREF={min(place, 100)}" if number > 1 else "")


def escaped(value: str) -> str:
    """A text value (RFC 6350 3.4): line breaks of any kind as \\n, no other control characters."""
    if not value.isprintable():
        value = _CONTROLS.sub("", _LINE_BREAKS.sub("\n", value))
    if _SPECIAL.search(value):
        for plain, written in (("\\", "\\\\"), (",", "\\,"), (";", "\\;"), ("\n", "\\n")):
            value = value.replace(plain, written)
    return value


def _quoted(value: str) -> str:
    """A parameter's value (RFC 6868): what would end it is written with a caret."""
    value = _CONTROLS.sub("", _LINE_BREAKS.sub("\n", value))
    for plain, written in (("^", "^^"), ("\n", "^n"), ('"', "^'")):
        value = value.replace(plain, written)
    return f'"{value}"'


def folded(line: str) -> str:
    """A line of any length as lines of at most 75 octets, each but the first begun by a space; no letter is cut."""
    octets = line.encode()
    if len(octets) <= LINE_OCTETS:
        return line
    parts, start, room = [], 0, LINE_OCTETS
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0xC0 == 0x80:  # in the middle of a letter
            end -= 1
        parts.append(octets[start:end])
        start, room = end, LINE_OCTETS - 1
    return b"\r\n ".join([*parts, octets[start:]]).decode()


def one_word(value: str) -> str:
    """An address, which is written without escaping: nothing in it may end the line."""
    if value.isprintable() and " " not in value:
        return value
    return "".join(c for c in value if c.isprintable() and not c.isspace())


def _kept(line: str) -> str:
    """A line from elsewhere as it may be written here; nothing where it is none, or says what the card says already."""
    line = _CONTROLS.sub("", _LINE_BREAKS.sub("", line)).replace("\n", "")
    found = _OTHER.match(line)
    return line if found and found[1].upper() not in _OWN else ""
