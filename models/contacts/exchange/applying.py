"""Taking over a dry run: worked out while others go on, then written at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from models.contacts.exchange.completing import complete_people, organisations_of_updates
from models.contacts.exchange.known import Register, read_register
from models.contacts.exchange.making import NewPerson, new_person, new_point
from models.contacts.exchange.record import record_from
from models.contacts.organisations import Organisation
from models.contacts.people import Person
from models.contacts.points import ContactPoint
from models.contacts.roles import PersonRole
from models.contacts.tags import Tag, TagLink
from models.folding import fold
from models.imports.applying import NotPreparedError, reason_of
from models.imports.batches import BatchState, ImportBatch
from models.imports.bulk import columns_of, insert_rows, write_changes, write_created
from models.imports.plan import Remark
from models.imports.staged import (
    UNDECIDED,
    ImportRow,
    RowChoice,
    forget_rows,
    remarks_from,
    without_names,
)

AT_ONCE = 500


@dataclass
class Prepared:
    """Everything that will be written, and what will be left (number and reason)."""

    register: Register
    new: list[NewPerson] = field(default_factory=list)
    updates: list[ImportRow] = field(default_factory=list)
    left: list[dict[str, Any]] = field(default_factory=list)


def prepare(session: Session, batch: ImportBatch, today: date) -> Prepared:
    """Work out what importing a dry run writes. A session for reading is enough."""
    found = Prepared(read_register(session))
    last = 0
    while True:
        wanted = select(ImportRow).where(ImportRow.batch_id == batch.key, col(ImportRow.id) > last)
        rows = list(session.exec(wanted.order_by(col(ImportRow.id)).limit(AT_ONCE)))
        if not rows:
            return found
        last = rows[-1].key
        for row in rows:
            _sort_in(found, row, batch.mapping.get("facts", {}), today.isoformat())
            session.expunge(row)


def _sort_in(found: Prepared, row: ImportRow, facts: Mapping[str, Any], today: str) -> None:
    if row.choice is RowChoice.SKIP:
        reasons = remarks_from(row.faults) or [Remark(UNDECIDED)]
        found.left += [without_names(row.number, reason) for reason in reasons]
    elif row.choice is RowChoice.NEW:
        record = record_from(row.number, row.values["record"])
        found.new.append(new_person(record, facts, today, found.register))
    else:
        found.updates.append(row)


def apply_prepared(
    session: Session, batch: ImportBatch, prepared: Prepared, now: datetime
) -> list[dict[str, Any]]:
    """Write it all, each row with its history and as a change that can be taken back; the dry run is forgotten.
    Answers what was left. Raises NotPreparedError where somebody else dealt with the batch. The caller commits."""
    session.refresh(batch, with_for_update=True)
    if batch.state is not BatchState.PREPARED:
        raise NotPreparedError
    session.info["reason"] = reason_of(batch)
    known = read_register(session)
    organisations = _make_organisations(session, batch, prepared, known)
    tags = _make_tags(session, batch, prepared, known.tags)
    _add_people(session, batch, prepared.new, organisations, tags)
    left = prepared.left + complete_people(
        session, batch, prepared.updates, prepared.register, organisations, tags
    )
    forget_rows(session, batch.key)
    batch.state, batch.applied_at = BatchState.APPLIED, now
    kept: dict[str, Any] = {
        name: batch.mapping[name] for name in ("facts", "unchanged") if name in batch.mapping
    }
    counts = {"new": len(prepared.new), "changed": len(prepared.updates)}
    batch.mapping = {**kept, **counts, "left": sorted(left, key=lambda row: row["row"])}
    session.flush()
    session.info.pop("reason")
    return left


def _insert(
    session: Session, batch: ImportBatch, kind: type[Any], rows: list[tuple[int, str, dict[str, Any]]]
) -> list[int]:
    """Insert rows of (number in the file, label, columns), with history and changes."""
    keys = insert_rows(session, kind, [columns for _number, _label, columns in rows])
    if kind is not TagLink:
        labelled = ((key, label, row) for key, (_number, label, row) in zip(keys, rows, strict=True))
        write_created(session, kind, labelled)
    write_changes(session, batch, kind, ((n, key, row) for key, (n, _l, row) in zip(keys, rows, strict=True)))
    return keys


def _make_organisations(
    session: Session, batch: ImportBatch, prepared: Prepared, known: Register
) -> dict[int, int]:
    """Organisations that nobody knew: negative key -> key. One that a colleague added meanwhile is not made twice."""
    organisations_of_updates(prepared.updates, prepared.register)
    keys: dict[int, int] = {}
    wanted: list[tuple[int, Organisation]] = []
    for key, (name, city, _place) in prepared.register.organisation_words.items():
        if key >= 0:
            continue
        found = known.organisation(name, city)
        if found is not None:
            keys[key] = found
            continue
        row = Organisation(name=name, city=city, place_id=known.place(city))
        row.derive()
        wanted.append((key, row))
    made = _insert(session, batch, Organisation, [(0, row.name, columns_of(row)) for _key, row in wanted])
    return {**keys, **{key: new for (key, _row), new in zip(wanted, made, strict=True)}}


def _make_tags(
    session: Session, batch: ImportBatch, prepared: Prepared, known: Mapping[str, int]
) -> dict[str, int]:
    """Tags by their folded name; missing ones are made."""
    missing: dict[str, Tag] = {}
    of_updates = (tag for row in prepared.updates for tag in row.values["change"]["tags"])
    for tag in (*(tag for person in prepared.new for tag in person.record.tags), *of_updates):
        if fold(tag) not in known and fold(tag) not in missing:
            row = Tag(name=tag)
            row.derive()
            missing[fold(tag)] = row
    made = _insert(session, batch, Tag, [(0, row.name, columns_of(row)) for row in missing.values()])
    return {**known, **dict(zip(missing, made, strict=True))}


def _add_people(
    session: Session,
    batch: ImportBatch,
    people: list[NewPerson],
    organisations: Mapping[int, int],
    tags: Mapping[str, int],
) -> None:
    def real(key: int | None) -> int | None:
        return organisations[key] if key is not None and key < 0 else key

    for person in people:
        person.columns["organisation_id"] = real(person.organisation)
    rows = [(person.record.number, person.label, person.columns) for person in people]
    owners = list(zip(_insert(session, batch, Person, rows), people, strict=True))
    _insert(session, batch, ContactPoint, list(_points(owners)))
    _insert(session, batch, PersonRole, [
        (person.record.number, role.function, role_columns(
            key, role.function, real(house), role.role_from, role.role_to, role.note
        ))
        for key, person in owners for role, house in zip(person.record.roles, person.roles, strict=True)
    ])  # fmt: skip
    _insert(session, batch, TagLink, [
        (person.record.number, "", {"tag_id": tag, "subject_kind": "person", "subject_id": key})
        for key, person in owners for tag in dict.fromkeys(tags[fold(name)] for name in person.record.tags)
    ])  # fmt: skip


def _points(owners: Iterable[tuple[int, NewPerson]]) -> Iterable[tuple[int, str, dict[str, Any]]]:
    for key, person in owners:
        for position, point in enumerate(person.record.points, start=1):
            made = new_point(point, position)
            made.person_id = key
            yield person.record.number, made.title("de"), columns_of(made)


def role_columns(
    person_id: int, function: str, organisation_id: int | None, begun: str, ended: str, note: str
) -> dict[str, Any]:
    """The columns of a further function."""
    days = (date.fromisoformat(day) if day else None for day in (begun, ended))
    row = PersonRole(person_id=person_id, function=function, organisation_id=organisation_id, note=note)
    row.role_from, row.role_to = days
    return columns_of(row)
