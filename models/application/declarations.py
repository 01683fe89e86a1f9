"""Declarations: which lab actors want the city to join. One entry turns the resolution's condition everywhere."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Field, Session, col, or_, select

from models.application.phases import the_application
from models.base import LINE, N_, NAME, NOTE, Labelled, Recorded, enum_column, text
from models.evidence.evidence import Evidence, EvidenceRevision

# The checklist item and the phase that stand for this condition.
CONDITION_CODE = "actors_wish"


class DeclarationKind(Labelled):
    WISH = "wish", N_("Wish of a lab actor to join")
    CONSORTIUM = "consortium", N_("Declaration to take part in the consortium")


class Declaration(Recorded, table=True):
    """A declared wish to join the network, or to take part in the consortium, until it is withdrawn. The signed paper
    is its evidence; as long as that is valid, so is the declaration."""

    __tablename__ = "declaration"

    application_id: int = Field(foreign_key="application.id", ondelete="CASCADE")
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    kind: DeclarationKind = enum_column(DeclarationKind, DeclarationKind.WISH)
    declared_on: date
    signed_by: str = text(NAME, personal=True)
    evidence_id: int | None = Field(default=None, foreign_key="evidence.id", ondelete="SET NULL", index=True)
    file_number: str = text(NAME)
    note: str = text(NOTE)
    withdrawn_on: date | None = None

    def title(self, language: str) -> str:
        day = self.declared_on.strftime("%d.%m.%Y")
        german = "Beitrittswunsch" if self.kind is DeclarationKind.WISH else "Erklärung zum Bündnis"
        return f"{german} vom {day}" if language == "de" else f"Declaration of {day}"[:LINE]


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


def standing(session: Session, kind: DeclarationKind, today: date) -> list[Declaration]:
    """Declarations that count today: neither withdrawn nor expired, the earliest first."""
    revision = (col(EvidenceRevision.evidence_id) == col(Declaration.evidence_id)) & col(
        EvidenceRevision.replaced_at
    ).is_(None)
    found = (
        select(Declaration)
        .join(Evidence, col(Evidence.id) == col(Declaration.evidence_id), isouter=True)
        .join(EvidenceRevision, revision, isouter=True)
        .where(
            Declaration.kind == kind,
            col(Declaration.withdrawn_on).is_(None),
            col(Evidence.withdrawn_on).is_(None),
            or_(col(EvidenceRevision.valid_until).is_(None), col(EvidenceRevision.valid_until) >= today),
        )
    )
    return list(session.exec(found.order_by(col(Declaration.declared_on), col(Declaration.id))))


def actors_condition(session: Session, today: date) -> Condition:
    """The resolution's condition: several lab actors want to join (wording of VII-A-00726-VSP-01)."""
    actors = {found.organisation_id for found in standing(session, DeclarationKind.WISH, today)}
    return Condition(len(actors), the_application(session).actors_needed)
