"""The recurring duties after the admission, each set up by one click."""

from typing import Any

from flask import Blueprint, abort, request, url_for

from models.application.duties import DUTIES, duty_by_code, duty_states, set_up
from models.application.phases import the_application
from webapp.access import officer
from webapp.database import db, today
from webapp.filters import day
from webapp.pages import done, page
from webapp.words import _, language

room = Blueprint("duties", __name__, template_folder="templates")


@room.get("/beitritt/pflichten")
def show() -> Any:
    """What each duty asks for, when it is next, when it was last done and who does it."""
    return page(
        "duties/show.html",
        states=duty_states(db(), today()),
        application=the_application(db()),
        today=today(),
    )


@room.post("/beitritt/pflichten")
def confirm() -> Any:
    """Set up one duty, or all that are missing."""
    code = request.form.get("aufgabe", "")
    if code == "alle":
        for duty in DUTIES:
            set_up(db(), duty, language(), officer().key, today())
        return done(url_for(".show"), _("All duties are set up."))
    chosen = duty_by_code(code)
    if chosen is None:
        abort(404)
    follow_up = set_up(db(), chosen, language(), officer().key, today())
    said = _("“{title}” is set up, next on {day}.")
    return done(url_for(".show"), said.format(title=chosen.title(language()), day=day(follow_up.due_on)))
