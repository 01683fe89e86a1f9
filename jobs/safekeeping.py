"""The backup and restore commands: the domain's own, plus the data folder of this installation."""

from pathlib import Path

from jobs.clock import Clock
from jobs.restore_guard import RestoreGuard
from models.backup import Manifest, write_backup
from models.database import Database
from models.files import FileStore
from models.restore import restore_backup
from settings import Settings


def back_up(database: Database, settings: Settings, target: Path, clock: Clock) -> Manifest:
    """Write a backup file. Raises BackupError or OSError."""
    return write_backup(database, FileStore(settings.files_dir), target, clock())


def restore(database: Database, settings: Settings, source: Path, clock: Clock) -> Manifest:
    """Restore into an empty database; the sender stays paused until an officer has looked. Raises BackupError."""
    manifest = restore_backup(database, FileStore(settings.files_dir), source, clock())
    RestoreGuard(settings.data_dir).mark()
    return manifest
