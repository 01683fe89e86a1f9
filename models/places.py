"""Cities, regions, countries and islands of the network, each with source and "state as of"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from babel.dates import get_month_names
from sqlmodel import Field, Session, col, select

from models.base import CODE, LINE, N_, NAME, NOTE, URL, Labelled, Searchable, enum_column, in_language, text
from models.database import matches
from models.folding import fold
from models.language import LANGUAGES, country_name, day_text, month_text

HOME_COUNTRY = "DE"
NULL_ISLAND = N_("0, 0 is no city: it lies in the Gulf of Guinea. Please leave both cells empty.")
LATITUDE, LONGITUDE = 90.0, 180.0  # WGS 84, degrees from the equator and from Greenwich
FIRST_YEAR, LAST_YEAR = 2000, 2100


class PlaceType(Labelled):
    CITY = "city", N_("City")
    REGION = "region", N_("Region")
    COUNTRY = "country", N_("Country")
    ISLAND = "island", N_("Island")


class Membership(Labelled):
    MEMBER = "member", N_("Member")
    PROBABLE = "probable_member", N_("Probably a member")
    CANDIDATE = "candidate", N_("Preparing to join")
    MENTIONED = "mentioned", N_("Mentioned only")
    NOT_MEMBER = "not_member", N_("Not a member")


class Activity(Labelled):
    ACTIVE = "active", N_("active")
    INACTIVE = "inactive", N_("inactive")
    UNKNOWN = "unknown", N_("not known")


class Certainty(Labelled):
    HIGH = "high", N_("well supported")
    MEDIUM = "medium", N_("one good source")
    LOW = "low", N_("uncertain")
    NONE = "none", N_("no evidence")


class Place(Searchable, table=True):
    """A member of the network, or a place that is near to being one."""

    __tablename__ = "place"

    slug: str = text(CODE, unique=True)
    name: str = text(NAME)
    type: PlaceType = enum_column(PlaceType, PlaceType.CITY)
    country_code: str = text(2)
    membership: Membership = enum_column(Membership, Membership.MEMBER)
    activity: Activity = enum_column(Activity, Activity.UNKNOWN)
    as_of: str = text(CODE)
    joined_year: int | None = None
    joined_year_alt: int | None = None
    joined_event: str = text(LINE)
    lat: float | None = None
    lon: float | None = None
    website: str = text(URL)
    partners: str = text(NOTE)
    source: str = text(NOTE)
    certainty: Certainty = enum_column(Certainty, Certainty.MEDIUM)
    note_de: str = text(NOTE)
    note_en: str = text(NOTE)
    learnt: str = text(NOTE)
    starter_key: str | None = Field(default=None, unique=True, max_length=CODE)

    def title(self, language: str) -> str:
        return self.name

    def note(self, language: str) -> str:
        return in_language(language, self.note_de, self.note_en)

    def state_as_of(self, language: str) -> str:
        """When its state was looked at, in words; empty if that is not known."""
        return as_of_text(self.as_of, language)

    def search_parts(self) -> list[str]:
        countries = (
            [country_name(self.country_code, code) for code in ("de", "en")] if self.country_code else []
        )
        return [self.name, *countries, self.partners, str(self.joined_year or ""), self.note_de, self.note_en]


def places(
    session: Session,
    query: str = "",
    membership: Membership | None = None,
    type_: PlaceType | None = None,
    country_code: str = "",
) -> list[Place]:
    """Places in German order, found by words, state, type and country."""
    found = select(Place).where(*matches(Place, query))
    if membership is not None:
        found = found.where(Place.membership == membership)
    if type_ is not None:
        found = found.where(Place.type == type_)
    if country_code:
        found = found.where(Place.country_code == country_code)
    return list(session.exec(found.order_by(col(Place.sort_key), col(Place.id))))


def place_countries(session: Session) -> list[str]:
    """The codes of the countries that have a place here."""
    return sorted(code for code in session.exec(select(Place.country_code).distinct()) if code)


@dataclass(frozen=True)
class PlaceCounts:
    """How many of some places are members, how many of these are active, and how many are German."""

    places: int
    members: int
    active: int
    inactive: int
    german: int


def count_places(found: Iterable[Place]) -> PlaceCounts:
    """The numbers over a list of places. Only sure members count as members."""
    rows = list(found)
    members = [place for place in rows if place.membership is Membership.MEMBER]
    return PlaceCounts(
        len(rows),
        len(members),
        sum(place.activity is Activity.ACTIVE for place in members),
        sum(place.activity is Activity.INACTIVE for place in members),
        sum(place.country_code == HOME_COUNTRY for place in members),
    )


def namesake(
    session: Session, name: str, type_: PlaceType, country_code: str, but: int | None = None
) -> Place | None:
    """Another place that a list could not tell from this one: of the same folded name, type and country. `but`: the key
    of the place itself."""
    there = select(Place).where(Place.country_code == country_code, Place.type == type_)
    wanted = fold(name)
    return next(
        (place for place in session.exec(there) if fold(place.name) == wanted and place.id != but), None
    )


def free_slug(session: Session, name: str, wanted: str = "") -> str:
    """A short name for addresses, the wanted one or made of the name: "São Paulo" -> sao-paulo, or sao-paulo-2 where
    that is taken."""
    base = (
        wanted[: CODE - 8]
        or re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[: CODE - 8].strip("-")
        or "ort"
    )
    taken = set(session.exec(select(Place.slug).where(col(Place.slug).startswith(base, autoescape=True))))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(slug for slug in numbered if slug not in taken)


# "State as of": 2025, 2025-08 or 2025-08-13, as exact as it is known.


def as_of_text(value: str, language: str) -> str:
    """2025-08 -> August 2025; what is not written like this is shown as it stands."""
    try:
        parts = [int(part) for part in value.split("-")]
        if len(parts) == 3:
            return day_text(date(*parts), language)
        if len(parts) == 2:
            return month_text(parts[0], parts[1], language)
    except (ValueError, KeyError):
        pass
    return value


def read_as_of(typed: str) -> str | None:
    """A year, month or day as people type it, as 2025, 2025-08 or 2025-08-13; None if it is none of these."""
    year, month, day = _parts(" ".join(fold(typed).split()))
    if year is None or not 1900 <= int(year) <= LAST_YEAR:
        return None
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join(part.zfill(2) for part in (year, month, day) if part)


_SHAPES = (
    r"(?P<year>\d{4})(-(?P<month>\d{1,2})(-(?P<day>\d{1,2}))?)?",  # 2025, 2025-08, 2025-08-13
    r"(?P<month>\d{1,2}) ?[./] ?(?P<year>\d{4})",  # 8/2025, 08.2025
    r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\. ?(?P<year>\d{4})",  # 13.08.2025
    r"((?P<day>\d{1,2})\.? )?(?P<word>[a-z]{3,})\.? (?P<year>\d{4})",  # August 2025, 13 August 2025
)


def _parts(typed: str) -> tuple[str | None, str | None, str | None]:
    for shape in _SHAPES:
        found = re.fullmatch(shape, typed, re.ASCII)
        if found is None:
            continue
        named = found.groupdict()
        month = _month(named["word"]) if "word" in named else named["month"]
        return (
            (named["year"], month, named.get("day")) if month or "word" not in named else (None, None, None)
        )
    return None, None, None


def _month(word: str) -> str | None:
    for language in LANGUAGES:
        for number, name in get_month_names("wide", locale=language).items():
            if fold(name).startswith(word):
                return str(number)
    return None
