"""What the council adopted, what the motion asked for, and what is true today."""

from typing import Any

from flask import url_for

from models.application.comparison import Comparison, comparisons
from models.council.papers import papers, resolutions
from webapp.application.forms import ComparisonForm
from webapp.application.searching import is_wanted
from webapp.application.views import room
from webapp.database import db
from webapp.forms import store
from webapp.pages import csv_file, done, load, page, query
from webapp.words import _, language


@room.get("/beitritt/beschluss")
def resolution() -> Any:
    """The resolution, the papers, and the motion of 2020 beside today."""
    return page(
        "application/resolution.html",
        resolutions=resolutions(db()),
        papers=papers(db()),
        comparisons=_comparisons(),
        query=query(),
    )


def _comparisons() -> list[Comparison]:
    code = language()
    return [row for row in comparisons(db()) if is_wanted(row.title(code), row.then(code), row.now(code))]


@room.get("/beitritt/2020-und-heute.csv")
def comparisons_csv() -> Any:
    """What the motion said and what is true now, as a table."""
    code = language()
    header = (_("Topic"), _("In the motion, 2020"), _("Today"), _("State as of"), _("Source"))
    rows = [(row.title(code), row.then(code), row.now(code), row.as_of, row.source) for row in _comparisons()]
    return csv_file("2020-und-heute", header, rows)


@room.route("/beitritt/2020-und-heute/<int:key>", methods=["GET", "POST"])
def edit_comparison(key: int) -> Any:
    """Bring a row of the table up to date."""
    row = load(Comparison, key)
    form = ComparisonForm(obj=row)
    if form.validate_on_submit() and store(form, row):
        return done(url_for(".resolution") + "#vergleich", _("Saved."))
    return page("application/edit_comparison.html", form=form, row=row)
