"""Pages of the city's profile and its city.json."""

import io
from typing import Any

from flask import Blueprint, request, send_file, url_for

from models.application.city_export import CityExport, city_export, home_place
from models.application.city_profile import (
    DATED,
    CityProfile,
    ProfileKind,
    begun_profile,
    is_stale,
    profile_entries,
    the_profile,
)
from models.application.duties import CITY_DATA, open_duty
from models.documents.city_faults import advice, faults
from models.documents.city_json import MOST_NUMBERS, city_bytes, city_document
from models.followups import finish
from models.language import known_language
from webapp.city_profile.checking import Found, mended_at
from webapp.city_profile.forms import ProfileForm
from webapp.database import db, today
from webapp.filters import day
from webapp.forms import fill, store
from webapp.pages import done, history_page, page
from webapp.words import _, language

room = Blueprint("city_profile", __name__, template_folder="templates")

# A section of the page for each kind, and the word for it in addresses.
KINDS = {
    ProfileKind.SNAPSHOT: "kennzahl",
    ProfileKind.PROJECT: "projekt",
    ProfileKind.NEWS: "meldung",
    ProfileKind.EVENT: "termin",
}


# The network's own check: paste the file there. Named in the template's README, August 2026.
NETWORK_CHECK = "https://fabcity.github.io/city-site-template/validate.html"


def _checked(export: CityExport) -> tuple[list[Found], list[Found]]:
    """Faults and advice, each in words with the page on which it is mended."""
    document, profile_page = city_document(export.page), url_for(".edit")
    wrong = [Found(f.words(_), mended_at(export, f.section, f.number, f.field)) for f in faults(document)]
    advised = [Found(_(a.said), mended_at(export, a.section)) for a in advice(document, today())]
    return wrong, [found if found.address else Found(found.words, profile_page) for found in advised]


def _shown() -> tuple[str, int]:
    export, profile = city_export(db(), language(), today()), the_profile(db())
    wrong, advised = _checked(export)
    return page(
        "city_profile/show.html",
        export=export,
        profile=profile,
        entries=profile_entries(db()),
        kinds=KINDS,
        dated=DATED,
        most_numbers=MOST_NUMBERS,
        checker=NETWORK_CHECK,
        is_stale=is_stale(profile, today()),
        faults=wrong,
        advice=advised,
    )


@room.get("/beitritt/stadtprofil")
def show() -> Any:
    """What the network would show of the city, whether it may go out, and when it was last found right."""
    return _shown()


@room.get("/beitritt/stadtprofil/city.json")
def download() -> Any:
    """The file for the network, in German or with `?sprache=en` in English; with faults it is refused with the list."""
    wanted = known_language(request.args.get("sprache") or language())
    document = city_document(city_export(db(), wanted, today()).page)
    if faults(document):
        return _shown()[0], 422
    return send_file(
        io.BytesIO(city_bytes(document)),
        mimetype="application/json",
        as_attachment=True,
        download_name="city.json",
    )


@room.route("/beitritt/stadtprofil/bearbeiten", methods=["GET", "POST"])
def edit() -> Any:
    """Change what the city says about itself; the first time begins the profile."""
    profile, place = the_profile(db()), home_place(db())
    form = ProfileForm(obj=profile)
    if form.validate_on_submit():
        if profile is None:
            fill(form, begun_profile(db()))
            return done(url_for(".show"), _("Saved."))
        if store(form, profile):
            return done(url_for(".show"), _("Saved."))
    return page("city_profile/edit.html", form=form, place=place)


@room.post("/beitritt/stadtprofil/bestaetigt")
def confirm() -> Any:
    """Everything was looked at today and is still true. The duty to look at it is thereby done."""
    profile: CityProfile = begun_profile(db())
    duty = open_duty(db(), CITY_DATA, today()) if profile.confirmed_on != today() else None
    profile.confirmed_on = today()
    following = finish(db(), duty, today()) if duty is not None else None
    said = _("Confirmed today.")
    if following is not None:
        said = _("Confirmed today. The next check is on {day}.").format(day=day(following.due_on))
    return done(url_for(".show"), said)


@room.get("/beitritt/stadtprofil/verlauf")
def history() -> Any:
    """Every change of what the city says about itself."""
    profile = the_profile(db())
    if profile is None:
        return _shown()
    return history_page(profile, url_for(".show"))


from webapp.city_profile import entry_views  # noqa: E402, F401  (the same room's other pages)
