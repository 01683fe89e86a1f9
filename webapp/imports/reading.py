"""Uploaded tables: kept by their content, read without keeping others from writing."""

from flask import current_app, request
from werkzeug.datastructures import FileStorage

from models.base import N_
from models.documents.workbook_parts import FILE_LIMIT, UnreadableError, too_large
from models.documents.workbook_reading import Book, read_book
from models.evidence.uploads import safe_name
from models.files import FileStore
from models.imports.batches import ImportBatch, ImportKind
from webapp.access import officer
from webapp.clock import now
from webapp.database import close_session, db
from webapp.words import _


def files() -> FileStore:
    """Where uploaded files lie."""
    return FileStore(current_app.extensions["lotse_settings"].files_dir)


def said(error: UnreadableError) -> str:
    """Why a file cannot be read, in the language of the page."""
    return _(error.msgid).format(**error.values)


def received(upload: FileStorage | None) -> tuple[str, bytes]:
    """Name and content of an upload. Raises UnreadableError for none, or one that is too large."""
    if upload is None or not upload.filename:
        raise UnreadableError(N_("Please choose a file."))
    content = upload.stream.read(FILE_LIMIT + 1)
    if len(content) > FILE_LIMIT:
        raise too_large()
    return safe_name(upload.filename), content


def opened(content: bytes, name: str, sheet: str = "") -> Book:
    """The book, with one sheet read. While it is read, this request holds no lock: it may take seconds."""
    if request.method == "POST":
        close_session()
    try:
        book = read_book(content, name)
        book.sheet(sheet)
    finally:
        db().info["officer_id"] = officer().key
    return book


def keep(kind: ImportKind, name: str, content: bytes, edition_id: int | None = None) -> ImportBatch:
    """Store an upload as a batch that changes nothing yet; items of the checklist belong to an edition."""
    stored = files().put([content], FILE_LIMIT)
    batch = ImportBatch(
        kind=kind,
        edition_id=edition_id,
        sha256=stored.sha256,
        file_name=name,
        uploaded_at=now(),
        uploaded_by_id=officer().key,
    )
    db().add(batch)
    db().flush()
    return batch


def book_of(batch: ImportBatch) -> Book:
    """The file of a batch, read again. Raises UnreadableError where it is gone from the disk."""
    if not files().is_intact(batch.sha256):
        raise UnreadableError(
            N_("The file is missing on the disk or was changed there. Please upload it again.")
        )
    return opened(b"".join(files().chunks(batch.sha256)), batch.file_name, batch.mapping.get("sheet", ""))
