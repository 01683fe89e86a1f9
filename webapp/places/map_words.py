"""What the map says to who does not see it, and what its signs mean."""

from collections.abc import Iterable
from textwrap import shorten

from models.base import N_
from models.places import Membership, Place
from webapp.filters import label
from webapp.places.world_map import Look, Marker
from webapp.words import _, language

LOOKS = (
    (Look.ACTIVE, N_("Member, active")),
    (Look.INACTIVE, N_("Member, inactive")),
    (Look.UNKNOWN, N_("Member, not known whether active")),
    (Look.NEAR, N_("Preparing to join, or probably a member")),
    (Look.OUTSIDE, N_("Not a member")),
)


def looks(markers: Iterable[Marker]) -> list[tuple[str, str]]:
    """The signs of the legend: how the shown markers look, and what that means."""
    shown = {marker.look for marker in markers}
    return [(look.value, _(text)) for look, text in LOOKS if look in shown]


def place_name(place: Place) -> str:
    """A place in one line: "Hamburg, Stadt, Mitglied, aktiv, Stand August 2025"."""
    parts = [place.name, label(place.type), label(place.membership)]
    if place.membership is Membership.MEMBER:
        parts.append(label(place.activity))
    if place.as_of:
        parts.append(_("as of {when}").format(when=place.state_as_of(language())))
    return ", ".join(parts)


def marker_name(marker: Marker) -> str:
    """A marker's name for screen readers and as its tooltip."""
    return place_name(marker.place)


def short_source(place: Place) -> str:
    """The first source of a place in a few words; the page of the place names all of them."""
    first, *others = [
        part.strip() for part in place.source.replace("\n", " | ").split(" | ") if part.strip()
    ] or [""]
    shown = shorten(first.removeprefix("github:"), 26, placeholder=" …")
    return f"{shown} (+{len(others)})" if others else shown
