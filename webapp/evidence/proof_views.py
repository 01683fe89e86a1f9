"""What proves which item: evidence added to an item, items added to a piece of evidence, and taken off again."""

from typing import Any

from flask import abort, request, url_for

from models.commitments.checklist import Commitment, commitments, is_in_force
from models.commitments.proofs import items_of, link, proofs_of, unlink
from models.evidence.evidence import Evidence
from models.evidence.register import Looked, evidence_rows, state_of
from webapp.access import officer
from webapp.clock import now
from webapp.database import db, today
from webapp.evidence.change_views import add_evidence
from webapp.evidence.forms import NewEvidenceForm
from webapp.evidence.views import room
from webapp.pages import done, load, page, query
from webapp.words import _

SHOWN = 30  # rows to choose from; who looks for another one types a word


@room.route("/zusagen/<int:key>/nachweis", methods=["GET", "POST"])
def add(key: int) -> Any:
    """Prove an item: by a file, a link, a note, or by evidence that is here already."""
    item, form = load(Commitment, key), NewEvidenceForm()
    evidence = add_evidence(form) if form.validate_on_submit() else None
    if evidence is not None:
        link(db(), key, evidence.key, now(), officer().key)
        return done(url_for("commitments.show", key=key), _("The evidence is stored."))
    there = {evidence.key for evidence, _revision in proofs_of(db(), key)}
    rows = [row for row in evidence_rows(db(), Looked(query()), today()) if row[0].key not in there]
    return page(
        "evidence/add.html",
        form=form,
        item=item,
        rows=rows[:SHOWN],
        has_more=len(rows) > SHOWN,
        query=query(),
        state_of=state_of,
        today=today(),
    )


def _item_in_force() -> Commitment:
    """The item that the form names; 404 for one of a draft or of a superseded edition, which stays as it was."""
    item = load(Commitment, _key_of("zusage"))
    if not is_in_force(db(), item):
        abort(404)
    return item


def _key_of(name: str) -> int:
    typed = request.form.get(name, "")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        abort(404)
    return int(typed)


@room.post("/zusagen/<int:key>/nachweis/vorhanden")
def add_existing(key: int) -> Any:
    """Let evidence that is here already prove an item too."""
    item, evidence = load(Commitment, key), load(Evidence, _key_of("nachweis"))
    link(db(), item.key, evidence.key, now(), officer().key)
    said = _("“{evidence}” proves this item now.").format(evidence=evidence.name)
    return done(url_for("commitments.show", key=key), said)


@room.get("/nachweise/<int:key>/zusagen")
def choose_items(key: int) -> Any:
    """Items that this evidence could prove too."""
    evidence = load(Evidence, key)
    there = {item.key for item in items_of(db(), key)}
    items = [
        item for item in commitments(db(), query(), limit=SHOWN + len(there) + 1) if item.key not in there
    ]
    return page(
        "evidence/items.html",
        evidence=evidence,
        items=items[:SHOWN],
        has_more=len(items) > SHOWN,
        query=query(),
    )


@room.post("/nachweise/<int:key>/zusagen")
def add_item(key: int) -> Any:
    """Let this evidence prove one more item."""
    evidence, item = load(Evidence, key), _item_in_force()
    link(db(), item.key, evidence.key, now(), officer().key)
    return done(url_for(".show", key=key), _("It proves this item too."))


@room.post("/nachweise/<int:key>/abnehmen")
def take_off(key: int) -> Any:
    """The evidence proves an item no longer; that it did stays on record."""
    evidence = load(Evidence, key)
    unlink(db(), _item_in_force().key, evidence.key, now(), officer().key)
    return done(
        url_for(".show", key=key), _("Taken off. That it proved this item until now stays on record.")
    )
