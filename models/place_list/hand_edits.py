"""What officers changed by hand: the history's last word about a value is a person's, not an import's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from models.audit import AuditEntry
from models.imports.batches import ImportBatch, ImportKind


@dataclass(frozen=True)
class HandEdit:
    """Who changed a value, and when."""

    at: datetime
    officer_id: int


HandEdits = Mapping[tuple[int, str], HandEdit]


def hand_edits(session: Session) -> HandEdits:
    """(place, column) -> the last change, where a person made it. An import's entries have its own moment."""
    moments = {
        moment
        for batch in session.exec(select(ImportBatch).where(ImportBatch.kind == ImportKind.PLACES))
        for moment in (batch.applied_at, batch.reverted_at)
        if moment is not None
    }
    entries = session.exec(
        select(AuditEntry)
        .where(AuditEntry.subject_kind == "place")
        .order_by(col(AuditEntry.at), col(AuditEntry.id))
    )
    found: dict[tuple[int, str], HandEdit] = {}
    for entry in entries:
        by_hand = entry.officer_id is not None and entry.at not in moments
        for column in entry.changes:
            if by_hand and entry.officer_id is not None:
                found[(entry.subject_id, column)] = HandEdit(entry.at, entry.officer_id)
            else:
                found.pop((entry.subject_id, column), None)
    return found
