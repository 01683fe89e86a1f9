"""New people from contacts of a file: everything that can be worked out is, before anybody has to wait."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from models.audit import plain
from models.base import Row
from models.contacts.exchange.known import Register
from models.contacts.exchange.record import ContactRecord, Point, Role
from models.contacts.people import Person
from models.contacts.phones import phone_key
from models.contacts.points import ContactPoint, point_key
from models.contacts.roles import PersonRole
from models.folding import fold, search_text
from models.imports.bulk import audited, columns_of, made_history
from models.imports.columns import fingerprint, from_plain


@dataclass
class NewPerson:
    """Somebody to be added, ready to be written. `organisation` may be the negative key of one that is to be made, and
    so may those of `roles`. `history`: what the history says; `mark`: by which a later change is seen."""

    number: int
    label: str
    columns: dict[str, Any]
    organisation: int | None
    points: list[dict[str, Any]]
    roles: list[dict[str, Any]]
    tags: list[str]
    history: dict[str, list[Any]]
    mark: dict[str, Any]


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
    columns = {**_empty(Person), **{name: from_plain(Person, name, value) for name, value in values.items()}}
    columns["place_id"] = place
    points = [point_columns(point, position) for position, point in enumerate(record.points, start=1)]
    _derive(columns, _words(record, register, organisation, place, points))
    roles = [
        role_columns(role, organisation_for(register, role.organisation, "", "")) for role in record.roles
    ]
    tags = list(dict.fromkeys(record.tags))
    return NewPerson(
        record.number, Person.title(_as_person(columns), "de"), columns, organisation, points, roles, tags,
        {**made_history(Person, columns), **around_history(record)}, made_mark(columns, points, roles, tags),
    )  # fmt: skip


@cache
def _empty(kind: type[Row]) -> Mapping[str, Any]:
    """The columns of a row in which nothing was filled in."""
    return columns_of(kind())


def _as_person(columns: Mapping[str, Any]) -> Person:
    """Columns for the functions of a person; thousands of rows of the session's kind would take seconds to build."""
    return cast(Person, SimpleNamespace(**columns))


def _derive(columns: dict[str, Any], words: list[str]) -> None:
    """As Person.derive() does; a test compares the two."""
    person = _as_person(columns)
    columns["search_text"] = search_text([*Person.own_parts(person), *words])
    columns["sort_key"] = fold(Person.sort_name(person))
    columns["given_key"] = fold(f"{person.given_name} {person.family_name}")
    columns["email_key"], columns["phone_key"] = person.email.casefold(), phone_key(person.phone)


def around_history(record: ContactRecord) -> dict[str, list[Any]]:
    """What comes with a person, for her entry in the history."""
    told = {
        "points": "\n".join(f"{p.label}: {p.value}" if p.label else p.value for p in record.points),
        "roles": "\n".join(", ".join(filter(None, (r.function, r.organisation))) for r in record.roles),
        "tags": ", ".join(record.tags),
    }
    return {name: [None, text] for name, text in told.items() if text}


def made_mark(
    columns: Mapping[str, Any],
    points: Iterable[Mapping[str, Any]],
    roles: Iterable[Mapping[str, Any]],
    tags: Iterable[str],
) -> dict[str, Any]:
    """A fingerprint of a person with all that an import made of her; her organisation stands beside it, for it may be
    made later."""
    own = {name: plain(columns[name]) for name in audited(Person) if name != "organisation_id"}
    own["points"] = sorted([str(p["kind"]), p["value"], p["label"]] for p in points)
    own["roles"] = sorted([r["function"], str(r["role_from"]), str(r["role_to"]), r["note"]] for r in roles)
    own["tags"] = sorted(fold(tag) for tag in tags)
    return fingerprint(own)


def organisation_for(register: Register, name: str, its_city: str, near: str) -> int | None:
    """The organisation of this name, or the (negative) key of one that will be made."""
    if not name:
        return None
    found = register.organisation(name, its_city, near)
    return register.add_organisation(name, its_city or near) if found is None else found


def _words(
    record: ContactRecord,
    register: Register,
    organisation: int | None,
    place: int | None,
    points: Iterable[Mapping[str, Any]],
) -> list[str]:
    """What stands in other rows and finds the person, as models.contacts.search.rederiving reads it."""
    organised = register.organisation_words.get(organisation or 0, ["", "", ""])
    where = register.place_names.get(place or 0, "") or organised[2]
    found = [*organised[:2], where, *(point[name] for point in points for name in ("value", "value_key"))]
    for role in sorted(record.roles, key=lambda r: (r.role_to or "9999", r.role_from), reverse=True):
        found += [role.function, role.organisation]
    return [*found, *sorted(record.tags, key=fold)]


def point_columns(point: Point, position: int) -> dict[str, Any]:
    """The columns of a further address or number; whose it is comes later."""
    own = {"kind": point.kind, "value": point.value, "label": point.label, "position": position}
    return {**_empty(ContactPoint), **own, "value_key": point_key(point.kind, point.value)}


def role_columns(role: Role, organisation_id: int | None) -> dict[str, Any]:
    """The columns of a further function; whose it is comes later."""
    begun, ended = (date.fromisoformat(day) if day else None for day in (role.role_from, role.role_to))
    own = {"function": role.function, "organisation_id": organisation_id, "note": role.note}
    return {**_empty(PersonRole), **own, "role_from": begun, "role_to": ended}
