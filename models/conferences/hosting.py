"""Which conferences a place has hosted: matched by the names that both rows carry."""

import re

from sqlmodel import Session, col, select

from models.conferences.conferences import Conference, ConferenceStatus
from models.folding import fold
from models.places import Place, PlaceType


def hosted_in(session: Session, place: Place) -> list[Conference]:
    """What was or will be held there, the newest first. A country hosts whatever is held within it."""
    found = select(Conference).where(
        Conference.country_code == place.country_code, Conference.status != ConferenceStatus.CANCELLED
    )
    newest = found.order_by(col(Conference.year).desc(), col(Conference.id))
    return [
        row
        for row in session.exec(newest)
        if place.type is PlaceType.COUNTRY or is_named(place.name, row.city)
    ]


def is_named(name: str, city: str) -> bool:
    """Whether the city of a conference is this place: "Boston / Cambridge MA" are two, "Santiago" is Santiago de
    Chile, "Jimbaran, Bali" lies on Bali."""
    wanted = fold(name)
    for part in re.split(r"[/,;]", city):
        folded = fold(part)
        if folded and (
            folded == wanted or f"{wanted} ".startswith(f"{folded} ") or _without_state(folded) == wanted
        ):
            return True
    return False


def _without_state(folded: str) -> str:
    """ "cambridge ma" -> "cambridge"."""
    return re.sub(r" [a-z]{2}$", "", folded)
