"""The city as the network's site shows it: what goes into city.json (schema 1.1 of its city-site-template)."""

from datetime import date

from sqlmodel import Field, Session, col, select

from models.application.phases import the_application
from models.base import ADDRESS, LINE, N_, NAME, NOTE, URL, Labelled, Recorded, enum_column, text
from models.calendar_days import add_months
from models.documents.city_faults import STALE_MONTHS
from models.documents.city_json import MOST_NUMBERS


class ProfileKind(Labelled):
    SNAPSHOT = "snapshot", N_("Figure")
    PROJECT = "project_entry", N_("Project")
    NEWS = "news", N_("News")
    EVENT = "event", N_("Event")


# What the network's page sorts by day; the others stand in the order that the city gives them.
DATED = (ProfileKind.NEWS, ProfileKind.EVENT)


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


def the_profile(session: Session) -> CityProfile | None:
    """The profile, if anybody has begun one."""
    return session.exec(select(CityProfile).order_by(col(CityProfile.id))).first()


def begun_profile(session: Session) -> CityProfile:
    """The profile to write into: the one there is, else a new one on the application."""
    found = the_profile(session)
    if found is None:
        found = CityProfile(application_id=the_application(session).key)
        session.add(found)
        session.flush()
    return found


def profile_entries(session: Session) -> dict[ProfileKind, list[ProfileEntry]]:
    """The entries by kind: figures and projects in the order that the city gave them, news and events the latest day
    first, as the network's page sorts them itself."""
    rows = session.exec(select(ProfileEntry).order_by(col(ProfileEntry.position), col(ProfileEntry.id))).all()
    found: dict[ProfileKind, list[ProfileEntry]] = {kind: [] for kind in ProfileKind}
    for row in rows:
        found[row.kind].append(row)
    for kind in DATED:
        found[kind].sort(key=lambda row: (row.dated_on is not None, row.dated_on, row.key), reverse=True)
    return found


def has_room(session: Session, kind: ProfileKind) -> bool:
    """Whether another entry of this kind is shown: the network's page shows six figures."""
    return kind is not ProfileKind.SNAPSHOT or len(profile_entries(session)[kind]) < MOST_NUMBERS


def append(session: Session, entry: ProfileEntry) -> None:
    """Add an entry behind the others of its kind; the profile is begun if there is none."""
    entry.profile_id = begun_profile(session).key
    entry.position = 1 + max((e.position for e in profile_entries(session)[entry.kind]), default=0)
    session.add(entry)
    session.flush()


def move(session: Session, entry: ProfileEntry, steps: int) -> None:
    """Put a figure or project so many places further down, or up; at the ends it stays."""
    if entry.kind in DATED:
        return
    rows = profile_entries(session)[entry.kind]
    at = next(number for number, row in enumerate(rows) if row.key == entry.key)
    to = min(max(at + steps, 0), len(rows) - 1)
    rows.insert(to, rows.pop(at))
    for position, row in enumerate(rows, start=1):
        if row.position != position:
            row.position = position


def is_stale(profile: CityProfile | None, today: date) -> bool:
    """Whether nobody has found the profile right within six months: what the network's template calls abandoned."""
    if profile is None or profile.confirmed_on is None:
        return True
    return profile.confirmed_on < add_months(today, -STALE_MONTHS)
