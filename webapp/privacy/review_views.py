"""Whose time of keeping is over: erase, keep for a reason, or still in office."""

from typing import Any

from flask import url_for

from models.privacy.retention import count_to_review, review_of, review_queue, spans
from webapp.database import city, db, today
from webapp.filters import day
from webapp.forms import store
from webapp.pages import page, page_number
from webapp.people.views import load_person
from webapp.privacy.forms import KeepForm
from webapp.privacy.views import AT_ONCE, recorded, room
from webapp.words import _, language


@room.get("/datenschutz/loeschpruefung")
def review() -> Any:
    """Who is in, why, since when."""
    number, months = page_number(), city().contacts_keep_months
    found = review_queue(db(), months, today(), AT_ONCE + 1, (number - 1) * AT_ONCE)
    return page(
        "privacy/review.html",
        found=found[:AT_ONCE],
        count=count_to_review(db(), months, today()),
        months=months,
        number=number,
        has_more=len(found) > AT_ONCE,
    )


@room.route("/datenschutz/loeschpruefung/<int:key>/aufbewahren", methods=["GET", "POST"])
def keep(key: int) -> Any:
    """Keep the data until a day, for a reason."""
    person = load_person(key)
    form = KeepForm(obj=person)
    if form.validate_on_submit() and store(form, person):
        said = _("{name} is kept until {day} and reviewed again then.")
        return recorded(
            url_for(".review"), said.format(name=person.title(language()), day=day(form.keep_until.data))
        )
    span = spans(db(), [person], today())[key]
    why = review_of(person, span, city().contacts_keep_months, today())
    return page("privacy/keep.html", person=person, form=form, why=why)
