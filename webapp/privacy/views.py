"""The page on which data protection stands: what is to be done, what was recorded, settings, documents."""

from typing import Any

from flask import Blueprint, current_app
from sqlmodel import col, select
from werkzeug.wrappers import Response

from models.contacts.people import Person
from models.privacy.authority import authority_of
from models.privacy.notices import count_to_clear, due_notices
from models.privacy.records import ContactExport, Erasure
from models.privacy.reminding import keep_follow_ups
from models.privacy.retention import count_to_review
from webapp.database import city, db, today
from webapp.pages import done, page

room = Blueprint("privacy", __name__, template_folder="templates")

AT_ONCE = 25
SHOWN = 10


@room.get("/datenschutz")
def index() -> Any:
    """Where things stand."""
    erasures = list(db().exec(select(Erasure).order_by(col(Erasure.id).desc()).limit(SHOWN)))
    exports = db().exec(select(ContactExport).order_by(col(ContactExport.id).desc()).limit(SHOWN))
    return page(
        "privacy/index.html",
        notices=due_notices(db()),
        to_clear=count_to_clear(db()),
        to_review=count_to_review(db(), city().contacts_keep_months, today()),
        erasures=[(row, db().get(Person, row.person_id)) for row in erasures],
        exports=list(exports),
        authority=authority_of(city().state, city().privacy_authority),
        today=today(),
    )


def recorded(address: str, said: str) -> Response:
    """Commit what was decided, with the follow-ups that speak of what is left; say so on the next page."""
    keep_follow_ups(db(), current_app.extensions["lotse_settings"].base_url, today())
    return done(address, said)


from webapp.privacy import (  # noqa: E402, F401  (they add their pages to the room)
    document_views,
    notice_views,
    review_views,
)
