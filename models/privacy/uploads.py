"""Files that were uploaded to be imported and mention a person."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from models.files import FileStore
from models.imports.batches import BatchState, ImportBatch, discard
from models.privacy.identifiers import Identifiers
from models.privacy.mail_texts import texts_of_file
from models.privacy.replacing import has_both_names
from models.privacy.whose import Owned, portions, table_named

DONE = (BatchState.APPLIED, BatchState.REVERTED)


def uploads_about(
    session: Session, hers: Identifiers, owned: Owned, rows: set[int], files: FileStore
) -> list[ImportBatch]:
    """Imports whose file mentions her, or one of whose rows does (`rows`: keys of such rows)."""
    staged, named = table_named("import_row"), set[int]()
    for portion in portions(rows | owned.get("import_row", set())):
        of_them = select(staged.c.batch_id).where(staged.c.id.in_(portion))
        named |= set(session.connection().execute(of_them).scalars())
    batches = session.exec(select(ImportBatch).order_by(col(ImportBatch.id))).all()
    return [one for one in batches if one.id in named or _mentions(files, one.sha256, hers)]


def _mentions(files: FileStore, sha256: str, hers: Identifiers) -> bool:
    try:
        content = b"".join(files.chunks(sha256))
    except (OSError, ValueError):
        return False
    return any(_speaks_of(text, hers) for text in texts_of_file(content))


def _speaks_of(text: str, hers: Identifiers) -> bool:
    if hers.search(text) is not None:
        return True
    return any(has_both_names(line, hers) for line in text.splitlines())


def drop_uploads(session: Session, batches: list[ImportBatch]) -> list[str]:
    """Throw away what was not imported, and the files of what was. Answers the SHA-256 of these files."""
    found = []
    for batch in batches:
        found.append(batch.sha256)
        if batch.state not in DONE:
            discard(session, batch)
    return found


def unused_files(session: Session, sha256s: set[str]) -> list[str]:
    """Those that no piece of evidence, no mail that was taken in and no waiting import needs any more."""
    return sorted(set(sha256s) - set(_needed(session, sha256s)))


def _needed(session: Session, sha256s: set[str]) -> Iterator[str]:
    for name in ("evidence_revision", "interaction_file", "import_batch"):
        table = table_named(name)
        wanted = select(table.c.sha256).where(table.c.sha256.in_(sha256s))
        if name == "import_batch":
            wanted = wanted.where(col(ImportBatch.state).not_in(DONE))
        yield from session.connection().execute(wanted).scalars()
