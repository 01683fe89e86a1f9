"""Reading a file in the background, part by part: others go on working, and how far it is can be seen."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from models.base import N_
from models.calendar_days import local_day
from models.city import the_city
from models.contacts.exchange.known import read_register
from models.contacts.exchange.reading import FileFormat, records_of
from models.contacts.exchange.record import ContactRecord
from models.contacts.exchange.staging import AT_ONCE, Staging
from models.database import Database
from models.documents.workbook_parts import UnreadableError
from models.files import FileStore
from models.imports.batches import ImportBatch
from models.imports.staged import Claim, add_rows, end_reading, forget_rows, tell_progress

FILE_GONE = N_("The file is missing on the disk or was changed there. Please upload it again.")


def read_claimed(
    database: Database,
    files: FileStore,
    claim: Claim,
    clock: Callable[[], datetime],
    is_stopping: Callable[[], bool] = lambda: False,
) -> bool:
    """Read the file of a claimed batch to its end. False: stopped, or somebody else has taken it over. A file that
    cannot be read ends as failed, with the reason."""
    with database.read(clock()) as session:
        batch = session.get_one(ImportBatch, claim.batch_id)
        city = the_city(session)
        today = local_day(clock(), city.time_zone).isoformat()
        facts = batch.mapping.get("facts", {})
        staging = Staging(read_register(session), city.installation, facts, today)
        session.expunge_all()
    done = 0
    try:
        for part in _parts(_records(files, batch)):
            if is_stopping() or not _stage(database, staging, claim, batch, part, done, clock()):
                return False
            done += len(part)
    except UnreadableError as error:
        return _end(database, claim, batch, staging, done, clock(), error)
    return _end(database, claim, batch, staging, done, clock())


def _records(files: FileStore, batch: ImportBatch) -> Iterator[ContactRecord]:
    if not files.is_intact(batch.sha256):
        raise UnreadableError(FILE_GONE)
    return records_of(FileFormat(batch.file_format), files.path(batch.sha256), batch.file_name, batch.mapping)


def _parts(records: Iterable[ContactRecord]) -> Iterator[list[ContactRecord]]:
    remaining = iter(records)
    while part := list(islice(remaining, AT_ONCE)):
        yield part


def _stage(
    database: Database,
    staging: Staging,
    claim: Claim,
    batch: ImportBatch,
    part: list[ContactRecord],
    done: int,
    now: datetime,
) -> bool:
    """Look at one part and store what it would change, unless somebody else goes on with this batch."""
    with database.read(now) as session:
        rows = staging.rows(session, part)
    told: dict[str, Any] = {**batch.mapping.get("reading", {}), "at": now.isoformat()}
    with database.write(now) as session:
        if not tell_progress(session, claim, done + len(part), {**batch.mapping, "reading": told}):
            return False
        add_rows(session, claim.batch_id, rows)
        session.commit()
    return True


def _end(
    database: Database,
    claim: Claim,
    batch: ImportBatch,
    staging: Staging,
    done: int,
    now: datetime,
    error: UnreadableError | None = None,
) -> bool:
    mapping = {**batch.mapping, "unchanged": staging.unchanged}
    if error is not None:
        mapping["fault_values"] = {name: str(value) for name, value in error.values.items()}
    with database.write(now) as session:
        if error is not None:
            forget_rows(session, claim.batch_id)
        is_mine = end_reading(session, claim, done, mapping, error.msgid if error else "")
        session.commit()
    return is_mine
