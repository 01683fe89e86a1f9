"""ZIP archives written as a stream (PKWARE APPNOTE 6.3): their length is known before the first byte, so that a browser
shows how far a download is, and no more of a file than one piece is ever in memory.

Our own writer: size and CRC of every file are known here before it is sent, so they stand in front of it. Libraries
that write streams (zipstream-ng 1.9.3 was tried) put them behind it, which Java's ZipInputStream refuses for what is
stored, and ask the clock for dates.
"""

import re
import struct
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.folding import fold

MOST = 0xFFFFFFFF  # sizes and places from here on stand in a ZIP64 record (4.5.3)
MOST_ENTRIES = 0xFFFF

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END_64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR_64 = struct.Struct("<4sIQI")
_UNIX = 3 << 8  # made on: its file rights are understood everywhere
_READABLE = 0o100644 << 16
_UTF8 = 1 << 11

# Names that Windows keeps for devices, with any ending.
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


class ChangedError(Exception):
    """A file is no longer what it was when the archive was begun. The stream ends there: half an archive is seen as
    damaged, a whole one with other content would not be."""


@dataclass(frozen=True)
class ArchiveEntry:
    """One file: its name with folders, length in bytes, CRC-32 of its content, and how to get at the content."""

    name: str
    size: int
    crc: int
    chunks: Callable[[], Iterable[bytes]]


def entry_of(name: str, content: bytes) -> ArchiveEntry:
    """An entry whose content is in memory."""
    return ArchiveEntry(name, len(content), zlib.crc32(content), lambda: (content,))


class Archive:
    """The archive of these entries. `made_at` is the local time that every entry carries.

    Raises ValueError for a name that would be unpacked elsewhere or over another entry.
    """

    def __init__(self, entries: Sequence[ArchiveEntry], made_at: datetime) -> None:
        _check_names([entry.name for entry in entries])
        self._entries = list(entries)
        self._heads: list[bytes] = []
        directory: list[bytes] = []
        offset = 0
        for entry in self._entries:
            head = _local_header(entry, made_at)
            directory.append(_central_header(entry, made_at, offset))
            self._heads.append(head)
            offset += len(head) + entry.size
        listed = b"".join(directory)
        self._tail = listed + _end(len(self._entries), len(listed), offset)
        self.length = offset + len(self._tail)

    def chunks(self) -> Iterator[bytes]:
        """All bytes, `length` of them. Raises ChangedError where a file is another by now."""
        for entry, head in zip(self._entries, self._heads, strict=True):
            yield head
            yield from _checked(entry)
        yield self._tail


def _checked(entry: ArchiveEntry) -> Iterator[bytes]:
    size, crc = 0, 0
    for chunk in entry.chunks():
        size, crc = size + len(chunk), zlib.crc32(chunk, crc)
        if size > entry.size:
            raise ChangedError(entry.name)
        yield chunk
    if (size, crc) != (entry.size, entry.crc):
        raise ChangedError(entry.name)


def _check_names(names: Sequence[str]) -> None:
    if len({name.casefold() for name in names}) != len(names):
        raise ValueError("two entries have the same name")
    for name in names:
        parts = name.split("/")
        if "\\" in name or ":" in name or any(part in ("", ".", "..") for part in parts):
            raise ValueError(f"not a name for an archive: {name!r}")


def _moment(made_at: datetime) -> tuple[int, int]:
    """Time and day as MS-DOS writes them, to two seconds (4.4.6)."""
    time = made_at.hour << 11 | made_at.minute << 5 | made_at.second // 2
    return time, (made_at.year - 1980) << 9 | made_at.month << 5 | made_at.day


def _long(*values: int) -> bytes:
    """The ZIP64 record (4.5.3) of the values that do not fit; empty where all fit."""
    return struct.pack(f"<2H{len(values)}Q", 1, 8 * len(values), *values) if values else b""


def _local_header(entry: ArchiveEntry, made_at: datetime) -> bytes:
    name = entry.name.encode()
    extra = _long(entry.size, entry.size) if entry.size >= MOST else b""
    size, needed = (0xFFFFFFFF, 45) if extra else (entry.size, 20)
    lengths = len(name), len(extra)
    fixed = _LOCAL.pack(b"PK\3\4", needed, _UTF8, 0, *_moment(made_at), entry.crc, size, size, *lengths)
    return fixed + name + extra


def _central_header(entry: ArchiveEntry, made_at: datetime, offset: int) -> bytes:
    name = entry.name.encode()
    size, place, too_long = entry.size, offset, []
    if size >= MOST:
        size, too_long = 0xFFFFFFFF, [entry.size, entry.size]
    if place >= MOST:
        place, too_long = 0xFFFFFFFF, [*too_long, offset]
    extra = _long(*too_long)
    needed = 45 if extra else 20
    fixed = _CENTRAL.pack(
        b"PK\1\2", _UNIX | 45, needed, _UTF8, 0, *_moment(made_at), entry.crc, size, size, len(name), len(extra),
        0, 0, 0, _READABLE, place,
    )  # fmt: skip
    return fixed + name + extra


def _end(number: int, length: int, offset: int) -> bytes:
    """What closes the archive: how many entries, how long their list is and where it begins."""
    long = b""
    if number >= MOST_ENTRIES or length >= MOST or offset >= MOST:
        long = _END_64.pack(b"PK\6\6", 44, _UNIX | 45, 45, 0, 0, number, number, length, offset)
        long += _LOCATOR_64.pack(b"PK\6\7", 0, offset + length, 1)
        number, length, offset = min(number, 0xFFFF), min(length, 0xFFFFFFFF), 0xFFFFFFFF
    return long + _END.pack(b"PK\5\6", 0, 0, number, number, length, offset, 0)


# Names


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def plain_name(text: str, longest: int = 60, otherwise: str = "datei") -> str:
    """A part of a file's name that every system reads alike: small letters, digits and hyphens, at most `longest`,
    if possible whole words. 'Bündnis: Lab & Stadt' -> 'buendnis-lab-stadt'."""
    spelled = fold(unicodedata.normalize("NFC", text).casefold().translate(_UMLAUTS))
    name = re.sub("[^a-z0-9]+", "-", spelled).strip("-")
    if len(name) > longest:
        words = name[: longest + 1].rpartition("-")[0]
        name = words if len(words) > longest // 2 else name[:longest].strip("-")
    return f"{name}-" if name in _DEVICES else name or otherwise


def name_with_ending(file_name: str, stem: str) -> str:
    """`stem` with the ending that a file came with, if that is one: letters and digits, at most ten."""
    ending = file_name.rpartition(".")[2].casefold() if "." in file_name else ""
    return f"{stem}.{ending}" if re.fullmatch("[a-z0-9]{1,10}", ending) else stem


class Names:
    """Names within one archive: each is given once, whatever the case of its letters."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, wanted: str) -> str:
        """The wanted name, or the first free one of the kind 'name-2.pdf'."""
        folder, slash, last = wanted.rpartition("/")
        stem, dot, ending = last.rpartition(".") if "." in last else (last, "", "")
        name, number = wanted, 1
        while name.casefold() in self._taken:
            number += 1
            name = f"{folder}{slash}{stem}-{number}{dot}{ending}"
        self._taken.add(name.casefold())
        return name
