"""Where List-Unsubscribe leads (RFC 8058): looking changes nothing, a POST does it, with neither cookie nor token."""

from typing import Any

from flask import Blueprint, abort, current_app, g, render_template, request

from models.language import known_language
from models.officers import Officer
from models.reminders.unsubscribing import officer_of_token, unsubscribe
from settings import Settings
from webapp.access import LANGUAGE_COOKIE, csrf
from webapp.database import db

room = Blueprint("unsubscribe", __name__, template_folder="templates")


def _officer_of(token: str) -> Officer:
    settings: Settings = current_app.extensions["lotse_settings"]
    found = officer_of_token(db(), token, settings.mail.unsubscribe_secret)
    if found is None:
        abort(404)
    if LANGUAGE_COOKIE not in request.cookies:
        g.language = known_language(found.language)
    return found


@room.get("/abbestellen/<token>")
def show(token: str) -> str:
    """A button; link checkers may open this as often as they like (T23)."""
    is_wanted = _officer_of(token).wants_information
    return render_template("unsubscribe/show.html", token=token, is_wanted=is_wanted, is_said=False)


@room.post("/abbestellen/<token>")
def stop(token: str) -> Any:
    """No more informations."""
    unsubscribe(_officer_of(token))
    db().commit()
    return render_template("unsubscribe/show.html", token=token, is_wanted=False, is_said=True)


# A mail program presses the button for its reader: it has no cookie and no CSRF token, and follows no redirect. The
# code in the address is what proves that the mail's reader asked.
csrf.exempt(stop)
