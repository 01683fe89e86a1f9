"""Pages of evidence: links, files, download."""

from collections.abc import Iterator
from typing import Any

from flask import Response, current_app, url_for
from sqlmodel import select
from werkzeug.datastructures import FileStorage

from models.commitments.checklist import Commitment
from models.commitments.proofs import CommitmentProof, link
from models.evidence.evidence import Evidence, EvidenceKind, EvidenceRevision, add_revision
from models.evidence.uploads import FILE_KINDS, FILE_LIMIT, file_kind, safe_name
from models.files import CHUNK, FileStore, TooLargeError
from webapp.access import officer
from webapp.clock import now
from webapp.commitments.forms import FileForm, LinkForm
from webapp.commitments.views import room
from webapp.database import db
from webapp.forms import BaseForm, fill
from webapp.pages import delete_page, done, load, page
from webapp.words import _


def store_of_files() -> FileStore:
    """Where uploaded files lie."""
    return FileStore(current_app.extensions["lotse_settings"].files_dir)


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
        fault = _keep(form.file.data, revision)
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


def _chunks(upload: FileStorage, first: bytes) -> Iterator[bytes]:
    yield first
    while chunk := upload.stream.read(CHUNK):
        yield chunk


def _keep(upload: FileStorage | None, evidence: EvidenceRevision) -> str | None:
    """Store the upload under its content; answers what is wrong with it, or None."""
    if upload is None or not upload.filename:
        return _("Please choose a file.")
    first = upload.stream.read(CHUNK)
    kind = file_kind(upload.filename, first)
    if kind is None:
        kinds = ", ".join(FILE_KINDS)
        return _("Only these files can be kept, and their content must fit their name: {kinds}.").format(
            kinds=kinds
        )
    if not first:
        return _("The file is empty.")
    try:
        stored = store_of_files().put(_chunks(upload, first), FILE_LIMIT)
    except TooLargeError:
        return _("The file is too large. Files may have up to 25 MB.")
    evidence.sha256, evidence.size = stored.sha256, stored.size
    evidence.file_name, evidence.media_type = safe_name(upload.filename), kind
    return None


@room.get("/zusagen/nachweis/<int:key>/datei")
def download(key: int) -> Any:
    """The file itself, always as a download."""
    evidence = load(EvidenceRevision, key)
    store = store_of_files()
    if not evidence.sha256 or not store.is_intact(evidence.sha256):
        return page("commitments/file_missing.html", evidence=evidence)
    response = Response(store.chunks(evidence.sha256), mimetype=evidence.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=evidence.file_name)
    response.content_length = evidence.size
    return response


@room.route("/zusagen/nachweis/<int:key>/loeschen", methods=["GET", "POST"])
def delete_evidence(key: int) -> Any:
    """Take a proof away."""
    evidence = load(Evidence, key)
    item = db().exec(select(CommitmentProof.commitment_id).where(CommitmentProof.evidence_id == key)).first()
    address = url_for(".show", key=item) if item else url_for(".index")
    return delete_page(evidence, address, address)
