"""The backup and restore commands: the domain's own, plus the data folder of this installation."""

import logging
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from jobs.clock import Clock
from jobs.restore_guard import RestoreGuard
from models.backup import Manifest, write_backup
from models.database import Database
from models.documents.mail import mail_file_name
from models.files import FileStore
from models.job_runs import claim_slot, finish_run
from models.privacy.erasing import Erased
from models.privacy.ledger import Ledger, erase_again
from models.restore import restore_backup
from settings import Settings

log = logging.getLogger(__name__)


def back_up(database: Database, settings: Settings, target: Path, clock: Clock) -> Manifest:
    """Write a backup file, and note that one was made. Raises BackupError or OSError."""
    started_at = clock()
    manifest = write_backup(database, FileStore(settings.files_dir), target, started_at)
    try:
        with database.write(clock()) as session:
            run_id = claim_slot(session, "backup", started_at, started_at)
            if run_id is not None:
                finish_run(session, run_id, clock())
            session.commit()
    except SQLAlchemyError as error:  # the backup is good all the same
        log.warning("%s: it could not be noted that a backup was made", type(error).__name__)
    return manifest


def restore(database: Database, settings: Settings, source: Path, clock: Clock) -> Manifest:
    """Restore into an empty database; the sender stays paused until an officer has looked. Raises BackupError."""
    files = FileStore(settings.files_dir)
    manifest = restore_backup(database, files, source, clock())
    RestoreGuard(settings.data_dir).mark()
    backup_at = datetime.fromisoformat(manifest.created_at)
    with database.write(clock()) as session:  # whom the backup brought back
        found = erase_again(session, Ledger(settings.data_dir), files, backup_at, clock())
        session.commit()
    remove_leftovers(settings, found)
    return manifest


def remove_leftovers(settings: Settings, found: Iterable[Erased]) -> None:
    """The files that only those had who were erased."""
    for erased in found:
        for sha256 in erased.files:
            FileStore(settings.files_dir).remove(sha256)
        for message_id in erased.message_ids:
            (settings.mail_dir / mail_file_name(message_id)).unlink(missing_ok=True)
