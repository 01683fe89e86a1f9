"""What stands here already, looked up for some hundred contacts at a time."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from models.base import ADDRESS
from models.contacts.exchange.record import ContactRecord
from models.contacts.organisations import Organisation
from models.contacts.people import Person, PersonState, listed
from models.contacts.points import ContactPoint, PointKind
from models.contacts.roles import PersonRole
from models.contacts.tags import Tag, TagLink
from models.folding import fold
from models.places import Place

CHUNK = 500  # keys in one query


def own_uid(key: int, installation: str) -> str:
    """The UID under which a contact leaves this installation that never had another."""
    return f"person-{key}@{installation}.fab-city-lotse"


def own_key(uid: str, installation: str) -> int | None:
    """The key of the person that such a UID names here."""
    found = re.fullmatch(r"person-([1-9][0-9]{0,8})@(.*)\.fab-city-lotse", uid)
    return int(found[1]) if found and found[2] == installation else None


@dataclass
class Register:
    """Organisations, places and tags by their folded names: read once for an import. Organisations that the import is
    going to make have negative keys."""

    organisations: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    places: dict[str, int] = field(default_factory=dict)
    tags: dict[str, int] = field(default_factory=dict)
    organisation_words: dict[int, list[str]] = field(default_factory=dict)
    place_names: dict[int, str] = field(default_factory=dict)
    places_with_first_contact: set[int] = field(default_factory=set)

    def organisation(self, name: str, its_city: str = "", near: str = "") -> int | None:
        """The organisation of this name. One that lies in another city than the file says is another one; where the
        file says only where the person is, that is a preference."""
        found = self.organisations.get(fold(name), []) if name else []
        if its_city:
            found = [pair for pair in found if pair[1] in ("", fold(its_city))]
        here = [pair for pair in found if pair[1] and pair[1] == fold(its_city or near)]
        return next((key for key, _city in (*here, *found)), None)

    def add_organisation(self, name: str, city: str, key: int | None = None) -> int:
        """Note one that is going to be made; answers its (negative) key."""
        key = key or -len(self.organisation_words) - 1
        self.organisations[fold(name)].append((key, fold(city)))
        self.organisation_words[key] = [name, city, ""]
        return key

    def city_of(self, organisation_id: int) -> str:
        """The folded city of an organisation."""
        return fold(self.organisation_words[organisation_id][1])

    def place(self, name: str) -> int | None:
        """The place of this name."""
        return self.places.get(fold(name)) if name else None


def read_register(session: Session) -> Register:
    """As it stands now."""
    found = Register()
    places = select(Place.id, Place.name, Place.sort_key).order_by(col(Place.id))
    for key, name, sort_key in session.exec(places):
        found.places.setdefault(sort_key, key or 0)
        found.place_names[key or 0] = name
    columns = (
        Organisation.id,
        Organisation.name,
        Organisation.sort_key,
        Organisation.city,
        Organisation.place_id,
    )
    organisations = select(*columns).order_by(col(Organisation.id))  # type: ignore[call-overload]
    for key, name, sort_key, city, place_id in session.exec(organisations):
        found.organisations[sort_key].append((key or 0, fold(city)))
        found.organisation_words[key or 0] = [name, city, found.place_names.get(place_id or 0, "")]
    found.tags = {name: key or 0 for name, key in session.exec(select(Tag.name_key, Tag.id))}
    first = select(Person.place_id).where(listed(), col(Person.is_first_contact))
    found.places_with_first_contact = {key for key in session.exec(first) if key is not None}
    return found


@dataclass
class Neighbours:
    """The people who may be meant by some contacts, by each of the keys they are known by. `gone`: the keys of people
    who were erased, as far as a UID of ours still names them."""

    by_uid: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_email: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_name: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    people: dict[int, Person] = field(default_factory=dict)
    points: dict[int, list[ContactPoint]] = field(default_factory=lambda: defaultdict(list))
    roles: dict[int, list[PersonRole]] = field(default_factory=lambda: defaultdict(list))
    tags: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    gone: set[int] = field(default_factory=set)
    led_on: dict[int, int] = field(default_factory=dict)


def neighbours(
    session: Session, records: Iterable[ContactRecord], installation: str, also: Iterable[int] = ()
) -> Neighbours:
    """Read who may be meant by these contacts; `also` are people whom a person named."""
    records, found = list(records), Neighbours()
    uids = {str(record.values["uid"]) for record in records if record.values.get("uid")}
    own = {key for uid in uids if (key := own_key(uid, installation)) is not None}
    emails = {address.casefold()[:ADDRESS] for record in records for address in record.addresses}
    names = {name_key(record) for record in records}
    for condition in (
        *_in_chunks(col(Person.uid), uids),
        *_in_chunks(col(Person.id), own | set(also)),
        *_in_chunks(col(Person.email_key), emails),
        *_in_chunks(col(Person.sort_key), names),
        *_with_points(session, emails),
    ):
        for person in session.exec(select(Person).where(condition)):
            _take(found, person)
    _follow_merged(session, found)
    _read_around(session, found)
    return found


def name_key(record: ContactRecord) -> str:
    """The name as lists order it."""
    return fold(f"{record.values.get('family_name', '')} {record.values.get('given_name', '')}")


def _in_chunks(column: Any, keys: set[object] | set[str] | set[int]) -> list[ColumnElement[bool]]:
    ordered = sorted(keys, key=str)
    return [column.in_(ordered[start : start + CHUNK]) for start in range(0, len(ordered), CHUNK)]


def _with_points(session: Session, emails: set[str]) -> list[ColumnElement[bool]]:
    owners: set[int] = set()
    for condition in _in_chunks(col(ContactPoint.value_key), {fold(address) for address in emails}):
        pointed = select(ContactPoint.person_id).where(condition, ContactPoint.kind == PointKind.EMAIL)
        owners |= {key for key in session.exec(pointed) if key is not None}
    return _in_chunks(col(Person.id), owners)


def _take(found: Neighbours, person: Person) -> None:
    if person.state is PersonState.ERASED:
        found.gone.add(person.key)
        return
    if person.uid:
        found.by_uid[person.uid].add(person.key)
    if person.state is PersonState.ACTIVE:
        found.people[person.key] = person
        found.by_name[person.sort_key].add(person.key)
        if person.email_key:
            found.by_email[person.email_key].add(person.key)
    elif person.merged_into_id is not None:
        found.led_on[person.key] = person.merged_into_id


def _follow_merged(session: Session, found: Neighbours) -> None:
    """Whoever was merged is meant as the one who was kept."""
    for gone, kept in list(found.led_on.items()):
        person = session.get(Person, kept)
        for _step in range(10):
            if person is None or person.state is not PersonState.MERGED or person.merged_into_id is None:
                break
            person = session.get(Person, person.merged_into_id)
        if person is not None and person.state is PersonState.ACTIVE:
            _take(found, person)
            found.led_on[gone] = person.key
    for keys in found.by_uid.values():
        keys |= {found.led_on[key] for key in keys if key in found.led_on}
        keys &= set(found.people)


def _read_around(session: Session, found: Neighbours) -> None:
    for condition in _in_chunks(col(ContactPoint.person_id), set(found.people)):
        ordered = col(ContactPoint.position), col(ContactPoint.id)
        for point in session.exec(select(ContactPoint).where(condition).order_by(*ordered)):
            found.points[point.person_id or 0].append(point)
            if point.kind is PointKind.EMAIL:
                found.by_email[point.value.casefold()].add(point.person_id or 0)
    for condition in _in_chunks(col(PersonRole.person_id), set(found.people)):
        for role in session.exec(select(PersonRole).where(condition)):
            found.roles[role.person_id].append(role)
    named = select(TagLink.subject_id, Tag.name_key).join(Tag, col(Tag.id) == col(TagLink.tag_id))
    for condition in _in_chunks(col(TagLink.subject_id), set(found.people)):
        for key, name in session.exec(named.where(TagLink.subject_kind == "person", condition)):
            found.tags[key].add(name)
