"""Pages of the application."""

from typing import Any

from flask import Blueprint, url_for

from models.application.comparison import Comparison, comparisons
from models.application.declarations import CONDITION_CODE, actors_condition
from models.application.phases import Phase, the_application
from models.backward_plan.facts import next_gathering
from models.council.papers import papers, resolutions
from models.followups import follow_ups_of
from models.overview import PhaseRow, phase_rows
from webapp.application.declaration_rows import found_declarations, named_organisations
from webapp.application.forms import ApplicationForm, ComparisonForm, PhaseForm
from webapp.application.searching import is_wanted
from webapp.database import db, today
from webapp.filters import day, label, officer_name
from webapp.forms import store
from webapp.pages import csv_file, done, history_page, load, page, query
from webapp.words import _, language

room = Blueprint("application", __name__, template_folder="templates")


@room.get("/beitritt")
def show() -> Any:
    """Where the application stands: phases, declarations, the council's resolution, 2020 and today."""
    return page(
        "application/show.html",
        application=the_application(db()),
        rows=_phases(),
        declarations=found_declarations(),
        organisations=named_organisations(),
        query=query(),
        condition=actors_condition(db(), today()),
        condition_code=CONDITION_CODE,
        gathering=next_gathering(db(), today()),
        papers=papers(db()),
        resolutions=resolutions(db()),
        comparisons=_comparisons(),
    )


def _phases() -> list[PhaseRow]:
    rows = phase_rows(db(), today())
    return [
        r for r in rows if is_wanted(r.phase.label_de, r.phase.label_en, r.phase.note, r.phase.file_number)
    ]


def _comparisons() -> list[Comparison]:
    code = language()
    return [row for row in comparisons(db()) if is_wanted(row.title(code), row.then(code), row.now(code))]


@room.get("/beitritt.csv")
def csv() -> Any:
    """The phases as a table."""
    header = (
        _("Phase"), _("State"), _("Responsible"), _("Deputy"), _("Due on"), _("Closed on"), _("Items"),
        _("fulfilled with proof"), _("File number"), _("Note"),
    )  # fmt: skip
    rows = [
        (
            row.phase.title(language()), label(row.state), officer_name(row.phase.responsible_id),
            officer_name(row.phase.deputy_id), day(row.phase.due_on), day(row.phase.closed_on), len(row.items),
            row.proven, row.phase.file_number, row.phase.note,
        )
        for row in _phases()
    ]  # fmt: skip
    return csv_file("beitritt", header, rows)


@room.get("/beitritt/2020-und-heute.csv")
def comparisons_csv() -> Any:
    """What the motion said and what is true now, as a table."""
    code = language()
    header = (_("Topic"), _("In the motion, 2020"), _("Today"), _("State as of"), _("Source"))
    rows = [(row.title(code), row.then(code), row.now(code), row.as_of, row.source) for row in _comparisons()]
    return csv_file("2020-und-heute", header, rows)


@room.route("/beitritt/bearbeiten", methods=["GET", "POST"])
def edit() -> Any:
    """Change the case as a whole."""
    application = the_application(db())
    form = ApplicationForm(obj=application)
    if form.validate_on_submit() and store(form, application):
        return done(url_for(".show"), _("Saved."))
    return page("application/edit.html", form=form)


@room.get("/beitritt/verlauf")
def history() -> Any:
    """Every change of the case."""
    return history_page(the_application(db()), url_for(".show"))


@room.get("/beitritt/phasen/<int:key>")
def show_phase(key: int) -> Any:
    """One phase."""
    phase = load(Phase, key)
    row = next(row for row in phase_rows(db(), today()) if row.phase.key == key)
    return page(
        "application/phase.html",
        row=row,
        phase=phase,
        condition=actors_condition(db(), today()) if phase.code == CONDITION_CODE else None,
        follow_ups=follow_ups_of(db(), "phase", key),
    )


@room.route("/beitritt/phasen/<int:key>/bearbeiten", methods=["GET", "POST"])
def edit_phase(key: int) -> Any:
    """Change who and when; close it."""
    phase = load(Phase, key)
    form = PhaseForm(obj=phase)
    if form.validate_on_submit() and store(form, phase):
        return done(url_for(".show_phase", key=key), _("Saved."))
    return page("application/edit_phase.html", form=form, phase=phase)


@room.get("/beitritt/phasen/<int:key>/verlauf")
def phase_history(key: int) -> Any:
    """Every change of a phase."""
    return history_page(load(Phase, key), url_for(".show_phase", key=key))


# 2020 and today


@room.route("/beitritt/2020-und-heute/<int:key>", methods=["GET", "POST"])
def edit_comparison(key: int) -> Any:
    """Bring a row of the table up to date."""
    row = load(Comparison, key)
    form = ComparisonForm(obj=row)
    if form.validate_on_submit() and store(form, row):
        return done(url_for(".show") + "#vergleich", _("Saved."))
    return page("application/edit_comparison.html", form=form, row=row)


from webapp.application import declaration_views  # noqa: E402, F401  (adds its pages to the room)
