"""Somebody takes over another function, or leaves it; and who is and was at an organisation."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from models.contacts.people import Person, listed
from models.contacts.roles import PersonRole


def is_over(role_to: date | None, today: date) -> bool:
    """Whether a function has ended; its last day still belongs to it."""
    return role_to is not None and role_to < today


def keep_role(session: Session, person: Person, ended_on: date | None) -> PersonRole | None:
    """Put the person's main function among the former ones; None where she has none."""
    if not person.function and person.organisation_id is None:
        return None
    role = PersonRole(
        person_id=person.key,
        organisation_id=person.organisation_id,
        function=person.function,
        role_from=person.role_from,
        role_to=person.role_to or ended_on,
    )
    session.add(role)
    return role


def end_role(session: Session, person: Person, ended_on: date) -> None:
    """The main function ended on this day: the contact stays, and is no first contact any more."""
    person.role_to = ended_on
    person.is_first_contact = False
    session.flush()


@dataclass(frozen=True)
class Membership:
    """What somebody does or did at an organisation."""

    person: Person
    function: str
    role_from: date | None
    role_to: date | None


def members(session: Session, organisation_id: int, today: date) -> tuple[list[Membership], list[Membership]]:
    """Who is at an organisation, by name; and who was, the latest first. Two queries."""
    main = select(Person).where(Person.organisation_id == organisation_id, listed())
    found = [Membership(p, p.function, p.role_from, p.role_to) for p in session.exec(main)]
    further = (
        select(PersonRole, Person)
        .join(Person, col(Person.id) == col(PersonRole.person_id))
        .where(PersonRole.organisation_id == organisation_id, listed())
    )
    found += [Membership(p, r.function, r.role_from, r.role_to) for r, p in session.exec(further)]
    present = [one for one in found if not is_over(one.role_to, today)]
    former = [one for one in found if is_over(one.role_to, today)]
    return (
        sorted(present, key=lambda one: (one.person.sort_key, one.person.key)),
        sorted(former, key=lambda one: (one.role_to or date.max, one.person.key), reverse=True),
    )
