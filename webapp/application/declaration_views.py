"""Pages of declarations: who wants the city to join, who takes part in the consortium."""

from typing import Any

from flask import request, url_for

from models.application.declarations import Declaration, DeclarationKind, Declared, actors_condition, declared
from models.application.phases import the_application
from models.contacts.organisations import OrganisationKind
from webapp.application.declaration_forms import BOTH, DeclarationForm, NewDeclarationForm, ProofForm
from webapp.application.declaration_proof import given_proof, put_in_force, settle_proofs
from webapp.application.declaration_rows import found_declarations
from webapp.application.views import room
from webapp.consortium.standing import state_words
from webapp.database import db, today
from webapp.filters import day, label
from webapp.forms import fill, store
from webapp.pages import csv_file, delete_page, done, history_page, load, page
from webapp.words import _


def _list_address() -> str:
    return url_for(".show") + "#beitrittswunsch"


def _declared(key: int) -> Declared:
    declaration = load(Declaration, key)
    rows = declared(db(), declaration.organisation_id)
    return next(row for row in rows if row.declaration.key == key)


@room.get("/beitritt/erklaerungen.csv")
def declarations_csv() -> Any:
    """The declarations as a table."""
    header = (
        _("Organisation"), _("What is declared"), _("Declared on"), _("Signed by"), _("State"), _("Valid until"),
        _("Withdrawn on"), _("File number"), _("Note"),
    )  # fmt: skip
    rows = [
        (
            row.organisation.name, label(row.declaration.kind), day(row.declaration.declared_on),
            row.declaration.signed_by, state_words(row), day(row.valid_until), day(row.declaration.withdrawn_on),
            row.declaration.file_number, row.declaration.note,
        )
        for row in found_declarations()
    ]  # fmt: skip
    return csv_file("erklaerungen", header, rows)


@room.route("/beitritt/erklaerungen/neu", methods=["GET", "POST"])
def create_declaration() -> Any:
    """Record a declaration, with its signed paper if that is there; from an organisation's page, of that one."""
    known = [*DeclarationKind, BOTH]
    kind = request.args.get("art", "")
    form = NewDeclarationForm(
        data={
            "organisation_id": request.args.get("organisation", type=int),
            "kind": kind if kind in known else DeclarationKind.WISH.value,
        }
    )
    del form.withdrawn_on
    if form.validate_on_submit():
        revision = given_proof(form, form.declared_on.data)
        if not form.errors:
            made = _add(form)
            if revision is not None:
                put_in_force(made, revision)
            return done(url_for(".show_declaration", key=made.key), _said())
    form.ask_for_the_file_again()
    return page("application/edit_declaration.html", form=form, row=None)


def _add(form: NewDeclarationForm) -> Declaration:
    """Store a declaration of each kind; answers the first."""
    application_id = the_application(db()).key
    organisation_id = form.take_organisation(OrganisationKind.LAB)
    made = []
    for kind in form.kinds():
        one = Declaration(application_id=application_id, organisation_id=0, declared_on=form.declared_on.data)
        fill(form, one)
        one.organisation_id, one.kind = organisation_id, kind
        made.append(one)
    db().add_all(made)
    db().flush()
    return made[0]


def _said() -> str:
    condition = actors_condition(db(), today())
    said = _("The declaration is recorded. {have} of {needed} lab actors have declared their wish.")
    return said.format(have=condition.have, needed=condition.needed)


@room.get("/beitritt/erklaerungen/<int:key>")
def show_declaration(key: int) -> Any:
    """One declaration, and its signed paper."""
    return page("application/declaration.html", row=_declared(key))


@room.route("/beitritt/erklaerungen/<int:key>/bearbeiten", methods=["GET", "POST"])
def edit_declaration(key: int) -> Any:
    """Change or withdraw a declaration."""
    row = _declared(key)
    declaration = row.declaration
    form = DeclarationForm(obj=declaration)
    if form.validate_on_submit():
        form.organisation_id.data = form.take_organisation(OrganisationKind.LAB)
        if store(form, declaration):
            settle_proofs(declaration.evidence_id)
            return done(url_for(".show_declaration", key=key), _("Saved."))
    return page("application/edit_declaration.html", form=form, row=row)


@room.route("/beitritt/erklaerungen/<int:key>/nachweis", methods=["GET", "POST"])
def prove_declaration(key: int) -> Any:
    """Add the signed paper, or a newer one; or correct until when it is valid."""
    row = _declared(key)
    current = None if row.evidence and row.evidence.withdrawn_on else row.revision
    known = {"valid_until": row.valid_until} if current else {"dated_on": row.declaration.declared_on}
    form = ProofForm(needs_proof=current is None, data=known)
    if form.validate_on_submit():
        revision = given_proof(form, form.dated_on.data)
        if not form.errors:
            if revision is not None:
                put_in_force(row.declaration, revision)
            elif current is not None:
                current.valid_until = form.valid_until.data
            return done(url_for(".show_declaration", key=key), _("Saved."))
    form.ask_for_the_file_again()
    return page("application/prove_declaration.html", form=form, row=row, current=current)


@room.route("/beitritt/erklaerungen/<int:key>/loeschen", methods=["GET", "POST"])
def delete_declaration(key: int) -> Any:
    """Delete a declaration that was entered by mistake. Its paper stays among the evidence, but proves nothing more."""
    declaration = load(Declaration, key)
    if request.method == "POST":
        settle_proofs(declaration.evidence_id, except_id=key)
    return delete_page(declaration, url_for(".show_declaration", key=key), _list_address())


@room.get("/beitritt/erklaerungen/<int:key>/verlauf")
def declaration_history(key: int) -> Any:
    """Every change of a declaration."""
    return history_page(load(Declaration, key), url_for(".show_declaration", key=key))
