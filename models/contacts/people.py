"""People outside the unit: what they do, how to reach them, where that is known from."""

from collections.abc import Iterable
from datetime import date
from typing import cast

from babel import Locale
from sqlalchemy import ColumnElement, Index
from sqlalchemy.orm import object_session
from sqlmodel import Field, Session, and_, col, or_, select

from models.base import (
    ADDRESS,
    CODE,
    LINE,
    N_,
    NAME,
    NOTE,
    ORDERED,
    Labelled,
    Searchable,
    enum_column,
    hidden,
    text,
)
from models.contacts import sealed  # noqa: F401  (holds wherever people are known)
from models.contacts.organisations import Organisation, name_of, organisations_in, place_of_organisation
from models.contacts.phones import phone_key, phone_spellings
from models.contacts.points import ContactPoint
from models.contacts.roles import roles_of
from models.contacts.tags import tag_names
from models.database import matches
from models.folding import fold
from models.followups import FollowUp
from models.language import day_text, translator
from models.places import Place

# Languages that are written in the places of the network, and our neighbours'.
LANGUAGES = (
    "ar", "bs", "ca", "cs", "da", "de", "dz", "el", "en", "es", "et", "fi", "fr", "hr", "id", "it", "ja", "ka", "ko",
    "ml", "nl", "no", "pl", "pt", "sl", "sv", "sw", "tr", "uk", "zh",
)  # fmt: skip


class PersonState(Labelled):
    ACTIVE = "active", N_("in the list")
    MERGED = "merged", N_("merged into another contact")
    ERASED = "erased", N_("erased")


class LegalBasis(Labelled):
    """Why a city may keep a contact (GDPR, Art. 6(1)); legitimate interest is no ground for a public task."""

    PUBLIC_TASK = "public_task", N_("Public task (Art. 6(1)(e) GDPR)")
    CONSENT = "consent", N_("Consent (Art. 6(1)(a) GDPR)")
    CONTRACT = "contract", N_("Contract (Art. 6(1)(b) GDPR)")
    LEGAL_DUTY = "legal_duty", N_("Legal obligation (Art. 6(1)(c) GDPR)")


class DataOrigin(Labelled):
    """From whom the data come; Art. 14 GDPR asks for a notice where it is not the person."""

    SELF = "self", N_("from the person")
    PUBLIC = "public", N_("publicly accessible, for example a website")
    THIRD_PARTY = "third_party", N_("from somebody else")
    UNKNOWN = "unknown", N_("not known any more")


class Person(Searchable, table=True):
    """A contact: the first address, number and function; further ones stand in contact_point and person_role.

    A row is never deleted: merged ones lead to the one that was kept, erased ones say no more than that and when.
    Source and date say where the data come from (GDPR, Art. 14).
    """

    __tablename__ = "person"
    __table_args__ = (
        # With these two SQLite walks the list of a place or an organisation without reading the people themselves.
        Index("ix_person_listed", "state", "sort_key", "id", "organisation_id", "place_id"),
        Index("ix_person_by_given_name", "state", "given_key", "id"),
    )

    state: PersonState = enum_column(PersonState, PersonState.ACTIVE)
    merged_into_id: int | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL", index=True)
    erased_on: date | None = None
    uid: str = text(NAME, personal=True, index=True)
    honorific: str = text(CODE, personal=True)
    given_name: str = text(NAME, personal=True)
    family_name: str = text(NAME, personal=True)
    organisation_id: int | None = Field(
        default=None, foreign_key="organisation.id", ondelete="SET NULL", index=True
    )
    place_id: int | None = Field(default=None, foreign_key="place.id", ondelete="SET NULL", index=True)
    is_first_contact: bool = False
    function: str = text(NAME, personal=True)
    role_from: date | None = None
    role_to: date | None = None
    email: str = text(ADDRESS, personal=True)
    phone: str = text(CODE, personal=True)
    language: str = text(CODE, default="en")
    other_languages: str = text(NAME)
    other_properties: str = text(NOTE, personal=True)
    note: str = text(NOTE, personal=True)
    last_talk_on: date | None = None
    confirmed_on: date | None = None
    added_on: date | None = None
    legal_basis: LegalBasis = enum_column(LegalBasis, LegalBasis.PUBLIC_TASK)
    origin: DataOrigin = enum_column(DataOrigin, DataOrigin.UNKNOWN)
    source: str = text(LINE, personal=True)
    source_on: date | None = None
    purpose: str = text(LINE, personal=True)
    notice_sent_on: date | None = None
    notice_waived: str = text(LINE, personal=True)
    objected_on: date | None = None
    objection: str = text(NOTE, personal=True)
    do_not_contact: bool = False
    keep_until: date | None = None
    keep_reason: str = text(LINE, personal=True)
    email_key: str = hidden(default="", nullable=False, max_length=ADDRESS, index=True, personal=True)
    phone_key: str = hidden(default="", nullable=False, max_length=CODE, index=True, personal=True)
    given_key: str = hidden(default="", nullable=False, sa_type=ORDERED, personal=True)

    def title(self, language: str) -> str:
        if self.state is PersonState.ERASED:
            return erased_title(self.erased_on, language)
        return f"{self.honorific} {self.given_name} {self.family_name}".replace("  ", " ").strip()

    def sort_name(self) -> str:
        return f"{self.family_name} {self.given_name}"

    def search_parts(self) -> list[str]:
        return [*self.own_parts(), *around(self)]

    def own_parts(self) -> list[str]:
        """Words by which the person is found that stand in her own row."""
        own = [self.honorific, self.given_name, self.family_name, self.function, self.email, self.note]
        return [*own, *phone_spellings(self.phone)]

    def derive(self) -> None:
        super().derive()
        self.given_key = fold(f"{self.given_name} {self.family_name}")
        self.email_key = self.email.casefold()
        self.phone_key = phone_key(self.phone)


def erased_title(on: date | None, language: str) -> str:
    """What stands in the place of a person who was erased."""
    said = translator(language)(N_("Contact, erased on {day}"))
    return said.format(day=day_text(on, language) if on else "–")


def listed() -> ColumnElement[bool]:
    """Who stands in lists, choices, searches and exports: neither merged into another one nor erased."""
    return col(Person.state) == PersonState.ACTIVE


def around(person: Person) -> list[str]:
    """Words by which a person is found that stand in other rows: organisation, city, further functions and
    addresses, tags. `search.rederiving` keeps them right when those rows change; it reads the same for many."""
    session = object_session(person)
    if session is None or person.state is not PersonState.ACTIVE:
        return []
    organisation = session.get(Organisation, person.organisation_id) if person.organisation_id else None
    place_id = person.place_id or (organisation.place_id if organisation else None)
    place = session.get(Place, place_id) if place_id else None
    found = [organisation.name, organisation.city] if organisation else []
    found += [place.name] if place else []
    if person.id is not None:
        points = select(ContactPoint.value, ContactPoint.value_key).where(ContactPoint.person_id == person.id)
        found += [word for row in session.execute(points.order_by(col(ContactPoint.id))) for word in row]
        for role in roles_of(cast(Session, session), person.id):
            found += [role.function, name_of(person, role.organisation_id) if role.organisation_id else ""]
        found += tag_names(session, "person", person.id)
    return found


def language_name(code: str, language: str) -> str:
    """The language's name by its code; the code itself where it is unknown."""
    return str(Locale.parse(language).languages.get(code, code))


class ContactState(Labelled):
    """Whether the next contact is planned, and whether its day is over."""

    OVERDUE = "overdue", N_("overdue")
    PLANNED = "planned", N_("planned")
    NONE = "none", N_("none planned")


def contact_state(next_contact: FollowUp | None, today: date) -> ContactState:
    """The state of a person's next contact."""
    if next_contact is None:
        return ContactState.NONE
    return ContactState.OVERDUE if next_contact.due_on < today else ContactState.PLANNED


def people(
    session: Session, query: str = "", organisation_id: int | None = None
) -> list[tuple[Person, Organisation | None]]:
    """People with their organisation, ordered by family name; words may also name the organisation."""
    joined = select(Person, Organisation).join(
        Organisation, col(Person.organisation_id) == col(Organisation.id), isouter=True
    )
    for in_person, in_organisation in zip(matches(Person, query), matches(Organisation, query), strict=True):
        joined = joined.where(in_person | in_organisation)
    joined = joined.where(listed())
    if organisation_id is not None:
        joined = joined.where(col(Person.organisation_id) == organisation_id)
    return list(session.exec(joined.order_by(col(Person.sort_key), col(Person.id))))


def people_of(session: Session, column: str, key: int) -> list[Person]:
    """The people of an organisation (`organisation_id`) or a place (`place_id`)."""
    wanted = col(Person.organisation_id) if column == "organisation_id" else col(Person.place_id)
    return list(session.exec(select(Person).where(wanted == key, listed()).order_by(col(Person.sort_key))))


def people_in(session: Session, place_id: int, organisation_ids: Iterable[int]) -> list[Person]:
    """The people of a place: those assigned to it, and those of its organisations who have no place of their own."""
    through = and_(col(Person.place_id).is_(None), col(Person.organisation_id).in_(list(organisation_ids)))
    found = select(Person).where(or_(col(Person.place_id) == place_id, through), listed())
    return list(session.exec(found.order_by(col(Person.sort_key), col(Person.id))))


def place_of(session: Session, person: Person) -> Place | None:
    """The place of a person: her own, else that of her organisation."""
    if person.place_id is not None:
        return session.get(Place, person.place_id)
    organisation = session.get(Organisation, person.organisation_id) if person.organisation_id else None
    return place_of_organisation(session, organisation) if organisation is not None else None


def make_first_contact(session: Session, person: Person) -> bool:
    """Pin a person as the first contact of her place: one in each. False, and nothing is changed, without a place."""
    place = place_of(session, person)
    if place is None:
        return False
    offices = [organisation.key for organisation in organisations_in(session, place)]
    for other in people_in(session, place.key, offices):
        other.is_first_contact = other.key == person.key
    session.flush()
    return True
