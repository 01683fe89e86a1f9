"""Archives: read by other programs, as long as was said, and never with another content than was promised."""

import io
import shutil
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from models.documents import archive as module
from models.documents.archive import (
    Archive,
    ArchiveEntry,
    ChangedError,
    Names,
    entry_of,
    name_with_ending,
    plain_name,
)

AT = datetime(2026, 11, 23, 8, 0, 2)
PIECES = [b"abc" * 1000, b"", b"\x00\xff" * 70_000]


def _pieces() -> Iterator[bytes]:
    yield from PIECES


def _entries() -> list[ArchiveEntry]:
    whole = b"".join(PIECES)
    return [
        entry_of("LIESMICH.txt", "Grüße".encode()),
        ArchiveEntry("nachweise/Bündnis – ß.bin", len(whole), zlib.crc32(whole), _pieces),
        entry_of("leer.txt", b""),
    ]


def _read_in_a_stream(content: bytes) -> dict[str, bytes]:
    """What a reader sees that cannot jump to the list at the end: name, size and CRC stand before each file."""
    found, at = {}, 0
    while content[at : at + 4] == b"PK\x03\x04":
        flags, method = struct.unpack_from("<2H", content, at + 6)
        assert not flags & 8, "the size stands behind the file"
        assert method == 0
        crc, size, _same, name_length, extra = struct.unpack_from("<3I2H", content, at + 14)
        at += 30
        name = content[at : at + name_length].decode()
        at += name_length + extra
        found[name] = content[at : at + size]
        assert zlib.crc32(found[name]) == crc
        at += size
    assert content[at : at + 4] == b"PK\x01\x02"
    return found


def test_an_archive_is_as_long_as_was_said_and_holds_what_was_put_in(tmp_path: Path) -> None:
    archive = Archive(_entries(), AT)
    content = b"".join(archive.chunks())
    assert len(content) == archive.length
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        assert found.testzip() is None
        assert [(i.filename, i.date_time) for i in found.infolist()] == [
            (entry.name, (2026, 11, 23, 8, 0, 2)) for entry in _entries()
        ]
        assert found.read("nachweise/Bündnis – ß.bin") == b"".join(PIECES)
        assert found.infolist()[0].external_attr >> 16 == 0o100644
    assert _read_in_a_stream(content)["LIESMICH.txt"] == "Grüße".encode()
    assert b"".join(Archive(_entries(), AT).chunks()) == content  # the same pack is the same file
    if shutil.which("unzip"):
        path = tmp_path / "a.zip"
        path.write_bytes(content)
        said = subprocess.run(["unzip", "-t", str(path)], capture_output=True, text=True, check=False)
        assert said.returncode == 0, said.stdout
    empty = Archive([], AT)
    assert zipfile.ZipFile(io.BytesIO(b"".join(empty.chunks()))).namelist() == []


@pytest.mark.parametrize("most", ["MOST", "MOST_ENTRIES"])
def test_what_is_too_large_for_a_zip_is_written_as_zip64(monkeypatch: pytest.MonkeyPatch, most: str) -> None:
    monkeypatch.setattr(module, most, 2)
    archive = Archive(_entries(), AT)
    content = b"".join(archive.chunks())
    assert len(content) == archive.length
    assert b"PK\x06\x06" in content
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        assert found.testzip() is None
        assert [i.file_size for i in found.infolist()] == [e.size for e in _entries()]


@pytest.mark.parametrize("now", [b"abcd", b"ab", b"abx"], ids=["longer", "shorter", "another"])
def test_a_file_that_changed_meanwhile_ends_the_stream(now: bytes) -> None:
    changed = ArchiveEntry("a.txt", 3, zlib.crc32(b"abc"), lambda: iter([now]))
    with pytest.raises(ChangedError):
        b"".join(Archive([changed], AT).chunks())


@pytest.mark.parametrize("name", ["/etc/passwd", "../x", "a/../b", "a//b", "a\\b", "c:x", "", "."])
def test_no_entry_is_unpacked_elsewhere(name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        Archive([entry_of(name, b"")], AT)


def test_no_two_entries_fall_on_one_file() -> None:
    with pytest.raises(ValueError, match="same name"):
        Archive([entry_of("A.txt", b""), entry_of("a.TXT", b"")], AT)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bündnis: Lab & Stadt", "buendnis-lab-stadt"),
        ("Größe – São João", "groesse-sao-joao"),
        ("../../x", "x"),
        ("CON", "con-"),
        ("lpt1", "lpt1-"),
        ("…", "datei"),
        ("ein sehr langer Name, der nicht endet", "ein-sehr-langer-name-der-nicht"),
        ("ein sehr langer Name, der nichts kürzt", "ein-sehr-langer-name-der"),
        ("Zusammenstellungsverordnungsentwurf", "zusammenstellungsverordnungsen"),
    ],
)
def test_names_are_readable_and_safe_everywhere(text: str, name: str) -> None:
    assert plain_name(text, 30) == name


def test_names_are_given_once_and_keep_their_ending() -> None:
    names = Names()
    assert [names.take(n) for n in ("a/b.pdf", "a/B.pdf", "a/b.pdf", "b", "b")] == [
        "a/b.pdf",
        "a/B-2.pdf",
        "a/b-3.pdf",
        "b",
        "b-2",
    ]
    assert name_with_ending("Scan.PDF", "scan-r1") == "scan-r1.pdf"
    assert [name_with_ending(n, "x") for n in ("ohne", "a.b c", "a.", "a.ä")] == ["x"] * 4
