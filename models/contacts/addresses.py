"""The mail address of whoever has this name here: an organisation, else a person."""

from sqlmodel import Session, col, select

from models.contacts.organisations import Organisation
from models.contacts.people import Person, listed
from models.database import matches
from models.folding import fold


def known_address(session: Session, name: str) -> str:
    """The address of the organisation or person of just this name; empty where there is none, or several differ."""
    wanted = fold(name.strip())
    if not wanted:
        return ""
    offices = select(Organisation.email).where(Organisation.sort_key == wanted, Organisation.email != "")
    found = set(session.exec(offices))
    if not found:
        people = select(Person).where(*matches(Person, name), col(Person.email) != "", listed())
        found = {person.email for person in session.exec(people) if fold(person.title("de")) == wanted}
    return found.pop() if len(found) == 1 else ""
