"""The page of the case: where it stands, what is missing, who must move."""

from typing import Any

from flask import Blueprint

from models.application.declarations import CONDITION_CODE, actors_condition
from models.application.phases import Application, the_application
from models.backward_plan.facts import next_gathering
from models.council.papers import resolutions
from models.followups import FollowUp, follow_ups_of
from models.overview import waiting_for
from models.task_list import PhaseRow, phase_rows
from webapp.application.chosen import case_address, chosen
from webapp.application.declaration_rows import found_declarations
from webapp.application.forms import ApplicationForm
from webapp.application.rooms import rooms_of_the_case
from webapp.application.searching import is_wanted
from webapp.application.whose_turn import turns
from webapp.database import db, today
from webapp.filters import day, label, officer_name
from webapp.forms import store
from webapp.pages import address_of, csv_file, done, history_page, page, query
from webapp.titles import subject_title
from webapp.words import _, language

room = Blueprint("application", __name__, template_folder="templates")


@room.get("/beitritt")
def show() -> Any:
    """Where the case stands, what is missing and who must move, the phases, and the way to everything else."""
    application = chosen()
    is_first = application.key == the_application(db()).key
    rows = phase_rows(db(), today(), application.key)
    return page(
        "application/show.html",
        application=application,
        is_first=is_first,
        case=lambda endpoint: case_address(endpoint, application),
        rows=[row for row in rows if _is_found(row)],
        turns=turns(rows, is_first, application),
        waiting=_waiting(application) if is_first else [],
        subject_title=subject_title,
        address_of=address_of,
        declarations=found_declarations(),
        query=query(),
        condition=actors_condition(db(), today()),
        condition_code=CONDITION_CODE,
        gathering=next_gathering(db(), today()),
        resolutions=resolutions(db()),
        rooms=rooms_of_the_case(application),
        follow_ups=follow_ups_of(db(), "application", application.key),
        today=today(),
    )


def _waiting(application: Application) -> list[FollowUp]:
    """Whom this case waits for; not those of whom only a contact or a conference waits."""
    kinds = ("application", "phase", "commitment")
    return [row for row in waiting_for(db(), application.key) if row.subject_kind in kinds]


def _is_found(row: PhaseRow) -> bool:
    phase = row.phase
    return is_wanted(phase.label_de, phase.label_en, phase.note, phase.file_number)


@room.get("/beitritt.csv")
def csv() -> Any:
    """The phases as a table."""
    header = (
        _("Phase"), _("State"), _("Responsible"), _("Deputy"), _("Due on"), _("Closed on"), _("Items"),
        _("handled"), _("fulfilled with proof"), _("File number"), _("Note"),
    )  # fmt: skip
    rows = [
        (
            row.phase.title(language()), label(row.state), officer_name(row.phase.responsible_id),
            officer_name(row.phase.deputy_id), day(row.phase.due_on), day(row.phase.closed_on), row.items,
            row.handled, row.proven, row.phase.file_number, row.phase.note,
        )
        for row in phase_rows(db(), today(), chosen().key) if _is_found(row)
    ]  # fmt: skip
    return csv_file("beitritt", header, rows)


@room.route("/beitritt/bearbeiten", methods=["GET", "POST"])
def edit() -> Any:
    """Change who leads the case, and where its file is."""
    application: Application = chosen()
    form = ApplicationForm(obj=application)
    if form.validate_on_submit() and store(form, application):
        return done(case_address(".show", application), _("Saved."))
    return page("application/edit.html", form=form, back=case_address(".show", application))


@room.get("/beitritt/verlauf")
def history() -> Any:
    """Every change of the case."""
    application = chosen()
    return history_page(application, case_address(".show", application))


from webapp.application import (  # noqa: E402, F401  (they add their pages to the room)
    declaration_views,
    network_views,
    phase_views,
    phases_views,
    resolution_views,
    state_views,
    timeline_views,
)
