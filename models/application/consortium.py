"""The consortium (Bündnis): its partners, and the roles that must be filled."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, col, select

from models.application.phases import the_application
from models.base import CODE, LINE, NAME, NOTE, Recorded, in_language, text
from models.contacts.organisations import Organisation, name_of
from models.contacts.people import Person

# The checklist item and the phase that stand for this condition.
CONSORTIUM_CODE = "consortium"
MOST_NEEDED = 50  # more partners in one role than any member's consortium has (Montpellier: 13 in all)


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
        what = "Partner im Bündnis" if language == "de" else "Partner of the consortium"
        return ": ".join(part for part in (what, name_of(self, self.organisation_id)) if part)

    def is_in(self, today: date) -> bool:
        """Whether it takes part on this day: from the day it joined (if that is known) until the day it leaves."""
        has_come = self.joined_on is None or self.joined_on <= today
        return has_come and (self.left_on is None or self.left_on > today)


@dataclass(frozen=True)
class PartnerRow:
    """A partner with what its keys name."""

    partner: Partner
    organisation: Organisation
    role: ConsortiumRole
    person: Person | None


@dataclass(frozen=True)
class FilledRole:
    """A role and how many organisations are in it."""

    role: ConsortiumRole
    have: int

    @property
    def missing(self) -> int:
        return max(self.role.needed - self.have, 0)


@dataclass(frozen=True)
class ConsortiumCondition:
    """The handbook's condition: enough partners, each role filled. An organisation in two roles is one partner."""

    code: ClassVar[str] = CONSORTIUM_CODE
    have: int
    needed: int
    roles: tuple[FilledRole, ...]

    @property
    def missing_roles(self) -> list[FilledRole]:
        return [filled for filled in self.roles if filled.missing]

    @property
    def missing_others(self) -> int:
        """How many partners are missing even when every role is filled, each by an organisation of its own."""
        return max(self.needed - self.have - sum(filled.missing for filled in self.roles), 0)

    @property
    def is_met(self) -> bool:
        return self.have >= self.needed and not self.missing_roles


def consortium_roles(session: Session, application_id: int) -> list[ConsortiumRole]:
    """The roles in their order."""
    found = select(ConsortiumRole).where(ConsortiumRole.application_id == application_id)
    return list(session.exec(found.order_by(col(ConsortiumRole.position), col(ConsortiumRole.id))))


def add_role(session: Session, application_id: int, role: ConsortiumRole) -> ConsortiumRole:
    """Store a role of the city's own behind the others; its key in files is made up."""
    places = [one.position for one in consortium_roles(session, application_id)]
    role.application_id, role.code = application_id, f"own-{uuid.uuid4().hex[:8]}"
    role.position = max(places, default=-1) + 1
    session.add(role)
    session.flush()
    return role


def move_up(session: Session, role: ConsortiumRole) -> None:
    """One place towards the front; the first one stays where it is."""
    order = consortium_roles(session, role.application_id)
    place = next(number for number, one in enumerate(order) if one.key == role.key)
    if place > 0:
        order[place - 1], order[place] = order[place], order[place - 1]
    for number, one in enumerate(order):
        if one.position != number:
            one.position = number
    session.flush()


def partner_rows(session: Session, organisation_id: int | None = None) -> list[PartnerRow]:
    """All partners, or what an organisation is in the consortium, by role and name; those who left too. One query."""
    found = (
        select(Partner, Organisation, ConsortiumRole, Person)
        .join(Organisation, col(Organisation.id) == col(Partner.organisation_id))
        .join(ConsortiumRole, col(ConsortiumRole.id) == col(Partner.role_id))
        .join(Person, col(Person.id) == col(Partner.person_id), isouter=True)
        .order_by(
            col(ConsortiumRole.position), col(ConsortiumRole.id), col(Organisation.sort_key), col(Partner.id)
        )
    )
    if organisation_id is not None:
        found = found.where(Partner.organisation_id == organisation_id)
    return [PartnerRow(*row) for row in session.exec(found)]


def partners(session: Session, today: date) -> list[PartnerRow]:
    """Who takes part today, by role and name."""
    return [row for row in partner_rows(session) if row.partner.is_in(today)]


def consortium_condition(session: Session, today: date) -> ConsortiumCondition:
    """The handbook's condition (page "Join as a Fab City member"): three partners, one for each role; both numbers can
    be set. Three queries."""
    application = the_application(session)
    return judged(
        application.partners_needed, consortium_roles(session, application.key), partners(session, today)
    )


def judged(needed: int, roles: list[ConsortiumRole], rows: list[PartnerRow]) -> ConsortiumCondition:
    """What these partners fill of what is needed."""
    filled: dict[int, set[int]] = {}
    for row in rows:
        filled.setdefault(row.role.key, set()).add(row.organisation.key)
    organisations = {row.organisation.key for row in rows}
    return ConsortiumCondition(
        len(organisations),
        needed,
        tuple(FilledRole(role, len(filled.get(role.key, set()))) for role in roles),
    )
