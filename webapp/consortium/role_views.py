"""Pages of the consortium's roles: what they are called, how many partners each needs, their order."""

from typing import Any

from flask import url_for

from models.application.consortium import (
    ConsortiumRole,
    add_role,
    consortium_condition,
    consortium_roles,
    move_up,
)
from models.application.phases import the_application
from webapp.consortium.forms import RoleForm
from webapp.consortium.views import room
from webapp.database import db, today
from webapp.forms import fill, store
from webapp.pages import delete_page, done, history_page, load, page
from webapp.words import _


@room.get("/beitritt/buendnis/rollen")
def roles() -> Any:
    """All roles, and how many partners and actors are needed at least."""
    application = the_application(db())
    return page(
        "consortium/roles.html",
        roles=consortium_roles(db(), application.key),
        application=application,
        condition=consortium_condition(db(), today()),
    )


@room.route("/beitritt/buendnis/rollen/neu", methods=["GET", "POST"])
def create_role() -> Any:
    """Add a role of one's own."""
    form = RoleForm(data={"needed": 1})
    if form.validate_on_submit():
        role = ConsortiumRole(application_id=0)
        fill(form, role)
        add_role(db(), the_application(db()).key, role)
        return done(url_for(".roles"), _("Saved."))
    return page("consortium/edit_role.html", form=form, role=None)


@room.route("/beitritt/buendnis/rollen/<int:key>/bearbeiten", methods=["GET", "POST"])
def edit_role(key: int) -> Any:
    """Change a role."""
    role = load(ConsortiumRole, key)
    form = RoleForm(obj=role)
    if form.validate_on_submit() and store(form, role):
        return done(url_for(".roles"), _("Saved."))
    return page("consortium/edit_role.html", form=form, role=role)


@room.post("/beitritt/buendnis/rollen/<int:key>/nach-oben")
def move_role(key: int) -> Any:
    """One place towards the top."""
    move_up(db(), load(ConsortiumRole, key))
    return done(url_for(".roles"), _("Saved."))


@room.route("/beitritt/buendnis/rollen/<int:key>/loeschen", methods=["GET", "POST"])
def delete_role(key: int) -> Any:
    """Delete a role that no partner has or had."""
    return delete_page(load(ConsortiumRole, key), url_for(".roles"), url_for(".roles"))


@room.get("/beitritt/buendnis/rollen/<int:key>/verlauf")
def role_history(key: int) -> Any:
    """Every change of a role."""
    return history_page(load(ConsortiumRole, key), url_for(".roles"))
