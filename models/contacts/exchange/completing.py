"""People who stand here already, completed by what a file says of them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlmodel import Session, col, select

from models.contacts.exchange.known import CHUNK, Register
from models.contacts.exchange.making import organisation_for, point_columns, role_columns
from models.contacts.exchange.record import Point, Role
from models.contacts.people import Person, listed
from models.contacts.points import ContactPoint, PointKind
from models.contacts.roles import PersonRole
from models.contacts.tags import TagLink
from models.folding import fold
from models.imports.applying import GONE, OVERTAKEN
from models.imports.batches import ImportBatch, ImportChange
from models.imports.columns import all_columns, fingerprint, plain_columns, put
from models.imports.plan import Remark
from models.imports.staged import ImportRow, without_names


def organisations_of_updates(rows: Iterable[ImportRow], register: Register) -> None:
    """Note the organisations that these rows need."""
    for row in rows:
        change, record = row.values["change"], row.values["record"]
        if change["organisation"]:
            organisation_for(register, change["organisation"], record["organisation_city"], record["city"])
        for role in change["roles"]:
            organisation_for(register, role[1], "", "")


def real(organisations: Mapping[int, int], key: int | None) -> int | None:
    """The key of an organisation, whether it stood here or was made just now."""
    return organisations[key] if key is not None and key < 0 else key


def complete_people(
    session: Session,
    batch: ImportBatch,
    rows: list[ImportRow],
    register: Register,
    organisations: Mapping[int, int],
    tags: Mapping[str, int],
) -> list[dict[str, Any]]:
    """Complete each person who is still as the dry run saw her; answers the others."""
    left: list[dict[str, Any]] = []
    people = _held(session, {row.subject_id or 0 for row in rows})
    versions = {key: person.version for key, person in people.items()}
    added: list[tuple[int, Any]] = []
    for row in rows:
        person = people.get(row.subject_id or 0)
        if person is None:
            left.append(without_names(row.number, Remark(GONE)))
        elif versions[person.key] != row.row_version:
            left.append(without_names(row.number, Remark(OVERTAKEN)))
        else:
            change, record = row.values["change"], row.values["record"]
            after = dict(change["after"])
            if change["organisation"]:
                key = register.organisation(
                    change["organisation"], record["organisation_city"], record["city"]
                )
                after["organisation_id"] = real(organisations, key)
            _complete(session, batch, row.number, person, after)
            houses = [real(organisations, register.organisation(role[1])) for role in change["roles"]]
            added += [(row.number, part) for part in _parts(person, change, houses, tags)]
    session.add_all([part for _number, part in added])
    session.flush()
    for number, part in added:
        kind, mark = str(type(part).__tablename__), fingerprint(all_columns(part))
        session.add(_change(batch, number, kind, part.key, None, mark))
    return left


def _held(session: Session, keys: set[int]) -> dict[int, Person]:
    found: dict[int, Person] = {}
    ordered = sorted(keys)
    for start in range(0, len(ordered), CHUNK):
        some = select(Person).where(col(Person.id).in_(ordered[start : start + CHUNK]), listed())
        for person in session.exec(some.with_for_update(), execution_options={"populate_existing": True}):
            found[person.key] = person
    return found


def _complete(
    session: Session, batch: ImportBatch, number: int, person: Person, after: dict[str, Any]
) -> None:
    before = plain_columns(person, after)
    put(person, after)
    if after:
        session.add(_change(batch, number, "person", person.key, before, after))


def _parts(
    person: Person, change: Mapping[str, Any], houses: Iterable[int | None], tags: Mapping[str, int]
) -> Iterator[Any]:
    """What is added to a person: addresses and numbers, functions, tags."""
    for position, (kind, value, label) in enumerate(change["points"], start=100):
        point = point_columns(Point(PointKind(kind), value, label), position)
        yield ContactPoint(**{**point, "person_id": person.key})
    for parts, house in zip(change["roles"], houses, strict=True):
        yield PersonRole(**{**role_columns(Role(*parts), house), "person_id": person.key})
    for tag in dict.fromkeys(tags[fold(name)] for name in change["tags"]):
        yield TagLink(tag_id=tag, subject_kind="person", subject_id=person.key)


def _change(
    batch: ImportBatch, number: int, kind: str, key: int, before: dict[str, Any] | None, after: dict[str, Any]
) -> ImportChange:
    return ImportChange(
        batch_id=batch.key, row_number=number, subject_kind=kind, subject_id=key, before=before, after=after
    )
