"""The files of the evidence pack: each is read and compared with its hash before anything is sent."""

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from models.documents.archive import ArchiveEntry
from models.evidence.evidence import FileState
from models.files import FileStore
from models.language import Translate
from models.reports.evidence_pack import PackProof


@dataclass(frozen=True)
class FoundFile:
    """What lies on the disk under a hash: intact with its length in bytes and CRC-32, missing, or changed."""

    state: FileState
    size: int = 0
    crc: int = 0


@dataclass(frozen=True)
class FoundFiles:
    """What was found by SHA-256; a file that several revisions share was read once."""

    by_hash: dict[str, FoundFile]

    def state(self, proof: PackProof) -> FileState:
        """What a file of the register is like."""
        return self.by_hash[proof.sha256].state

    def intact(self, files: Iterable[PackProof]) -> list[PackProof]:
        """The files that can be packed."""
        return [proof for proof in files if self.state(proof) is FileState.INTACT]

    def damaged(self, files: Iterable[PackProof]) -> list[PackProof]:
        """The files that are missing or changed: named, never packed."""
        return [proof for proof in files if self.state(proof) is not FileState.INTACT]

    def size(self, files: Iterable[PackProof]) -> int:
        """Bytes of the files that can be packed."""
        return sum(self.by_hash[proof.sha256].size for proof in files)

    def entry(self, proof: PackProof, store: FileStore) -> ArchiveEntry:
        """A file as it goes into the archive, read when its turn has come."""
        found = self.by_hash[proof.sha256]
        return ArchiveEntry(proof.path, found.size, found.crc, _reader(store, proof.sha256))


def _reader(store: FileStore, sha256: str) -> Callable[[], Iterator[bytes]]:
    return lambda: store.chunks(sha256)


def look_at(store: FileStore, files: Iterable[PackProof]) -> FoundFiles:
    """Read every file once, piece by piece."""
    return FoundFiles({sha256: _look(store, sha256) for sha256 in {proof.sha256 for proof in files}})


def _look(store: FileStore, sha256: str) -> FoundFile:
    digest, crc, size = hashlib.sha256(), 0, 0
    try:
        for chunk in store.chunks(sha256):
            digest.update(chunk)
            crc, size = zlib.crc32(chunk, crc), size + len(chunk)
    except (OSError, ValueError):  # not there, not readable, or no hash at all
        return FoundFile(FileState.MISSING)
    if digest.hexdigest() != sha256:
        return FoundFile(FileState.CHANGED)
    return FoundFile(FileState.INTACT, size, crc)


def size_text(size: int, language: str, _: Translate) -> str:
    """4,2 MB; 12 kB; 310 Bytes (thousands, as file managers and browsers count)."""
    if size < 1000:
        return _("{n} bytes").format(n=size)
    for unit, factor in (("GB", 10**9), ("MB", 10**6)):
        if size >= factor:
            number = f"{size / factor:.1f}"
            return f"{number.replace('.', ',') if language == 'de' else number} {unit}"
    return f"{round(size / 1000)} kB"
