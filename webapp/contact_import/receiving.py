"""An uploaded file of contacts: looked at, stored, and read, at once if it is small."""

from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import FileStorage

from models.base import N_
from models.contacts.exchange.reading import CARDS_LIMIT, FileFormat, Table, format_of, own_table, table_of
from models.contacts.exchange.working_off import read_claimed
from models.documents.workbook_parts import FILE_LIMIT, UnreadableError, too_large
from models.documents.workbook_reading import Book
from models.evidence.uploads import safe_name
from models.imports.batches import BatchState, ImportBatch, ImportKind
from models.imports.staged import claim_reading, forget_rows
from webapp.access import officer
from webapp.clock import now
from webapp.database import close_session, database, db
from webapp.imports.reading import files, opened

AT_ONCE = 500  # contacts that are read while the officer waits; more are read beside the pages


@dataclass(frozen=True)
class Received:
    """An upload: what it is, about how many contacts it holds, and whether its columns are our own."""

    name: str
    content: bytes
    file_format: FileFormat
    number: int
    is_own: bool

    @property
    def is_clear(self) -> bool:
        """Whether nobody has to say what its columns mean."""
        return self.is_own or self.file_format is FileFormat.VCARD


def received(upload: FileStorage | None) -> Received:
    """Look at an upload. Meanwhile this request keeps nobody from writing. Raises UnreadableError."""
    if upload is None or not upload.filename:
        raise UnreadableError(N_("Please choose a file."))
    content, name = upload.stream.read(CARDS_LIMIT + 1), safe_name(upload.filename)
    file_format = format_of(name, content[:200])
    if not content:
        raise UnreadableError(N_("The file is empty."))
    if file_format is FileFormat.VCARD:
        if len(content) > CARDS_LIMIT:
            raise UnreadableError(
                N_("The file is too large. Visiting cards may have up to {n} MB."), n=CARDS_LIMIT >> 20
            )
        number = max(content.count(b"BEGIN:VCARD"), content.count(b"begin:vcard"))
        return Received(name, content, file_format, number, False)
    if len(content) > FILE_LIMIT:
        raise too_large()
    book = opened(content, name)
    return Received(name, content, file_format, len(book.sheet().rows), own_table(book) is not None)


def keep(upload: Received, facts: dict[str, Any]) -> ImportBatch:
    """Store an upload as a batch that changes nothing yet, ready to be read where that is clear."""
    stored = files().put([upload.content], CARDS_LIMIT)
    batch = ImportBatch(
        kind=ImportKind.CONTACTS,
        sha256=stored.sha256,
        file_name=upload.name,
        file_format=upload.file_format.value,
        uploaded_at=now(),
        uploaded_by_id=officer().key,
        total=upload.number,
        state=BatchState.READING if upload.is_clear else BatchState.PREPARED,
        mapping={"facts": facts, "is_own": upload.is_own},
    )
    db().add(batch)
    db().commit()
    return batch


def read_anew(batch: ImportBatch, book: Book, **decided: Any) -> None:
    """Read a table with these columns; what was looked at before is forgotten."""
    kept: dict[str, Any] = {
        name: batch.mapping[name] for name in ("facts", "is_own", "sheet", "header") if name in batch.mapping
    }
    batch.mapping = {**kept, **decided}
    found: Table | None = table_of(book, batch.mapping)
    if found is not None:
        batch.total = sum(number > found.header for number, _cells in book.sheet(found.sheet).rows)
        batch.state, batch.done = BatchState.READING, 0
    forget_rows(db(), batch.key)
    db().commit()


def read_if_small(batch: ImportBatch) -> None:
    """Read a small file now; a large one waits for the process beside the pages."""
    key, total, state = batch.key, batch.total, batch.state
    if state is not BatchState.READING or total > AT_ONCE:
        return
    close_session()  # the reading opens sessions of its own, and others go on meanwhile
    with database().write(now()) as session:
        claim = claim_reading(session, now(), key)
        session.commit()
    if claim is not None:
        read_claimed(database(), files(), claim, now)
