"""Large files that officers uploaded are read here, beside the pages: one after the other, each to its end."""

from collections.abc import Callable

from jobs.clock import Clock
from models.contacts.exchange.working_off import read_claimed
from models.database import Database
from models.files import FileStore
from models.imports.staged import claim_reading, has_waiting


def read_imports(
    database: Database, files: FileStore, clock: Clock, is_stopping: Callable[[], bool] = lambda: False
) -> int:
    """Read every file that waits, and those that a process left behind; answers how many. An error of one leaves it to
    be tried again, and in the end it fails by itself: the others are not kept waiting for it."""
    count = 0
    while not is_stopping():
        with database.read(clock()) as session:
            if not has_waiting(session):
                return count
        with database.write(clock()) as session:
            claim = claim_reading(session, clock())
            session.commit()
        if claim is None:
            return count
        read_claimed(database, files, claim, clock, is_stopping)
        count += 1
    return count
