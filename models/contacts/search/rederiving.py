"""Keeping a person's search text right when what stands in other rows changes: organisation, city, further functions
and addresses, tags. The session notices it by itself; who writes by raw SQL calls `rederive`."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any, cast

from sqlalchemy import bindparam, event, inspect, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import SQLModel, col, select

from models.contacts.organisations import Organisation
from models.contacts.people import Person, PersonState
from models.contacts.points import ContactPoint
from models.contacts.roles import PersonRole
from models.contacts.tags import Tag, TagLink
from models.database import LotseSession
from models.folding import search_text
from models.places import Place

CHUNK = 500
_CONCERNED = "contacts_to_derive"  # ids of people, found before the rows that lead to them are gone

# What of a row stands in the search text of people.
_SHOWN: dict[type[SQLModel], tuple[str, ...]] = {
    Organisation: ("name", "city", "place_id"),
    Place: ("name",),
    Tag: ("name",),
    ContactPoint: ("person_id", "value", "value_key"),
    PersonRole: ("person_id", "organisation_id", "function"),
    TagLink: ("tag_id", "subject_kind", "subject_id"),
}


@event.listens_for(LotseSession, "before_flush")
def notice_before(session: Session, _context: Any, _instances: Any) -> None:
    """Rows that are deleted, or given to somebody else, lead to nobody afterwards."""
    gone = {key for row in session.deleted for key in _people_of(session, row)}
    for row in session.dirty:
        if isinstance(row, ContactPoint | PersonRole) and inspect(row).attrs["person_id"].history.added:
            table = cast(Any, type(row)).__table__
            gone.update(
                session.connection().execute(select(table.c.person_id).where(table.c.id == row.id)).scalars()
            )
    if gone:
        session.info.setdefault(_CONCERNED, set()).update(gone - {None})


@event.listens_for(LotseSession, "after_flush")
def derive_people(session: Session, _context: Any) -> None:
    """Whoever is found by a row of this flush is found by its new words."""
    concerned: set[int] = session.info.pop(_CONCERNED, set())
    for row in session.new:
        concerned.update(_people_of(session, row))
    for row in session.dirty:
        if any(inspect(row).attrs[name].history.has_changes() for name in _SHOWN.get(type(row), ())):
            concerned.update(_people_of(session, row))
    if concerned:
        rederive(session, concerned)


def _people_of(session: Session, row: object) -> Iterator[Any]:
    if isinstance(row, ContactPoint | PersonRole):
        yield from [row.person_id] if row.person_id is not None else []
    elif isinstance(row, TagLink):
        if row.subject_kind == "person":
            yield row.subject_id
    elif isinstance(row, Tag):
        links = select(col(TagLink.subject_id)).where(
            TagLink.tag_id == row.id, TagLink.subject_kind == "person"
        )
        yield from session.connection().execute(links).scalars()
    elif isinstance(row, Organisation):
        yield from _people_at(session, [row.key])
    elif isinstance(row, Place):
        there = select(col(Organisation.id)).where(Organisation.place_id == row.id)
        offices = [key for key in session.connection().execute(there).scalars() if key is not None]
        here = select(col(Person.id)).where(Person.place_id == row.id)
        yield from session.connection().execute(here).scalars()
        yield from _people_at(session, offices)


def _people_at(session: Session, offices: list[int]) -> Iterator[Any]:
    for part in _parts(offices):
        main = select(col(Person.id)).where(col(Person.organisation_id).in_(part))
        further = select(col(PersonRole.person_id)).where(col(PersonRole.organisation_id).in_(part))
        for found in (main, further):
            yield from session.connection().execute(found).scalars()


def rederive(session: Session, person_ids: Collection[int]) -> None:
    """Write the search text of these people anew, where it changed. A handful of queries for each 500 of them."""
    own = ("id", "state", "search_text", "honorific", "given_name", "family_name", "function", "email", "note", "phone",
           "organisation_id", "place_id")  # fmt: skip
    columns = [getattr(Person, name) for name in own]
    for part in _parts(sorted(person_ids)):
        found = _rows(session, select(*columns).where(col(Person.id).in_(part)))
        people = [person for person in found if person.state is PersonState.ACTIVE]
        around = _words_around(session, people)
        texts = {
            person.id: search_text([*Person.own_parts(cast(Person, person)), *around[person.id]])
            for person in people
        }
        changed = {p.id: texts[p.id] for p in people if texts[p.id] != p.search_text}
        _write(session, changed)


def _write(session: Session, texts: dict[int, str]) -> None:
    if not texts:
        return
    table = cast(Any, Person).__table__
    changing = update(table).where(table.c.id == bindparam("person")).values(search_text=bindparam("text"))
    session.connection().execute(changing, [{"person": key, "text": text} for key, text in texts.items()])
    known = [*session.new, *(session.identity_map.get(cast(Any, (Person, (key,), None))) for key in texts)]
    for person in known:  # who stands in this session already has the new words too
        if isinstance(person, Person) and person.id in texts:
            set_committed_value(person, "search_text", texts[person.id])


def _words_around(session: Session, people: Iterable[Any]) -> dict[int, list[str]]:
    """As `around` finds them for one person, in the same order."""
    rows = list(people)
    keys = [person.id for person in rows]
    roles = _rows(session, _roles(keys))
    roles.sort(key=lambda r: (r.role_to or date.max, r.role_from or date.min, r.id), reverse=True)
    offices = _by_key(session, Organisation, [row.organisation_id for row in (*rows, *roles)])
    towns: dict[int, Any] = {
        row.id: row.place_id or (offices[row.organisation_id].place_id if row.organisation_id else None)
        for row in rows
    }
    places = _by_key(session, Place, list(towns.values()))
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        if row.organisation_id:
            found[row.id] += [offices[row.organisation_id].name, offices[row.organisation_id].city]
        if town := towns[row.id]:
            found[row.id].append(places[town].name)
    for point in _rows(session, _points(keys)):
        found[point.person_id] += [point.value, point.value_key]
    for role in roles:
        found[role.person_id] += [
            role.function,
            offices[role.organisation_id].name if role.organisation_id else "",
        ]
    for key, name in _rows(session, _tags(keys)):
        found[key].append(name)
    return found


def _roles(keys: list[int]) -> Any:
    names = ("id", "person_id", "organisation_id", "function", "role_from", "role_to")
    return select(*(getattr(PersonRole, name) for name in names)).where(col(PersonRole.person_id).in_(keys))


def _points(keys: list[int]) -> Any:
    found = select(col(ContactPoint.person_id), col(ContactPoint.value), col(ContactPoint.value_key))
    return found.where(col(ContactPoint.person_id).in_(keys)).order_by(col(ContactPoint.id))


def _tags(keys: list[int]) -> Any:
    found = select(col(TagLink.subject_id), col(Tag.name)).join(Tag, col(Tag.id) == col(TagLink.tag_id))
    found = found.where(TagLink.subject_kind == "person", col(TagLink.subject_id).in_(keys))
    return found.order_by(col(Tag.name_key))


def _by_key(session: Session, kind: type[Any], keys: Iterable[int | None]) -> dict[int, Any]:
    wanted = sorted({key for key in keys if key is not None})
    table = kind.__table__
    columns = [table.c[name] for name in ("id", *_SHOWN[kind])]
    found = (_rows(session, select(*columns).where(table.c.id.in_(part))) for part in _parts(wanted))
    return {row.id: row for rows in found for row in rows}


def _rows(session: Session, statement: Any) -> list[Any]:
    return list(session.connection().execute(statement))


def _parts(keys: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]
