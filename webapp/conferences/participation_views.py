"""Pages for who of us goes."""

from typing import Any

from flask import url_for

from models.conferences.conferences import Conference, Participation
from webapp.conferences.forms import ParticipationForm
from webapp.conferences.views import room
from webapp.database import db
from webapp.filters import officer_name
from webapp.forms import fill
from webapp.pages import done, load, page
from webapp.words import _


@room.route("/konferenzen/<int:key>/teilnahme/neu", methods=["GET", "POST"])
def create_participation(key: int) -> Any:
    """A colleague goes."""
    conference = load(Conference, key)
    form = ParticipationForm(conference)
    if form.validate_on_submit():
        participation = Participation(conference_id=key)
        fill(form, participation)
        db().add(participation)
        said = _("{name} goes.").format(name=officer_name(participation.officer_id))
        return done(url_for(".show", key=key) + "#teilnahme", said)
    return page("conferences/participation.html", form=form, conference=conference)


@room.post("/konferenzen/teilnahme/<int:key>/entfernen")
def delete_participation(key: int) -> Any:
    """A colleague does not go after all; can be added again."""
    participation = load(Participation, key)
    said = _("{name} no longer goes.").format(name=officer_name(participation.officer_id))
    db().delete(participation)
    return done(url_for(".show", key=participation.conference_id) + "#teilnahme", said)
