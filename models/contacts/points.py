"""Further addresses and numbers of a person, and the functional mailboxes of an organisation."""

from sqlalchemy import CheckConstraint
from sqlmodel import Field, Session, col, select

from models.base import ADDRESS, N_, NAME, NOTE, Labelled, Recorded, enum_column, hidden, text
from models.contacts.phones import phone_key
from models.folding import fold


class PointKind(Labelled):
    EMAIL = "email", N_("E-mail")
    PHONE = "phone", N_("Phone")
    POSTAL = "postal", N_("Postal address")
    WEB = "web", N_("Website")


class ContactPoint(Recorded, table=True):
    """One more way to reach a person or an organisation; the first one stands in its own row. `value` is as typed,
    `value_key` is what two spellings of the same have in common."""

    __tablename__ = "contact_point"
    __table_args__ = (CheckConstraint("(person_id is null) <> (organisation_id is null)", name="one_owner"),)

    person_id: int | None = Field(default=None, foreign_key="person.id", ondelete="CASCADE", index=True)
    organisation_id: int | None = Field(
        default=None, foreign_key="organisation.id", ondelete="CASCADE", index=True
    )
    kind: PointKind = enum_column(PointKind)
    label: str = text(NAME, personal=True)
    value: str = text(NOTE, personal=True)
    value_key: str = hidden(default="", nullable=False, max_length=ADDRESS, index=True, personal=True)
    position: int = 0

    def title(self, language: str) -> str:
        return f"{self.label}: {self.value}" if self.label else self.value

    def derive(self) -> None:
        """Fill the key."""
        self.value_key = point_key(self.kind, self.value)


def point_key(kind: PointKind, value: str) -> str:
    """What all spellings of an address or number have in common, at most 254 characters."""
    return (phone_key(value) if kind is PointKind.PHONE else fold(value))[:ADDRESS]


def points_of_person(session: Session, person_id: int) -> list[ContactPoint]:
    """The further addresses and numbers of a person, in their order."""
    found = select(ContactPoint).where(ContactPoint.person_id == person_id)
    return list(session.exec(found.order_by(col(ContactPoint.position), col(ContactPoint.id))))


def points_of_organisation(session: Session, organisation_id: int) -> list[ContactPoint]:
    """The functional mailboxes and numbers of an organisation, in their order."""
    found = select(ContactPoint).where(ContactPoint.organisation_id == organisation_id)
    return list(session.exec(found.order_by(col(ContactPoint.position), col(ContactPoint.id))))
