"""Pages of cities and regions."""

from typing import Any

from flask import Blueprint, abort, request, url_for

from models.conferences.hosting import hosted_in
from models.contacts.organisations import organisations_in
from models.contacts.people import Person, PersonState, make_first_contact, people_in, place_of
from models.folding import fold
from models.place_growth import growth as growth_of
from models.place_list.columns import header, list_rows
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
from webapp.filters import country
from webapp.forms import fill, store
from webapp.pages import csv_file, delete_page, done, history_page, load, page, query
from webapp.places.chart import draw_chart
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
    drawn, outline = draw_map(found, section), f"vendor/{section.outline}.svg"
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
        map=drawn,
        looks=looks(drawn.markers),
        outline=url_for("static", filename=outline, v=version(outline)) if version(outline) else "",
        section=request.args.get("ausschnitt") if section.key == request.args.get("ausschnitt") else None,
        members_here={"mitgliedschaft": Membership.MEMBER.value, "land": HOME_COUNTRY},
    )


@room.get("/staedte.csv")
def csv() -> Any:
    """The list as a table; /staedte/einfuhr reads it back without loss."""
    found = places(db(), query(), *_chosen())
    return csv_file("staedte", header(language()), list_rows(found, language()))


@room.get("/staedte/entwicklung")
def growth() -> Any:
    """How the network grew, as a small picture and a table of numbers."""
    found = growth_of(places(db()))
    return page("places/growth.html", growth=found, chart=draw_chart(found))


@room.get("/staedte/<int:key>")
def show(key: int) -> Any:
    """One place, its organisations and people, and the conferences that it hosted."""
    place = load(Place, key)
    organisations = organisations_in(db(), place)
    people = people_in(db(), key, [organisation.key for organisation in organisations])
    return page(
        "places/show.html",
        place=place,
        organisations=organisations,
        people=sorted(people, key=lambda person: not person.is_first_contact),
        organisation_names={organisation.key: organisation.name for organisation in organisations},
        conferences=hosted_in(db(), place),
    )


@room.post("/staedte/<int:key>/erste-ansprechperson")
def choose_first_contact(key: int) -> Any:
    """Pin the person who is asked first; there is one in each place."""
    place, sent = load(Place, key), request.form.get("person", "")
    person = db().get(Person, int(sent)) if sent.isascii() and sent.isdigit() and len(sent) < 10 else None
    if person is None or person.state is not PersonState.ACTIVE:
        abort(404)
    found = place_of(db(), person)
    if found is None or found.key != place.key:
        abort(404)
    make_first_contact(db(), person)
    return done(
        url_for(".show", key=key), _("{name} is now asked first.").format(name=person.title(language()))
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


from webapp.places import import_views  # noqa: E402, F401  (adds its pages to the room)
