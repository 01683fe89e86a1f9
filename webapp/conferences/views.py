"""Pages of conferences."""

from itertools import groupby
from typing import Any

from flask import Blueprint, request, url_for

from models.conferences.announcing import close_look_ups, needs_look_up, open_look_ups
from models.conferences.announcing import look_up as new_look_up
from models.conferences.conferences import (
    Conference,
    Series,
    conferences,
    deadlines_of,
    participants_of,
    unannounced,
)
from models.conferences.dating import Span, has_passed, is_coming, settle, state_words
from models.conferences.family import children_of
from models.conferences.history import day_in_year, usual_season
from models.followups import follow_ups_of
from webapp.conferences.forms import ConferenceForm, as_of_text
from webapp.conferences.sayings import said_after_saving
from webapp.database import db, today
from webapp.filters import country, day, label, officer_name
from webapp.forms import fill, store
from webapp.pages import csv_file, delete_page, done, history_page, load, page, query
from webapp.words import _, language

room = Blueprint("conferences", __name__, template_folder="templates")


@room.app_template_filter()
def state_of(conference: Conference) -> str:
    """A conference's state in words, as it is to be read today."""
    return _(state_words(conference, today()))


def _chosen(kind: Any, name: str) -> Any:
    wanted = request.args.get(name, "")
    return next((member for member in kind if member.value == wanted), None)


def _found() -> list[Conference]:
    rows = conferences(db(), query(), _chosen(Series, "reihe"))
    return [c for c in rows if is_coming(c, today())] if _chosen(Span, "zeitraum") else rows


def _season() -> dict[str, Any]:
    """What unannounced editions are told: the season of the past ones, in words for templates."""
    season = usual_season(conferences(db(), series=Series.FABX))
    if season is None:
        return {"season": None}
    ends = {name: day_in_year(getattr(season, name), language()) for name in ("first", "last")}
    return {"season": season, "season_first": ends["first"], "season_last": ends["last"]}


@room.get("/konferenzen")
def index() -> Any:
    """All conferences by year, the newest first; above them what is not announced yet."""
    series, span, found = _chosen(Series, "reihe"), _chosen(Span, "zeitraum"), _found()
    is_whole = not (query() or series or span)
    return page(
        "conferences/index.html",
        years=[(year, list(rows)) for year, rows in groupby(found, key=lambda c: c.year)],
        number=len(found),
        expected=[c for c in unannounced(db()) if is_coming(c, today())] if is_whole else [],
        look_ups=open_look_ups(db()),
        coming={c.key for c in found if is_coming(c, today())},
        query=query(),
        all_series=list(Series),
        series=series,
        spans=list(Span),
        span=span,
        is_whole=is_whole,
        **_season(),
    )


@room.get("/konferenzen.csv")
def csv() -> Any:
    """The list as a table."""
    header = (
        _("Year"), _("Series"), _("Number"), _("Name"), _("When"), _("First day"), _("Last day"),
        _("How exactly the date is known"), _("City"), _("Country"), _("Form"), _("State"),
        _("Planned first for the year"), _("Website"), _("Responsible"), _("Source"), _("State as of"), _("Note"),
    )  # fmt: skip
    rows = [
        (
            c.year, label(c.series), c.number, c.name, c.when(language()), day(c.starts_on), day(c.ends_on),
            label(c.date_precision), c.city, country(c.country_code), label(c.mode), state_of(c), c.postponed_from,
            c.website, officer_name(c.responsible_id), c.source, as_of_text(c.as_of), c.note(language()),
        )
        for c in _found()
    ]  # fmt: skip
    return csv_file("konferenzen", header, rows)


@room.get("/konferenzen/<int:key>")
def show(key: int) -> Any:
    """One conference with everything that belongs to it."""
    conference = load(Conference, key)
    return page(
        "conferences/show.html",
        conference=conference,
        as_of=as_of_text(conference.as_of),
        parent=db().get(Conference, conference.parent_id) if conference.parent_id else None,
        children=children_of(db(), key),
        deadlines=deadlines_of(db(), key),
        participants=participants_of(db(), key),
        follow_ups=follow_ups_of(db(), "conference", key),
        is_coming=is_coming(conference, today()),
        has_passed=has_passed(conference, today()),
        needs_look_up=needs_look_up(conference),
        look_up=open_look_ups(db()).get(key),
        today=today(),
        **_season(),
    )


@room.route("/konferenzen/neu", methods=["GET", "POST"])
def create() -> Any:
    """Add a conference."""
    form = ConferenceForm(None)
    if form.validate_on_submit():
        conference = Conference()
        fill(form, conference)
        settle(conference)
        db().add(conference)
        db().flush()
        return done(url_for(".show", key=conference.key), _("Saved."))
    if request.method == "GET":
        form.as_of.data = today().isoformat()
    return page("conferences/edit.html", form=form, conference=None)


@room.route("/konferenzen/<int:key>/bearbeiten", methods=["GET", "POST"])
def edit(key: int) -> Any:
    """Change a conference; with `?zustand=announced` to announce it, with `?zustand=held` when it is over."""
    conference = load(Conference, key)
    before, form = conference.anchor_on, ConferenceForm(conference)
    if form.validate_on_submit() and store(form, conference):
        settle(conference)
        closed = close_look_ups(db(), conference, today())
        return done(url_for(".show", key=key), said_after_saving(conference, before, closed))
    if request.method == "GET":
        form.preset(request.args.get("zustand", ""))
    return page("conferences/edit.html", form=form, conference=conference)


@room.post("/konferenzen/<int:key>/nachsehen")
def look_up(key: int) -> Any:
    """Set up the look-up that reminds of an unknown date; one is enough."""
    conference = load(Conference, key)
    known = open_look_ups(db()).get(key)
    if known is None and needs_look_up(conference):
        known = new_look_up(conference, today())
        db().add(known)
    said = (
        _("Noted: look it up on {day}.").format(day=day(known.due_on)) if known else _("The date is known.")
    )
    return done(url_for(".show", key=key), said)


@room.route("/konferenzen/<int:key>/loeschen", methods=["GET", "POST"])
def delete(key: int) -> Any:
    """Delete a conference with its deadlines."""
    return delete_page(load(Conference, key), url_for(".show", key=key), url_for(".index"))


@room.get("/konferenzen/<int:key>/verlauf")
def history(key: int) -> Any:
    """Every change of a conference."""
    return history_page(load(Conference, key), url_for(".show", key=key))


from webapp.conferences import deadline_views, participation_views, plan_views  # noqa: E402, F401  (add their pages)
