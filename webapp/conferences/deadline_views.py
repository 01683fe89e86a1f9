"""Pages of a conference's deadlines."""

from typing import Any

from flask import url_for

from models.conferences.conferences import Conference, ConferenceDeadline, finish
from webapp.conferences.forms import DeadlineForm, EditDeadlineForm
from webapp.conferences.views import room
from webapp.database import db, today
from webapp.forms import fill, store
from webapp.pages import delete_page, done, history_page, load, page
from webapp.words import _


@room.route("/konferenzen/<int:key>/fristen/neu", methods=["GET", "POST"])
def create_deadline(key: int) -> Any:
    """Add a deadline to a conference."""
    conference, form = load(Conference, key), DeadlineForm()
    if form.validate_on_submit():
        deadline = ConferenceDeadline(conference_id=key, due_on=form.due_on.data)
        fill(form, deadline)
        db().add(deadline)
        return done(url_for(".show", key=key) + "#fristen", _("The deadline is stored."))
    return page("conferences/edit_deadline.html", form=form, conference=conference, deadline=None)


@room.get("/konferenzen/fristen/<int:key>")
def show_deadline(key: int) -> Any:
    """One deadline."""
    deadline = load(ConferenceDeadline, key)
    return page(
        "conferences/deadline.html",
        deadline=deadline,
        conference=load(Conference, deadline.conference_id),
        today=today(),
    )


@room.route("/konferenzen/fristen/<int:key>/bearbeiten", methods=["GET", "POST"])
def edit_deadline(key: int) -> Any:
    """Change a deadline."""
    deadline = load(ConferenceDeadline, key)
    form = EditDeadlineForm(obj=deadline)
    if form.validate_on_submit() and store(form, deadline):
        return done(url_for(".show_deadline", key=key), _("Saved."))
    conference = load(Conference, deadline.conference_id)
    return page("conferences/edit_deadline.html", form=form, conference=conference, deadline=deadline)


@room.post("/konferenzen/fristen/<int:key>/erledigt")
def finish_deadline(key: int) -> Any:
    """The deadline was met."""
    deadline = load(ConferenceDeadline, key)
    finish(deadline, today())
    address = url_for(".show", key=deadline.conference_id) + "#fristen"
    return done(address, _("“{title}” is done.").format(title=deadline.name))


@room.route("/konferenzen/fristen/<int:key>/loeschen", methods=["GET", "POST"])
def delete_deadline(key: int) -> Any:
    """Delete a deadline."""
    deadline = load(ConferenceDeadline, key)
    return delete_page(
        deadline, url_for(".show_deadline", key=key), url_for(".show", key=deadline.conference_id)
    )


@room.get("/konferenzen/fristen/<int:key>/verlauf")
def history_deadline(key: int) -> Any:
    """Every change of a deadline."""
    return history_page(load(ConferenceDeadline, key), url_for(".show_deadline", key=key))
