"""Pages of cities and regions."""

from typing import Any

from flask import Blueprint, request, url_for

from models.contacts.organisations import organisations_in
from models.contacts.people import people_in
from models.folding import fold
from models.places import (
    HOME_COUNTRY,
    Membership,
    Place,
    PlaceType,
    count_places,
    free_slug,
    place_countries,
    places,
)
from webapp.database import db, today
from webapp.filters import country, label
from webapp.forms import fill, store
from webapp.pages import csv_file, delete_page, done, history_page, load, page, query
from webapp.places.forms import PlaceForm
from webapp.places.map_words import looks, marker_name, short_source
from webapp.places.world_map import draw_map, section_for
from webapp.stylesheets import version
from webapp.words import _, language

room = Blueprint("places", __name__, template_folder="templates")
room.add_app_template_filter(marker_name, "marker_name")
room.add_app_template_filter(short_source, "short_source")
room.add_app_template_filter(lambda kept, **other: {**kept, **other}, "combined")


def _chosen() -> tuple[Membership | None, PlaceType | None, str]:
    """The filters of the address; what is no membership, type or country filters nothing."""
    membership, type_ = request.args.get("mitgliedschaft"), request.args.get("art")
    code = request.args.get("land", "")
    return (
        next((m for m in Membership if m.value == membership), None),
        next((t for t in PlaceType if t.value == type_), None),
        code if code in place_countries(db()) else "",
    )


@room.get("/staedte")
def index() -> Any:
    """The list, with its numbers."""
    membership, type_, code = _chosen()
    found = places(db(), query(), membership, type_, code)
    kept = {
        "suche": query() or None,
        "mitgliedschaft": membership.value if membership else None,
        "art": type_.value if type_ else None,
        "land": code or None,
    }
    section = section_for(found, request.args.get("ausschnitt", ""))
    outline = f"vendor/{section.outline}.svg"
    return page(
        "places/index.html",
        places=found,
        counts=count_places(found),
        query=query(),
        memberships=list(Membership),
        membership=membership,
        types=list(PlaceType),
        type=type_,
        countries=sorted(place_countries(db()), key=lambda code: fold(country(code))),
        country_code=code,
        kept=kept,
        is_narrowed=any(kept.values()),
        map=draw_map(found, section),
        looks=looks(),
        outline=url_for("static", filename=outline, v=version(outline)) if version(outline) else "",
        section=request.args.get("ausschnitt") if section.key == request.args.get("ausschnitt") else None,
        members_here={"mitgliedschaft": Membership.MEMBER.value, "land": HOME_COUNTRY},
    )


def _degrees(value: float | None) -> str:
    """As Excel reads decimals in this language."""
    return "" if value is None else str(value).replace(".", "," if language() == "de" else ".")


@room.get("/staedte.csv")
def csv() -> Any:
    """The list as a table."""
    header = (
        _("Name"), _("Type"), _("Country"), _("Membership"), _("Activity"), _("State as of"), _("Joined in"),
        _("Year according to another source"), _("Occasion of joining"), _("Website"), _("Partners"), _("Source"),
        _("How sure this is"), _("Note"), _("Latitude"), _("Longitude"),
    )  # fmt: skip
    rows = [
        (
            place.name, label(place.type), country(place.country_code), label(place.membership),
            label(place.activity), place.state_as_of(language()), place.joined_year, place.joined_year_alt,
            place.joined_event, place.website, place.partners, place.source, label(place.certainty),
            place.note(language()), _degrees(place.lat), _degrees(place.lon),
        )
        for place in places(db(), query(), *_chosen())
    ]  # fmt: skip
    return csv_file("staedte", header, rows)


@room.get("/staedte/<int:key>")
def show(key: int) -> Any:
    """One place, its organisations and people."""
    place = load(Place, key)
    organisations = organisations_in(db(), place)
    return page(
        "places/show.html",
        place=place,
        organisations=organisations,
        people=people_in(db(), key, [organisation.key for organisation in organisations]),
        organisation_names={organisation.key: organisation.name for organisation in organisations},
    )


@room.route("/staedte/neu", methods=["GET", "POST"])
def create() -> Any:
    """Add a place."""
    form = PlaceForm(as_of=f"{today():%Y-%m}")
    if form.validate_on_submit():
        place = Place(slug=free_slug(db(), form.name.data))
        fill(form, place)
        db().add(place)
        db().flush()
        return done(url_for(".show", key=place.key), _("Saved."))
    return page("places/edit.html", form=form, place=None)


@room.route("/staedte/<int:key>/bearbeiten", methods=["GET", "POST"])
def edit(key: int) -> Any:
    """Change a place."""
    place = load(Place, key)
    form = PlaceForm(obj=place)
    if form.validate_on_submit() and store(form, place):
        return done(url_for(".show", key=key), _("Saved."))
    return page("places/edit.html", form=form, place=place)


@room.route("/staedte/<int:key>/loeschen", methods=["GET", "POST"])
def delete(key: int) -> Any:
    """Delete a place; its people and organisations stay."""
    return delete_page(load(Place, key), url_for(".show", key=key), url_for(".index"))


@room.get("/staedte/<int:key>/verlauf")
def history(key: int) -> Any:
    """Every change of a place."""
    return history_page(load(Place, key), url_for(".show", key=key))
