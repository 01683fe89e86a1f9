"""The signed paper of a declaration: kept as evidence, in revisions, and linked to the item that it proves."""

from datetime import date

from sqlmodel import col, select

from models.application.consortium import CONSORTIUM_CODE
from models.application.declarations import CONDITION_CODE, Declaration, DeclarationKind
from models.base import LINE
from models.commitments.checklist import item_of_code
from models.commitments.proofs import link, unlink
from models.contacts.organisations import Organisation
from models.evidence.evidence import Evidence, EvidenceKind, EvidenceRevision, add_revision
from webapp.access import officer
from webapp.application.declaration_forms import ProofFields
from webapp.clock import now
from webapp.database import db
from webapp.evidence.uploading import keep
from webapp.words import _

# Which item of the checklist a declaration of this kind proves.
_ITEMS = {DeclarationKind.WISH: CONDITION_CODE, DeclarationKind.CONSORTIUM: CONSORTIUM_CODE}


def given_proof(form: ProofFields, dated_on: date | None) -> EvidenceRevision | None:
    """The paper that was given, not stored yet; None without one. A file that cannot be kept is a fault of the form."""
    if not form.given:
        return None
    revision = EvidenceRevision(
        evidence_id=0,
        kind=EvidenceKind.NOTE,
        url=form.proof_url.data,
        content=form.proof_text.data,
        dated_on=dated_on,
        valid_until=form.valid_until.data,
        added_at=now(),
        added_by_id=officer().key,
    )
    if form.file.data:
        revision.kind = EvidenceKind.FILE
        fault = keep(form.file.data, revision)
        if fault:
            form.file.errors = [fault]
    elif form.proof_url.data:
        revision.kind = EvidenceKind.LINK
    return revision


def put_in_force(declaration: Declaration, revision: EvidenceRevision) -> None:
    """The paper becomes the evidence of the declaration, or a new revision of it. What the same organisation declared
    on the same day without another paper stands on this one."""
    evidence = db().get(Evidence, declaration.evidence_id) if declaration.evidence_id else None
    together = _on_the_same_paper(declaration)
    if evidence is None or evidence.withdrawn_on is not None:
        organisation = db().get_one(Organisation, declaration.organisation_id)
        name = _("Declaration of {name}").format(name=organisation.name)
        evidence = Evidence(name=name[:LINE], owner_id=officer().key)
        db().add(evidence)
        db().flush()
    add_revision(db(), evidence, revision)
    for one in together:
        one.evidence_id = evidence.key
    settle_proofs(evidence.key)


def _on_the_same_paper(declaration: Declaration) -> list[Declaration]:
    same_day = (col(Declaration.organisation_id) == declaration.organisation_id) & (
        col(Declaration.declared_on) == declaration.declared_on
    )
    same_paper = (
        col(Declaration.evidence_id) == declaration.evidence_id
        if declaration.evidence_id
        else col(Declaration.evidence_id).is_(None)
    )
    return list(db().exec(select(Declaration).where(same_day, same_paper)))


def settle_proofs(evidence_id: int | None, except_id: int | None = None) -> None:
    """Link the evidence to the items in force that it proves, and take it off where no declaration stands on it any
    more: all were withdrawn or deleted (`except_id` is about to be), or are of another kind now."""
    if evidence_id is None:
        return
    db().flush()
    standing = select(Declaration).where(
        Declaration.evidence_id == evidence_id, col(Declaration.withdrawn_on).is_(None)
    )
    kinds = {one.kind for one in db().exec(standing) if one.key != except_id}
    for kind, code in _ITEMS.items():
        item = item_of_code(db(), code)
        if item is not None:
            settle = link if kind in kinds else unlink
            settle(db(), item.key, evidence_id, now(), officer().key)
