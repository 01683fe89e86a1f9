"""Pages of people."""

from typing import Any

from flask import Blueprint, redirect, request, url_for

from models.application.consortium import Partner
from models.contacts.organisations import Organisation
from models.contacts.people import Person, language_name
from models.contacts.phones import phone_address, phone_text
from models.contacts.talks import NoteFullError, Talk, record_talk
from models.followups import follow_ups_of, plan_contact, planned_contact
from models.places import Place
from webapp.access import officer
from webapp.database import db, today
from webapp.forms import fill, store
from webapp.pages import delete_page, done, history_page, load, page
from webapp.people.forms import PersonForm, TalkForm
from webapp.words import _, language

room = Blueprint("people", __name__, template_folder="templates")


def _show(person: Person, form: TalkForm) -> Any:
    return page(
        "people/show.html",
        person=person,
        form=form,
        organisation=db().get(Organisation, person.organisation_id) if person.organisation_id else None,
        place=db().get(Place, person.place_id) if person.place_id else None,
        language_word=language_name(person.language, language()),
        phone={"text": phone_text(person.phone), "address": phone_address(person.phone)},
        next_contact=planned_contact(db(), "person", person.key),
        follow_ups=follow_ups_of(db(), "person", person.key),
        today=today(),
    )


@room.get("/kontakte/<int:key>")
def show(key: int) -> Any:
    """One person, with a small form for a talk."""
    person, planned = load(Person, key), planned_contact(db(), "person", key)
    next_on = planned.due_on if planned and planned.due_on > today() else None
    return _show(person, TalkForm(held_on=today(), next_on=next_on))


@room.route("/kontakte/<int:key>/gespraech", methods=["GET", "POST"])
def record(key: int) -> Any:
    """Record a talk; whoever opens the address again comes to the person."""
    person, form = load(Person, key), TalkForm()
    if request.method == "GET":
        return redirect(url_for(".show", key=key))
    if form.validate_on_submit():
        said, what = form.said.data, _contact_text(person)
        try:
            record_talk(db(), person, Talk(form.held_on.data, officer().name, said, form.next_on.data, what))
            return done(url_for(".show", key=key), _("The talk is recorded."))
        except NoteFullError:
            form.said.errors = [_("The note of this person is full. Please shorten it first.")]
    return _show(person, form)


def _contact_text(person: Person) -> str:
    return _("Get in touch with {name}").format(name=person.title(language()))


@room.route("/kontakte/neu", methods=["GET", "POST"])
def create() -> Any:
    """Add a person; from the page of an organisation or a city, there."""
    known: dict[str, Any] = {
        "organisation_id": request.args.get("organisation", type=int),
        "place_id": request.args.get("ort", type=int),
    }
    form = PersonForm(source_on=today(), **known)
    if form.validate_on_submit():
        person = Person()
        fill(form, person)
        db().add(person)
        db().flush()
        plan_contact(db(), "person", person.key, _contact_text(person), form.next_contact_on.data, today())
        return done(_contact_of_partner(person) or url_for(".show", key=person.key), _("Saved."))
    return page("people/edit.html", form=form, person=None)


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
    person = load(Person, key)
    planned = planned_contact(db(), "person", key)
    next_on = planned.due_on if planned else None
    form = PersonForm(person, next_on)
    # A colleague who changed nothing that stands in this form is no conflict: the second store() passes.
    if form.validate_on_submit() and (
        store(form, person) or (not form.conflicts_with(next_on) and store(form, person))
    ):
        if form.has_new_contact:
            plan_contact(db(), "person", key, _contact_text(person), form.next_contact_on.data, today())
        return done(url_for(".show", key=key), _("Saved."))
    return page("people/edit.html", form=form, person=person)


@room.route("/kontakte/<int:key>/loeschen", methods=["GET", "POST"])
def delete(key: int) -> Any:
    """Delete a person, with the follow-ups on her."""
    return delete_page(load(Person, key), url_for(".show", key=key), url_for(".index"))


@room.get("/kontakte/<int:key>/verlauf")
def history(key: int) -> Any:
    """Every change of a person."""
    return history_page(load(Person, key), url_for(".show", key=key))


from webapp.people import list_views  # noqa: E402, F401  (it adds its pages to the room)
