"""Pages of editions: the list, one edition with its items, a new one, its file."""

import io
from typing import Any

from flask import abort, g, redirect, render_template, request, send_file, url_for
from sqlmodel import col, select

from models.application.phases import phases, the_application
from models.catalogue.phases import phase_ids, phase_texts
from models.comments import comments_on
from models.commitments import edition_file
from models.commitments.carry_over import CarryOver
from models.commitments.checklist import Commitment, commitments, is_in_force, progress
from models.commitments.edition_items import edition_text
from models.commitments.editions import EditionState, HandbookEdition, editions, the_edition
from models.commitments.outcome import item_counts, outcome_of
from models.commitments.proofs import proof_states, proofs_of
from models.evidence.disk import remove_unnamed
from models.evidence.evidence import EvidenceState, evidence_state
from models.followups import follow_ups_of
from models.imports.batches import ImportBatch
from webapp.commitments.views import room
from webapp.database import db, today
from webapp.evidence.uploading import store_of_files
from webapp.history_words import column_word
from webapp.pages import address_of, delete_page, history_page, load, page


def phase_codes() -> dict[int, str]:
    """Id -> code of every phase."""
    return {key: code for code, key in phase_ids(db()).items()}


def load_draft(key: int) -> HandbookEdition:
    """The draft, or 404: what is in force or superseded is not edited."""
    edition = load(HandbookEdition, key)
    if edition.state is not EditionState.DRAFT:
        abort(404)
    return edition


@room.before_app_request
def keep_other_editions_as_they_are() -> Any:
    """An item of a draft or of a superseded edition has a page of its own, on which nothing can be changed."""
    rule = request.url_rule
    if rule is None or not rule.rule.startswith("/zusagen/<int:key>") or g.get("officer") is None:
        return None
    item = db().get(Commitment, (request.view_args or {}).get("key", 0))
    if item is None or is_in_force(db(), item) or request.endpoint == "commitments.history":
        return None
    if request.method != "GET":
        return _not_in_force(item)
    return redirect(url_for("commitments.show_edition_item", key=item.edition_id, item=item.key))


def _not_in_force(item: Commitment) -> Any:
    """A form that was open while a colleague put another edition in force: nothing is stored, what was typed is shown
    to be copied, and where it belongs now."""
    taken = select(CarryOver.to_id).where(CarryOver.from_id == item.key, col(CarryOver.to_id).is_not(None))
    typed = [(k, v) for k, v in request.form.items() if k not in ("csrf_token", "version") and v.strip()]
    return render_template(
        "commitments/not_in_force.html",
        item=item,
        typed=[(column_word(name), value) for name, value in typed],
        heir=db().exec(taken.order_by(col(CarryOver.id).desc())).first(),
    ), 409


@room.get("/zusagen/ausgaben")
def show_editions() -> Any:
    """All editions: in force, drafts, superseded."""
    found = editions(db())
    order = [EditionState.DRAFT, EditionState.CURRENT, EditionState.SUPERSEDED]
    return page(
        "commitments/editions.html",
        editions=sorted(found, key=lambda e: (order.index(e.state), -e.key)),
        counts=item_counts(db()),
    )


@room.get("/zusagen/ausgaben/<int:key>")
def show_edition(key: int) -> Any:
    """One edition with its items."""
    edition = load(HandbookEdition, key)
    items = commitments(db(), edition=edition)
    proofs = proof_states(db(), today(), [item.key for item in items])
    text = edition_text(db(), edition, the_application(db()).network, phase_texts(db()), phase_codes())
    return page(
        "commitments/edition.html",
        edition=edition,
        items=items,
        proofs=proofs,
        missing=EvidenceState.MISSING,
        progress=progress(items, proofs),
        phases={phase.key: phase for phase in phases(db())},
        content_hash=text.content_hash(),
        current=the_edition(db()),
    )


@room.get("/zusagen/ausgaben/<int:key>/zusagen/<int:item>")
def show_edition_item(key: int, item: int) -> Any:
    """One item of an edition that is not in force, with its answer, its proofs and what became of it."""
    edition, row = load(HandbookEdition, key), load(Commitment, item)
    if row.edition_id != edition.key:
        abort(404)
    proofs = proofs_of(db(), row.key)
    return page(
        "commitments/edition_item.html",
        edition=edition,
        item=row,
        proofs=proofs,
        proof=evidence_state([revision for _evidence, revision in proofs], today()),
        phase=next((phase for phase in phases(db()) if phase.key == row.phase_id), None),
        outcome=outcome_of(db(), row),
        follow_ups=follow_ups_of(db(), "commitment", row.key),
        comments=comments_on(db(), "commitment", row.key),
        address_of=address_of,
        today=today(),
    )


@room.get("/zusagen/ausgaben/<int:key>.yaml")
def edition_yaml(key: int) -> Any:
    """The edition as a file that people can read, change and bring in again."""
    edition = load(HandbookEdition, key)
    text = edition_text(db(), edition, the_application(db()).network, phase_texts(db()), phase_codes())
    return send_file(
        io.BytesIO(edition_file.write(text).encode()),
        mimetype="application/yaml",
        as_attachment=True,
        download_name=f"{edition.code}.yaml",
    )


@room.get("/zusagen/ausgaben/<int:key>/verlauf")
def edition_history(key: int) -> Any:
    """Every change of an edition's facts."""
    return history_page(load(HandbookEdition, key), url_for(".show_edition", key=key))


@room.route("/zusagen/ausgaben/<int:key>/loeschen", methods=["GET", "POST"])
def delete_edition(key: int) -> Any:
    """Delete a draft with what was decided for it; the answers are where they were. Files that were read into it go
    from the disk too."""
    draft = load_draft(key)
    files = set(db().exec(select(ImportBatch.sha256).where(ImportBatch.edition_id == key)))
    answer = delete_page(draft, url_for(".show_edition", key=key), url_for(".show_editions"))
    if request.method == "POST":
        remove_unnamed(db(), store_of_files(), files)
    return answer
