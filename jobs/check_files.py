"""Every night: look whether each file of a piece of evidence is still what was stored. One file after another; while
one is read, no transaction is open."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from jobs.clock import Clock
from models.database import Database
from models.evidence.disk import files_to_check, note_states, state_on_disk
from models.evidence.evidence import FileState
from models.files import FileStore
from models.language import Translate


@dataclass
class Checked:
    """What a run found: files looked at, files not as they were stored, revisions whose state is another now."""

    files: int = 0
    troubled: int = 0
    changed: int = 0


def check_files(
    database: Database,
    store: FileStore,
    clock: Clock,
    *,
    is_stopping: Callable[[], bool] = lambda: False,
) -> Checked:
    """Look at every file that was not looked at since this run began. A run that is stopped goes on where it was: those
    looked at longest ago come first."""
    began, checked = clock(), Checked()
    while not is_stopping():
        names = _next(database, clock(), began)
        if not names:
            break
        found: dict[str, FileState] = {}
        for name in names:
            if is_stopping():
                break
            found[name] = state_on_disk(store, name)
        with database.write(clock()) as session:
            # Not before the beginning, should the clock be set back meanwhile: the same files would come for ever.
            checked.changed += note_states(session, found, max(clock(), began))
            session.commit()
        checked.files += len(found)
        checked.troubled += sum(state is not FileState.INTACT for state in found.values())
    return checked


def _next(database: Database, now: datetime, began: datetime) -> list[str]:
    with database.read(now) as session:
        return files_to_check(session, began)


def summary(checked: Checked, _: Translate) -> tuple[int, list[str]]:
    """What a run by hand says: 1 if a person has to look."""
    lines = [_("{n} files were looked at.").format(n=checked.files)]
    if checked.troubled:
        lines.append(
            _("{n} of them are missing or were changed. The pages show which: Evidence.").format(
                n=checked.troubled
            )
        )
    return int(checked.troubled > 0), lines
