"""Pages of people."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for

from models.application.consortium import Partner
from models.contacts.organisations import Organisation, OrganisationKind
from models.contacts.people import Person, PersonState, language_name, place_of
from models.contacts.phones import phone_address, phone_text
from models.contacts.points import points_of_person
from models.contacts.role_changes import as_it_is, begin_role, is_over
from models.contacts.roles import roles_of
from models.contacts.tagging import set_tags, tags_on, used_tags
from models.followups import follow_ups_of, plan_contact, planned_contact
from models.places import Place
from models.privacy.notices import first_contacts, notice_of
from webapp.database import db, today
from webapp.forms import fill, store
from webapp.pages import done, history_page, load, page
from webapp.people.forms import PersonForm
from webapp.words import _, language

room = Blueprint("people", __name__, template_folder="templates")


def load_person(key: int) -> Person:
    """Somebody in the list. Who was merged leads to the one that was kept; nobody who was erased is found here."""
    person = load(Person, key)
    if person.state is PersonState.MERGED and person.merged_into_id is not None:
        known = {**(request.view_args or {}), "key": person.merged_into_id}
        abort(redirect(url_for(str(request.endpoint), **known), code=301))
    if person.state is not PersonState.ACTIVE:
        abort(404)
    return person


def _show(person: Person) -> Any:
    organisation = db().get(Organisation, person.organisation_id) if person.organisation_id else None
    return page(
        "people/show.html",
        person=person,
        organisation=organisation,
        place=place_of(db(), person),
        languages=[language_name(code, language()) for code in _languages(person)],
        phone={"text": phone_text(person.phone), "address": phone_address(person.phone)},
        next_contact=planned_contact(db(), "person", person.key),
        follow_ups=follow_ups_of(db(), "person", person.key),
        points=points_of_person(db(), person.key),
        phone_text=phone_text,
        phone_address=phone_address,
        roles=roles_of(db(), person.key),
        has_left=is_over(person.role_to, today()),
        tags=tags_on(db(), "person", person.key),
        notice=notice_of(person, first_contacts(db(), [person]).get(person.key)),
        today=today(),
    )


def _languages(person: Person) -> list[str]:
    return list(dict.fromkeys([person.language, *person.other_languages.split()]))


@room.get("/kontakte/<int:key>")
def show(key: int) -> Any:
    """One person; of who was erased only that and when."""
    erased = db().get(Person, key)
    if erased is not None and erased.state is PersonState.ERASED:
        return page("people/erased.html", person=erased)
    return _show(load_person(key))


def _contact_text(person: Person) -> str:
    return _("Get in touch with {name}").format(name=person.title(language()))


def _edit_page(form: PersonForm, person: Person | None) -> Any:
    known = [used.tag.name for used in sorted(used_tags(db()), key=lambda used: -used.uses)][:20]
    return page("people/edit.html", form=form, person=person, known_tags=known)


@room.route("/kontakte/neu", methods=["GET", "POST"])
def create() -> Any:
    """Add a person; from the page of an organisation or a city, there."""
    known: dict[str, Any] = {
        "organisation_id": request.args.get("organisation", type=int),
        "place_id": request.args.get("ort", type=int),
        "function": request.args.get("funktion", ""),
    }
    form = PersonForm(source_on=today(), **known)
    if form.validate_on_submit():
        person = Person(added_on=today())
        _take_organisation(form)
        fill(form, person)
        db().add(person)
        db().flush()
        set_tags(db(), "person", person.key, form.tags.names)
        plan_contact(db(), "person", person.key, _contact_text(person), form.next_contact_on.data, today())
        return done(_contact_of_partner(person) or url_for(".show", key=person.key), _("Saved."))
    return _edit_page(form, None)


def _take_organisation(form: PersonForm) -> int | None:
    place = db().get(Place, form.place_id.data) if form.place_id.data else None
    return form.take_optional_organisation(OrganisationKind.OTHER, place)


def _contact_of_partner(person: Person) -> str | None:
    """Who was added as the contact of a partner of the consortium is that at once. Answers the partner's page."""
    key = request.args.get("partner", "")
    partner = db().get(Partner, int(key)) if key.isascii() and key.isdigit() and len(key) < 10 else None
    if partner is None or partner.organisation_id != person.organisation_id:
        return None
    partner.person_id = person.key
    return url_for("consortium.show_partner", key=partner.key)


@room.route("/kontakte/<int:key>/bearbeiten", methods=["GET", "POST"])
def edit(key: int) -> Any:
    """Change a person."""
    person = load_person(key)
    planned = planned_contact(db(), "person", key)
    next_on = planned.due_on if planned else None
    form = PersonForm(person, next_on)
    if form.validate_on_submit() and _saved(form, person, next_on):
        set_tags(db(), "person", key, form.tags.names)
        if form.has_new_contact:
            plan_contact(db(), "person", key, _contact_text(person), form.next_contact_on.data, today())
        return done(url_for(".show", key=key), _("Saved."))
    return _edit_page(form, person)


def _saved(form: PersonForm, person: Person, next_on: date | None) -> bool:
    """Whether the form is in the row; not where a colleague was faster with something else."""
    before, is_new = as_it_is(db(), person), bool(form.new_organisation.data)
    if is_new:
        form.organisation_id.data = person.organisation_id  # until the row is ours
    # A colleague who changed nothing that stands in this form is no conflict: the second store() passes.
    is_ours = store(form, person) or (not form.conflicts_with(next_on) and store(form, person))
    if is_new:
        form.organisation_id.data = None
    if is_ours and is_new:
        person.organisation_id = _take_organisation(form)
    if is_ours and form.has_moved.data:
        begin_role(db(), person, before, form.moved_on.data or today(), None)
    return is_ours


@room.get("/kontakte/<int:key>/verlauf")
def history(key: int) -> Any:
    """Every change of a person."""
    return history_page(load_person(key), url_for(".show", key=key))


from webapp.people import (  # noqa: E402, F401  (they add their pages to the room)
    confirming_views,
    list_views,
    point_views,
    role_views,
    tag_views,
)
