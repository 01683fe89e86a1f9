"""The files on the disk, compared with what was stored: a file that is missing or was changed is found and shown.

Hashing happens outside of any transaction; what was found is written in short ones.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, update
from sqlalchemy import select as choose
from sqlmodel import Session, SQLModel, col, or_, select, text

from models.evidence.evidence import Evidence, EvidenceKind, EvidenceRevision, FileState
from models.files import FileStore

AT_ONCE = 200  # files between two looks into the database
_LOCK = 0x4C6F7473  # "Lots": the name of the advisory lock


def state_on_disk(store: FileStore, sha256: str) -> FileState:
    """What lies on the disk under this name. A disk that cannot be read counts as a missing file."""
    try:
        if store.is_intact(sha256):
            return FileState.INTACT
        return FileState.CHANGED if store.path(sha256).exists() else FileState.MISSING
    except OSError:
        return FileState.MISSING


def files_to_check(session: Session, before: datetime, limit: int = AT_ONCE) -> list[str]:
    """The SHA-256 of files that were not looked at since `before`, those longest ago first."""
    oldest = func.min(func.coalesce(col(EvidenceRevision.checked_at), col(EvidenceRevision.added_at)))
    found = (
        select(EvidenceRevision.sha256)
        .where(
            EvidenceRevision.kind == EvidenceKind.FILE,
            or_(col(EvidenceRevision.checked_at).is_(None), col(EvidenceRevision.checked_at) < before),
        )
        .group_by(col(EvidenceRevision.sha256))
        .order_by(oldest, col(EvidenceRevision.sha256))
    )
    return list(session.exec(found.limit(limit)))


def note_states(session: Session, found: Mapping[str, FileState], now: datetime) -> int:
    """Write down what was found on the disk; the history tells of every change. Answers how many revisions changed."""
    names = list(found)
    session.connection().execute(
        update(EvidenceRevision).where(col(EvidenceRevision.sha256).in_(names)).values(checked_at=now)
    )
    changed = 0
    for state in set(found.values()):
        of_it = [name for name in names if found[name] is state]
        others = select(EvidenceRevision).where(
            col(EvidenceRevision.sha256).in_(of_it), EvidenceRevision.file_state != state
        )
        for revision in session.exec(others):
            revision.file_state = state
            changed += 1
    session.flush()
    return changed


def check_files(
    session: Session, store: FileStore, before: datetime, now: datetime, limit: int = AT_ONCE
) -> int:
    """Look at the files that were not looked at since `before`, at most `limit`; the caller commits. Answers how many
    were looked at. For many files ask `files_to_check` and `note_states` in turn: nothing waits for the disk then."""
    names = files_to_check(session, before, limit)
    note_states(session, {name: state_on_disk(store, name) for name in names}, now)
    return len(names)


def damaged(session: Session) -> int:
    """How many pieces of evidence have a file in force that is missing or changed on the disk; what was withdrawn does
    not count anyhow, and the register does not list it there."""
    troubled = (FileState.MISSING, FileState.CHANGED)
    found = (
        select(func.count())
        .select_from(EvidenceRevision)
        .join(Evidence, col(Evidence.id) == col(EvidenceRevision.evidence_id))
        .where(
            col(EvidenceRevision.file_state).in_(troubled),
            col(EvidenceRevision.replaced_at).is_(None),
            col(Evidence.withdrawn_on).is_(None),
        )
    )
    return session.exec(found).one()


def lock_files(session: Session) -> None:
    """Hold the files until this transaction ends: nobody removes one that somebody else is just about to name. On
    SQLite a writing transaction is alone anyhow."""
    if session.connection().dialect.name == "postgresql":
        session.connection().execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def remove_unnamed(session: Session, store: FileStore, names: Collection[str]) -> int:
    """Remove those of these files from the disk that no row names any more. In a transaction after the one that
    deleted the rows, so that nothing is lost if that fails. Answers how many."""
    lock_files(session)
    wanted = {name for name in names if name}
    kept: set[str] = set()
    for table in SQLModel.metadata.sorted_tables:  # evidence, imports, and whatever will name files one day
        if "sha256" in table.c:
            named = choose(table.c.sha256).where(table.c.sha256.in_(wanted))
            kept.update(session.connection().execute(named).scalars())
    for name in wanted - kept:
        store.remove(name)
    return len(wanted - kept)
