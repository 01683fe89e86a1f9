"""People as plain contacts, some hundred at a time: what goes out as a file."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from sqlmodel import Session, col, select

from models.audit import plain
from models.contacts.exchange.fields import FIELDS, Shape
from models.contacts.exchange.known import own_uid
from models.contacts.exchange.record import ContactRecord, Point, Role
from models.contacts.organisations import Organisation
from models.contacts.people import Person, listed
from models.contacts.points import ContactPoint, PointKind
from models.contacts.roles import PersonRole
from models.contacts.tags import Tag, TagLink
from models.places import Place

AT_ONCE = 500
_OF_RECORD = (Shape.ATTRIBUTE, Shape.POINTS, Shape.ROLES, Shape.TAGS)
_COLUMNS = [field.name for field in FIELDS if field.shape not in _OF_RECORD]


def everybody(session: Session) -> list[int]:
    """The keys of all listed people, in the order of lists."""
    found = select(Person.id).where(listed()).order_by(col(Person.sort_key), col(Person.id))
    return [key for key in session.exec(found) if key is not None]


def contacts(session: Session, keys: Sequence[int], installation: str) -> Iterator[ContactRecord]:
    """The contacts of these people, in this order; who is no longer listed is left out. Little is held at a time."""
    for start in range(0, len(keys), AT_ONCE):
        part = keys[start : start + AT_ONCE]
        people = {p.key: p for p in session.exec(select(Person).where(col(Person.id).in_(part), listed()))}
        around = _Around(session, part, people.values())
        yield from (around.record(people[key], installation) for key in part if key in people)
        session.expunge_all()


class _Around:
    """What stands in other rows of some people."""

    def __init__(self, session: Session, keys: Sequence[int], people: Iterable[Person]) -> None:
        people = list(people)
        self.points: dict[int, list[Point]] = defaultdict(list)
        self.roles: dict[int, list[PersonRole]] = defaultdict(list)
        self.tags: dict[int, list[str]] = defaultdict(list)
        self.keys: dict[int, dict[str, str]] = defaultdict(dict)
        by_place = col(ContactPoint.position), col(ContactPoint.id)
        points = select(ContactPoint).where(col(ContactPoint.person_id).in_(keys)).order_by(*by_place)
        for point in session.exec(points):
            self.points[point.person_id or 0].append(Point(point.kind, point.value, point.label))
            if point.kind is PointKind.PHONE:
                self.keys[point.person_id or 0][point.value] = point.value_key
        roles = select(PersonRole).where(col(PersonRole.person_id).in_(keys)).order_by(col(PersonRole.id))
        for role in session.exec(roles):
            self.roles[role.person_id].append(role)
        named = select(TagLink.subject_id, Tag.name).join(Tag, col(Tag.id) == col(TagLink.tag_id))
        tagged = named.where(TagLink.subject_kind == "person", col(TagLink.subject_id).in_(keys))
        for key, name in session.exec(tagged.order_by(col(Tag.name_key))):
            self.tags[key].append(name)
        houses = {p.organisation_id for p in people} | {
            r.organisation_id for rs in self.roles.values() for r in rs
        }
        self.houses = {
            o.key: o for o in session.exec(select(Organisation).where(col(Organisation.id).in_(houses)))
        }
        places = {p.place_id for p in people}
        self.places = {p.key: p.name for p in session.exec(select(Place).where(col(Place.id).in_(places)))}

    def record(self, person: Person, installation: str) -> ContactRecord:
        """One person as a contact."""
        house = self.houses.get(person.organisation_id or 0)
        values = {name: plain(getattr(person, name)) for name in _COLUMNS}
        values["uid"] = person.uid or own_uid(person.key, installation)
        return ContactRecord(
            number=person.key,
            values={name: value for name, value in values.items() if value not in ("", None, False)},
            organisation=house.name if house else "",
            organisation_city=house.city if house else "",
            city=self.places.get(person.place_id or 0, ""),
            points=self.points.get(person.key, []),
            roles=[self._role(role) for role in self.roles.get(person.key, [])],
            tags=self.tags.get(person.key, []),
            keys={person.phone: person.phone_key, **self.keys.get(person.key, {})},
        )

    def _role(self, role: PersonRole) -> Role:
        house = self.houses.get(role.organisation_id or 0)
        begun, ended = (_day(day) for day in (role.role_from, role.role_to))
        return Role(role.function, house.name if house else "", begun, ended, role.note)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
