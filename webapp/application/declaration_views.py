"""Pages of declarations: who wants the city to join, who takes part in the consortium."""

from typing import Any

from flask import url_for

from models.application.declarations import Declaration, actors_condition
from models.application.phases import the_application
from models.contacts.organisations import Organisation, OrganisationKind
from webapp.application.declaration_forms import DeclarationForm
from webapp.application.declaration_rows import found_declarations, named_organisations
from webapp.application.views import room
from webapp.database import db, today
from webapp.filters import day
from webapp.forms import fill, store
from webapp.pages import csv_file, delete_page, done, history_page, load, page
from webapp.words import _


@room.get("/beitritt/erklaerungen.csv")
def declarations_csv() -> Any:
    """The declarations as a table."""
    named = named_organisations()
    header = (
        _("Lab actor"),
        _("Declared on"),
        _("Signed by"),
        _("Withdrawn on"),
        _("File number"),
        _("Note"),
    )
    rows = [
        (
            named[d.organisation_id].name,
            day(d.declared_on),
            d.signed_by,
            day(d.withdrawn_on),
            d.file_number,
            d.note,
        )
        for d in found_declarations()
    ]
    return csv_file("erklaerungen", header, rows)


def _take_organisation(form: DeclarationForm) -> int:
    """The chosen lab actor's id, or that of a new one with the written name."""
    if form.organisation_id.data is not None:
        return int(form.organisation_id.data)
    new = Organisation(
        name=form.new_organisation.data, kind=OrganisationKind.LAB, country_code="DE", city="Leipzig"
    )
    db().add(new)
    db().flush()
    return new.key


@room.route("/beitritt/erklaerungen/neu", methods=["GET", "POST"])
def create_declaration() -> Any:
    """Record a lab actor's wish to join."""
    form = DeclarationForm()
    del form.withdrawn_on
    if form.validate_on_submit():
        declaration = Declaration(
            application_id=the_application(db()).key, organisation_id=0, declared_on=form.declared_on.data
        )
        fill(form, declaration)
        declaration.organisation_id = _take_organisation(form)
        db().add(declaration)
        db().flush()
        condition = actors_condition(db(), today())
        said = _("The declaration is recorded. {have} of {needed} lab actors have declared their wish.")
        return done(
            url_for(".show") + "#beitrittswunsch", said.format(have=condition.have, needed=condition.needed)
        )
    return page("application/edit_declaration.html", form=form, declaration=None)


@room.get("/beitritt/erklaerungen/<int:key>")
def show_declaration(key: int) -> Any:
    """One declaration."""
    declaration = load(Declaration, key)
    actor = load(Organisation, declaration.organisation_id)
    return page("application/declaration.html", declaration=declaration, actor=actor)


@room.route("/beitritt/erklaerungen/<int:key>/bearbeiten", methods=["GET", "POST"])
def edit_declaration(key: int) -> Any:
    """Change or withdraw a declaration."""
    declaration = load(Declaration, key)
    form = DeclarationForm(obj=declaration)
    if form.validate_on_submit():
        if form.organisation_id.data is None:
            form.organisation_id.data = _take_organisation(form)
        if store(form, declaration):
            return done(url_for(".show_declaration", key=key), _("Saved."))
    return page("application/edit_declaration.html", form=form, declaration=declaration)


@room.route("/beitritt/erklaerungen/<int:key>/loeschen", methods=["GET", "POST"])
def delete_declaration(key: int) -> Any:
    """Delete a declaration that was entered by mistake."""
    declaration = load(Declaration, key)
    return delete_page(
        declaration, url_for(".show_declaration", key=key), url_for(".show") + "#beitrittswunsch"
    )


@room.get("/beitritt/erklaerungen/<int:key>/verlauf")
def declaration_history(key: int) -> Any:
    """Every change of a declaration."""
    return history_page(load(Declaration, key), url_for(".show_declaration", key=key))
