"""Looking into an Excel file before anything opens it: what it is, and whether it can be opened without harm.

An .xlsx is a ZIP of XML parts. A small one can unpack to gigabytes, its directory can lie about that, and XML can
define entities that grow without end. So openpyxl never sees the file itself, but a copy of the XML parts that were
looked at.
"""

import re
from copy import copy
from io import BytesIO
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError

from models.base import N_

FILE_LIMIT = 10 * 1024 * 1024
UNPACKED_LIMIT = 64 * 1024 * 1024  # of all XML parts together
CHUNK = 64 * 1024
PARTS_LIMIT = 2_000
# What a part may hold, counted in "<": a cell with a value has four of them; styles and the like are small.
TABLE_TAGS = 2_500_000
OTHER_TAGS = 300_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of Excel before 2007, and of encrypted files
_TABLES = re.compile(r"xl/(worksheets/|sharedstrings)", re.IGNORECASE)
# A part in one of these keeps "<!DOCTYPE" readable as bytes; no program writes workbooks otherwise.
_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_READABLE = (b"utf-8", b"us-ascii", b"iso-8859-1", b"windows-1252")


class UnreadableError(Exception):
    """The file cannot be read. `msgid` says why, for a person; `values` go into its braces."""

    def __init__(self, msgid: str, **values: object) -> None:
        super().__init__(msgid)
        self.msgid, self.values = msgid, values


def checked_workbook(content: bytes) -> bytes:
    """The XML parts of an .xlsx, looked at, as an archive of their own. Raises UnreadableError for whatever is none, is
    encrypted, or would do harm when opened."""
    if len(content) > FILE_LIMIT:
        raise UnreadableError(N_("The file is too large. A table may have up to {n} MB."), n=FILE_LIMIT >> 20)
    if not content:
        raise UnreadableError(N_("The file is empty."))
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise UnreadableError(
                N_("The file is protected with a password. Please save it without one and try again.")
            )
        raise UnreadableError(
            N_("This is a file of an old Excel (.xls). Please save it as “Excel workbook (.xlsx)”.")
        )
    try:
        with ZipFile(BytesIO(content)) as archive:
            return _copy(archive, _parts(archive))
    except (
        BadZipFile,
        LargeZipFile,
        ZlibError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
    ) as error:
        raise no_workbook() from error
    except (ValueError, IndexError, UnicodeError) as error:
        raise no_workbook() from error


def no_workbook() -> UnreadableError:
    """What is said of bytes that no one can read as a workbook."""
    return UnreadableError(
        N_("This is not an Excel file that can be read. Please save the table as “Excel workbook (.xlsx)”.")
    )


def _parts(archive: ZipFile) -> list[ZipInfo]:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if any(part.flag_bits & 0x1 for part in parts):
        raise UnreadableError(
            N_("The file is protected with a password. Please save it without one and try again.")
        )
    is_workbook = "[Content_Types].xml" in names and any(name.lower() == "xl/workbook.xml" for name in names)
    if not is_workbook or len(names) < len(parts):
        raise no_workbook()
    xml = [part for part in parts if part.filename.lower().endswith((".xml", ".rels"))]
    if len(parts) > PARTS_LIMIT or sum(part.file_size for part in xml) > UNPACKED_LIMIT:
        raise too_large()
    return xml


def _copy(archive: ZipFile, parts: list[ZipInfo]) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w") as copied:
        for part in parts:
            content = _content(archive, part)
            _check_part(part, content)
            copied.writestr(part.filename, content)
    return target.getvalue()


def _content(archive: ZipFile, part: ZipInfo) -> bytes:
    """A part as it is, never more than the directory says: unpacked in small pieces, with room for a byte more."""
    generous = copy(part)
    generous.file_size += 1
    content = bytearray()
    with archive.open(generous) as source:
        while chunk := source.read(CHUNK):
            content += chunk
    if len(content) > part.file_size:
        raise too_large()
    return bytes(content)


def too_large() -> UnreadableError:
    """What is said of a workbook that holds more than is read here."""
    return UnreadableError(
        N_(
            "The file holds too much to be read here. Please keep only the sheet with the list, and try again."
        )
    )


def _check_part(part: ZipInfo, content: bytes) -> None:
    encoding = _ENCODING.search(content[:300])
    is_wide = b"\x00" in content[:4]
    if is_wide or (encoding is not None and encoding[1].lower() not in _READABLE):
        raise no_workbook()
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise UnreadableError(
            N_(
                "The file holds a definition that a workbook does not need and that could do harm. It is not read."
            )
        )
    if content.count(b"<") > (TABLE_TAGS if _TABLES.match(part.filename) else OTHER_TAGS):
        raise too_large()
    if part.filename.lower() == "xl/workbook.xml" and b"purl.oclc.org/ooxml" in content:
        raise UnreadableError(
            N_("The file is saved as “Strict Open XML”. Please save it as “Excel workbook (.xlsx)”.")
        )
