"""The container in which Outlook keeps a mail: a compound file of storages and streams ([MS-CFB]), read narrowly.

Files come from strangers: chains of sectors may run in circles, sizes may lie, thousands of streams may share a sector.
So every chain ends after as many sectors as the file has, every directory entry is used once, and all streams together
are read up to a few times the size of the file. Whatever does not fit raises NoLetterError.
"""

import struct
from dataclasses import dataclass, field

from models.documents.letter_parts import DAMAGED, NoLetterError

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST_SECTOR = 0xFFFFFFFA  # greater numbers mean "free", "end of chain" and the like
_NONE = 0xFFFFFFFF
_HEADER, _ENTRY = 512, 128
_ENTRIES_LIMIT = 20_000
_IN_HEADER = 109  # sector numbers of the allocation table that stand in the header
_STORAGE, _STREAM, _ROOT = 1, 2, 5


@dataclass(frozen=True)
class _Entry:
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


@dataclass
class Storage:
    """A folder in the container: streams by their names, and folders in it."""

    streams: dict[str, tuple[int, int]] = field(default_factory=dict)  # name -> first sector, size in bytes
    storages: dict[str, "Storage"] = field(default_factory=dict)


class CompoundFile:
    """A compound file in memory. Raises NoLetterError for what is none, or is damaged."""

    def __init__(self, content: bytes) -> None:
        if len(content) < _HEADER or not content.startswith(SIGNATURE):
            raise NoLetterError(DAMAGED)
        major, _order, shift, small_shift = struct.unpack_from("<4H", content, 26)
        if (major, shift, small_shift) not in ((3, 9, 6), (4, 12, 6)):
            raise NoLetterError(DAMAGED)
        self.content, self.sector_size, self._major = content, 1 << shift, major
        self.sectors = max(len(content) - 1, 0) // self.sector_size
        self._to_read = 4 * len(content)
        first_entry, _sign, self._cutoff, first_small = struct.unpack_from("<4I", content, 48)
        self._next = self._allocation()
        self._entries = self._directory(first_entry)
        self._small_next = self._numbers(self._chain(first_small))
        root = self._entries[0]
        self._small_sectors = self._chain(root.start)
        self.root = self._tree(root)

    def read(self, storage: Storage, name: str) -> bytes:
        """The content of a stream; empty where there is none of this name. Raises NoLetterError."""
        start, size = storage.streams.get(name, (_NONE, 0))
        size = min(size, len(self.content))
        self._to_read -= size
        if self._to_read < 0:
            raise NoLetterError(DAMAGED)
        found = self._small(start, size) if size < self._cutoff else self._joined(start, size)
        if len(found) < size:
            raise NoLetterError(DAMAGED)
        return found

    def _sector(self, number: int) -> bytes:
        begin = (number + 1) * self.sector_size
        return self.content[begin : begin + self.sector_size]

    def _joined(self, start: int, size: int) -> bytes:
        """A large stream: no further along its chain than it is long, for many streams may name the longest chain."""
        numbers = self._chain(start, -(-size // self.sector_size))
        return b"".join(map(self._sector, numbers))[:size]

    def _numbers(self, sectors: list[int]) -> list[int]:
        packed = b"".join(self._sector(number) for number in sectors)
        return list(struct.unpack(f"<{len(packed) // 4}I", packed[: len(packed) // 4 * 4]))

    def _allocation(self) -> list[int]:
        """The table that says which sector follows which."""
        sectors = list(struct.unpack_from(f"<{_IN_HEADER}I", self.content, 76))
        more, left = struct.unpack_from("<2I", self.content, 68)
        for _turn in range(min(left, self.sectors)):
            if more >= self.sectors:
                break
            numbers = self._numbers([more])
            if not numbers:  # the file ends in it
                raise NoLetterError(DAMAGED)
            sectors += numbers[:-1]
            more = numbers[-1]
        return self._numbers([number for number in dict.fromkeys(sectors) if number < self.sectors])

    def _chain(self, start: int, most: int | None = None) -> list[int]:
        found: list[int] = []
        while start <= _LAST_SECTOR and (most is None or len(found) < most):
            if start >= min(self.sectors, len(self._next)) or len(found) >= self.sectors:
                raise NoLetterError(DAMAGED)
            found.append(start)
            start = self._next[start]
        return found

    def _small(self, start: int, size: int) -> bytes:
        """A small stream: pieces of 64 bytes that lie in the root's own stream."""
        found: list[bytes] = []
        each = self.sector_size // 64
        while start <= _LAST_SECTOR and len(found) * 64 < size:
            if start >= min(len(self._small_next), len(self._small_sectors) * each):
                raise NoLetterError(DAMAGED)
            begin = (self._small_sectors[start // each] + 1) * self.sector_size + start % each * 64
            found.append(self.content[begin : begin + 64])
            start = self._small_next[start]
        return b"".join(found)[:size]

    def _directory(self, start: int) -> list[_Entry]:
        packed = b"".join(self._sector(number) for number in self._chain(start))
        if len(packed) < _ENTRY or len(packed) > _ENTRIES_LIMIT * _ENTRY:
            raise NoLetterError(DAMAGED)
        return [self._entry(packed[at : at + _ENTRY]) for at in range(0, len(packed) - _ENTRY + 1, _ENTRY)]

    def _entry(self, packed: bytes) -> _Entry:
        (length,) = struct.unpack_from("<H", packed, 64)
        left, right, child = struct.unpack_from("<3I", packed, 68)
        start, size = struct.unpack_from("<IQ", packed, 116)
        if self._major == 3:  # the upper half may be rubbish there
            size &= 0xFFFFFFFF
        name = packed[: max(min(length, 64) - 2, 0)].decode("utf-16-le", errors="replace")
        return _Entry(name.casefold(), packed[66], left, right, child, start, size)

    def _tree(self, root: _Entry) -> Storage:
        if root.kind != _ROOT:
            raise NoLetterError(DAMAGED)
        found, seen = Storage(), {0}
        waiting = [(root.child, found)]
        while waiting:
            number, parent = waiting.pop()
            if number >= len(self._entries) or number in seen:
                continue
            seen.add(number)
            entry = self._entries[number]
            waiting += [(entry.left, parent), (entry.right, parent)]
            if entry.kind == _STREAM:
                parent.streams[entry.name] = (entry.start, entry.size)
            elif entry.kind == _STORAGE:
                inner = parent.storages.setdefault(entry.name, Storage())
                waiting.append((entry.child, inner))
        return found
