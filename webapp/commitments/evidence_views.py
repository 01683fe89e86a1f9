"""Pages of evidence: links, files, download."""

from typing import Any

from flask import url_for
from sqlmodel import select

from models.commitments.checklist import Commitment
from models.commitments.proofs import CommitmentProof, link
from models.evidence.evidence import Evidence, EvidenceKind, EvidenceRevision, add_revision
from webapp.access import officer
from webapp.clock import now
from webapp.commitments.forms import FileForm, LinkForm
from webapp.commitments.views import room
from webapp.database import db
from webapp.evidence.uploading import as_download, keep, store_of_files
from webapp.forms import BaseForm, fill
from webapp.pages import delete_page, done, load, page
from webapp.words import _


@room.route("/zusagen/<int:key>/nachweis/link", methods=["GET", "POST"])
def add_link(key: int) -> Any:
    """Add a proof that lies elsewhere."""
    item, form = load(Commitment, key), LinkForm()
    if form.validate_on_submit():
        _add(form, EvidenceRevision(kind=EvidenceKind.LINK, **_new()), key)
        return done(url_for(".show", key=key), _("The evidence is stored."))
    return page("commitments/evidence.html", form=form, item=item, is_file=False)


@room.route("/zusagen/<int:key>/nachweis/datei", methods=["GET", "POST"])
def add_file(key: int) -> Any:
    """Add a proof that is kept here."""
    item, form = load(Commitment, key), FileForm()
    if form.validate_on_submit():
        revision = EvidenceRevision(kind=EvidenceKind.FILE, **_new())
        fault = keep(form.file.data, revision)
        if fault is None:
            _add(form, revision, key)
            return done(url_for(".show", key=key), _("The evidence is stored."))
        form.file.errors = [fault]
    return page("commitments/evidence.html", form=form, item=item, is_file=True)


def _new() -> dict[str, Any]:
    return {"evidence_id": 0, "added_at": now(), "added_by_id": officer().key}


def _add(form: BaseForm, revision: EvidenceRevision, commitment_id: int) -> None:
    evidence = Evidence(owner_id=officer().key)
    fill(form, evidence)
    db().add(evidence)
    db().flush()
    fill(form, revision)
    add_revision(db(), evidence, revision)
    link(db(), commitment_id, evidence.key, now(), officer().key)


@room.get("/zusagen/nachweis/<int:key>/datei")
def download(key: int) -> Any:
    """The file itself, always as a download."""
    evidence = load(EvidenceRevision, key)
    store = store_of_files()
    if not evidence.sha256 or not store.is_intact(evidence.sha256):
        return page("commitments/file_missing.html", evidence=evidence)
    return as_download(evidence)


@room.route("/zusagen/nachweis/<int:key>/loeschen", methods=["GET", "POST"])
def delete_evidence(key: int) -> Any:
    """Take a proof away."""
    evidence = load(Evidence, key)
    item = db().exec(select(CommitmentProof.commitment_id).where(CommitmentProof.evidence_id == key)).first()
    address = url_for(".show", key=item) if item else url_for(".index")
    return delete_page(evidence, address, address)
