"""The phases as a list to be arranged: add, rename, put in order, say what comes before, delete."""

from typing import Any

from flask import request
from sqlmodel import func, select

from models.application.phase_order import (
    add_phase,
    date_conflict,
    find_circle,
    join_around,
    order_of,
    set_before,
    shift,
)
from models.application.phases import Application, Phase, phases
from models.commitments.checklist import Commitment
from models.task_list import phase_rows
from webapp.application.chosen import case_address, chosen
from webapp.application.phase_forms import PhaseShapeForm, conflict_words
from webapp.application.views import room
from webapp.database import db, today
from webapp.forms import store
from webapp.pages import delete_page, done, load, page
from webapp.words import _, language


@room.get("/beitritt/phasen")
def arrange_phases() -> Any:
    """All phases of a case with what comes before them."""
    application = chosen()
    named = {row.key: row for row in phases(db(), application.key)}
    before = order_of(db(), application.key)
    return page(
        "application/phases.html",
        application=application,
        rows=phase_rows(db(), today(), application.key),
        before={key: [named[one] for one in named if one in before[key]] for key in named},
        back=case_address(".show", application),
        add=case_address(".create_phase", application),
    )


def _list_address(application_id: int) -> str:
    return case_address(".arrange_phases", load(Application, application_id))


@room.route("/beitritt/phasen/neu", methods=["GET", "POST"])
def create_phase() -> Any:
    """Add a phase at the end of the list."""
    application = chosen()
    form = PhaseShapeForm(application.key, None)
    if form.validate_on_submit():
        phase = Phase(
            application_id=application.key, label_de=form.label_de.data, label_en=form.label_en.data
        )
        set_before(db(), add_phase(db(), phase), form.before.data or [])
        return done(_list_address(application.key), _("The phase is added."))
    return page("application/phase_shape.html", form=form, phase=None, back=_list_address(application.key))


@room.route("/beitritt/phasen/<int:key>/aufbau", methods=["GET", "POST"])
def shape_phase(key: int) -> Any:
    """Rename a phase, say what comes before it."""
    phase = load(Phase, key)
    before = sorted(order_of(db(), phase.application_id)[key])
    form = PhaseShapeForm(phase.application_id, key, obj=phase, data={"before": before})
    if form.validate_on_submit():
        fault = _order_fault(phase, form.before.data or [])
        if fault:
            form.before.errors = [fault]
        elif store(form, phase):
            set_before(db(), phase, form.before.data or [])
            return done(_list_address(phase.application_id), _("Saved."))
    back = _list_address(phase.application_id)
    return page("application/phase_shape.html", form=form, phase=phase, back=back)


def _order_fault(phase: Phase, wanted: list[int]) -> str:
    """What speaks against this order: a circle, or the dates."""
    way = find_circle(db(), phase, wanted)
    if way:
        named = " → ".join(row.title(language()) for row in reversed(way))
        return _("These phases would wait for each other and never begin: {way}.").format(way=named)
    conflict = date_conflict(db(), phase, phase.due_on, wanted) if phase.closed_on is None else None
    return conflict_words(conflict) if conflict is not None else ""


@room.post("/beitritt/phasen/<int:key>/hoch")
def phase_up(key: int) -> Any:
    """One place further up."""
    phase = load(Phase, key)
    shift(db(), phase, -1)
    return done(_list_address(phase.application_id), _("Saved."))


@room.post("/beitritt/phasen/<int:key>/runter")
def phase_down(key: int) -> Any:
    """One place further down."""
    phase = load(Phase, key)
    shift(db(), phase, 1)
    return done(_list_address(phase.application_id), _("Saved."))


@room.route("/beitritt/phasen/<int:key>/loeschen", methods=["GET", "POST"])
def delete_phase(key: int) -> Any:
    """Delete a phase without items; what came after it comes after what came before it."""
    phase = load(Phase, key)
    counted = select(func.count()).select_from(Commitment).where(Commitment.phase_id == key)
    items = db().exec(counted).one()
    back = _list_address(phase.application_id)
    if items:
        return page("application/phase_in_use.html", phase=phase, items=items, back=back)
    if request.method == "POST" and phase.closed_on is None:
        join_around(db(), phase)
    return delete_page(phase, back, back)
