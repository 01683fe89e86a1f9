"""A minimal writer of Outlook's .msg ([MS-CFB], [MS-OXMSG]), for tests: no foreign mail lies in this repository."""

import struct
from datetime import UTC, datetime

Tree = dict[str, "bytes | Tree"]
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_SECTOR, _SMALL = 512, 64


def unicode(number: int, text: str) -> Tree:
    return {f"__substg1.0_{number:04X}001F": text.encode("utf-16-le")}


def eight_bit(number: int, content: bytes) -> Tree:
    return {f"__substg1.0_{number:04X}001E": content}


def binary(number: int, content: bytes) -> Tree:
    return {f"__substg1.0_{number:04X}0102": content}


def properties(head: int, fixed: dict[int, bytes] | None = None) -> Tree:
    """The stream of properties with a value of their own: `fixed` by number, eight bytes each."""
    packed = b"".join(struct.pack("<HHI", 0x40, number, 6) + value for number, value in (fixed or {}).items())
    return {"__properties_version1.0": b"\0" * head + packed}


def filetime(moment: datetime) -> bytes:
    seconds = (moment - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()
    return struct.pack("<Q", int(seconds) * 10_000_000)


def _padded(content: bytes, size: int) -> bytes:
    return content + b"\0" * (-len(content) % size)


class _Writer:
    def __init__(self) -> None:
        self.sectors: list[bytes] = []
        self.next: list[int] = []
        self.small, self.small_next = b"", list[int]()
        self.entries: list[list[object]] = []

    def large(self, content: bytes) -> int:
        if not content:
            return _END
        packed, first = _padded(content, _SECTOR), len(self.sectors)
        number = len(packed) // _SECTOR
        self.sectors += [packed[at : at + _SECTOR] for at in range(0, len(packed), _SECTOR)]
        self.next += [*range(first + 1, first + number), _END]
        return first

    def stream(self, content: bytes) -> int:
        if len(content) >= 4096:
            return self.large(content)
        if not content:
            return _END
        first, packed = len(self.small_next), _padded(content, _SMALL)
        self.small += packed
        self.small_next += [*range(first + 1, first + len(packed) // _SMALL), _END]
        return first

    def entry(self, name: str, kind: int, start: int, size: int) -> int:
        self.entries.append([name, kind, _FREE, _FREE, start, size])  # name, kind, right, child, start, size
        return len(self.entries) - 1

    def fill(self, parent: int, tree: Tree) -> None:
        before = None
        for name in sorted(tree, key=lambda n: (len(n), n.upper())):
            inner = tree[name]
            if isinstance(inner, bytes):
                made = self.entry(name, 2, self.stream(inner), len(inner))
            else:
                made = self.entry(name, 1, 0, 0)
                self.fill(made, inner)
            self.entries[parent if before is None else before][3 if before is None else 2] = made
            before = made

    def directory(self) -> bytes:
        packed = b""
        for name, kind, right, child, start, size in self.entries:
            spelled = str(name).encode("utf-16-le") + b"\0\0"
            packed += spelled.ljust(64, b"\0") + struct.pack(
                "<HBB3I", len(spelled), kind, 1, _FREE, right, child
            )
            packed += b"\0" * 36 + struct.pack("<IQ", start, size)
        return packed


def compound_file(tree: Tree) -> bytes:
    """A compound file (version 3) with these streams and storages."""
    writer = _Writer()
    root = writer.entry("Root Entry", 5, 0, 0)
    writer.fill(root, tree)
    writer.entries[root][4:] = [writer.large(writer.small), len(writer.small)]
    small_table = writer.large(struct.pack(f"<{len(writer.small_next)}I", *writer.small_next))
    directory = writer.large(writer.directory())
    tables = 1
    while (len(writer.next) + tables) * 4 > tables * _SECTOR:
        tables += 1
    places = list(range(len(writer.next), len(writer.next) + tables))
    table = writer.next + [_FAT] * tables
    table += [_FREE] * (tables * 128 - len(table))
    assert tables <= 109
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6)
    head += b"\0" * 10 + struct.pack("<5I", tables, directory, 0, 4096, small_table)
    head += struct.pack("<3I", -(-len(writer.small_next) // 128), _END, 0)
    head += struct.pack("<109I", *places, *[_FREE] * (109 - tables))
    return head + b"".join(writer.sectors) + struct.pack(f"<{len(table)}I", *table)


def outlook_mail(sent_at: datetime, text: str, attachments: dict[str, bytes]) -> bytes:
    """A mail of Júlia Roig as Outlook keeps it."""
    tree: Tree = {
        **properties(32, {0x0039: filetime(sent_at)}),
        **unicode(0x0037, "Besuch in Barcelona – Termin"),
        **unicode(0x0C1A, "Júlia Roig"),
        **unicode(0x0C1F, "/O=IAAC/OU=EXCHANGE/CN=RECIPIENTS/CN=JROIG"),
        **unicode(0x5D01, "julia@iaac.example.org"),
        **unicode(0x1000, text),
        **unicode(0x1035, "<abc.1@iaac.example.org>"),
        "__recip_version1.0_#00000000": {
            **properties(8),
            **unicode(0x3001, "Anna Amt"),
            **unicode(0x39FE, "anna@lotse.example"),
        },
    }
    for number, (name, content) in enumerate(attachments.items()):
        tree[f"__attach_version1.0_#{number:08X}"] = {
            **properties(8),
            **unicode(0x3707, name),
            **binary(0x3701, content),
        }
    return compound_file(tree)
