"""People outside the unit: what they do, how to reach them, where that is known from."""

from collections.abc import Iterable
from datetime import date

from babel import Locale
from sqlmodel import Field, Session, and_, col, or_, select

from models.base import ADDRESS, CODE, LINE, N_, NAME, NOTE, Labelled, Searchable, text
from models.contacts.organisations import Organisation
from models.database import matches
from models.folding import fold
from models.followups import FollowUp

# Languages that are written in the places of the network, and our neighbours'.
LANGUAGES = (
    "ar", "bs", "ca", "cs", "da", "de", "dz", "el", "en", "es", "et", "fi", "fr", "hr", "id", "it", "ja", "ka", "ko",
    "ml", "nl", "no", "pl", "pt", "sl", "sv", "sw", "tr", "uk", "zh",
)  # fmt: skip


class Person(Searchable, table=True):
    """A contact. Source and date say where the data come from (GDPR, Art. 14)."""

    __tablename__ = "person"

    given_name: str = text(NAME, personal=True)
    family_name: str = text(NAME, personal=True)
    organisation_id: int | None = Field(
        default=None, foreign_key="organisation.id", ondelete="SET NULL", index=True
    )
    place_id: int | None = Field(default=None, foreign_key="place.id", ondelete="SET NULL", index=True)
    function: str = text(NAME, personal=True)
    email: str = text(ADDRESS, personal=True)
    phone: str = text(CODE, personal=True)
    language: str = text(CODE, default="en")
    source: str = text(LINE, personal=True)
    source_on: date | None = None
    last_talk_on: date | None = None
    note: str = text(NOTE, personal=True)

    def title(self, language: str) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def sort_name(self) -> str:
        return f"{self.family_name} {self.given_name}"

    def search_parts(self) -> list[str]:
        return [self.given_name, self.family_name, self.function, self.email, self.phone, self.note]


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
    if organisation_id is not None:
        joined = joined.where(col(Person.organisation_id) == organisation_id)
    return list(session.exec(joined.order_by(col(Person.sort_key), col(Person.id))))


def people_of(session: Session, column: str, key: int) -> list[Person]:
    """The people of an organisation (`organisation_id`) or a place (`place_id`)."""
    wanted = col(Person.organisation_id) if column == "organisation_id" else col(Person.place_id)
    return list(session.exec(select(Person).where(wanted == key).order_by(col(Person.sort_key))))


def people_in(session: Session, place_id: int, organisation_ids: Iterable[int]) -> list[Person]:
    """The people of a place: those assigned to it, and those of its organisations who have no place of their own."""
    through = and_(col(Person.place_id).is_(None), col(Person.organisation_id).in_(list(organisation_ids)))
    found = select(Person).where(or_(col(Person.place_id) == place_id, through))
    return list(session.exec(found.order_by(col(Person.sort_key), col(Person.id))))


def likely_same(session: Session, wanted: Person, except_id: int | None = None) -> list[Person]:
    """People here with the same mail address, or the same name in the same organisation. `wanted` is not stored."""
    name, address = fold(wanted.sort_name()), wanted.email.casefold()
    named = and_(col(Person.sort_key) == name, col(Person.organisation_id) == wanted.organisation_id)
    if wanted.organisation_id is None:
        named = and_(col(Person.sort_key) == name, col(Person.organisation_id).is_(None))
    mailed = col(Person.search_text).contains(fold(address), autoescape=True)
    found = session.exec(
        select(Person).where(or_(named, mailed) if address else named).order_by(col(Person.sort_key))
    )
    return [
        person
        for person in found
        if person.id != except_id and (fold(person.sort_name()) == name or person.email.casefold() == address)
    ]
