"""People as plain contacts, some hundred at a time: what goes out as a file."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from models.audit import plain
from models.contacts.exchange.fields import FIELDS, Shape
from models.contacts.exchange.known import own_uid
from models.contacts.exchange.record import ContactRecord, Point, Role
from models.contacts.organisations import Organisation
from models.contacts.people import Person, PersonState, listed
from models.contacts.points import ContactPoint, PointKind
from models.contacts.roles import PersonRole
from models.contacts.tags import Tag, TagLink
from models.places import Place

AT_ONCE = 500
_OF_RECORD = (Shape.ATTRIBUTE, Shape.POINTS, Shape.ROLES, Shape.TAGS)
_COLUMNS = [field.name for field in FIELDS if field.shape not in _OF_RECORD]
_BESIDE = ("id", "state", "organisation_id", "place_id", "phone_key")
_PEOPLE: Any = select(*(getattr(Person, name) for name in (*_COLUMNS, *_BESIDE)))
_POINTS: Any = select(
    ContactPoint.person_id, ContactPoint.kind, ContactPoint.value, ContactPoint.label, ContactPoint.value_key
)  # type: ignore[call-overload]
_ROLES: Any = select(
    *(
        getattr(PersonRole, name)
        for name in ("person_id", "organisation_id", "function", "role_from", "role_to", "note")
    )
).order_by(col(PersonRole.id))
_NO_HOUSE = (0, "", "")


def everybody(session: Session) -> list[int]:
    """The keys of all listed people, in the order of lists."""
    found = select(Person.id).where(listed()).order_by(col(Person.sort_key), col(Person.id))
    return [key for key in session.exec(found) if key is not None]


def contacts(session: Session, keys: Sequence[int], installation: str) -> Iterator[ContactRecord]:
    """The contacts of these people, in this order; who is no longer listed is left out. Little is held at a time."""
    for start in range(0, len(keys), AT_ONCE):
        part = keys[start : start + AT_ONCE]
        people = {p.id: p for p in session.execute(_PEOPLE.where(col(Person.id).in_(part)))}
        here = [people[key] for key in part if key in people and people[key].state is PersonState.ACTIVE]
        around = _Around(session, part, here)
        yield from (around.record(person, installation) for person in here)


class _Around:
    """What stands in other rows of some people. Columns are read, not rows of the session: they are thousands."""

    def __init__(self, session: Session, keys: Sequence[int], people: Sequence[Any]) -> None:
        self.points: dict[int, list[Point]] = defaultdict(list)
        self.roles: dict[int, list[Any]] = defaultdict(list)
        self.tags: dict[int, list[str]] = defaultdict(list)
        self.keys: dict[int, dict[str, str]] = defaultdict(dict)
        by_place = col(ContactPoint.position), col(ContactPoint.id)
        points = _POINTS.where(col(ContactPoint.person_id).in_(keys)).order_by(*by_place)
        for owner, kind, value, label, value_key in session.execute(points):
            self.points[owner].append(Point(kind, value, label))
            if kind is PointKind.PHONE:
                self.keys[owner][value] = value_key
        for role in session.execute(_ROLES.where(col(PersonRole.person_id).in_(keys))):
            self.roles[role.person_id].append(role)
        named = select(TagLink.subject_id, Tag.name).join(Tag, col(Tag.id) == col(TagLink.tag_id))
        tagged = named.where(TagLink.subject_kind == "person", col(TagLink.subject_id).in_(keys))
        for key, name in session.exec(tagged.order_by(col(Tag.name_key))):
            self.tags[key].append(name)
        houses = {p.organisation_id for p in people} | {
            r.organisation_id for rs in self.roles.values() for r in rs
        }
        known = select(Organisation.id, Organisation.name, Organisation.city)
        self.houses = {row[0]: row for row in session.exec(known.where(col(Organisation.id).in_(houses)))}
        places = select(Place.id, Place.name).where(col(Place.id).in_({p.place_id for p in people}))
        self.places = dict(iter(session.exec(places)))

    def record(self, person: Any, installation: str) -> ContactRecord:
        """One person as a contact."""
        _key, name, city = self.houses.get(person.organisation_id, _NO_HOUSE)
        values = {
            name: plain(value)
            for name, value in zip(_COLUMNS, person, strict=False)
            if value not in ("", None, False)
        }
        values["uid"] = person.uid or own_uid(person.id, installation)
        return ContactRecord(
            number=person.id,
            values=values,
            organisation=name,
            organisation_city=city,
            city=self.places.get(person.place_id, ""),
            points=self.points.get(person.id, []),
            roles=[self._role(role) for role in self.roles.get(person.id, [])],
            tags=self.tags.get(person.id, []),
            keys={person.phone: person.phone_key, **self.keys.get(person.id, {})},
        )

    def _role(self, role: Any) -> Role:
        begun, ended = (_day(day) for day in (role.role_from, role.role_to))
        house = self.houses.get(role.organisation_id, _NO_HOUSE)
        return Role(role.function, house[1], begun, ended, role.note)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
