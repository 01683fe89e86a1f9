"""Cities, regions, countries and islands of the network, each with source and "state as of"."""

from sqlmodel import Field, Session, col, select

from models.base import CODE, LINE, NAME, NOTE, URL, Labelled, N_, Searchable, enum_column, in_language, text
from models.database import matches
from models.language import country_name


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
    starter_key: str | None = Field(default=None, unique=True, max_length=CODE)

    def title(self, language: str) -> str:
        return self.name

    def note(self, language: str) -> str:
        return in_language(language, self.note_de, self.note_en)

    def search_parts(self) -> list[str]:
        countries = [country_name(self.country_code, code) for code in ("de", "en")] if self.country_code else []
        return [self.name, *countries, self.partners, str(self.joined_year or ""), self.note_de, self.note_en]


def places(session: Session, query: str = "", membership: Membership | None = None) -> list[Place]:
    """Places in German order, found by words and state."""
    found = select(Place).where(*matches(Place, query))
    if membership is not None:
        found = found.where(Place.membership == membership)
    return list(session.exec(found.order_by(col(Place.sort_key), col(Place.id))))
