"""Words in mails: charsets that are wrong or unknown, encoded headers (RFC 2047), addresses, dates."""

import codecs
import re
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import getaddresses, parsedate_to_datetime

from models.documents.letter_parts import RECIPIENTS_LIMIT, Address, an_address

HEADER_LIMIT = 10_000  # characters of one header that are looked at
ADDRESSES_LIMIT = 100_000  # characters of all headers of one kind that name people

# Charsets that mails are written in. Python knows more codecs, some of them slow on purpose-made input (punycode).
_CHARSET = re.compile(
    r"utf-?(7|8|16|32)[-_a-z]*|ascii|iso8859-\d+|cp\d+|koi8-[rut]|gb\w+|big5\w*|euc_\w+|shift_jis\w*|iso2022_\w+|"
    r"mac-\w+|tis-620|hz|johab|kz1048"
)
_WESTERN = frozenset({"ascii", "iso8859-1", "iso8859-15", "cp1252"})


def known_charset(name: str) -> str:
    """Python's name of a mail's charset, empty for one that is unknown or not meant for mails."""
    try:
        found = codecs.lookup(name.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return ""
    return found if _CHARSET.fullmatch(found) else ""


def decoded(content: bytes, charset: str) -> str:
    """Bytes as text. Who says "Latin-1" and means UTF-8 is understood: hardly any Latin-1 text is valid UTF-8."""
    named = known_charset(charset) if charset else ""
    tries = ["utf-8", named] if not named or named in _WESTERN else [named, "utf-8"]
    for one in filter(None, tries):
        try:
            return content.decode(one)
        except (UnicodeDecodeError, ValueError):
            continue
    return content.decode("cp1252", errors="replace")


def header_bytes(raw: str) -> str:
    """A header as the parser gives it (undecoded bytes as surrogates), as text."""
    cut = raw[:HEADER_LIMIT]
    if cut.isascii():
        return cut
    return decoded(cut.encode("utf-8", "surrogateescape"), "")


def words(raw: str) -> str:
    """A header's text with its encoded words (RFC 2047) decoded; what is no valid encoding stays as it is."""
    text = header_bytes(raw)
    if "=?" not in text:
        return text
    try:
        pieces = decode_header(text)
    except (HeaderParseError, ValueError, RecursionError):
        return text
    said = [
        decoded(piece, charset or "") if isinstance(piece, bytes) else str(piece) for piece, charset in pieces
    ]
    return "".join(said)


def addresses(raws: list[str]) -> list[Address]:
    """The people that address headers name, at most RECIPIENTS_LIMIT."""
    heads, left = [], ADDRESSES_LIMIT
    for raw in raws:
        heads.append(header_bytes(raw[:left]))
        left -= len(heads[-1])
        if left <= 0:
            break
    try:
        pairs = getaddresses(heads)
    except (ValueError, IndexError, RecursionError):
        return []
    found = [an_address(words(name), address) for name, address in pairs[:RECIPIENTS_LIMIT]]
    return [one for one in found if one.name or one.address]


def moment(raw: str) -> datetime | None:
    """The moment in a Date header; None where there is none, or no year in which mails were written."""
    try:
        found = parsedate_to_datetime(header_bytes(raw)[:200].strip())
        aware = (
            found if found.tzinfo is not None else found.replace(tzinfo=UTC)
        )  # "-0000": the zone is not told
        return plausible(aware.astimezone(UTC))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def plausible(moment: datetime) -> datetime | None:
    """The moment, if a mail can be of it."""
    return moment if 1971 <= moment.year <= 2100 else None
