"""The lines of a file of visiting cards: unfolded, parted card by card; bytes in, bytes out, nothing interpreted.

The file is read in pieces and every limit holds while reading: one card at a time is in memory, pictures never are.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO

from models.base import N_
from models.documents.vcard import CardRemark

PIECE = 65_536  # octets read at once
LINE_OCTETS = 200_000  # an unfolded line beyond that is left out
CARD_OCTETS = 2_000_000
CARD_LINES = 5_000

EMPTY = CardRemark(N_("The file is empty."))
NO_CARD = CardRemark(N_("The file holds no vCard: there is no line BEGIN:VCARD in it."))
NO_END = CardRemark(N_("The card has no end: the line END:VCARD is missing."))
NO_BEGINNING = CardRemark(N_("The card has no beginning: the line BEGIN:VCARD is missing."))
TOO_LARGE = CardRemark(
    N_("The card is too large: more than {lines} lines or {size} MB of text."),
    {"lines": CARD_LINES, "size": CARD_OCTETS // 1_000_000},
)

_HEAVY = re.compile(rb'(?:[^\s.;:"]+\.)?(?:PHOTO|LOGO|X-MS-CARDPICTURE|SOUND|KEY)[;:]', re.IGNORECASE)
_AGENT = re.compile(rb'(?:[^\s.;:"]+\.)?AGENT(?:;[^:]*)?:\s*(?:BEGIN:VCARD)?\s*$', re.IGNORECASE)
_MARKS = {b"BEGIN:VCARD": True, b"END:VCARD": False}


@dataclass(slots=True)
class RawLine:
    """An unfolded line; soft breaks of quoted-printable are kept as "=\\n". `size` in octets: more than `data` has
    where the rest was not worth holding. `is_heavy`: a picture, sound or key, of which only the beginning is here."""

    number: int
    data: bytes
    size: int
    is_heavy: bool = False


@dataclass(slots=True)
class Block:
    """The lines between BEGIN and END of one card. `line`: where it begins; 0 where the file as a whole is at fault."""

    line: int
    lines: list[RawLine] = field(default_factory=list)
    size: int = 0
    fault: CardRemark | None = None

    def add(self, line: RawLine) -> None:
        self.size += len(line.data)
        if self.size > CARD_OCTETS or len(self.lines) >= CARD_LINES:
            self.fault = TOO_LARGE
        else:
            self.lines.append(line)


def blocks(stream: BinaryIO) -> Iterator[Block]:
    """Card by card. What stands between cards belongs to none; a card in a card (AGENT of vCard 2.1) is left out."""
    block: Block | None = None
    stray: Block | None = None
    found, depth, number = False, 0, 0
    for line in _unfolded(stream):
        number, data = line.number, line.data
        begins = (
            _MARKS.get(data.replace(b" ", b"").upper()) if data[0] in b"BbEe" and len(data) < 20 else None
        )
        if begins:
            if block is not None and block.lines and _AGENT.match(block.lines[-1].data):
                depth += 1
                continue
            if block is not None:
                block.fault = block.fault or NO_END
                yield block
            block, stray, found, depth = Block(number), None, True, 0
        elif begins is False and depth:
            depth -= 1
        elif begins is False:
            if block is None and stray is not None:
                stray.fault = NO_BEGINNING
            if (ready := block or stray) is not None:
                found = True
                yield ready
            block = stray = None
        elif block is None:
            stray = stray or Block(number)
            stray.add(line)
        elif not depth:
            block.add(line)
            if data[-11:].upper() == b"BEGIN:VCARD" and _AGENT.match(data):
                depth = 1
    if block is not None:
        block.fault = block.fault or NO_END
        yield block
    elif not found:
        yield Block(0, fault=NO_CARD if number else EMPTY)


def _unfolded(stream: BinaryIO) -> Iterator[RawLine]:
    """Lines as they were before folding (RFC 6350 3.2), soft breaks of quoted-printable (vCard 2.1) included."""
    line: RawLine | None = None
    parts: list[bytes] = []
    is_quoted: bool | None = None  # found out once a line ends with "="
    is_soft = is_open = False  # the next line goes on; base64 goes on without being indented
    for number, starts, data in _physical(stream):
        if not data:
            is_soft = is_open = False
            continue
        goes_on = is_soft and not data.upper().startswith(b"END:VCARD")
        if line is None or (
            starts
            and not goes_on
            and data[0] not in b" \t"
            and not (is_open and b":" not in data and b";" not in data)
        ):
            if line is not None:
                line.data = parts[0] if len(parts) == 1 else b"".join(parts)
                yield line
            if data.startswith(codecs.BOM_UTF8):
                data = data[3:] or b" "
            line = RawLine(number, data, len(data), _HEAVY.match(data) is not None)
            parts, is_quoted, is_open = [data], None, line.is_heavy
        else:
            if starts and not goes_on and data[0] in b" \t":
                data = data[1:]
            line.size += len(data)
            if not line.is_heavy and line.size <= LINE_OCTETS:
                parts.append(b"\n" + data if goes_on else data)
        is_soft = False
        if data[-1:] == b"=" and not line.is_heavy:
            if is_quoted is None:
                is_quoted = b"QUOTED-PRINTABLE" in parts[0].partition(b":")[0].upper()
            is_soft = is_quoted
    if line is not None:
        line.data = b"".join(parts)
        yield line


def _physical(stream: BinaryIO) -> Iterator[tuple[int, bool, bytes]]:
    """(number, whether a line begins here, octets without the line break); lines end with \\n, \\r\\n or \\r. A very
    long line comes in several pieces."""
    number, starts = 1, True
    for piece in _pieces(stream):
        ends = piece[-1] in b"\r\n"
        piece = piece.rstrip(b"\r\n")
        if b"\r" in piece:
            for data in piece.split(b"\r"):
                yield number, starts, data
                starts, number = True, number + 1
            number -= 1
        else:
            yield number, starts, piece
        starts = ends
        number += ends


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    """The file in pieces of at most one line, as UTF-8 where it is UTF-16 (Outlook's "Unicode")."""
    first = stream.readline(PIECE)
    encoding = ""
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif first.startswith((b"B\0", b"b\0")):
        encoding = "utf-16-le"
    elif first.startswith((b"\0B", b"\0b")):
        encoding = "utf-16-be"
    if not encoding:
        if first:
            yield first
        yield from iter(partial(stream.readline, PIECE), b"")
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    while first:
        yield from decoder.decode(first).encode("utf-8", "replace").splitlines(keepends=True)
        first = stream.read(PIECE)
