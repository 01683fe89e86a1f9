"""Taking an import of contacts back: who was added goes, what was completed is as before; what somebody changed or used
since stays, and is said."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import String, type_coerce
from sqlmodel import Session, SQLModel, col, select

from models.base import Row
from models.contacts.exchange.making import made_mark
from models.contacts.organisations import Organisation
from models.contacts.people import Person
from models.contacts.points import ContactPoint
from models.contacts.roles import PersonRole
from models.contacts.search.rederiving import rederive
from models.contacts.tags import Tag, TagLink
from models.hanging import SPEAKING
from models.imports.applying import NotPreparedError
from models.imports.batches import BatchState, ImportBatch, ImportChange
from models.imports.bulk import CHUNK, columns_of, delete_rows, table_of
from models.imports.columns import is_as_made, put
from models.imports.plan import Left, Remark
from models.imports.reverting import CHANGED, DELETED, IN_USE, Retraction, changes_of, look_at
from models.imports.staged import without_names

_KINDS: dict[str, type[Any]] = {
    "person": Person, "contact_point": ContactPoint, "person_role": PersonRole, "tag_link": TagLink,
    "organisation": Organisation, "tag": Tag,
}  # fmt: skip
_PARTS = ("contact_point", "person_role", "tag_link")  # of a person
GONE_LABEL = "Kontakt aus einer zurückgenommenen Einfuhr"


@dataclass
class TakingBack:
    """What taking back would do: columns to restore, people to remove, parts to remove of people who stay."""

    restore: Retraction = field(default_factory=Retraction)
    people: list[Person] = field(default_factory=list)
    parts: list[Any] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)

    @property
    def completed(self) -> set[int]:
        """The people who stay and are as before afterwards."""
        restored = {row.key for row, _values in self.restore.restore}
        return restored | {_owner(part) for part in self.parts}


def taking_back(session: Session, batch: ImportBatch) -> TakingBack:
    """What taking this import back would do now."""
    found, changes = TakingBack(), changes_of(session, batch)
    rows = _load(session, changes)
    made = [c for c in changes if c.before is None and c.subject_kind == "person"]
    _look_at_people(session, found, made, rows)
    for change in changes:
        row = rows.get((change.subject_kind, change.subject_id))
        if change.before is not None:
            if row is None:
                found.left.append(Left(change.row_number, "", Remark(DELETED)))
            else:
                look_at(session, found.restore, change, row)
        elif change.subject_kind in _PARTS and row is not None:
            if is_as_made(row, change.after):
                found.parts.append(row)
            else:
                found.left.append(Left(change.row_number, "", Remark(CHANGED)))
    found.left = sorted([*found.left, *found.restore.left], key=lambda left: left.number)
    return found


def _load(session: Session, changes: Iterable[ImportChange]) -> dict[tuple[str, int], Any]:
    wanted: dict[str, list[int]] = defaultdict(list)
    for change in changes:
        wanted[change.subject_kind].append(change.subject_id)
    return {
        (name, row.key): row
        for name, keys in wanted.items()
        for row in _some(session, _KINDS[name], _KINDS[name].id, keys)
    }


def _some(session: Session, kind: type[Any], column: Any, keys: Iterable[int]) -> Iterable[Any]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), CHUNK):
        yield from session.exec(select(kind).where(col(column).in_(ordered[start : start + CHUNK])))


def _look_at_people(
    session: Session, found: TakingBack, made: list[ImportChange], rows: Mapping[tuple[str, int], Any]
) -> None:
    """Who was added goes, unless she was changed since or something speaks of her."""
    keys = [change.subject_id for change in made]
    used, now = (
        in_use(session, "person", keys),
        _marks(session, [rows[k] for c in made if (k := ("person", c.subject_id)) in rows]),
    )
    for change in made:
        person = rows.get(("person", change.subject_id))
        if person is None:
            found.left.append(Left(change.row_number, "", Remark(DELETED)))
        elif person.key in used or now[person.key] != change.after:
            found.left.append(Left(change.row_number, person.title("de"), Remark(IN_USE)))
        else:
            found.people.append(person)


def _marks(session: Session, people: list[Person]) -> dict[int, dict[str, Any]]:
    """The fingerprint of each of these people as they are now."""
    keys = [person.key for person in people]
    points, roles, tags = (defaultdict(list) for _part in range(3))
    for point in _some(session, ContactPoint, ContactPoint.person_id, keys):
        points[point.person_id].append(columns_of(point))
    for role in _some(session, PersonRole, PersonRole.person_id, keys):
        roles[role.person_id].append(columns_of(role))
    names = {tag.key: tag.name for tag in session.exec(select(Tag))}
    for link in _some(session, TagLink, TagLink.subject_id, keys):
        if link.subject_kind == "person":
            tags[link.subject_id].append(names[link.tag_id])
    return {
        p.key: made_mark(columns_of(p), points[p.key], roles[p.key], tags[p.key])
        | {"organisation_id": p.organisation_id}
        for p in people
    }


def in_use(session: Session, kind: str, keys: list[int]) -> set[int]:
    """Which of these rows others refer to, read from the metadata; parts of a person are looked at elsewhere."""
    found: set[int] = set()
    for table in SQLModel.metadata.sorted_tables:
        columns = [
            f.parent for f in table.foreign_keys if f.column.table.name == kind and table.name not in _PARTS
        ]
        speaks = table.name in SPEAKING
        for column in [*columns, *([table.c.subject_id] if speaks else [])]:
            for start in range(0, len(keys), CHUNK):
                some = select(column).where(column.in_(keys[start : start + CHUNK])).distinct()
                if speaks and column.name == "subject_id":
                    some = some.where(type_coerce(table.c.subject_kind, String) == kind)
                found |= set(session.connection().execute(some).scalars())
    return found


def _owner(part: Any) -> int:
    key = part.subject_id if isinstance(part, TagLink) else part.person_id
    return int(key or 0)


def take_back(session: Session, batch: ImportBatch, now: datetime) -> list[Left]:
    """Take the import back as far as it can be, and answer what stays. Raises NotPreparedError for a batch that is not
    imported. The caller commits."""
    session.refresh(batch, with_for_update=True)
    if batch.state is not BatchState.APPLIED:
        raise NotPreparedError
    session.info["reason"] = f"Einfuhr zurückgenommen: {batch.file_name}"
    found = taking_back(session, batch)
    stay = sorted(found.completed)
    for row, values in found.restore.restore:
        put(row, values)
    session.flush()
    for name in _PARTS:
        _delete(session, _KINDS[name], [p for p in found.parts if type(p) is _KINDS[name]], "–")
    _delete_people(session, found.people)
    _delete_shared(session, batch)
    rederive(session, stay)
    batch.state, batch.reverted_at = BatchState.REVERTED, now
    kept = [without_names(left.number, left.remark) for left in found.left]
    batch.mapping = {**batch.mapping, "kept": kept}
    session.flush()
    session.info.pop("reason")
    return found.left


def _delete(session: Session, kind: type[Row], rows: list[Any], label: str) -> None:
    keys = [row.key for row in rows]
    for row in rows:
        session.expunge(row)
    delete_rows(session, kind, keys, label)


def _delete_people(session: Session, people: list[Person]) -> None:
    keys, links = [person.key for person in people], table_of(TagLink)
    for start in range(0, len(keys), CHUNK):
        named = links.c.subject_id.in_(keys[start : start + CHUNK]) & (links.c.subject_kind == "person")
        session.connection().execute(links.delete().where(named))
    _delete(session, Person, people, GONE_LABEL)


def _delete_shared(session: Session, batch: ImportBatch) -> None:
    """Organisations and tags that the import made and nobody uses now."""
    for name in ("tag", "organisation"):
        changes = [c for c in changes_of(session, batch) if c.subject_kind == name and c.before is None]
        keys = [change.subject_id for change in changes]
        used = in_use(session, name, keys) | _used_by_parts(session, name, keys)
        rows = {row.key: row for row in _some(session, _KINDS[name], _KINDS[name].id, keys)}
        for change in changes:
            row = rows.get(change.subject_id)
            if row is not None and row.key not in used and is_as_made(row, change.after):
                session.delete(row)
        session.flush()


def _used_by_parts(session: Session, name: str, keys: list[int]) -> set[int]:
    found: set[int] = set()
    for part in _PARTS:
        table = table_of(_KINDS[part])
        for foreign in table.foreign_keys:
            if foreign.column.table.name != name:
                continue
            for start in range(0, len(keys), CHUNK):
                some = (
                    select(foreign.parent).where(foreign.parent.in_(keys[start : start + CHUNK])).distinct()
                )
                found |= set(session.connection().execute(some).scalars())
    return found
