""" "Noch im Amt?": who has not been confirmed for a year, and the mail that asks."""

from typing import Any

from flask import abort, request, url_for

from models.contacts.confirming import count_stale, known_since, stale_people
from models.contacts.organisations import Organisation
from models.database import check_version
from webapp.access import officer
from webapp.database import city, db, today
from webapp.pages import done, page, page_number
from webapp.people.asking import question_to
from webapp.people.views import load_person, room
from webapp.words import _, language

AT_ONCE = 25


@room.get("/kontakte/noch-im-amt")
def confirming() -> Any:
    """The list, those of whom nothing has been heard for the longest time first."""
    number = page_number()
    found = stale_people(db(), today(), AT_ONCE + 1, (number - 1) * AT_ONCE)
    people = found[:AT_ONCE]
    keys = {person.organisation_id for person in people if person.organisation_id}
    return page(
        "people/confirming.html",
        people=people,
        organisations={key: db().get(Organisation, key) for key in keys},
        known_since=known_since,
        count=count_stale(db(), today()),
        number=number,
        has_more=len(found) > AT_ONCE,
    )


@room.post("/kontakte/<int:key>/im-amt")
def confirm(key: int) -> Any:
    """Somebody knows that the person still does this."""
    person = load_person(key)
    check_version(db(), person, person.version)
    person.confirmed_on = today()
    number = request.form.get("seite", "")
    said = _("It is noted that {name} is still in office.").format(name=person.title(language()))
    if not number:
        return done(url_for(".show", key=key), said)
    back = number if number.isascii() and number.isdigit() and number != "1" else None
    return done(url_for(".confirming", seite=back), said)


@room.get("/kontakte/<int:key>/nachfragen")
def ask(key: int) -> Any:
    """The mail that asks, for the officer's own mail program; none to who is not to be contacted."""
    person = load_person(key)
    if person.do_not_contact or not person.email:
        abort(404)
    organisation = db().get(Organisation, person.organisation_id) if person.organisation_id else None
    unit = f"{city().unit}, {city().name}"
    question = question_to(person, organisation.name if organisation else "", officer().name, unit)
    return page("people/ask.html", person=person, question=question)
