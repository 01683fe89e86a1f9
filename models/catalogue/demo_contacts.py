"""The contacts of the demonstration: who is where, and what was said to them."""

from datetime import date

from sqlmodel import Session, select

from models.catalogue import invented_contacts
from models.catalogue.invented import marked
from models.catalogue.invented_contacts import CAST, HAMBURG
from models.contacts.interactions import InteractionKind
from models.contacts.organisations import Organisation
from models.contacts.people import Person, make_first_contact
from models.contacts.tagging import set_tags, split_tags
from models.contacts.talks import Talk, record_talk
from models.places import Place

_KINDS = (InteractionKind.CALL, InteractionKind.MEETING)


def add_contacts(session: Session, today: date) -> None:
    """The cast with its organisations, addresses, functions and tags."""
    place_ids = {place.name: place.key for place in session.exec(select(Place))}
    offices = invented_contacts.offices(place_ids)
    session.add_all(offices)
    session.flush()
    ids = {office.name.removesuffix(marked("")): office.key for office in offices}
    session.add_all(invented_contacts.mailboxes(ids[HAMBURG]))
    for played in CAST:
        person = invented_contacts.person(played, ids[played.at], today)
        session.add(person)
        session.flush()
        session.add_all(invented_contacts.points(played, person.key))
        session.add_all(invented_contacts.roles(played, person.key, ids, today))
        set_tags(session, "person", person.key, split_tags(played.tags))
        if played.is_first:
            make_first_contact(session, person)
    hamburg = session.get_one(Organisation, ids[HAMBURG])
    set_tags(session, "organisation", hamburg.key, ["Stadtverwaltung"])


def talk_to(session: Session, number: int, day: date) -> None:
    """What the cast said on the so many-th occasion, on this day."""
    for played in CAST:
        if len(played.talks) <= number:
            continue
        person = session.exec(select(Person).where(Person.email == played.email)).one()
        record_talk(session, person, Talk(day, played.talks[number], None, "", _KINDS[number % 2]))
