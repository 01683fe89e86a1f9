"""The proofs that an own list names: links, or documents by their name."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from models.base import LINE, NOTE, URL, Recorded
from models.commitments.proofs import CommitmentProof
from models.evidence.evidence import Evidence, EvidenceKind, EvidenceRevision
from models.folding import fold


def known_proofs(session: Session) -> dict[int, set[str]]:
    """For each item the folded names and addresses of what proves it, so that nothing is entered twice."""
    found: dict[int, set[str]] = {}
    query = (
        select(CommitmentProof.commitment_id, Evidence.name, EvidenceRevision.url)
        .join(Evidence, col(Evidence.id) == col(CommitmentProof.evidence_id))
        .join(EvidenceRevision, col(EvidenceRevision.evidence_id) == col(Evidence.id))
        .where(col(CommitmentProof.unlinked_at).is_(None))
    )
    for key, name, url in session.exec(query):
        found.setdefault(key, set()).update({fold(name), fold(url)} - {""})
    return found


def add_proof(
    session: Session, written: str, item_id: int, now: datetime, officer_id: int | None
) -> Iterable[Recorded]:
    """Evidence for an item from what stands in the list; answers every row that was made."""
    address = next((word for word in written.split() if word.startswith(("https://", "http://"))), "")
    is_link = bool(address) and len(address) <= URL
    evidence = Evidence(name=" ".join(written.split())[:LINE])
    session.add(evidence)
    session.flush()
    revision = EvidenceRevision(
        evidence_id=evidence.key,
        kind=EvidenceKind.LINK if is_link else EvidenceKind.NOTE,
        url=address if is_link else "",
        content="" if is_link else written[:NOTE],
        added_at=now,
        added_by_id=officer_id,
    )
    proof = CommitmentProof(
        commitment_id=item_id, evidence_id=evidence.key, linked_at=now, linked_by_id=officer_id
    )
    session.add_all([revision, proof])
    session.flush()
    return evidence, revision, proof
