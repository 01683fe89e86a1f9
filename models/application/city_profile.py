"""The city as the network's site shows it: what goes into city.json (schema 1.1 of its city-site-template)."""

from datetime import date

from sqlmodel import Field

from models.base import ADDRESS, LINE, N_, NAME, NOTE, URL, Labelled, Recorded, enum_column, text


class ProfileKind(Labelled):
    SNAPSHOT = "snapshot", N_("Figure")
    PROJECT = "project_entry", N_("Project")
    NEWS = "news", N_("News")
    EVENT = "event", N_("Event")


class CityProfile(Recorded, table=True):
    """What the city says about itself; `confirmed_on`: when somebody last found it right."""

    __tablename__ = "city_profile"

    application_id: int = Field(foreign_key="application.id", ondelete="CASCADE", unique=True)
    subdomain: str = text(NAME)
    joined_year: int | None = None
    differential: str = text(LINE)
    description: str = text(NOTE)
    hero_image: str = text(URL)
    local_site_url: str = text(URL)
    contact_email: str = text(ADDRESS)
    social: str = text(NOTE)
    privacy_url: str = text(URL)
    confirmed_on: date | None = None

    def title(self, language: str) -> str:
        return "Stadtprofil" if language == "de" else "City profile"


class ProfileEntry(Recorded, table=True):
    """A figure, project, piece of news or event of the profile."""

    __tablename__ = "profile_entry"

    profile_id: int = Field(foreign_key="city_profile.id", ondelete="CASCADE", index=True)
    kind: ProfileKind = enum_column(ProfileKind)
    position: int = 0
    headline: str = text(LINE)
    value: str = text(NAME)
    status: str = text(NAME)
    summary: str = text(NOTE)
    partners: str = text(LINE)
    dated_on: date | None = None
    venue: str = text(LINE)
    url: str = text(URL)
    image: str = text(URL)

    def title(self, language: str) -> str:
        return self.headline
