"""What city.json says of the city, gathered from where each fact is entered once: city, place, consortium, profile."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select

from models.application.city_profile import (
    CityProfile,
    ProfileEntry,
    ProfileKind,
    profile_entries,
    the_profile,
)
from models.application.consortium import ConsortiumRole, Partner
from models.city import the_city
from models.contacts.organisations import Organisation
from models.documents.city_json import CityPage, Event, Member, News, Number, Project, listed
from models.language import country_name, translator
from models.places import Membership, Place


@dataclass(frozen=True)
class CityExport:
    """The page to be written, and whence its parts come: the place, and the keys of the listed rows in their order."""

    page: CityPage
    place_id: int | None
    organisation_ids: tuple[int, ...]
    entry_ids: dict[ProfileKind, tuple[int, ...]]


def city_export(session: Session, language: str, today: date) -> CityExport:
    """Everything for city.json, with kinds and roles in this language; what officers typed stays as it is."""
    city, place = the_city(session), home_place(session)
    profile = the_profile(session) or CityProfile(application_id=0)
    entries, partners = profile_entries(session), _partners(session, today)
    page = CityPage(
        name=city.name,
        country=country_name(place.country_code, language) if place and place.country_code else "",
        type=place.type.value if place else "",
        subdomain=profile.subdomain,
        joined_year=joined_year(profile, place),
        differential=profile.differential,
        description=profile.description,
        hero_image=profile.hero_image,
        local_site_url=profile.local_site_url,
        language=language,
        email=profile.contact_email,
        social=listed(profile.social),
        privacy_url=profile.privacy_url,
        is_sample=city.is_demo,
        numbers=tuple(Number(e.headline, e.value) for e in entries[ProfileKind.SNAPSHOT]),
        members=tuple(_member(organisation, at, language) for organisation, at in partners),
        projects=tuple(_project(e) for e in entries[ProfileKind.PROJECT]),
        news=tuple(News(e.headline, e.dated_on, e.summary, e.url) for e in entries[ProfileKind.NEWS]),
        events=tuple(Event(e.headline, e.dated_on, e.venue, e.url) for e in entries[ProfileKind.EVENT]),
    )
    return CityExport(
        page,
        place.key if place else None,
        tuple(organisation.key for organisation, _at in partners),
        {kind: tuple(row.key for row in rows) for kind, rows in entries.items()},
    )


def home_place(session: Session) -> Place | None:
    """The place of the network's list that is this city, by its name."""
    found = select(Place).where(Place.name == the_city(session).name)
    return session.exec(found.order_by(col(Place.id))).first()


def joined_year(profile: CityProfile, place: Place | None) -> int | None:
    """Since when the city is a member: as the profile says, else as its entry among the places says."""
    if profile.joined_year is not None or place is None or place.membership is not Membership.MEMBER:
        return profile.joined_year
    return place.joined_year


def _partners(session: Session, today: date) -> list[tuple[Organisation, Place | None]]:
    """The organisations of the consortium, each once, with the place that they are assigned to."""
    rows = session.exec(
        select(Organisation, Place)
        .join(Partner, col(Partner.organisation_id) == col(Organisation.id))
        .join(ConsortiumRole, col(ConsortiumRole.id) == col(Partner.role_id))
        .outerjoin(Place, col(Place.id) == col(Organisation.place_id))
        .where(or_(col(Partner.left_on).is_(None), col(Partner.left_on) > today))
        .order_by(col(ConsortiumRole.position), col(Organisation.sort_key), col(Organisation.id))
    ).all()
    found: dict[int, tuple[Organisation, Place | None]] = {}
    for organisation, place in rows:
        found.setdefault(organisation.key, (organisation, place))
    return list(found.values())


def _member(organisation: Organisation, place: Place | None, language: str) -> Member:
    return Member(
        organisation.name,
        translator(language)(organisation.kind.label),
        organisation.role(language),
        organisation.website,
        place.lat if place else None,
        place.lon if place else None,
    )


def _project(entry: ProfileEntry) -> Project:
    partners = listed(entry.partners)
    return Project(entry.headline, entry.status, entry.summary, partners, entry.image, entry.url)
