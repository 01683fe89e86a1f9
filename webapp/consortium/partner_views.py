"""Pages of one partner of the consortium."""

from typing import Any

from flask import request, url_for

from models.application.conditions import conditions
from models.application.consortium import ConsortiumRole, Partner
from models.application.declarations import declared
from models.application.phases import the_application
from models.contacts.organisations import OrganisationKind
from webapp.consortium.forms import LeavingForm, NewPartnerForm, PartnerForm
from webapp.consortium.standing import Standing, standings
from webapp.consortium.views import room
from webapp.database import db, today
from webapp.forms import fill, store
from webapp.pages import delete_page, done, history_page, load, page
from webapp.reasons import note_reason
from webapp.words import _

# A new organisation's kind, by the role that it takes.
_KINDS = {
    "lab": OrganisationKind.LAB, "city": OrganisationKind.CITY_OFFICE, "university": OrganisationKind.UNIVERSITY,
    "community": OrganisationKind.ASSOCIATION,
}  # fmt: skip


def _standing(key: int) -> Standing:
    partner = load(Partner, key)
    return next(one for one in standings(partner.organisation_id) if one.row.partner.key == key)


@room.route("/beitritt/buendnis/partner/neu", methods=["GET", "POST"])
def create_partner() -> Any:
    """Add a partner; from the page of an organisation, that one."""
    known = {"organisation_id": request.args.get("organisation", type=int)}
    form = NewPartnerForm(data={**known, "role_id": request.args.get("rolle", type=int)})
    del form.person_id, form.left_on
    if form.validate_on_submit():
        chosen = form.organisation_id.data
        if chosen is None or form.is_new_role(chosen):
            return done(url_for(".show_partner", key=_add(form)), _("The partner is entered."))
    return page("consortium/edit_partner.html", form=form, standing=None)


def _add(form: NewPartnerForm) -> int:
    role = load(ConsortiumRole, form.role_id.data)
    partner = Partner(application_id=the_application(db()).key, organisation_id=0, role_id=role.key)
    fill(form, partner)
    partner.organisation_id = form.take_organisation(_KINDS.get(role.code, OrganisationKind.OTHER))
    db().add(partner)
    db().flush()
    return partner.key


@room.get("/beitritt/buendnis/partner/<int:key>")
def show_partner(key: int) -> Any:
    """One partner: who, in which role, what it has declared, what is missing."""
    standing = _standing(key)
    return page(
        "consortium/partner.html",
        standing=standing,
        row=standing.row,
        declarations=declared(db(), standing.row.organisation.key),
        conditions=conditions(db(), today()),
        today=today(),
    )


@room.route("/beitritt/buendnis/partner/<int:key>/bearbeiten", methods=["GET", "POST"])
def edit_partner(key: int) -> Any:
    """Change a partner. Another organisation is another partner."""
    standing = _standing(key)
    partner = standing.row.partner
    form = PartnerForm(obj=partner)
    form.choose_people(standing.row)
    if (
        form.validate_on_submit()
        and (form.left_on.data or form.is_new_role(partner.organisation_id, key))
        and store(form, partner)
    ):
        return done(url_for(".show_partner", key=key), _("Saved."))
    return page("consortium/edit_partner.html", form=form, standing=standing)


@room.route("/beitritt/buendnis/partner/<int:key>/ausscheiden", methods=["GET", "POST"])
def leave_partner(key: int) -> Any:
    """A partner leaves the consortium; the row stays and says until when it took part."""
    standing = _standing(key)
    partner = standing.row.partner
    form = LeavingForm(partner.joined_on, obj=partner)
    if form.left_on.data is None and not form.is_submitted():
        form.left_on.data = today()
    if form.validate_on_submit():
        note_reason(form.reason.data)
        if store(form, partner):
            return done(url_for(".show_partner", key=key), _("Saved."))
    return page("consortium/leave.html", form=form, standing=standing)


@room.route("/beitritt/buendnis/partner/<int:key>/loeschen", methods=["GET", "POST"])
def delete_partner(key: int) -> Any:
    """Delete a partner that was entered by mistake; its organisation and declarations stay."""
    return delete_page(load(Partner, key), url_for(".show_partner", key=key), url_for(".show"))


@room.get("/beitritt/buendnis/partner/<int:key>/verlauf")
def partner_history(key: int) -> Any:
    """Every change of a partner."""
    return history_page(load(Partner, key), url_for(".show_partner", key=key))
