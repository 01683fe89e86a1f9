"""Declarations: which lab actors want the city to join. One entry turns the resolution's condition everywhere."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Field, Session, col, select

from models.base import LINE, NAME, NOTE, URL, Recorded, text

# The resolution of 10.06.2020 says "several" lab actors; two is the least that can mean.
ACTORS_NEEDED = 2

# The checklist item and the phase that stand for this condition.
CONDITION_CODE = "actors_wish"


class Declaration(Recorded, table=True):
    """A lab actor's declared wish to join the network, until it is withdrawn."""

    __tablename__ = "declaration"

    application_id: int = Field(foreign_key="application.id", ondelete="CASCADE")
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    declared_on: date
    signed_by: str = text(NAME, personal=True)
    proof_url: str = text(URL)
    file_number: str = text(NAME)
    note: str = text(NOTE)
    withdrawn_on: date | None = None

    def title(self, language: str) -> str:
        day = self.declared_on.strftime("%d.%m.%Y")
        return f"Beitrittswunsch vom {day}" if language == "de" else f"Declaration of {day}"[:LINE]


@dataclass(frozen=True)
class Condition:
    """How many actors have declared their wish, of how many that are needed."""

    have: int
    needed: int

    @property
    def is_met(self) -> bool:
        return self.have >= self.needed


def declarations(session: Session) -> list[Declaration]:
    """All declarations, the earliest first."""
    return list(session.exec(select(Declaration).order_by(col(Declaration.declared_on), col(Declaration.id))))


def actors_condition(session: Session) -> Condition:
    """The resolution's condition: several lab actors want to join (wording of VII-A-00726-VSP-01)."""
    standing = select(Declaration.organisation_id).where(col(Declaration.withdrawn_on).is_(None)).distinct()
    return Condition(len(session.exec(standing).all()), ACTORS_NEEDED)
