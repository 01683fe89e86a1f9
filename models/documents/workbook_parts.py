"""Looking into an Excel file before anything opens it: what it is, and whether it can be opened without harm.

An .xlsx is a ZIP of XML parts. A small one can unpack to gigabytes, and XML can define entities that grow without end;
neither is ever opened here.
"""

import re
from io import BytesIO
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError

from models.base import N_

FILE_LIMIT = 10 * 1024 * 1024
UNPACKED_LIMIT = 64 * 1024 * 1024  # of all XML parts together
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


def check_workbook(content: bytes) -> None:
    """Raise UnreadableError for whatever is no .xlsx, is encrypted, or would do harm when opened."""
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
            _check_parts(archive)
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


def _check_parts(archive: ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if any(part.flag_bits & 0x1 for part in parts):
        raise UnreadableError(
            N_("The file is protected with a password. Please save it without one and try again.")
        )
    if "[Content_Types].xml" not in names or not any(name.lower() == "xl/workbook.xml" for name in names):
        raise no_workbook()
    xml = [part for part in parts if part.filename.lower().endswith((".xml", ".rels", ".vml"))]
    # The sizes in the directory bound what is read: zipfile never gives out more than they say.
    if len(parts) > PARTS_LIMIT or sum(part.file_size for part in xml) > UNPACKED_LIMIT:
        raise too_large()
    for part in xml:
        _check_part(part, archive.read(part))


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
