"""Changing a piece of evidence: its words, a new revision, withdrawing it, deleting it."""

from typing import Any

from flask import url_for
from sqlmodel import select

from models.commitments.editions import EditionState
from models.commitments.proofs import items_of, items_of_other_editions
from models.evidence.disk import remove_unnamed
from models.evidence.evidence import Evidence, EvidenceRevision, add_revision, current_revision
from models.evidence.register import used_elsewhere
from models.hanging import delete_with_hanging, hanging_on
from webapp.access import officer
from webapp.database import db, today
from webapp.evidence.forms import EvidenceForm, NewEvidenceForm, RevisionForm, WithdrawForm
from webapp.evidence.uploading import store_of_files
from webapp.evidence.views import room
from webapp.forms import ConfirmForm, fill, store
from webapp.pages import address_of, done, load, page
from webapp.titles import subject_title
from webapp.words import _


@room.route("/nachweise/neu", methods=["GET", "POST"])
def create() -> Any:
    """Add a piece of evidence that proves nothing yet."""
    form = NewEvidenceForm()
    evidence = add_evidence(form) if form.validate_on_submit() else None
    if evidence is not None:
        return done(url_for(".show", key=evidence.key), _("The evidence is stored."))
    return page("evidence/new.html", form=form)


def add_evidence(form: NewEvidenceForm) -> Evidence | None:
    """Store what a form describes, owned by who added it; None where something is wrong, which the form says."""
    revision = form.revision()
    if revision is None:
        return None
    evidence = Evidence(owner_id=officer().key)
    fill(form, evidence)
    db().add(evidence)
    db().flush()
    add_revision(db(), evidence, revision)
    return evidence


@room.route("/nachweise/<int:key>/bearbeiten", methods=["GET", "POST"])
def edit(key: int) -> Any:
    """Change what is said of a piece of evidence."""
    evidence = load(Evidence, key)
    form = EvidenceForm(obj=evidence)
    if form.validate_on_submit() and store(form, evidence):
        return done(url_for(".show", key=key), _("Saved."))
    return page("evidence/edit.html", form=form, evidence=evidence)


@room.route("/nachweise/<int:key>/fassung", methods=["GET", "POST"], endpoint="add_revision")
def renew(key: int) -> Any:
    """Put a new revision in force; the one until now is kept."""
    evidence, form = load(Evidence, key), RevisionForm()
    revision = form.revision() if form.validate_on_submit() else None
    if revision is not None:
        add_revision(db(), evidence, revision)
        return done(url_for(".show", key=key), _("The new revision is in force. The one until now is kept."))
    return page("evidence/revision.html", form=form, evidence=evidence, before=current_revision(db(), key))


@room.route("/nachweise/<int:key>/zurueckziehen", methods=["GET", "POST"])
def withdraw(key: int) -> Any:
    """From now on it proves nothing; it stays on record."""
    evidence = load(Evidence, key)
    form = WithdrawForm(obj=evidence)
    if not form.is_submitted() and form.withdrawn_on.data is None:
        form.withdrawn_on.data = today()
    if form.validate_on_submit() and store(form, evidence):
        return done(url_for(".show", key=key), _("The evidence is withdrawn and proves nothing any more."))
    return page("evidence/withdraw.html", form=form, evidence=evidence, items=items_of(db(), key))


@room.post("/nachweise/<int:key>/gilt-wieder")
def take_back(key: int) -> Any:
    """It was not to be withdrawn; the history keeps that it was."""
    evidence = load(Evidence, key)
    evidence.withdrawn_on, evidence.withdrawn_reason = None, ""
    return done(url_for(".show", key=key), _("The evidence counts again."))


@room.route("/nachweise/<int:key>/loeschen", methods=["GET", "POST"])
def delete(key: int) -> Any:
    """Delete what was added by mistake, with its files; not what was sent, nor what a superseded edition rests on."""
    evidence, form = load(Evidence, key), ConfirmForm()
    uses = used_elsewhere(db(), key)
    older = [
        ("commitment", item.key)
        for item, edition in items_of_other_editions(db(), key)
        if edition.state is EditionState.SUPERSEDED
    ]
    holding = any(kind == "submission" for kind, _row in uses) or bool(older)
    if form.validate_on_submit() and not holding:
        names = set(db().exec(select(EvidenceRevision.sha256).where(EvidenceRevision.evidence_id == key)))
        delete_with_hanging(db(), evidence)
        db().commit()
        remove_unnamed(db(), store_of_files(), names)
        return done(url_for(".index"), _("Deleted."))
    return page(
        "evidence/delete.html",
        evidence=evidence,
        form=form,
        holding=holding,
        older=older,
        hanging=hanging_on(db(), "evidence", key),
        uses=[(subject_title(kind, row), address_of(kind, row)) for kind, row in uses + older],
    )
