"""Notices a restored database, so that it never mails the past again (reminders, point 11).

Every claim raises `Sender.counter` in its own transaction; the same number is written to a file in the data folder
before the mail goes out. A file that is ahead of the database says: this database is an older copy of itself.
"""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from models.reminders.messages import Sender

SYNCED_EVERY = 50  # mails


@dataclass(frozen=True)
class Traces:
    """What the data folder says. Read it before the database: another process may raise both meanwhile."""

    counter: int
    is_marked: bool


class RestoreGuard:
    """The counter and the marker in a data folder."""

    def __init__(self, data_dir: Path) -> None:
        self.file, self.marker = data_dir / "sender-counter", data_dir / "restored"

    def traces(self) -> Traces:
        """What the data folder says now."""
        try:
            counter = int(self.file.read_text("ascii") or 0)
        except FileNotFoundError:
            counter = 0
        except ValueError:  # a power cut emptied it, or somebody wrote into it
            counter = 0
        return Traces(counter, self.marker.exists())

    def is_restored(self, sender: Sender, traces: Traces) -> bool:
        """Whether the database is older than what was sent."""
        return traces.is_marked or traces.counter > sender.counter

    def write(self, counter: int) -> None:
        """Keep the highest number, whoever writes last. Raises OSError. A killed program loses nothing of it. A power
        cut may lose the last numbers: the file is then a little behind the database, never ahead of it, so no false
        alarm; and a restored database is behind by more."""
        handle = os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            known = os.read(handle, 40).strip()
            if not known.isdigit():
                os.ftruncate(handle, 0)
                known = b"0"
            if int(known) < counter:
                # Never shorter than before, so a reader sees the old or the new number.
                os.pwrite(handle, str(counter).encode(), 0)
                if counter % SYNCED_EVERY == 0:
                    os.fdatasync(handle)  # the number and, where it grew, its length; not the time
        finally:
            os.close(handle)

    def mark(self) -> None:
        """Leave the marker: this folder's database was restored."""
        self.marker.touch(mode=0o600)

    def forget_marker(self) -> None:
        """The sender is paused now; the marker has done its duty."""
        self.marker.unlink(missing_ok=True)


def catch_up(session: Session, sender: Sender, traces: Traces) -> None:
    """Level with the file, so that the sender is paused once and an officer can let it go on."""
    sender.counter = max(sender.counter, traces.counter)
    session.flush()
