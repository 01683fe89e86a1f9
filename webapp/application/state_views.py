"""Where the whole case stands: change it with a reason, see what it went through."""

from typing import Any

from models.application.state_history import state_changes
from models.application.states import ApplicationState
from webapp.application.chosen import case_address, chosen
from webapp.application.forms import StateForm
from webapp.application.views import room
from webapp.database import db, today
from webapp.forms import store
from webapp.pages import done, page
from webapp.reasons import note_reason
from webapp.words import _


@room.route("/beitritt/stand", methods=["GET", "POST"])
def change_state() -> Any:
    """A new state of the whole, and all states before it."""
    application = chosen()
    form = StateForm(obj=application)
    if not form.is_submitted():
        form.state_since.data = today()
    if form.validate_on_submit():
        note_reason(form.reason.data)
        if store(form, application):
            return done(case_address(".change_state", application), _("Saved."))
    return page(
        "application/state.html",
        form=form,
        application=application,
        changes=state_changes(db(), application),
        states=list(ApplicationState),
        back=case_address(".show", application),
    )
