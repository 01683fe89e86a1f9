"""People outside the unit: what they do, how to reach them, where that is known from."""

from datetime import date

from sqlmodel import Field, Session, col, select

from models.base import ADDRESS, CODE, LINE, NAME, NOTE, Searchable, text
from models.contacts.organisations import Organisation
from models.database import matches


class Person(Searchable, table=True):
    """A contact. Source and date say where the data come from (GDPR, Art. 14)."""

    __tablename__ = "person"

    given_name: str = text(NAME, personal=True)
    family_name: str = text(NAME, personal=True)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", ondelete="SET NULL", index=True)
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
        return [self.given_name, self.family_name, self.function, self.email, self.note]


def people(session: Session, query: str = "") -> list[tuple[Person, Organisation | None]]:
    """People with their organisation, ordered by family name; words may also name the organisation."""
    joined = select(Person, Organisation).join(
        Organisation, col(Person.organisation_id) == col(Organisation.id), isouter=True
    )
    for in_person, in_organisation in zip(matches(Person, query), matches(Organisation, query), strict=True):
        joined = joined.where(in_person | in_organisation)
    return list(session.exec(joined.order_by(col(Person.sort_key), col(Person.id))))


def people_of(session: Session, column: str, key: int) -> list[Person]:
    """The people of an organisation (`organisation_id`) or a place (`place_id`)."""
    wanted = col(Person.organisation_id) if column == "organisation_id" else col(Person.place_id)
    return list(session.exec(select(Person).where(wanted == key).order_by(col(Person.sort_key))))
