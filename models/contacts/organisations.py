"""Organisations: the network's offices, labs, city offices, partners; with functional addresses only."""

from sqlmodel import Field, Session, col, select

from models.base import ADDRESS, CODE, NAME, NOTE, URL, Labelled, N_, Searchable, enum_column, in_language, text
from models.database import matches


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
        return [self.name, self.city, self.role_de, self.role_en, self.email]


def organisations(session: Session, query: str = "", kind: OrganisationKind | None = None) -> list[Organisation]:
    """Organisations in German order, found by words and kind."""
    found = select(Organisation).where(*matches(Organisation, query))
    if kind is not None:
        found = found.where(Organisation.kind == kind)
    return list(session.exec(found.order_by(col(Organisation.sort_key), col(Organisation.id))))
