"""Outlook's own file of a mail (.msg, [MS-OXMSG]): the few properties of it that an officer wants to keep.

Text stands there as UTF-16 (type 001F) or in the code page of the writer's computer (type 001E).
"""

import struct
from datetime import UTC, datetime, timedelta
from email.parser import HeaderParser

from models.base import NAME
from models.documents.letter_html import text_of_html
from models.documents.letter_parts import (
    ATTACHMENTS_LIMIT,
    NO_DATE,
    NO_LETTER,
    NO_TEXT,
    ONLY_RTF,
    PARTS_LEFT,
    RECIPIENTS_LIMIT,
    TEXT_CUT,
    Address,
    Letter,
    LetterAttachment,
    NoLetterError,
    an_address,
    body_text,
    one_line,
)
from models.documents.letter_storage import CompoundFile, Storage
from models.documents.letter_words import addresses, decoded, moment, plausible

_PROPERTIES = "__properties_version1.0"
_UNICODE, _EIGHT_BIT, _BINARY, _TIME = 0x001F, 0x001E, 0x0102, 0x0040
# Numbers of properties ([MS-OXPROPS]).
_SUBJECT, _TEXT, _HTML, _RTF, _HEADERS, _MESSAGE_ID = 0x0037, 0x1000, 0x1013, 0x1009, 0x007D, 0x1035
_SENT, _DELIVERED = 0x0039, 0x0E06
_TEXT_PAGE, _BODY_PAGE = 0x3FFD, 0x3FDE
_FROM = (
    (0x0042, 0x5D02, 0x0065),
    (0x0C1A, 0x5D01, 0x0C1F),
)  # name, SMTP address, address: on behalf of; sender
_DISPLAY_NAME, _SMTP, _ADDRESS = 0x3001, 0x39FE, 0x3003
_LONG_NAME, _SHORT_NAME, _MEDIA_TYPE, _DATA = 0x3707, 0x3704, 0x370E, 0x3701
_EMBEDDED = f"__substg1.0_{_DATA:04x}000d"
_PAGES = {1200: "utf-16-le", 20127: "ascii", 65001: "utf-8", 936: "gbk", 20866: "koi8-r", 50220: "iso2022_jp"}
_YEAR_1601 = datetime(1601, 1, 1, tzinfo=UTC)


class _Properties:
    """The properties of a mail, a recipient or an attachment. `head`: bytes before the first in their stream."""

    def __init__(
        self, container: CompoundFile, storage: Storage, head: int, pages: tuple[str, str] = ("", "")
    ):
        self.container, self.storage, self.pages = container, storage, pages
        packed = container.read(storage, _PROPERTIES)
        self.fixed: dict[int, bytes] = {}  # number -> the eight bytes of its value
        for at in range(head, len(packed) - 15, 16):
            (number,) = struct.unpack_from("<H", packed, at + 2)
            self.fixed[number] = packed[at + 8 : at + 16]

    def page(self, number: int) -> str:
        """The charset that a property names, as Python calls it; Windows-1252 where none is named."""
        (code,) = struct.unpack("<I", self.fixed.get(number, b"\0" * 8)[:4])
        return _PAGES.get(code) or (
            f"iso8859-{code - 28590}" if 28591 <= code <= 28605 else f"cp{code or 1252}"
        )

    def stream(self, number: int, kind: int) -> bytes | None:
        name = f"__substg1.0_{number:04x}{kind:04x}"
        return self.container.read(self.storage, name) if name in self.storage.streams else None

    def text(self, number: int, *, is_body: bool = False) -> str:
        wide = self.stream(number, _UNICODE)
        if wide is not None:
            return wide.decode("utf-16-le", errors="replace").rstrip("\0")
        narrow = self.stream(number, _EIGHT_BIT)
        return decoded(narrow, self.pages[is_body]).rstrip("\0") if narrow is not None else ""

    def moment(self, number: int) -> datetime | None:
        """A FILETIME: tenths of microseconds since 1601."""
        if number not in self.fixed:
            return None
        (ticks,) = struct.unpack("<Q", self.fixed[number])
        try:
            return plausible((_YEAR_1601 + timedelta(microseconds=ticks // 10)).replace(microsecond=0))
        except OverflowError:
            return None


def read_outlook(content: bytes) -> Letter:
    """A mail from the bytes of a .msg. Raises NoLetterError; so it does for Word and Excel files of the same kind."""
    container = CompoundFile(content)
    if _PROPERTIES not in container.root.streams:
        raise NoLetterError(NO_LETTER)
    mail = _Properties(container, container.root, 32)
    mail.pages = (mail.page(_TEXT_PAGE), mail.page(_BODY_PAGE if _BODY_PAGE in mail.fixed else _TEXT_PAGE))
    headers = HeaderParser().parsestr(mail.text(_HEADERS)[:200_000])
    text, is_cut = body_text(_body(mail))
    sent_at = mail.moment(_SENT) or mail.moment(_DELIVERED) or moment(str(headers.get("Date", "")))
    attachments, has_more = _attachments(mail)
    has_rtf = not text and mail.stream(_RTF, _BINARY) is not None
    remarks = {
        TEXT_CUT: is_cut,
        ONLY_RTF: has_rtf,
        NO_TEXT: not text and not has_rtf,
        NO_DATE: sent_at is None,
        PARTS_LEFT: has_more,
    }
    return Letter(
        sender=_sender(mail, [str(value) for value in headers.get_all("From", [])]),
        recipients=_recipients(mail),
        sent_at=sent_at,
        subject=one_line(mail.text(_SUBJECT)),
        text=text,
        message_id=one_line(mail.text(_MESSAGE_ID) or str(headers.get("Message-ID", ""))).replace(" ", ""),
        attachments=attachments,
        remarks=tuple(remark for remark, is_so in remarks.items() if is_so),
    )


def _body(mail: _Properties) -> str:
    plain = mail.text(_TEXT, is_body=True)
    if plain.strip():
        return plain
    source = mail.stream(_HTML, _BINARY)
    return text_of_html(decoded(source, mail.pages[1]) if source else mail.text(_HTML, is_body=True))


def _sender(mail: _Properties, in_headers: list[str]) -> Address:
    """Who wrote; inside a house Exchange gives a path of its directory, which is no mail address."""
    names = []
    for name, *places in _FROM:
        names.append(mail.text(name))
        for place in places:
            if "@" in (address := mail.text(place)):
                return an_address(names[-1], address)
    told = addresses(in_headers)
    return told[0] if told else an_address(next(filter(None, names), ""), "")


def _inner(mail: _Properties, prefix: str, limit: int) -> list[_Properties]:
    names = sorted(name for name in mail.storage.storages if name.startswith(prefix))[:limit]
    return [_Properties(mail.container, mail.storage.storages[name], 8, mail.pages) for name in names]


def _recipients(mail: _Properties) -> tuple[Address, ...]:
    found = []
    for one in _inner(mail, "__recip_version1.0_#", RECIPIENTS_LIMIT):
        address = next((a for a in (one.text(_SMTP), one.text(_ADDRESS)) if "@" in a), "")
        found.append(an_address(one.text(_DISPLAY_NAME), address))
    return tuple(found)


def _attachments(mail: _Properties) -> tuple[tuple[LetterAttachment, ...], bool]:
    found = []
    inner = _inner(mail, "__attach_version1.0_#", ATTACHMENTS_LIMIT + 1)
    for one in inner[:ATTACHMENTS_LIMIT]:
        name = one_line(one.text(_LONG_NAME) or one.text(_SHORT_NAME) or one.text(_DISPLAY_NAME), NAME)
        if _EMBEDDED in one.storage.storages:
            found.append(LetterAttachment(name or "mail.msg", "application/vnd.ms-outlook", None))
        else:
            kind = one_line(one.text(_MEDIA_TYPE), 100) or "application/octet-stream"
            found.append(LetterAttachment(name or "datei", kind, one.stream(_DATA, _BINARY)))
    return tuple(found), len(inner) > ATTACHMENTS_LIMIT
