"""The mail address of whoever has this name here: an organisation, else a person."""

from sqlmodel import Session, col, or_, select

from models.contacts.organisations import Organisation
from models.contacts.people import Person, listed
from models.contacts.points import ContactPoint, PointKind, point_key
from models.database import matches
from models.folding import fold


def known_address(session: Session, name: str) -> str:
    """The address of the organisation or person of just this name; empty where there is none, or several differ, or
    the person is not to be contacted."""
    wanted = fold(name.strip())
    if not wanted:
        return ""
    offices = select(Organisation.email).where(Organisation.sort_key == wanted, Organisation.email != "")
    found = set(session.exec(offices))
    if not found:
        found = {p.email for p in _called(session, name) if p.email and not p.do_not_contact}
    return found.pop() if len(found) == 1 else ""


def _called(session: Session, name: str) -> list[Person]:
    wanted = fold(name.strip())
    people = session.exec(select(Person).where(*matches(Person, name), listed())) if wanted else ()
    return [person for person in people if fold(person.title("de")) == wanted]


def not_to_be_contacted(session: Session, address: str, name: str = "") -> bool:
    """Whether this is a mail address of somebody who is not to be contacted; or, where none is known, the name."""
    key = address.strip().casefold()
    if not key:
        return any(person.do_not_contact for person in _called(session, name))
    points = select(ContactPoint.person_id).where(
        ContactPoint.kind == PointKind.EMAIL, ContactPoint.value_key == point_key(PointKind.EMAIL, address)
    )
    hers = or_(col(Person.email_key) == key, col(Person.id).in_(points))
    found = select(Person.id).where(listed(), col(Person.do_not_contact).is_(True), hers)
    return session.exec(found.limit(1)).first() is not None
