"""Two rows of the same person become one; separating.py makes two of it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, Session, col, select

from models.base import Row
from models.contacts.duplicates.leading_over import (
    LENT,
    Moved,
    lead_over,
    move_interactions,
    point,
    without_place,
)
from models.contacts.duplicates.merge_rules import CHOSEN, settled, values
from models.contacts.people import Person, PersonState, place_of
from models.contacts.phones import phone_key
from models.contacts.points import ContactPoint, PointKind, point_key, points_of_person
from models.contacts.roles import PersonRole, roles_of
from models.database import check_version
from models.imports.columns import all_columns

_POINTS = (("email", PointKind.EMAIL), ("phone", PointKind.PHONE))
MADE = ""  # stands for the column in `moved` of a row that the merge made


def _kept_json(kind: type) -> Any:
    return Field(
        default_factory=kind, sa_type=JSON, nullable=False, sa_column_kwargs={"info": {"personal": True}}
    )


class ContactMerge(Row, table=True):
    """What a merge did, so that it can be undone: columns of the kept person before and after, as the history writes
    them, and the rows that were led over: [table, column, id]. Without a column it is a row that the merge made; what
    it said then stands in `after` under "table:id"."""

    __tablename__ = "contact_merge"

    kept_id: int = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    gone_id: int = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    merged_at: datetime
    officer_id: int | None = Field(default=None, foreign_key="officer.id")
    undone_at: datetime | None = None
    before: dict[str, Any] = _kept_json(dict)
    after: dict[str, Any] = _kept_json(dict)
    moved: list[list[Any]] = Field(default_factory=list, sa_type=JSON, nullable=False)


class NotPossibleError(Exception):
    """One of the two is no contact of its own (any more): merged already, or erased."""


@dataclass(frozen=True)
class Choice:
    """What an officer chose: from whom each field is taken (CHOSEN -> key of the person), and the note. A field that
    is not named is the kept person's."""

    taken_from: Mapping[str, int]
    note: str


def merge(
    session: Session,
    kept: Person,
    gone: Person,
    seen: Mapping[int, int],
    choice: Choice,
    now: datetime,
    officer_id: int | None,
) -> ContactMerge:
    """Make one contact of two. `seen`: key -> version that was shown. The row that goes keeps its columns and leads to
    the one that stays. Raises OutdatedError when a colleague saved one of them meanwhile, NotPossibleError when one is
    no contact of its own. The caller commits."""
    for person in sorted(
        (kept, gone), key=lambda p: p.key
    ):  # in order, so that two merges do not wait for each other
        check_version(session, person, seen[person.key])
    if kept.key == gone.key or {kept.state, gone.state} != {PersonState.ACTIVE}:
        raise NotPossibleError
    session.info["reason"] = f"Kontakte Nr. {kept.key} und Nr. {gone.key} zusammengeführt"
    before = all_columns(kept)
    pinned = [place_of(session, person) for person in (kept, gone) if person.is_first_contact]
    nowhere = without_place(session, kept.key, gone.key)
    unchosen = _take(kept, gone, choice)
    kept.is_first_contact = place_of(session, kept) in pinned  # of the same city as before
    made = _further(session, kept, gone, unchosen)
    moved = lead_over(session, gone.key, kept.key, _known(session, kept, gone))
    moved += _lend(session, kept, gone)
    gone.state, gone.merged_into_id = PersonState.MERGED, kept.key
    session.add_all(made)
    session.flush()
    place = place_of(session, kept)
    if place is not None:  # what was said with somebody whose city nobody knew
        moved += move_interactions(session, nowhere, None, place.key)
    refind(session, kept, gone)
    after = {name: value for name, value in all_columns(kept).items() if before[name] != value}
    merged = ContactMerge(
        kept_id=kept.key,
        gone_id=gone.key,
        merged_at=now,
        officer_id=officer_id,
        before={name: before[name] for name in after},
        after=after | {f"{row.__tablename__}:{row.key}": all_columns(row) for row in made},
        moved=moved + [[row.__tablename__, MADE, row.key] for row in made],
    )
    session.add(merged)
    session.flush()
    session.info.pop("reason")
    return merged


def refind(session: Session, *people: Person) -> None:
    """Write anew by which words people are found; what was led over must be stored already."""
    for person in people:
        person.derive()
    session.flush()


def _take(kept: Person, gone: Person, choice: Choice) -> dict[str, tuple[Any, ...]]:
    """Put the chosen columns into the kept row; answers what each field of the two did not win."""
    unchosen = {}
    rest = settled(kept, gone)
    for field, columns in CHOSEN.items():
        unchosen[field] = values(gone, field)
        if choice.taken_from.get(field) == gone.key:
            unchosen[field] = values(kept, field)
            for column in columns:
                setattr(kept, column, getattr(gone, column))
    for column, value in (rest | {"note": choice.note}).items():
        setattr(kept, column, value)
    kept.other_languages = " ".join(code for code in kept.other_languages.split() if code != kept.language)
    return unchosen


def _further(
    session: Session, kept: Person, gone: Person, unchosen: Mapping[str, tuple[Any, ...]]
) -> list[ContactPoint | PersonRole]:
    """The address, number and function that were not chosen, as further ones, unless they stand there already."""
    made: list[ContactPoint | PersonRole] = []
    points = [*points_of_person(session, kept.key), *points_of_person(session, gone.key)]
    known = {(point.kind, point.value_key) for point in points} | _first_points(kept)
    position = max((point.position for point in points), default=-1)
    for field, kind in _POINTS:
        value = unchosen[field][0]
        if value and (kind, point_key(kind, value)) not in known:
            position += 1
            made.append(ContactPoint(person_id=kept.key, kind=kind, value=value, position=position))
    role = unchosen["role"]
    if (role[0] is not None or role[1]) and not _says_all_of(values(kept, "role"), role):
        organisation_id, function, role_from, role_to = role
        made.append(
            PersonRole(person_id=kept.key, organisation_id=organisation_id, function=function,
                       role_from=role_from, role_to=role_to)
        )  # fmt: skip
    return made


def _first_points(person: Person) -> set[tuple[PointKind, str]]:
    return {
        (PointKind.EMAIL, point_key(PointKind.EMAIL, person.email)),
        (PointKind.PHONE, phone_key(person.phone)),
    }


def _says_all_of(role: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether a function says everything that the other one says."""
    return all(theirs in (None, "", ours) for ours, theirs in zip(role, other, strict=True))


def _known(session: Session, kept: Person, gone: Person) -> set[tuple[str, int]]:
    """Addresses, numbers and functions of the row that goes which the other one has already: they stay with it."""
    points = {(p.kind, p.value_key) for p in points_of_person(session, kept.key)} | _first_points(kept)
    same = {
        ("contact_point", p.key)
        for p in points_of_person(session, gone.key)
        if (p.kind, p.value_key) in points
    }
    ours = [values(kept, "role"), *(_role(role) for role in roles_of(session, kept.key))]
    theirs = roles_of(session, gone.key)
    return same | {("person_role", role.key) for role in theirs if _role(role) in ours and not role.note}


def _lend(session: Session, kept: Person, gone: Person) -> Moved:
    """A further address, number or function that was chosen as the first one would stand there twice."""
    points = [p for p in points_of_person(session, kept.key) if (p.kind, p.value_key) in _first_points(kept)]
    roles = [r for r in roles_of(session, kept.key) if _role(r) == values(kept, "role") and not r.note]
    twice: list[ContactPoint | PersonRole] = [*points, *roles]
    for row in twice:
        point(row, "person_id", gone.key)
    return [[row.__tablename__, LENT, row.key] for row in twice]


def _role(role: PersonRole) -> tuple[Any, ...]:
    return role.organisation_id, role.function, role.role_from, role.role_to


def standing_merges(session: Session, kept_id: int) -> list[ContactMerge]:
    """What was merged into a person and not undone, the latest first."""
    found = select(ContactMerge).where(ContactMerge.kept_id == kept_id, col(ContactMerge.undone_at).is_(None))
    return list(session.exec(found.order_by(col(ContactMerge.id).desc())))


def latest_merges(session: Session, limit: int) -> list[ContactMerge]:
    """The latest merges that are not undone."""
    found = select(ContactMerge).where(col(ContactMerge.undone_at).is_(None))
    return list(session.exec(found.order_by(col(ContactMerge.id).desc()).limit(limit)))
