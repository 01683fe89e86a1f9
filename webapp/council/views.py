"""Pages of council papers and resolutions."""

from typing import Any

from flask import Blueprint, url_for

from models.council.papers import Paper, Resolution, papers, resolutions, way_of
from webapp.council.forms import WordingForm
from webapp.database import db
from webapp.forms import store
from webapp.pages import done, history_page, load, page
from webapp.words import _

room = Blueprint("council", __name__, template_folder="templates")


@room.get("/rat/vorlagen/<int:key>")
def show(key: int) -> Any:
    """One paper with its way through the council."""
    paper = load(Paper, key)
    adopted = [row for row in resolutions(db()) if row.paper_id == key or row.adopted_as == paper.reference]
    others = [other for other in papers(db()) if other.key != key]
    return page("council/show.html", paper=paper, way=way_of(db(), key), adopted=adopted, others=others)


@room.route("/rat/vorlagen/<int:key>/wortlaut", methods=["GET", "POST"])
def edit(key: int) -> Any:
    """Enter a paper's wording."""
    paper = load(Paper, key)
    form = WordingForm(obj=paper)
    if form.validate_on_submit() and store(form, paper):
        return done(url_for(".show", key=key), _("Saved."))
    return page("council/edit.html", form=form, row=paper, back=url_for(".show", key=key))


@room.get("/rat/vorlagen/<int:key>/verlauf")
def history(key: int) -> Any:
    """Every change of a paper."""
    return history_page(load(Paper, key), url_for(".show", key=key))


@room.get("/rat/beschluesse/<int:key>")
def show_resolution(key: int) -> Any:
    """What was adopted."""
    resolution = load(Resolution, key)
    return page("council/resolution.html", resolution=resolution, paper=load(Paper, resolution.paper_id))


@room.route("/rat/beschluesse/<int:key>/wortlaut", methods=["GET", "POST"])
def edit_resolution(key: int) -> Any:
    """Enter a resolution's wording."""
    resolution = load(Resolution, key)
    form = WordingForm(obj=resolution)
    if form.validate_on_submit() and store(form, resolution):
        return done(url_for(".show_resolution", key=key), _("Saved."))
    return page("council/edit.html", form=form, row=resolution, back=url_for(".show_resolution", key=key))


@room.get("/rat/beschluesse/<int:key>/verlauf")
def resolution_history(key: int) -> Any:
    """Every change of a resolution."""
    return history_page(load(Resolution, key), url_for(".show_resolution", key=key))
