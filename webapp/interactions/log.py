"""The timeline of a person, an organisation or a city on pages, and the small form above it."""

from typing import Any

from flask import abort, request, url_for

from models.base import Recorded
from models.contact_log.entries import Page
from models.contact_log.timeline import timeline
from models.contact_log.whom import KINDS, Whom
from models.contacts.interactions import Interaction
from models.contacts.organisations import Organisation
from models.contacts.people import Person, PersonState
from models.followups import planned_contact
from models.places import Place
from webapp.database import city, db, today
from webapp.interactions.forms import RecordForm
from webapp.pages import load
from webapp.people.views import load_person
from webapp.words import _, language

SHOWN = 10  # on the page of the person itself; the whole timeline has a page of its own


def mark() -> str:
    """Below which entry the page begins, from the address."""
    return request.args.get("vor", "")[:40]


def contact_log(kind: str, key: int, limit: int = SHOWN) -> Page:
    """The newest of a timeline, for pages that show it beside other things."""
    return timeline(db(), Whom(kind, key), "", city().time_zone, limit)


def subject_of(kind: str, key: int) -> Recorded:
    """The person, organisation or place of an address, or 404. Who was merged leads to the one that was kept; what was
    typed meanwhile is not lost on the way, but goes there."""
    if kind not in KINDS:
        abort(404)
    if kind == "person":
        return kept_person(key) if request.method == "POST" else load_person(key)
    return load(Organisation, key) if kind == "organisation" else load(Place, key)


def kept_person(key: int) -> Person:
    """Somebody in the list, or who was kept where they were merged meanwhile; 404 for everybody else."""
    person = load(Person, key)
    while person.state is PersonState.MERGED and person.merged_into_id is not None:
        person = load(Person, person.merged_into_id)
    return load_person(person.key)


def record_form(kind: str, key: int, *, is_new: bool = True) -> RecordForm:
    """The form with which something is recorded: of today, the planned contact stays unless it is due. `is_new`: not
    what this request sent."""
    planned = planned_contact(db(), kind, key)
    next_on = planned.due_on if planned is not None and planned.due_on > today() else None
    return RecordForm(**({"formdata": None} if is_new else {}), held_on=today(), next_on=next_on)


def contact_text(row: Recorded) -> str:
    """What the follow-up of the next contact is called."""
    return _("Get in touch with {name}").format(name=row.title(language()))


def about_address(interaction: Interaction) -> str:
    """The page of whom an interaction was with; the list where nobody is left."""
    kind, key = interaction.about()
    room = {"person": "people", "organisation": "organisations", "place": "places"}[kind]
    return url_for(f"{room}.show", key=key) if key else url_for("interactions.index")


def install(room: Any) -> None:
    """What templates of other rooms call."""
    room.add_app_template_global(contact_log, "contact_log")
    room.add_app_template_global(record_form, "record_form")
    room.add_app_template_global(planned_of, "planned_of")


def planned_of(kind: str, key: int) -> Any:
    """The planned next contact, if any."""
    return planned_contact(db(), kind, key)
