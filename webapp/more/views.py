"""The page "More" and the settings of the city."""

from typing import Any

from flask import Blueprint, url_for

from models.privacy.authority import authority_of
from webapp.database import city
from webapp.forms import store
from webapp.more.forms import CityForm
from webapp.pages import done, history_page, page
from webapp.words import _

room = Blueprint("more", __name__, template_folder="templates")


@room.get("/mehr")
def index() -> Any:
    """Where to find what is needed seldom."""
    return page("more/index.html")


@room.route("/mehr/stadt", methods=["GET", "POST"])
def edit_city() -> Any:
    """Change the city's settings."""
    form = CityForm(obj=city())
    if form.validate_on_submit() and store(form, city()):
        return done(url_for(".index"), _("Saved."))
    return page("more/edit_city.html", form=form, authority=authority_of(city().state))


@room.get("/mehr/stadt/verlauf")
def city_history() -> Any:
    """Every change of the settings."""
    return history_page(city(), url_for(".index"))
