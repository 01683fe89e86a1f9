"""The list of people."""

from typing import Any

from flask import request

from models.contacts.organisations import Organisation, organisations
from models.contacts.people import ContactState, Person, contact_state, language_name, people
from models.contacts.phones import phone_text
from models.followups import FollowUp, planned_contacts
from webapp.database import db, today
from webapp.filters import day
from webapp.pages import csv_file, page, query
from webapp.people.views import room
from webapp.words import _, language

Row = tuple[Person, Organisation | None, FollowUp | None]


def _chosen() -> tuple[Organisation | None, ContactState | None]:
    """The filters of the address; what is no organisation or state filters nothing."""
    key, state = request.args.get("organisation"), request.args.get("kontakt")
    chosen = next((o for o in organisations(db()) if str(o.key) == key), None)
    return chosen, next((s for s in ContactState if s.value == state), None)


def _found() -> list[Row]:
    organisation, state = _chosen()
    planned = planned_contacts(db(), "person")
    rows = people(db(), query(), organisation.key if organisation else None)
    found: list[Row] = [(person, works_in, planned.get(person.key)) for person, works_in in rows]
    return [row for row in found if state is None or contact_state(row[2], today()) is state]


@room.get("/kontakte")
def index() -> Any:
    """The list."""
    organisation, state = _chosen()
    kept = {
        "suche": query() or None,
        "organisation": organisation.key if organisation else None,
        "kontakt": state.value if state else None,
    }
    return page(
        "people/index.html",
        rows=_found(),
        query=query(),
        organisations=organisations(db()),
        organisation=organisation,
        states=list(ContactState),
        state=state,
        kept=kept,
        is_narrowed=any(kept.values()),
        today=today(),
    )


@room.get("/kontakte.csv")
def csv() -> Any:
    """The list as a table."""
    header = (
        _("Family name"), _("Given name"), _("Function"), _("Organisation"), _("E-mail"), _("Phone"), _("Language"),
        _("Source"), _("Date of the source"), _("Last talk"), _("Next contact"), _("Note"),
    )  # fmt: skip
    rows = [
        (
            person.family_name, person.given_name, person.function, works_in.name if works_in else "", person.email,
            phone_text(person.phone), language_name(person.language, language()), person.source,
            day(person.source_on), day(person.last_talk_on), day(planned.due_on) if planned else "", person.note,
        )
        for person, works_in, planned in _found()
    ]  # fmt: skip
    return csv_file("ansprechpersonen", header, rows)
