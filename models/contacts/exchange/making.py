"""New people from contacts of a file: everything that can be worked out is, before anybody has to wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.contacts.exchange.known import Register
from models.contacts.exchange.record import ContactRecord, Point
from models.contacts.people import Person
from models.contacts.points import ContactPoint
from models.folding import search_text
from models.imports.bulk import columns_of
from models.imports.columns import from_plain
from models.imports.plan import Remark


@dataclass
class NewPerson:
    """Somebody to be added. `organisation` may be the negative key of one that is to be made."""

    record: ContactRecord
    columns: dict[str, Any]
    organisation: int | None
    roles: list[int | None]
    label: str
    remarks: tuple[Remark, ...] = ()


def new_person(record: ContactRecord, facts: Mapping[str, Any], today: str, register: Register) -> NewPerson:
    """The columns of a person, as a form that was filled in like this would store her."""
    organisation = organisation_for(register, record.organisation, record.organisation_city, record.city)
    place = register.place(record.city)
    given = {name: value for name, value in facts.items() if value}
    values = {"added_on": today, **given, **record.values}
    if values.get("is_first_contact") and (place is None or place in register.places_with_first_contact):
        values.pop("is_first_contact")
    elif values.get("is_first_contact") and place is not None:
        register.places_with_first_contact.add(place)
    person = Person(**{name: from_plain(Person, name, value) for name, value in values.items()})
    person.place_id = place
    person.derive()
    person.search_text = search_text([*person.search_parts(), *_words(record, register, organisation, place)])
    roles = [organisation_for(register, role.organisation, "", "") for role in record.roles]
    return NewPerson(record, columns_of(person), organisation, roles, person.title("de"))


def organisation_for(register: Register, name: str, its_city: str, near: str) -> int | None:
    """The organisation of this name, or the (negative) key of one that will be made."""
    if not name:
        return None
    found = register.organisation(name, its_city, near)
    return register.add_organisation(name, its_city or near) if found is None else found


def _words(
    record: ContactRecord, register: Register, organisation: int | None, place: int | None
) -> list[str]:
    """What stands in other rows and finds the person: organisation, city, further addresses, tags."""
    organised = register.organisation_words.get(organisation or 0, ["", "", ""])
    where = register.place_names.get(place or 0, "") or organised[2]
    points = [word for point in record.points for word in (point.value, new_point(point, 0).value_key)]
    return [*organised[:2], where, *points, *record.tags]


def new_point(point: Point, position: int) -> ContactPoint:
    """A further address or number; whose it is comes later."""
    made = ContactPoint(kind=point.kind, value=point.value, label=point.label, position=position)
    made.derive()
    return made
