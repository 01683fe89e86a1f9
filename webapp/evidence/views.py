"""Pages of evidence: the register, and one piece of evidence with its revisions."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, abort, current_app, request, stream_with_context, url_for
from sqlmodel import Session

from models.commitments.proofs import items_of, items_of_other_editions, numbers_of_items, taken_off
from models.documents.spreadsheet import csv_parts
from models.evidence.disk import note_states, state_on_disk
from models.evidence.evidence import (
    Evidence,
    EvidenceKind,
    EvidenceRevision,
    FileState,
    current_revision,
    revisions,
)
from models.evidence.register import (
    PAGE,
    Looked,
    Matter,
    every_evidence,
    evidence_rows,
    matters,
    state_of,
    used_elsewhere,
)
from webapp.clock import now
from webapp.database import database, db, today
from webapp.evidence.uploading import as_download, store_of_files
from webapp.filters import day, label, officer_name
from webapp.pages import address_of, history_page, load, page, page_number, query
from webapp.titles import subject_title
from webapp.words import _

room = Blueprint("evidence", __name__, template_folder="templates")


def chosen_matter() -> Matter | None:
    """The filter in the address."""
    wanted = request.args.get("stand", "")
    return next((matter for matter in Matter if matter.value == wanted), None)


@room.get("/nachweise")
def index() -> Any:
    """The register of evidence."""
    wanted, number = Looked(query(), chosen_matter()), page_number()
    rows = evidence_rows(db(), wanted, today(), number)
    return page(
        "evidence/index.html",
        rows=rows[:PAGE],
        has_more=len(rows) > PAGE,
        number=number,
        items=numbers_of_items(db(), [evidence.key for evidence, _revision in rows[:PAGE]]),
        matters=matters(db(), today()),
        choices=list(Matter),
        wanted=wanted,
        query=query(),
        state_of=state_of,
        today=today(),
    )


@room.get("/nachweise.csv")
def csv() -> Any:
    """The register as a table, written while it is read."""
    header = (
        _("Title"), _("State"), _("Kind"), _("File"), _("Web address"), _("SHA-256"), _("Owner"), _("Valid until"),
        _("File number"), _("Link to the electronic record"), _("Withdrawn on"),
    )  # fmt: skip
    wanted, day_of_list = Looked(query(), chosen_matter()), today()

    def rows(session: Session) -> Iterator[tuple[object, ...]]:
        for evidence, revision in every_evidence(session, wanted, day_of_list):
            yield (
                evidence.name, label(state_of(revision, day_of_list)), label(revision.kind), revision.file_name,
                revision.url, revision.sha256, officer_name(evidence.owner_id), day(revision.valid_until),
                evidence.file_number, evidence.record_url, day(evidence.withdrawn_on),
            )  # fmt: skip

    def content() -> Iterator[bytes]:
        with database().read(now()) as session:
            yield from csv_parts(header, rows(session))

    disposition = {"Content-Disposition": "attachment; filename=nachweise.csv"}
    return current_app.response_class(
        stream_with_context(content()), mimetype="text/csv", headers=disposition
    )


@room.get("/nachweise/<int:key>")
def show(key: int) -> Any:
    """One piece of evidence."""
    evidence, revision = load(Evidence, key), current_revision(db(), key)
    if revision is None:
        abort(404)
    items, before = items_of(db(), key), items_of_other_editions(db(), key)
    return page(
        "evidence/show.html",
        evidence=evidence,
        revision=revision,
        state=state_of(revision, today()),
        revisions=revisions(db(), key),
        items=items,
        before=before,
        taken_off=taken_off(db(), key),
        uses=[(subject_title(kind, row), address_of(kind, row)) for kind, row in used_elsewhere(db(), key)],
        today=today(),
    )


@room.get("/nachweise/<int:key>/verlauf")
def history(key: int) -> Any:
    """Every change of what is said of a piece of evidence."""
    return history_page(load(Evidence, key), url_for(".show", key=key))


@room.get("/nachweise/fassungen/<int:key>/datei")
def download(key: int) -> Any:
    """The file of a revision, always as a download; looked at before."""
    revision = load(EvidenceRevision, key)
    if revision.kind is not EvidenceKind.FILE:
        abort(404)
    found = state_on_disk(store_of_files(), revision.sha256)
    if found is not revision.file_state:
        with database().write(now()) as session:  # what was seen on the disk; nothing that a person said
            note_states(session, {revision.sha256: found}, now())
            session.commit()
    if found is not FileState.INTACT:
        evidence = load(Evidence, revision.evidence_id)
        return page("evidence/file_missing.html", evidence=evidence, revision=revision, found=found)[0], 404
    return as_download(revision)


from webapp.evidence import change_views, day_views, proof_views  # noqa: E402, F401  (they add their pages to the room)
