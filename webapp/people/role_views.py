"""Pages of what a person does and did: another function, the end of one, further and former ones."""

from typing import Any

from flask import abort, url_for
from wtforms import BooleanField, validators

from models.base import ADDRESS, CODE, LINE, NAME
from models.contacts.organisations import OrganisationKind
from models.contacts.people import Person, place_of
from models.contacts.role_changes import as_it_is, begin_role, end_role
from models.contacts.roles import PersonRole
from models.database import check_version
from models.places import Place
from webapp.database import db, today
from webapp.forms import BaseForm, DayField, TextField, email_check, fill, store
from webapp.organisations.choosing import OrganisationChoice
from webapp.organisations.forms import place_field
from webapp.pages import delete_page, done, page
from webapp.people.fields import order_check, past_check, phone_check
from webapp.people.views import load_person, room
from webapp.words import L_, _, language


class NewRoleForm(OrganisationChoice):
    """Another function: what, where, since when, and how to reach the person there."""

    needs_organisation = False

    function = TextField(L_("Function"), NAME)
    place_id = place_field()
    role_from = DayField(L_("Since when"), required=True)
    ended_on = DayField(L_("Last day of the former function"))
    email = TextField(L_("E-mail"), ADDRESS, checks=[email_check])
    phone = TextField(L_("Phone"), CODE, checks=[phone_check])

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field's own rules; and something must be new."""
        if not super().validate(extra_validators):
            return False
        if not (self.function.data or self.organisation_id.data or self.new_organisation.data):
            self.function.errors = [_("Please name the function or the organisation.")]
        return not self.function.errors

    def validate_ended_on(self, field: Any) -> None:
        if self.role_from.data and field.data and field.data > self.role_from.data:
            raise validators.ValidationError(_("This lies after the first day of the new function."))


class RoleForm(OrganisationChoice):
    """A further or former function."""

    needs_organisation = False

    function = TextField(L_("Function"), NAME, required=True)
    role_from = DayField(L_("Since when"))
    role_to = DayField(L_("Until when"))
    note = TextField(L_("Note"), LINE)

    def validate_role_to(self, field: Any) -> None:
        order_check(self.role_from, field)


class LeavingForm(BaseForm):
    """A function ends."""

    ended_on = DayField(L_("Last day in this function"), required=True, checks=[past_check])
    has_successor = BooleanField(L_("Then enter who follows"))


@room.route("/kontakte/<int:key>/neue-aufgabe", methods=["GET", "POST"])
def change_role(key: int) -> Any:
    """The person does something else from a day on; the function until now is kept among the former ones."""
    person = load_person(key)
    form = NewRoleForm(
        role_from=today(), email=person.email, phone=person.phone, place_id=person.place_id,
        version=str(person.version),
    )  # fmt: skip
    if form.validate_on_submit():
        before, chosen = as_it_is(db(), person), form.organisation_id.data
        if form.new_organisation.data:
            form.organisation_id.data = person.organisation_id
        if store(form, person):
            form.organisation_id.data = chosen
            place = db().get(Place, form.place_id.data) if form.place_id.data else None
            person.organisation_id = form.take_optional_organisation(OrganisationKind.OTHER, place)
            begin_role(db(), person, before, form.role_from.data, form.ended_on.data)
            return done(url_for(".show", key=key), _("Saved."))
        form.organisation_id.data = chosen
    return page("people/new_role.html", form=form, person=person)


@room.route("/kontakte/<int:key>/nicht-mehr-im-amt", methods=["GET", "POST"])
def leave(key: int) -> Any:
    """The function ended. The contact stays; who follows can be entered at once, with function and city known."""
    person = load_person(key)
    form = LeavingForm(ended_on=today())
    if form.validate_on_submit() and _is_in_order(form, person):
        check_version(db(), person, person.version)
        end_role(db(), person, form.ended_on.data)
        then = url_for(".show", key=key)
        if form.has_successor.data:
            place = place_of(db(), person)
            then = url_for(
                ".create", organisation=person.organisation_id, funktion=person.function or None,
                ort=place.key if place else None,
            )  # fmt: skip
        said = _("It is noted that {name} is no longer in this function.").format(
            name=person.title(language())
        )
        return done(then, said)
    return page("people/leave.html", form=form, person=person)


def _is_in_order(form: LeavingForm, person: Person) -> bool:
    if person.role_from is None or form.ended_on.data >= person.role_from:
        return True
    form.ended_on.errors = [_("This lies before the first day.")]
    return False


def _load_role(key: int, role: int) -> tuple[Person, PersonRole]:
    person, found = load_person(key), db().get(PersonRole, role)
    if found is None or found.person_id != person.key:
        abort(404)
    return person, found


@room.route("/kontakte/<int:key>/aufgaben/neu", methods=["GET", "POST"])
def add_role(key: int) -> Any:
    """Add a further or former function."""
    person, form = load_person(key), RoleForm()
    if form.validate_on_submit():
        role = PersonRole(person_id=person.key)
        form.organisation_id.data = form.take_optional_organisation(OrganisationKind.OTHER)
        fill(form, role)
        db().add(role)
        return done(url_for(".show", key=key) + "#aufgaben", _("Saved."))
    return page("people/role.html", form=form, person=person, role=None)


@room.route("/kontakte/<int:key>/aufgaben/<int:role>", methods=["GET", "POST"])
def edit_role(key: int, role: int) -> Any:
    """Change a further or former function."""
    person, found = _load_role(key, role)
    form = RoleForm(obj=found)
    form.known_organisation_id = found.organisation_id
    if form.validate_on_submit():
        chosen = form.organisation_id.data
        if form.new_organisation.data:
            form.organisation_id.data = found.organisation_id
        if store(form, found):
            form.organisation_id.data = chosen
            found.organisation_id = form.take_optional_organisation(OrganisationKind.OTHER)
            return done(url_for(".show", key=key) + "#aufgaben", _("Saved."))
        form.organisation_id.data = chosen
    return page("people/role.html", form=form, person=person, role=found)


@room.route("/kontakte/<int:key>/aufgaben/<int:role>/loeschen", methods=["GET", "POST"])
def delete_role(key: int, role: int) -> Any:
    """Delete a further or former function."""
    _person, found = _load_role(key, role)
    then = url_for(".show", key=key)
    return delete_page(found, url_for(".edit_role", key=key, role=role), then)
