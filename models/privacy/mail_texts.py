"""What can be read in bytes: in a mail with all its parts and encodings, in an uploaded file."""

import io
import quopri
import re
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from html import unescape

_FOLD = re.compile(r"\r?\n[ \t]")
_XML_TAG = re.compile(r"<[^>]{0,2000}>")
_LARGEST_PART = 64 * 1024 * 1024


def texts_of_mail(body: bytes) -> Iterator[str]:
    """Every header and every part of a mail, decoded; the bytes themselves too, for whatever is no mail."""
    yield _decoded(body, "utf-8")
    try:
        mail = message_from_bytes(body)
    except (ValueError, LookupError, RecursionError):
        return
    for part in mail.walk():
        yield " ".join(_header(str(value)) for value in part.values())
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield from _readings(payload, part)


def _readings(payload: bytes, part: Message) -> Iterator[str]:
    text = _decoded(payload, str(part.get_content_charset() or "utf-8"))
    yield text
    kind = part.get_content_type()
    if kind == "text/calendar":
        yield re.sub(r"\r?\n[ \t]", "", text).replace("\\", "")
    elif kind == "text/html":
        yield unescape(_XML_TAG.sub(" ", text))
    elif kind.startswith("text/"):
        yield _FOLD.sub("", text)


def _header(value: str) -> str:
    try:
        parts = decode_header(_FOLD.sub(" ", value))
    except ValueError:
        return value
    return "".join(_decoded(one, code or "utf-8") if isinstance(one, bytes) else one for one, code in parts)


def _decoded(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return content.decode("cp1252", errors="replace")


def texts_of_file(content: bytes) -> Iterator[str]:
    """What stands in an uploaded table, workbook, card file or mail."""
    if content.startswith(b"PK"):
        yield from _texts_of_archive(content)
        return
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield content.decode("utf-16", errors="replace")
        return
    text = _decoded(content, "utf-8")
    yield text
    yield _FOLD.sub("", text)
    if b"QUOTED-PRINTABLE" in content.upper() or b"=\r\n" in content or b"=\n" in content:
        yield _decoded(quopri.decodestring(content), "utf-8")
    if b"\x00" in content[:2000]:
        yield content.decode("utf-16-le", errors="replace")
    yield from texts_of_mail(content)


def _texts_of_archive(content: bytes) -> Iterator[str]:
    """The parts of a workbook. One that cannot be read says nothing."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                if member.file_size <= _LARGEST_PART:
                    text = archive.read(member).decode("utf-8", errors="replace")
                    yield unescape(_XML_TAG.sub(" ", text))
                    yield unescape(_XML_TAG.sub("", text))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        return
