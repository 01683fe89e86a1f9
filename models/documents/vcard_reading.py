"""Reading visiting cards (vCard 2.1, 3.0, 4.0) as Apple, Google and Outlook write them: bytes in, plain values out.

What the work does not need is not taken over and is named in a remark (GDPR Art. 5(1)(c)): pictures, birthdays,
gender, family. What nobody here understands is kept as it stands.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from models.base import N_
from models.documents.vcard import CardRemark, ReadCard
from models.documents.vcard_assembling import Assembling
from models.documents.vcard_lines import LINE_OCTETS, Block, RawLine, blocks
from models.documents.vcard_properties import Heads, Property, read_property

NO_NAME = CardRemark(N_("The card names nobody: no name, no organisation, no e-mail address."))
GROUP = CardRemark(N_("The card is a distribution list, no person and no organisation."))
GUESSED = CardRemark(
    N_("The charset is not stated rightly; Windows-1252 was assumed. Please check the umlauts.")
)
NOT_UNDERSTOOD = N_("Not understood and left out: line {lines}.")
TOO_LONG = N_("Left out, because it is too long: {name} in line {line} ({size} kB).")
PICTURE = N_("Not taken over: a picture ({size} kB). It is not needed for the work (data minimisation).")
MEDIA = N_(
    "Not taken over: attached data, {name} ({size} kB). It is not needed for the work (data minimisation)."
)
LINES_NAMED = 10


def read_cards(source: bytes | BinaryIO) -> Iterator[ReadCard]:
    """Every card of a file, one at a time. A broken card costs only itself; the only answer has number 0 where the
    file is empty or holds no card at all."""
    heads = Heads()
    stream = BytesIO(source) if isinstance(source, bytes) else source
    for number, block in enumerate(blocks(stream), 1):
        yield _read(number if block.line else 0, block, heads)


def _read(number: int, block: Block, heads: Heads) -> ReadCard:
    remarks: list[CardRemark] = []
    found = _properties(block, heads, remarks)
    assembling = Assembling(found)
    card = assembling.card()
    fault = block.fault or (GROUP if assembling.is_group else None if card.name else NO_NAME)
    if fault is not None:
        return ReadCard(number, block.line, card.name, fault=fault)
    return ReadCard(number, block.line, card.name, card, remarks=(*remarks, *assembling.remarks))


def _properties(block: Block, heads: Heads, remarks: list[CardRemark]) -> list[Property]:
    found: list[Property] = []
    strange: list[int] = []
    is_guessed = False
    for line in block.lines:
        if line.is_heavy or line.size > LINE_OCTETS:
            remarks.append(_too_much(line))
        elif line.data.isspace():
            continue
        elif (one := read_property(line.data, heads)) is None:
            strange.append(line.number)
        else:
            is_guessed = is_guessed or one.is_guessed
            found.append(one)
    if is_guessed:
        remarks.append(GUESSED)
    if strange:
        numbers = ", ".join(map(str, strange[:LINES_NAMED]))
        remarks.append(
            CardRemark(NOT_UNDERSTOOD, {"lines": numbers + (" …" if strange[LINES_NAMED:] else "")})
        )
    return found


def _too_much(line: RawLine) -> CardRemark:
    head = line.data[:100].partition(b":")[0].partition(b";")[0].decode("ascii", "replace")
    name, size = head.rpartition(".")[2].upper(), max(1, line.size // 1_000)
    if name in ("PHOTO", "LOGO", "X-MS-CARDPICTURE"):
        return CardRemark(PICTURE, {"size": size})
    if line.is_heavy:
        return CardRemark(MEDIA, {"name": name, "size": size})
    return CardRemark(TOO_LONG, {"name": name, "line": line.number, "size": size})
