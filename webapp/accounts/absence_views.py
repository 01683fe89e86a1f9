"""Entering an absence and its deputy, and being back."""

from typing import Any

from flask import url_for

from models.officers import Officer, end_absence
from webapp.accounts.absence import absence_of
from webapp.accounts.forms import AbsenceForm
from webapp.accounts.views import room
from webapp.database import db, today
from webapp.forms import store
from webapp.pages import done, load, page
from webapp.words import _


@room.route("/kolleginnen/<int:key>/abwesenheit", methods=["GET", "POST"])
def edit_absence(key: int) -> Any:
    """From when until when somebody is away, and who stands in; emptied, the absence is taken away."""
    person = load(Officer, key)
    form = AbsenceForm(obj=person)
    if not form.is_submitted() and absence_of(person) is None:
        form.empty()  # what has passed is no beginning for the next one
    if form.validate_on_submit() and store(form, person):
        db().flush()
        return done(url_for(".show", key=key), _("Saved."))
    return page("accounts/absence.html", form=form, person=person)


@room.post("/kolleginnen/<int:key>/wieder-da")
def end_absence_now(key: int) -> Any:
    """Back from today; the second time nothing changes."""
    end_absence(load(Officer, key), today())
    return done(url_for(".show", key=key), _("Saved. From today reminders go to the colleague again."))
