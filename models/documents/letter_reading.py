"""A mail that was kept as a file, read: Internet mail (.eml, RFC 5322 and MIME) here, Outlook's in `letter_outlook`.

The content says which of both it is, not the name. Mails come from strangers: whatever would take long is refused
before it is read.
"""

import re
from email import message_from_bytes, policy
from email.message import Message

from models.documents.letter_html import text_of_html
from models.documents.letter_outlook import read_outlook
from models.documents.letter_parts import (
    ATTACHMENTS_LIMIT,
    DAMAGED,
    EMPTY,
    ENCRYPTED,
    LETTER_LIMIT,
    NO_DATE,
    NO_LETTER,
    NO_TEXT,
    PACKED,
    PARTS_LEFT,
    TEXT_CUT,
    TOO_LARGE,
    Address,
    Letter,
    LetterAttachment,
    NoLetterError,
    body_text,
    one_line,
)
from models.documents.letter_storage import SIGNATURE
from models.documents.letter_words import addresses, decoded, header_bytes, moment, words

# The parser looks at each line once for each part that is open around it.
_LINES, _LOOKS = 1_000_000, 20_000_000
_PARTS = 300  # parts that are looked at; the rest is only said to be there
_TEXT_LIMIT = 2_000_000  # bytes of texts after which no further one is read
_PARAMETERS = 2_500  # characters of a header with parameters: parting them costs their number squared
# What the standard library raises on purpose-made headers: a parameter's charset with a NUL or of a codec that is none,
# its pieces half numbered, or numbered with thousands of digits.
_FAULTS = (RecursionError, ValueError, LookupError, TypeError, AttributeError, AssertionError)
_HEADER = re.compile(rb"\s*(From |[!-9;-~]+[ \t]*:)")
_TELLING = frozenset({"from", "to", "date", "subject", "message-id", "received"})


def read_letter(content: bytes) -> Letter:
    """A mail from the bytes of its file. Raises NoLetterError for what is none, is damaged or too large."""
    if not content:
        raise NoLetterError(EMPTY)
    if len(content) > LETTER_LIMIT:
        raise NoLetterError(TOO_LARGE)
    try:
        return read_outlook(content) if content.startswith(SIGNATURE) else _read_internet_mail(content)
    except _FAULTS:
        raise NoLetterError(DAMAGED) from None


def _read_internet_mail(content: bytes) -> Letter:
    plain = content.removeprefix(b"\xef\xbb\xbf")
    if not _HEADER.match(plain[:2000]):
        raise NoLetterError(NO_LETTER)
    lines = plain.count(b"\n") + plain.count(b"\r") - plain.count(b"\r\n")
    if lines > _LINES or lines * (plain.lower().count(b"boundary") + 1) > _LOOKS:
        raise NoLetterError(DAMAGED)
    return _read(message_from_bytes(plain.lstrip(), policy=_Undecoded()))


class _Undecoded(policy.Compat32):
    """Headers with bytes that are not ASCII are read as text: many programs write names of files like that."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        text = header_bytes(value)
        return text[:_PARAMETERS] if name.lower().startswith("content-") else text


class _Headers:
    """The headers of a mail, undecoded, by name in small letters."""

    def __init__(self, mail: Message) -> None:
        self.all: dict[str, list[str]] = {}
        for name, value in mail.raw_items():
            self.all.setdefault(name.lower(), []).append(str(value))

    def first(self, name: str) -> str:
        return self.all.get(name, [""])[0]

    def of(self, *names: str) -> list[str]:
        return [value for name in names for value in self.all.get(name, [])]


def _read(mail: Message) -> Letter:
    headers, parts = _Headers(mail), _Parts()
    if not _TELLING & set(headers.all):
        raise NoLetterError(NO_LETTER)
    text, is_cut = body_text(parts.text_of(mail))
    sent_at = moment(headers.first("date"))
    remarks = {
        TEXT_CUT: is_cut or parts.is_cut,
        NO_TEXT: not text and not parts.is_encrypted,
        ENCRYPTED: parts.is_encrypted,
        NO_DATE: sent_at is None,
        PARTS_LEFT: parts.has_more,
        PACKED: any(one.name.casefold() == "winmail.dat" for one in parts.attachments),
    }
    senders = addresses(headers.of("from")) or addresses(headers.of("sender", "reply-to"))
    return Letter(
        sender=senders[0] if senders else Address("", ""),
        recipients=tuple(addresses(headers.of("to", "cc"))),
        sent_at=sent_at,
        subject=one_line(words(headers.first("subject"))),
        text=text,
        message_id=one_line(headers.first("message-id")).replace(" ", ""),
        attachments=tuple(parts.attachments),
        remarks=tuple(remark for remark, is_so in remarks.items() if is_so),
    )


class _Parts:
    """The parts of a mail: its text, and everything else as attachments in their order."""

    def __init__(self) -> None:
        self.attachments: list[LetterAttachment] = []
        self.has_more = False
        self.is_encrypted = self.is_cut = False
        self._looked, self._left = 0, _TEXT_LIMIT

    def text_of(self, part: Message) -> str:
        """What is written in a part and those in it; what is no text becomes an attachment."""
        kind = part.get_content_type()
        self.is_encrypted |= kind == "multipart/encrypted"
        if kind == "message/rfc822" or not part.is_multipart():
            return self._leaf(part, kind)
        inner = part.get_payload()
        children = [child for child in inner if isinstance(child, Message)] if isinstance(inner, list) else []
        if kind != "multipart/alternative":
            return "\n\n".join(filter(None, (self.text_of(child) for child in children)))
        said = [(_is_plain(child), self.text_of(child)) for child in children]
        written = sorted((not is_plain, place) for place, (is_plain, text) in enumerate(said) if text.strip())
        return said[written[0][1]][1] if written else ""

    def _leaf(self, part: Message, kind: str) -> str:
        self._looked += 1
        if self._looked > _PARTS:
            self.has_more = True
            return ""
        name = _name_of(part)
        is_attached = bool(name) or part.get_content_disposition() == "attachment"
        if kind in ("text/plain", "text/html") and not is_attached:
            if self._left <= 0:
                self.is_cut = True
                return ""
            content = _content(part)
            self._left -= len(content)
            text = decoded(content, str(part.get_content_charset() or ""))
            return text_of_html(text) if kind == "text/html" else text
        self._attach(part, kind, name)
        return ""

    def _attach(self, part: Message, kind: str, name: str) -> None:
        self.is_encrypted |= kind in ("application/pkcs7-mime", "application/x-pkcs7-mime")
        if len(self.attachments) == ATTACHMENTS_LIMIT:
            self.has_more = True
            return
        content = _inner_mail(part) if kind == "message/rfc822" else _content(part)
        if not name:
            inner = part.get_payload()
            first = inner[0] if kind == "message/rfc822" and isinstance(inner, list) and inner else None
            subject = (
                one_line(words(_Headers(first).first("subject")), 80) if isinstance(first, Message) else ""
            )
            name = subject or kind.replace("/", ".")
        if kind == "message/rfc822" and not name.casefold().endswith(".eml"):
            name += ".eml"
        self.attachments.append(LetterAttachment(name, kind, content))


def _is_plain(part: Message) -> bool:
    """Whether the text of a part was written as plain text; what holds parts counts by its first text."""
    for one in part.walk():
        if one.get_content_maintype() == "text":
            return bool(one.get_content_subtype() == "plain")
    return False


def _content(part: Message) -> bytes:
    try:
        found = part.get_payload(decode=True)
    except _FAULTS:
        found = None
    return found if isinstance(found, bytes) else b""


def _inner_mail(part: Message) -> bytes:
    inner = part.get_payload()
    try:
        return (
            inner[0].as_bytes()
            if isinstance(inner, list) and isinstance(inner[0], Message)
            else _content(part)
        )
    except _FAULTS:
        return b""


def _name_of(part: Message) -> str:
    """The name of a part's file (RFC 2231, or RFC 2047 as many programs write it)."""
    try:
        return one_line(words(part.get_filename() or ""))
    except _FAULTS:
        return ""
