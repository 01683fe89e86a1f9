"""The consortium (Bündnis): its partners, and the roles that must be filled."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, col, select

from models.base import CODE, LINE, NAME, NOTE, Recorded, in_language, text


class ConsortiumRole(Recorded, table=True):
    """A role in the consortium and how many partners it needs; 0: welcome, not required."""

    __tablename__ = "consortium_role"
    __table_args__ = (UniqueConstraint("application_id", "code"),)

    application_id: int = Field(foreign_key="application.id", ondelete="CASCADE", index=True)
    code: str = text(CODE)
    position: int = 0
    label_de: str = text(NAME)
    label_en: str = text(NAME)
    needed: int = 1
    source_de: str = text(LINE)
    source_en: str = text(LINE)

    def title(self, language: str) -> str:
        return in_language(language, self.label_de, self.label_en)

    def source(self, language: str) -> str:
        return in_language(language, self.source_de, self.source_en)


class Partner(Recorded, table=True):
    """An organisation in a role of the consortium, until it leaves. Its declarations are its organisation's."""

    __tablename__ = "partner"

    application_id: int = Field(foreign_key="application.id", ondelete="CASCADE", index=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    role_id: int = Field(foreign_key="consortium_role.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    legal_form: str = text(NAME)
    joined_on: date | None = None
    left_on: date | None = None
    note: str = text(NOTE)

    def title(self, language: str) -> str:
        return "Partner im Bündnis" if language == "de" else "Partner of the consortium"


def consortium_roles(session: Session, application_id: int) -> list[ConsortiumRole]:
    """The roles in their order."""
    found = select(ConsortiumRole).where(ConsortiumRole.application_id == application_id)
    return list(session.exec(found.order_by(col(ConsortiumRole.position), col(ConsortiumRole.id))))
