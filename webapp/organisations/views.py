"""Pages of organisations."""

from typing import Any

from flask import Blueprint, request, url_for

from models.application.declarations import declared
from models.contacts.organisations import (
    Organisation,
    OrganisationKind,
    organisation_countries,
    organisations,
)
from models.contacts.phones import phone_address, phone_text
from models.contacts.points import points_of_organisation
from models.contacts.role_changes import members
from models.contacts.tagging import set_tags, used_tags
from models.contacts.tags import tag_names
from models.folding import fold
from models.places import Place, places
from webapp.consortium.standing import standings
from webapp.database import db, today
from webapp.filters import country, label
from webapp.forms import fill, store
from webapp.organisations.forms import OrganisationForm
from webapp.pages import csv_file, delete_page, done, history_page, load, page, query
from webapp.words import _, language

room = Blueprint("organisations", __name__, template_folder="templates")

# The starter data call the organisations that the motion names like this, in `role_de`.
DRIVING = "Treibende Kraft"


def _chosen() -> tuple[OrganisationKind | None, str]:
    """The filters of the address; what is no kind or country filters nothing."""
    kind, code = request.args.get("art"), request.args.get("land", "")
    chosen = next((k for k in OrganisationKind if k.value == kind), None)
    return chosen, code if code in organisation_countries(db()) else ""


def _found() -> list[Organisation]:
    return organisations(db(), query(), *_chosen(), with_address=_with_address())


def _with_address() -> bool:
    return request.args.get("adresse") == "ja"


@room.get("/organisationen")
def index() -> Any:
    """The list."""
    kind, code = _chosen()
    kept = {
        "suche": query() or None,
        "art": kind.value if kind else None,
        "land": code or None,
        "adresse": "ja" if _with_address() else None,
    }
    return page(
        "organisations/index.html",
        organisations=_found(),
        query=query(),
        kinds=list(OrganisationKind),
        kind=kind,
        countries=sorted(organisation_countries(db()), key=lambda c: fold(country(c))),
        country_code=code,
        with_address=_with_address(),
        driving=DRIVING,
        kept=kept,
        is_narrowed=any(kept.values()),
    )


@room.get("/organisationen.csv")
def csv() -> Any:
    """The list as a table."""
    header = (
        _("Name"), _("Kind"), _("Role"), _("City"), _("Country"), _("Functional e-mail address"), _("Website"),
        _("Source"),
    )  # fmt: skip
    rows = [
        (
            row.name, label(row.kind), row.role(language()), row.city, country(row.country_code), row.email,
            row.website, row.source,
        )
        for row in _found()
    ]  # fmt: skip
    return csv_file("organisationen", header, rows)


@room.get("/organisationen/<int:key>")
def show(key: int) -> Any:
    """One organisation: how it is reached, who is and was there, what was said."""
    organisation = load(Organisation, key)
    present, former = members(db(), key, today())
    return page(
        "organisations/show.html",
        organisation=organisation,
        place=db().get(Place, organisation.place_id) if organisation.place_id else None,
        present=present,
        former=former,
        points=points_of_organisation(db(), key),
        phone_text=phone_text,
        phone_address=phone_address,
        tags=tag_names(db(), "organisation", key),
        standings=standings(key),
        declarations=declared(db(), key),
    )


@room.route("/organisationen/neu", methods=["GET", "POST"])
def create() -> Any:
    """Add an organisation; from a city's page, in that city."""
    place = next((place for place in places(db()) if str(place.key) == request.args.get("ort")), None)
    known = {"place_id": place.key, "city": place.name, "country_code": place.country_code} if place else {}
    form = OrganisationForm(data=known)
    if form.validate_on_submit():
        organisation = Organisation()
        fill(form, organisation)
        db().add(organisation)
        db().flush()
        set_tags(db(), "organisation", organisation.key, form.tags.names)
        return done(url_for(".show", key=organisation.key), _("Saved."))
    return _edit_page(form, None)


def _edit_page(form: OrganisationForm, organisation: Organisation | None) -> Any:
    known = [used.tag.name for used in sorted(used_tags(db()), key=lambda used: -used.uses)][:20]
    return page("organisations/edit.html", form=form, organisation=organisation, known_tags=known)


@room.route("/organisationen/<int:key>/bearbeiten", methods=["GET", "POST"])
def edit(key: int) -> Any:
    """Change an organisation."""
    organisation = load(Organisation, key)
    form = OrganisationForm(organisation)
    if form.validate_on_submit() and store(form, organisation):
        set_tags(db(), "organisation", key, form.tags.names)
        return done(url_for(".show", key=key), _("Saved."))
    return _edit_page(form, organisation)


@room.route("/organisationen/<int:key>/loeschen", methods=["GET", "POST"])
def delete(key: int) -> Any:
    """Delete an organisation; its people stay."""
    return delete_page(load(Organisation, key), url_for(".show", key=key), url_for(".index"))


@room.get("/organisationen/<int:key>/verlauf")
def history(key: int) -> Any:
    """Every change of an organisation."""
    return history_page(load(Organisation, key), url_for(".show", key=key))


from webapp.organisations import point_views  # noqa: E402, F401  (it adds its pages to the room)
