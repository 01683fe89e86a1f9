"""Pages of one phase: who and when, closing it, opening it again."""

from typing import Any

from flask import redirect, url_for

from models.application.conditions import condition_of
from models.application.phase_order import date_conflict
from models.application.phases import Application, Phase, PhaseState, the_application
from models.followups import follow_ups_of
from models.task_list import PhaseRow, items_of_phase, next_items, phase_rows
from webapp.application.chosen import case_address
from webapp.application.phase_forms import CloseForm, PhaseForm, ReopenForm, conflict_words
from webapp.application.views import room
from webapp.database import db, today
from webapp.filters import day
from webapp.forms import store
from webapp.pages import done, history_page, load, page
from webapp.reasons import note_reason
from webapp.words import _

ITEMS_SHOWN = 200
UNPROVEN_SHOWN = 10


def _row(phase: Phase) -> PhaseRow:
    rows = phase_rows(db(), today(), phase.application_id)
    return next(row for row in rows if row.phase.key == phase.key)


@room.get("/beitritt/phasen/<int:key>")
def show_phase(key: int) -> Any:
    """One phase."""
    phase = load(Phase, key)
    is_first = phase.application_id == the_application(db()).key  # the conditions are those of the first case
    return page(
        "application/phase.html",
        row=_row(phase),
        phase=phase,
        items=items_of_phase(db(), key, ITEMS_SHOWN),
        back=case_address(".show", load(Application, phase.application_id)),
        condition=condition_of(db(), phase.code, today()) if is_first else None,
        follow_ups=follow_ups_of(db(), "phase", key),
    )


@room.route("/beitritt/phasen/<int:key>/bearbeiten", methods=["GET", "POST"])
def edit_phase(key: int) -> Any:
    """Change who and when."""
    phase = load(Phase, key)
    form = PhaseForm(phase)
    if form.validate_on_submit():
        note_reason(form.reason.data)
        if store(form, phase):
            return done(url_for(".show_phase", key=key), _("Saved."))
    return page("application/edit_phase.html", form=form, phase=phase)


@room.route("/beitritt/phasen/<int:key>/abschliessen", methods=["GET", "POST"])
def close_phase(key: int) -> Any:
    """Ask whether the phase is finished; say before what is still open."""
    phase = load(Phase, key)
    row = _row(phase)
    address = url_for(".show_phase", key=key)
    if row.state is PhaseState.CLOSED:
        return redirect(address)
    form = CloseForm(obj=phase, is_warned=bool(row.waiting_for or row.unproven))
    if form.closed_on.data is None and not form.is_submitted():
        form.closed_on.data = today()
    if form.validate_on_submit():
        if not form.is_finished:
            return done(address, _("Nothing was changed; the phase stays open."))
        note_reason(_("closed although something was open") if "anyway" in form else "")
        if store(form, phase):
            said = _("The phase is closed since {day}.").format(day=day(form.closed_on.data))
            return done(address, said)
    unproven = next_items(db(), [key], today(), UNPROVEN_SHOWN).get(key, [])
    return page("application/close_phase.html", form=form, phase=phase, row=row, unproven=unproven)


@room.route("/beitritt/phasen/<int:key>/oeffnen", methods=["GET", "POST"])
def reopen_phase(key: int) -> Any:
    """Open a closed phase again, with a reason."""
    phase = load(Phase, key)
    form = ReopenForm(obj=phase)
    if _row(phase).state is not PhaseState.CLOSED:
        return redirect(url_for(".show_phase", key=key))
    if form.validate_on_submit():
        note_reason(form.reason.data)
        if store(form, phase):
            phase.closed_on = None
            said = [_("The phase is open again.")]
            conflict = date_conflict(db(), phase, phase.due_on)  # closed, its date bound nobody
            said += [conflict_words(conflict)] if conflict is not None else []
            return done(url_for(".show_phase", key=key), " ".join(said))
    return page("application/reopen_phase.html", form=form, phase=phase)


@room.get("/beitritt/phasen/<int:key>/verlauf")
def phase_history(key: int) -> Any:
    """Every change of a phase."""
    return history_page(load(Phase, key), url_for(".show_phase", key=key))
