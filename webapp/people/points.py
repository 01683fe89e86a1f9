"""A further address or number of a person or an organisation: one form, the same pages in both rooms."""

import re
from typing import Any

from flask import abort, request, url_for
from wtforms import Field, validators

from models.base import LINE, NAME, URL
from models.contacts.organisations import Organisation
from models.contacts.people import Person
from models.contacts.points import ContactPoint, PointKind, points_of_organisation, points_of_person
from webapp.database import db
from webapp.forms import BaseForm, LongTextField, TextField, choice_field, email_check, fill, store
from webapp.pages import delete_page, done, page
from webapp.people.fields import phone_check
from webapp.words import L_, _

Owner = Person | Organisation


class PointForm(BaseForm):
    """What kind, what it is called, and the address or number."""

    kind = choice_field(L_("Kind"), PointKind, default=PointKind.EMAIL)
    value = LongTextField(L_("Address or number"), URL)
    label = TextField(L_("Label"), NAME)

    def validate_value(self, field: Field) -> None:
        """As its kind asks for; only a postal address has several lines."""
        if not field.data:
            raise validators.ValidationError(_("Please write the address or number."))
        kind = self.kind.data
        if kind is not PointKind.POSTAL:
            field.data = " ".join(field.data.split())
        if kind is PointKind.EMAIL:
            email_check(self, field)
        elif kind is PointKind.PHONE:
            phone_check(self, field)
        elif kind is PointKind.WEB and not re.match(r"https?://[^\s/]+[^\s]*$", field.data):
            raise validators.ValidationError(_("A web address begins with https:// or http://."))
        elif kind is PointKind.POSTAL and len(field.data) > LINE:
            raise validators.ValidationError(_("At most {n} characters, please.").format(n=LINE))


def _room(owner: Owner) -> str:
    return "people" if isinstance(owner, Person) else "organisations"


def _back(owner: Owner) -> str:
    return url_for(f"{_room(owner)}.show", key=owner.key)


def owned_point(owner: Owner, key: int) -> ContactPoint:
    """The address or number of just this owner, or 404."""
    found = db().get(ContactPoint, key)
    if found is None or owner.key != (found.person_id if _room(owner) == "people" else found.organisation_id):
        abort(404)
    return found


def add_point_page(owner: Owner) -> Any:
    """Add one, at the end."""
    kind = next((k for k in PointKind if k.value == request.args.get("art")), PointKind.EMAIL)
    form = PointForm(kind=kind)
    if form.validate_on_submit():
        known = (points_of_person if _room(owner) == "people" else points_of_organisation)(db(), owner.key)
        point = ContactPoint(
            kind=kind,
            person_id=owner.key if isinstance(owner, Person) else None,
            organisation_id=owner.key if isinstance(owner, Organisation) else None,
            position=max((one.position for one in known), default=-1) + 1,
        )
        fill(form, point)
        db().add(point)
        return done(_back(owner), _("Saved."))
    return page("people/point.html", form=form, owner=owner, point=None, back=_back(owner), delete="")


def edit_point_page(owner: Owner, key: int) -> Any:
    """Change one."""
    point = owned_point(owner, key)
    form = PointForm(obj=point)
    if form.validate_on_submit() and store(form, point):
        return done(_back(owner), _("Saved."))
    delete = url_for(f"{_room(owner)}.delete_point", key=owner.key, point=key)
    return page("people/point.html", form=form, owner=owner, point=point, back=_back(owner), delete=delete)


def delete_point_page(owner: Owner, key: int) -> Any:
    """Delete one; the person is no longer found by it."""
    back = url_for(f"{_room(owner)}.edit_point", key=owner.key, point=key)
    return delete_page(owned_point(owner, key), back, _back(owner))
