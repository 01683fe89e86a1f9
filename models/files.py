"""Files by content: stored under their SHA-256, so that a file changed on disk is found."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

CHUNK = 64 * 1024


class TooLargeError(Exception):
    """More bytes than the limit that was given."""


@dataclass(frozen=True)
class StoredFile:
    sha256: str
    size: int


class FileStore:
    """Keeps bytes in a folder that it is handed. Names come from the content alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where a file lies, whether or not it is there. Raises ValueError for what is no SHA-256."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError("not a SHA-256")
        return self.folder / sha256[:2] / sha256

    def put(self, chunks: Iterable[bytes], limit: int) -> StoredFile:
        """Store the chunks, or raise TooLargeError and keep nothing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        handle, name = tempfile.mkstemp(dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as target:
                for chunk in chunks:
                    size += len(chunk)
                    if size > limit:
                        raise TooLargeError
                    digest.update(chunk)
                    target.write(chunk)
            final = self.path(digest.hexdigest())
            final.parent.mkdir(exist_ok=True)
            Path(name).replace(final)
        finally:
            Path(name).unlink(missing_ok=True)
        return StoredFile(digest.hexdigest(), size)

    def chunks(self, sha256: str) -> Iterator[bytes]:
        """The stored bytes. Raises FileNotFoundError where they are gone."""
        with self.path(sha256).open("rb") as source:
            while chunk := source.read(CHUNK):
                yield chunk

    def remove(self, sha256: str) -> None:
        """Take a file away; nothing happens where it is gone."""
        self.path(sha256).unlink(missing_ok=True)

    def is_intact(self, sha256: str) -> bool:
        """Whether the file is there and still what it was."""
        try:
            digest = hashlib.sha256()
            for chunk in self.chunks(sha256):
                digest.update(chunk)
        except (FileNotFoundError, ValueError):  # "" stands for a file that was deleted for good
            return False
        return digest.hexdigest() == sha256
