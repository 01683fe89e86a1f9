"""Somebody takes over another function, or leaves it; and who is and was at an organisation."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from models.contacts.people import Person, listed, place_of
from models.contacts.roles import PersonRole


def is_over(role_to: date | None, today: date) -> bool:
    """Whether a function has ended; its last day still belongs to it."""
    return role_to is not None and role_to < today


@dataclass(frozen=True)
class Before:
    """What a person was before a change: the function, to be kept among the former ones, and where that was."""

    role: PersonRole | None
    place_id: int | None


def as_it_is(session: Session, person: Person) -> Before:
    """Taken before the person's row is changed; nothing is stored yet."""
    place = place_of(session, person)
    role = PersonRole(
        person_id=person.key,
        organisation_id=person.organisation_id,
        function=person.function,
        role_from=person.role_from,
        role_to=person.role_to,
    )
    has_one = bool(person.function) or person.organisation_id is not None
    return Before(role if has_one else None, place.key if place else None)


def begin_role(session: Session, person: Person, before: Before, since: date, ended_on: date | None) -> None:
    """The person's row holds the new function: it began on `since`, and the one before is kept with its last day. Who
    went to another place is not the first contact of the former one."""
    if before.role is not None:
        last = before.role.role_to or ended_on or since - timedelta(days=1)
        before.role.role_to = max(last, before.role.role_from or last)
        session.add(before.role)
    person.role_from, person.role_to = since, None
    place = place_of(session, person)
    if (place.key if place else None) != before.place_id:
        person.is_first_contact = False
    session.flush()


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
