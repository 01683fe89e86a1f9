"""Further and former functions of a person, with their time; the main one stands in the person's row."""

from datetime import date

from sqlmodel import Field, Session, col, select

from models.base import LINE, NAME, Recorded, text
from models.contacts.organisations import name_of


class PersonRole(Recorded, table=True):
    """What a person does, or did, where, from when to when. Open ends are not known, or last."""

    __tablename__ = "person_role"

    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    organisation_id: int | None = Field(
        default=None, foreign_key="organisation.id", ondelete="SET NULL", index=True
    )
    function: str = text(NAME, personal=True)
    role_from: date | None = None
    role_to: date | None = None
    note: str = text(LINE, personal=True)

    def title(self, language: str) -> str:
        where = name_of(self, self.organisation_id) if self.organisation_id else ""
        return ", ".join(part for part in (self.function, where) if part)


def roles_of(session: Session, person_id: int) -> list[PersonRole]:
    """The further and former functions of a person, the latest first."""
    found = session.exec(select(PersonRole).where(PersonRole.person_id == person_id)).all()
    return sorted(found, key=lambda r: (r.role_to or date.max, r.role_from or date.min, r.key), reverse=True)


def roles_at(session: Session, organisation_id: int) -> list[PersonRole]:
    """The further and former functions at an organisation."""
    found = select(PersonRole).where(PersonRole.organisation_id == organisation_id)
    return list(session.exec(found.order_by(col(PersonRole.id))))
