"""Pages of costs."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, request, url_for

from models.application.amounts import amount_text, typed_text
from models.application.costs import (
    FEE_QUESTION,
    NETWORK_OFFICE,
    Cost,
    CostKind,
    Total,
    cost_years,
    fee_state,
)
from models.application.phases import the_application
from models.conferences.conferences import Conference
from webapp.costs.forms import CostForm
from webapp.database import db, today
from webapp.filters import label
from webapp.forms import fill, store
from webapp.pages import csv_file, delete_page, done, history_page, load, page
from webapp.titles import subject_title
from webapp.words import _, language

room = Blueprint("costs", __name__, template_folder="templates")

ASK_AGAIN = timedelta(
    days=14
)  # an office of the network answers within ten working days (its template, 2026)


@room.app_template_filter()
def amount(value: int | None, is_hours: bool = False) -> str:
    """An amount in words; what nobody knows is unknown."""
    return _("unknown") if value is None else amount_text(value, language(), is_hours=is_hours)


@room.app_template_filter()
def total(value: Total, is_hours: bool = False) -> str:
    """A sum in words."""
    return value.words(language(), is_hours=is_hours)


@room.get("/beitritt/kosten")
def index() -> Any:
    """What it costs: the short answer, the fee, and every year."""
    years = cost_years(db(), today())
    return page(
        "costs/index.html",
        years=years,
        this_year=next(y for y in years if y.year == today().year),
        next_year=next(y for y in years if y.year == today().year + 1),
        fee=fee_state(db()),
        ask=url_for(
            "followups.create",
            kind="application",
            key=the_application(db()).key,
            am=(today() + ASK_AGAIN).isoformat(),
            was=FEE_QUESTION[language()],
            auf=NETWORK_OFFICE,
            zurueck=url_for(".index"),
        ),
    )


@room.get("/beitritt/kosten.csv")
def csv() -> Any:
    """Every position as a table: euros and hours in columns of their own."""
    header = (
        _("Year"), _("Kind"), _("What for"), _("Planned in euros"), _("Actual in euros"), _("Planned in hours"),
        _("Actual in hours"), _("Conference"), _("Source"), _("Note"),
    )  # fmt: skip
    rows = [
        (
            row.year, label(row.kind), row.what, *_columns(row),
            subject_title("conference", row.conference_id) if row.conference_id else "", row.source, row.note,
        )
        for summary in reversed(cost_years(db(), today()))
        for row in summary.rows
    ]  # fmt: skip
    return csv_file("kosten", header, rows)


def _columns(row: Cost) -> tuple[str, ...]:
    written = tuple(
        _("unknown") if value is None else typed_text(value) for value in (row.planned, row.actual)
    )
    return ("", "", *written) if row.is_hours else (*written, "", "")


@room.route("/beitritt/kosten/neu", methods=["GET", "POST"])
def create() -> Any:
    """Add a position; with `?jahr=2027&art=fee` for this year and of this kind."""
    form = CostForm(year=today().year)
    if request.method == "GET":
        year, kind = request.args.get("jahr", ""), request.args.get("art", "")
        if year.isascii() and year.isdigit() and len(year) == 4:
            form.year.data = int(year)
        if kind in [member.value for member in CostKind]:
            form.kind.data = CostKind(kind)
    if form.validate_on_submit():
        cost = Cost(application_id=the_application(db()).key, year=form.year.data, kind=form.kind.data)
        fill(form, cost)
        db().add(cost)
        return done(url_for(".index"), _("Saved."))
    return page("costs/edit.html", form=form, cost=None)


@room.get("/beitritt/kosten/<int:key>")
def show(key: int) -> Any:
    """One position."""
    cost = load(Cost, key)
    conference = load(Conference, cost.conference_id) if cost.conference_id else None
    return page("costs/show.html", cost=cost, conference=conference)


@room.route("/beitritt/kosten/<int:key>/bearbeiten", methods=["GET", "POST"])
def edit(key: int) -> Any:
    """Change a position."""
    cost = load(Cost, key)
    form = CostForm(obj=cost)
    if form.validate_on_submit() and store(form, cost):
        return done(url_for(".index"), _("Saved."))
    return page("costs/edit.html", form=form, cost=cost)


@room.route("/beitritt/kosten/<int:key>/loeschen", methods=["GET", "POST"])
def delete(key: int) -> Any:
    """Delete a position that was entered by mistake."""
    return delete_page(load(Cost, key), url_for(".show", key=key), url_for(".index"))


@room.get("/beitritt/kosten/<int:key>/verlauf")
def history(key: int) -> Any:
    """Every change of a position."""
    return history_page(load(Cost, key), url_for(".show", key=key))
