"""Organisations: the network's offices, labs, city offices, partners; with functional addresses only."""

from sqlalchemy.orm import object_session
from sqlmodel import Field, Session, and_, col, or_, select

from models.base import (
    ADDRESS,
    CODE,
    N_,
    NAME,
    NOTE,
    URL,
    Labelled,
    Searchable,
    enum_column,
    in_language,
    text,
)
from models.contacts.tags import tag_names
from models.database import matches
from models.places import Place


class OrganisationKind(Labelled):
    LAB = "lab", N_("Fab lab or makerspace")
    ASSOCIATION = "association", N_("Association")
    COMPANY = "company", N_("Company")
    UNIVERSITY = "university", N_("University")
    UNIVERSITY_INSTITUTE = "university_institute", N_("University institute")
    RESEARCH_GROUP = "research_group", N_("Research group")
    FOUNDATION = "foundation", N_("Foundation")
    PROJECT = "project", N_("Project")
    CITY_OFFICE = "city_office", N_("City office")
    COUNCIL_GROUP = "council_group", N_("Council group")
    OTHER = "other", N_("Other organisation")


class Organisation(Searchable, table=True):
    """An organisation; people work in it, labs among them declare their wish to join."""

    __tablename__ = "organisation"

    slug: str | None = Field(default=None, unique=True, max_length=CODE)
    name: str = text(NAME)
    kind: OrganisationKind = enum_column(OrganisationKind, OrganisationKind.OTHER)
    city: str = text(NAME)
    country_code: str = text(2)
    website: str = text(URL)
    email: str = text(ADDRESS)
    role_de: str = text(NOTE)
    role_en: str = text(NOTE)
    source: str = text(NOTE)
    place_id: int | None = Field(default=None, foreign_key="place.id", ondelete="SET NULL")

    def title(self, language: str) -> str:
        return self.name

    def role(self, language: str) -> str:
        return in_language(language, self.role_de, self.role_en)

    def search_parts(self) -> list[str]:
        session = object_session(self)
        tags = tag_names(session, "organisation", self.id) if session is not None and self.id else []
        return [self.name, self.city, self.role_de, self.role_en, self.email, *tags]


def name_of(row: object, organisation_id: int) -> str:
    """The name of a row's organisation, for its title; empty for a row that no session knows."""
    session = object_session(row)
    found = session.get(Organisation, organisation_id) if session is not None else None
    return found.name if found is not None else ""


def organisations(
    session: Session,
    query: str = "",
    kind: OrganisationKind | None = None,
    country_code: str = "",
    *,
    with_address: bool = False,
) -> list[Organisation]:
    """Organisations in German order, found by words, kind and country; on wish only those with a mail address."""
    found = select(Organisation).where(*matches(Organisation, query))
    if kind is not None:
        found = found.where(Organisation.kind == kind)
    if country_code:
        found = found.where(Organisation.country_code == country_code)
    if with_address:
        found = found.where(Organisation.email != "")
    return list(session.exec(found.order_by(col(Organisation.sort_key), col(Organisation.id))))


def organisation_countries(session: Session) -> list[str]:
    """The codes of the countries that have an organisation here."""
    return sorted(code for code in session.exec(select(Organisation.country_code).distinct()) if code)


def organisations_in(session: Session, place: Place) -> list[Organisation]:
    """The organisations of a place: those assigned to it, and unassigned ones that name it as their city."""
    named = and_(
        col(Organisation.place_id).is_(None),
        col(Organisation.city) == place.name,
        col(Organisation.country_code) == place.country_code,
    )
    found = select(Organisation).where(or_(col(Organisation.place_id) == place.key, named))
    return list(session.exec(found.order_by(col(Organisation.sort_key), col(Organisation.id))))


def place_of_organisation(session: Session, organisation: Organisation) -> Place | None:
    """The place to which it is assigned, else the one that it names as its city."""
    if organisation.place_id is not None:
        return session.get(Place, organisation.place_id)
    named = select(Place).where(
        Place.name == organisation.city, Place.country_code == organisation.country_code
    )
    return session.exec(named).first() if organisation.city else None
