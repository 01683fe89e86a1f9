"""Pages of the principles: the ten of the manifesto, and those that the city adds."""

from typing import Any

from flask import abort, url_for

from models.commitments.principles import Principle, add_own, principles
from webapp.commitments.principle_forms import OwnPrincipleForm, PrincipleForm
from webapp.commitments.views import room
from webapp.database import db
from webapp.filters import label
from webapp.forms import fill, store
from webapp.pages import csv_file, delete_page, done, history_page, load, page
from webapp.words import _, language


@room.get("/zusagen/prinzipien.csv")
def principles_csv() -> Any:
    """The principles with the city's statements, as a table."""
    code = language()
    header = (
        _("Number"), _("Title"), _("State"), _("Statement of the city"), _("What is missing"), _("Source"),
    )  # fmt: skip
    rows = [(p.number, p.title(code), label(p.state), p.statement, p.gap, p.source) for p in principles(db())]
    return csv_file("prinzipien", header, rows)


@room.get("/zusagen/prinzipien/<int:key>")
def show_principle(key: int) -> Any:
    """One principle."""
    return page("commitments/principle.html", principle=load(Principle, key))


@room.route("/zusagen/prinzipien/neu", methods=["GET", "POST"])
def create_principle() -> Any:
    """Add a principle of one's own."""
    form = OwnPrincipleForm()
    if form.validate_on_submit():
        principle = Principle(code="", number=0)
        fill(form, principle)
        add_own(db(), principle)
        return done(url_for(".show_principle", key=principle.key), _("Saved."))
    return page("commitments/edit_principle.html", form=form, principle=None)


@room.route("/zusagen/prinzipien/<int:key>/bearbeiten", methods=["GET", "POST"])
def edit_principle(key: int) -> Any:
    """Write the city's statement."""
    principle = load(Principle, key)
    form = (OwnPrincipleForm if principle.is_own else PrincipleForm)(obj=principle)
    if form.validate_on_submit() and store(form, principle):
        return done(url_for(".show_principle", key=key), _("Saved."))
    return page("commitments/edit_principle.html", form=form, principle=principle)


@room.route("/zusagen/prinzipien/<int:key>/loeschen", methods=["GET", "POST"])
def delete_principle(key: int) -> Any:
    """Delete a principle of one's own; those of the manifesto stay."""
    principle = load(Principle, key)
    if not principle.is_own:
        abort(404)
    return delete_page(principle, url_for(".show_principle", key=key), url_for(".index") + "#prinzipien")


@room.get("/zusagen/prinzipien/<int:key>/verlauf")
def principle_history(key: int) -> Any:
    """Every change of a statement."""
    return history_page(load(Principle, key), url_for(".show_principle", key=key))
