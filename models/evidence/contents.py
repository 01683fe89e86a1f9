"""Whether an uploaded file is what its name says: the content is looked at, not only its first bytes.

Nothing is unpacked but two small members of an office file, and of those at most `MEMBER_LIMIT` bytes.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from models.base import N_
from models.evidence.uploads import FILE_KINDS, ending_of, safe_name
from models.files import CHUNK

MEMBER_LIMIT = 512 * 1024
_MEMBERS = 5_000

_WITH_MACROS = ("docm", "dotm", "xlsm", "xltm", "xlsb", "pptm")
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MESSAGE_STREAM = "__properties_version1.0".encode(
    "utf-16-le"
)  # [MS-OXMSG] 2.4: every message has this stream
_PROGRAMS = (
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"<?php",
    b"<script",
    b"<html",
    b"<!doctype html",
)
_BLANK = b"\xef\xbb\xbf \t\r\n"
_HEADER = re.compile(rb"(From |[!-9;-~]+:)")  # RFC 5322 2.2; mailbox files begin with "From "
_MAIN_PART = {
    "docx": "wordprocessingml.document.main+xml",
    "xlsx": "spreadsheetml.sheet.main+xml",
}
_BASIC_INDEXES = ("script-lb.xml", "script-lc.xml", "dialog-lb.xml", "dialog-lc.xml")


class UploadFaultError(Exception):
    """This file cannot be kept; `reason` is the msgid that says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


OTHER_KIND = N_("Only these files can be kept, and their content must fit their name: {kinds}.")
OTHER_CONTENT = N_(
    "The content of this file is not what its name says. Only these files can be kept: {kinds}."
)
HAS_MACROS = N_(
    "This file holds macros, that is, small programs. Please save it without macros, best as a PDF."
)
EMPTY = N_("The file is empty.")


def checked_kind(name: str, stream: BinaryIO) -> str:
    """The media type of a file whose content fits its name. Raises UploadFaultError; leaves the stream at its start."""
    ending = ending_of(safe_name(name))
    if ending in _WITH_MACROS:
        raise UploadFaultError(HAS_MACROS)
    if ending not in FILE_KINDS:
        raise UploadFaultError(OTHER_KIND)
    stream.seek(0)
    first = stream.read(CHUNK)
    if not first:
        raise UploadFaultError(EMPTY)
    if not _CHECKS[ending](ending, first, stream):
        raise UploadFaultError(OTHER_CONTENT)
    stream.seek(0)
    return FILE_KINDS[ending]


def _is_pdf(_ending: str, first: bytes, _stream: BinaryIO) -> bool:
    # Readers accept anything before the header; then one file is a program and a PDF at once. We accept blanks.
    return re.match(rb"%PDF-[12]\.[0-9]", first.lstrip(_BLANK)) is not None


def _is_png(_ending: str, first: bytes, _stream: BinaryIO) -> bool:
    return first.startswith(b"\x89PNG\r\n\x1a\n") and first[12:16] == b"IHDR"


def _is_jpeg(_ending: str, first: bytes, _stream: BinaryIO) -> bool:
    return first.startswith(b"\xff\xd8\xff")


def _is_outlook(_ending: str, first: bytes, stream: BinaryIO) -> bool:
    # Old Word and Excel files are OLE2 files too, and may hold macros.
    return first.startswith(_OLE2) and any(
        _MESSAGE_STREAM in part for part in _parts(stream, len(_MESSAGE_STREAM))
    )


def _is_text(_ending: str, first: bytes, stream: BinaryIO) -> bool:
    if first.lstrip(_BLANK).lower().startswith(_PROGRAMS):
        return False
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _is_utf16(stream)
    return not any(b"\x00" in part for part in _parts(stream, 0))


def _is_utf16(stream: BinaryIO) -> bool:
    stream.seek(0)
    try:
        return "\x00" not in stream.read().decode("utf-16")
    except UnicodeDecodeError:
        return False


def _is_mail(ending: str, first: bytes, stream: BinaryIO) -> bool:
    return _is_text(ending, first, stream) and _HEADER.match(first.lstrip(_BLANK)) is not None


def _parts(stream: BinaryIO, overlap: int) -> Iterator[bytes]:
    """The content in chunks that begin with the end of the one before."""
    stream.seek(0)
    before = b""
    while chunk := stream.read(CHUNK):
        yield before + chunk
        before = chunk[-overlap:] if overlap else b""


def _is_office(ending: str, first: bytes, stream: BinaryIO) -> bool:
    if not first.startswith(b"PK\x03\x04"):  # a ZIP may stand behind a program; an office file begins with it
        return False
    try:
        with zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
            if len(names) > _MEMBERS:
                return False
            fits = _fits(ending, archive, names)
    except (
        zlib.error,
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        ValueError,
        OSError,
        KeyError,
    ):
        return False  # damaged, encrypted, or packed in a way that nobody reads
    if fits and any(_is_macro(name) for name in names):
        raise UploadFaultError(HAS_MACROS)
    return fits


def _fits(ending: str, archive: zipfile.ZipFile, names: list[str]) -> bool:
    if ending == "odt":
        return "content.xml" in names and _member(archive, "mimetype").strip() == FILE_KINDS["odt"]
    types = _member(archive, "[Content_Types].xml")
    if "macroEnabled" in types:
        raise UploadFaultError(HAS_MACROS)
    return _MAIN_PART[ending] in types


def _member(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as member:
        return member.read(MEMBER_LIMIT).decode("utf-8", errors="replace")


def _is_macro(name: str) -> bool:
    last = name.rsplit("/", 1)[-1]
    if name.startswith(("Basic/", "Scripts/")):
        return bool(last) and last not in _BASIC_INDEXES
    return last.casefold() == "vbaproject.bin"


_CHECKS: dict[str, Callable[[str, bytes, BinaryIO], bool]] = {
    "pdf": _is_pdf, "png": _is_png, "jpg": _is_jpeg, "jpeg": _is_jpeg, "docx": _is_office, "xlsx": _is_office,
    "odt": _is_office, "eml": _is_mail, "msg": _is_outlook, "txt": _is_text,
}  # fmt: skip
