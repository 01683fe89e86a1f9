"""Declarations: which lab actors want the city to join. One entry turns the resolution's condition everywhere."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sqlmodel import Field, Session, col, select

from models.application.phases import the_application
from models.base import N_, NAME, NOTE, Labelled, Recorded, enum_column, text
from models.contacts.organisations import Organisation, name_of
from models.evidence.evidence import Evidence, EvidenceRevision
from models.language import day_text, translator

# The checklist item and the phase that stand for this condition.
CONDITION_CODE = "actors_wish"


class DeclarationKind(Labelled):
    WISH = "wish", N_("Wish of a lab actor to join")
    CONSORTIUM = "consortium", N_("Declaration to take part in the consortium")


class DeclarationState(Labelled):
    """Whether a declaration counts; shown, never stored."""

    STANDS = "stands", N_("stands")
    EXPIRED = "expired", N_("expired")
    WITHDRAWN = "withdrawn", N_("withdrawn")
    UNPROVEN = "unproven", N_("its proof was withdrawn")


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
        day = day_text(self.declared_on, language)
        what = translator(language)(self.kind.label)
        return ": ".join(part for part in (f"{what}, {day}", name_of(self, self.organisation_id)) if part)


@dataclass(frozen=True)
class Declared:
    """A declaration with who made it and the signed paper in force, if there is one."""

    declaration: Declaration
    organisation: Organisation
    evidence: Evidence | None
    revision: EvidenceRevision | None

    @property
    def valid_until(self) -> date | None:
        return self.revision.valid_until if self.revision else None

    def state(self, today: date) -> DeclarationState:
        """Only what stands counts."""
        if self.declaration.withdrawn_on is not None:
            return DeclarationState.WITHDRAWN
        if self.evidence is not None and self.evidence.withdrawn_on is not None:
            return DeclarationState.UNPROVEN
        is_over = self.valid_until is not None and self.valid_until < today
        return DeclarationState.EXPIRED if is_over else DeclarationState.STANDS

    def stands(self, kind: DeclarationKind, today: date) -> bool:
        return self.declaration.kind is kind and self.state(today) is DeclarationState.STANDS


@dataclass(frozen=True)
class Condition:
    """How many actors have declared their wish, of how many that are needed."""

    code: ClassVar[str] = CONDITION_CODE
    have: int
    needed: int

    @property
    def missing(self) -> int:
        return max(self.needed - self.have, 0)

    @property
    def is_met(self) -> bool:
        return self.have >= self.needed


def declared(session: Session, organisation_id: int | None = None) -> list[Declared]:
    """All declarations, or those of an organisation, the earliest first; one query."""
    in_force = (col(EvidenceRevision.evidence_id) == col(Declaration.evidence_id)) & col(
        EvidenceRevision.replaced_at
    ).is_(None)
    found = (
        select(Declaration, Organisation, Evidence, EvidenceRevision)
        .join(Organisation, col(Organisation.id) == col(Declaration.organisation_id))
        .join(Evidence, col(Evidence.id) == col(Declaration.evidence_id), isouter=True)
        .join(EvidenceRevision, in_force, isouter=True)
        .order_by(col(Declaration.declared_on), col(Declaration.id))
    )
    if organisation_id is not None:
        found = found.where(Declaration.organisation_id == organisation_id)
    return [Declared(*row) for row in session.exec(found)]


def declarations(session: Session) -> list[Declaration]:
    """All declarations, the earliest first."""
    return list(session.exec(select(Declaration).order_by(col(Declaration.declared_on), col(Declaration.id))))


def standing(session: Session, kind: DeclarationKind, today: date) -> list[Declaration]:
    """Declarations that count today: neither withdrawn nor expired, the earliest first."""
    return [row.declaration for row in declared(session) if row.stands(kind, today)]


def actors_condition(session: Session, today: date) -> Condition:
    """The resolution's condition: several lab actors want to join (wording of VII-A-00726-VSP-01)."""
    actors = {found.organisation_id for found in standing(session, DeclarationKind.WISH, today)}
    return Condition(len(actors), the_application(session).actors_needed)


def latest_of(rows: list[Declared], kind: DeclarationKind, today: date) -> dict[int, Declared]:
    """For each organisation the declaration of this kind to look at: one that stands, else the latest."""
    found: dict[int, Declared] = {}
    for row in rows:
        before = found.get(row.organisation.key)
        if row.declaration.kind is kind and (
            before is None or row.stands(kind, today) or not before.stands(kind, today)
        ):
            found[row.organisation.key] = row
    return found
