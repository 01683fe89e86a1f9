"""Pages of the checklist."""

from typing import Any

from flask import Blueprint, abort, request, url_for

from models.application.conditions import condition_of
from models.application.phases import phases, the_application
from models.commitments.checklist import (
    Commitment,
    CommitmentState,
    Origin,
    add_own,
    commitments,
    mark_checked,
)
from models.commitments.editions import the_edition
from models.commitments.principles import principles
from models.commitments.proofs import progress_of, proof_states, proofs_of
from models.evidence.evidence import EvidenceState, evidence_state
from models.evidence.register import state_of
from models.followups import follow_ups_of
from webapp.access import officer
from webapp.commitments.forms import CommitmentForm, OwnCommitmentForm
from webapp.database import db, today
from webapp.filters import day, label, officer_name
from webapp.forms import fill, store
from webapp.pages import csv_file, delete_page, done, history_page, load, page, page_number, query
from webapp.reasons import note_reason
from webapp.words import _, language

room = Blueprint("commitments", __name__, template_folder="templates")
PAGE = 200  # items


def _chosen_state() -> CommitmentState | None:
    wanted = request.args.get("zustand", "")
    return next((state for state in CommitmentState if state.value == wanted), None)


@room.get("/zusagen")
def index() -> Any:
    """The checklist, by phase."""
    edition, state, number = the_edition(db()), _chosen_state(), page_number()
    named = {phase.key: phase for phase in phases(db())}
    found = commitments(
        db(), query(), state, edition, phase_ids=list(named), limit=PAGE + 1, offset=(number - 1) * PAGE
    )
    shown = found[:PAGE]
    groups = [(phase, [item for item in shown if item.phase_id == phase.key]) for phase in named.values()]
    rest = [item for item in shown if item.phase_id not in named]
    return page(
        "commitments/index.html",
        groups=[group for group in [*groups, (None, rest)] if group[1]],
        proofs=proof_states(db(), today(), [item.key for item in shown]),
        missing=EvidenceState.MISSING,
        progress=progress_of(db(), edition, today()),
        number=number,
        has_more=len(found) > PAGE,
        principles=principles(db()),
        application=the_application(db()),
        edition=edition,
        query=query(),
        states=list(CommitmentState),
        state=state,
    )


@room.get("/zusagen.csv")
def csv() -> Any:
    """The checklist as a table."""
    proofs = proof_states(db(), today())
    header = (
        _("Title"), _("State"), _("Proof"), _("Responsible"), _("Deputy"), _("Due on"), _("Origin"), _("File number"),
        _("Note"), _("Checked on"), _("Checked by"),
    )  # fmt: skip
    rows = [
        (
            item.title(language()), label(item.state), label(proofs.get(item.key, EvidenceState.MISSING)),
            officer_name(item.responsible_id), officer_name(item.deputy_id), day(item.due_on), label(item.origin),
            item.file_number, item.note, day(item.checked_on), officer_name(item.checked_by_id),
        )
        for item in commitments(db(), query(), _chosen_state())
    ]  # fmt: skip
    return csv_file("zusagen", header, rows)


@room.get("/zusagen/<int:key>")
def show(key: int) -> Any:
    """One item."""
    item = load(Commitment, key)
    proofs = proofs_of(db(), key)
    return page(
        "commitments/show.html",
        item=item,
        phase=next((phase for phase in phases(db()) if phase.key == item.phase_id), None),
        proofs=proofs,
        proof=evidence_state([revision for _evidence, revision in proofs], today()),
        condition=condition_of(db(), item.code, today()),
        state_of=state_of,
        follow_ups=follow_ups_of(db(), "commitment", key),
        today=today(),
    )


def _form(item: Commitment | None) -> CommitmentForm:
    is_own = item is None or not item.is_from_catalogue
    return OwnCommitmentForm(obj=item) if is_own else CommitmentForm(obj=item)


@room.route("/zusagen/neu", methods=["GET", "POST"])
def create() -> Any:
    """Add an item of one's own."""
    form = _form(None)
    if form.validate_on_submit():
        item = Commitment(edition_id=the_edition(db()).key, is_own=True, origin=Origin.OWN, position=1000)
        fill(form, item)
        add_own(db(), item)
        return done(url_for(".show", key=item.key), _("Saved."))
    return page("commitments/edit.html", form=form, item=None)


@room.route("/zusagen/<int:key>/bearbeiten", methods=["GET", "POST"])
def edit(key: int) -> Any:
    """Change an item."""
    item = load(Commitment, key)
    form = _form(item)
    if form.validate_on_submit():
        note_reason(form.reason.data)
        if store(form, item):
            return done(url_for(".show", key=key), _("Saved."))
    return page("commitments/edit.html", form=form, item=item)


@room.post("/zusagen/<int:key>/geprueft")
def check(key: int) -> Any:
    """Somebody looked at the item today and found it as it stands."""
    mark_checked(load(Commitment, key), officer().key, today())
    return done(url_for(".show", key=key), _("Noted: checked today by you."))


@room.route("/zusagen/<int:key>/loeschen", methods=["GET", "POST"])
def delete(key: int) -> Any:
    """Delete an item of one's own; what the catalogue brought does not apply instead."""
    item = load(Commitment, key)
    if item.is_from_catalogue:
        abort(404)
    return delete_page(item, url_for(".show", key=key), url_for(".index"))


@room.get("/zusagen/<int:key>/verlauf")
def history(key: int) -> Any:
    """Every change of an item."""
    return history_page(load(Commitment, key), url_for(".show", key=key))


from webapp.commitments import (  # noqa: E402, F401  (these add their pages to the room)
    carry_over_views,
    edition_item_views,
    edition_new_views,
    edition_views,
    principle_views,
)
