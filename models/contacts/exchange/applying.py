"""Taking over a dry run: worked out while others go on, then written at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from models.base import Recorded
from models.contacts.exchange.completing import complete_people, organisations_of_updates, real
from models.contacts.exchange.known import Register, read_register
from models.contacts.exchange.making import NewPerson, new_person
from models.contacts.exchange.record import record_from
from models.contacts.organisations import Organisation
from models.contacts.people import Person
from models.contacts.points import ContactPoint
from models.contacts.roles import PersonRole
from models.contacts.tags import Tag, TagLink
from models.folding import fold
from models.imports.applying import NotPreparedError, reason_of
from models.imports.batches import BatchState, ImportBatch
from models.imports.bulk import columns_of, insert_rows, made_history, write_changes, write_created
from models.imports.columns import all_columns, fingerprint
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
    made = _insert_shared(session, batch, [row for _key, row in wanted])
    return {**keys, **{key: new for (key, _row), new in zip(wanted, made, strict=True)}}


def _make_tags(
    session: Session, batch: ImportBatch, prepared: Prepared, known: Mapping[str, int]
) -> dict[str, int]:
    """Tags by their folded name; missing ones are made."""
    missing: dict[str, Tag] = {}
    of_updates = (tag for row in prepared.updates for tag in row.values["change"]["tags"])
    for tag in (*(tag for person in prepared.new for tag in person.tags), *of_updates):
        if fold(tag) not in known and fold(tag) not in missing:
            row = Tag(name=tag)
            row.derive()
            missing[fold(tag)] = row
    made = _insert_shared(session, batch, list(missing.values()))
    return {**known, **dict(zip(missing, made, strict=True))}


def _insert_shared(session: Session, batch: ImportBatch, rows: Sequence[Recorded]) -> list[int]:
    """Rows that no line of the file has for itself: number 0 among the changes."""
    if not rows:
        return []
    kind = type(rows[0])
    columns = [columns_of(row) for row in rows]
    keys = insert_rows(session, kind, columns)
    made = list(zip(keys, rows, columns, strict=True))
    write_created(session, kind, ((key, row.title("de"), made_history(kind, own)) for key, row, own in made))
    marks = ((0, key, fingerprint(all_columns(row))) for key, row, _own in made)
    write_changes(session, batch, kind, marks)
    return keys


def _add_people(
    session: Session,
    batch: ImportBatch,
    people: list[NewPerson],
    organisations: Mapping[int, int],
    tags: Mapping[str, int],
) -> None:
    """The people with what hangs on them: one entry of the history and one change for each."""
    for person in people:
        house = real(organisations, person.organisation)
        person.columns["organisation_id"] = house
        if house is not None:
            person.history["organisation_id"] = [None, house]
        person.mark["organisation_id"] = house
    keys = insert_rows(session, Person, [person.columns for person in people])
    owners = list(zip(keys, people, strict=True))
    write_created(session, Person, ((key, person.label, person.history) for key, person in owners))
    write_changes(session, batch, Person, ((person.number, key, person.mark) for key, person in owners))
    insert_rows(
        session, ContactPoint, [{**p, "person_id": key} for key, person in owners for p in person.points]
    )
    insert_rows(session, PersonRole, [
        {**role, "person_id": key, "organisation_id": real(organisations, role["organisation_id"])}
        for key, person in owners for role in person.roles
    ])  # fmt: skip
    insert_rows(session, TagLink, [
        {"tag_id": tag, "subject_kind": "person", "subject_id": key}
        for key, person in owners for tag in dict.fromkeys(tags[fold(name)] for name in person.tags)
    ])  # fmt: skip
