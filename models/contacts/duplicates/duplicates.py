"""People who may be one and the same, with the reasons, and those who are known not to be."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint, union
from sqlmodel import Field, Session, and_, col, func, or_, select

from models.base import Row
from models.contacts.duplicates.alike import Reason, likeness, plain_spelling
from models.contacts.duplicates.alike_blocks import Named, Rows, blocks, pairs_of
from models.contacts.organisations import Organisation
from models.contacts.people import Person, PersonState, listed
from models.contacts.phones import phone_key
from models.contacts.points import ContactPoint, PointKind
from models.folding import fold, search_text

# So many may share an address or number and still be taken for one person; more share a mailbox or a switchboard.
_SHARED = {PointKind.EMAIL: 3, PointKind.PHONE: 2}
_REASONS = {PointKind.EMAIL: Reason.EMAIL, PointKind.PHONE: Reason.PHONE}
# Names that mean one person even where of one of them neither organisation nor city is known.
_WHOLE = frozenset({Reason.NAME, Reason.SPELLING, Reason.SWAPPED})


class NotTheSame(Row, table=True):
    """Two people who look alike and are two: a colleague said so. `first_id` is the smaller one."""

    __tablename__ = "not_the_same"
    __table_args__ = (UniqueConstraint("first_id", "second_id", name="uq_not_the_same_pair"),)

    first_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    second_id: int = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    decided_at: datetime
    officer_id: int | None = Field(default=None, foreign_key="officer.id")


@dataclass(frozen=True)
class Pair:
    """Two people, the smaller key first, and why they may be one."""

    first_id: int
    second_id: int
    reasons: tuple[Reason, ...]

    @property
    def score(self) -> int:
        return sum(reason.weight for reason in self.reasons)


def likely_pairs(session: Session) -> list[Pair]:
    """All pairs that may be one person, the likeliest first; without those that a colleague called two.

    People are compared only within blocks (the same address, number, or a name that begins alike in one city or
    organisation), so that the time grows with the number of people and not with its square.
    """
    rows = _rows(session)
    candidates: dict[tuple[int, int], set[Reason]] = {}
    for group in blocks(rows):
        for pair in pairs_of(group):
            candidates.setdefault(pair, set())
    for kind in (PointKind.EMAIL, PointKind.PHONE):
        for shared in _shared(session, kind):
            keys = sorted(key for key in shared if key in rows)
            for pair in pairs_of(keys):
                reason = _REASONS[kind] if len(keys) <= _SHARED[kind] else None
                candidates.setdefault(pair, set()).update({reason} if reason else _if_alike(rows, pair, kind))
    two = set(session.exec(select(NotTheSame.first_id, NotTheSame.second_id)))
    found = []
    for pair, reasons in candidates.items():
        why = _judged(Named(*rows[pair[0]]), Named(*rows[pair[1]]), frozenset(reasons))
        if why and pair not in two:
            found.append(Pair(*pair, why))
    return sorted(found, key=lambda p: (-p.score, p.first_id, p.second_id))


def _if_alike(rows: Rows, pair: tuple[int, int], kind: PointKind) -> set[Reason]:
    one, other = (Named(*rows[key]).keys for key in pair)
    return {_REASONS[kind]} if likeness(one, other) else set()


def _judged(one: Named, other: Named, known: frozenset[Reason]) -> tuple[Reason, ...]:
    """The reasons, the strongest first; none at all where they do not make a pair."""
    found = set(known)
    alike = likeness(one.keys, other.keys)
    if alike:
        found.add(alike)
    if one.organisation_id is not None and one.organisation_id == other.organisation_id:
        found.add(Reason.ORGANISATION)
    elif one.place_id is not None and one.place_id == other.place_id:
        found.add(Reason.PLACE)
    around = found & {Reason.ORGANISATION, Reason.PLACE}
    is_pair = known or (alike and around) or (alike in _WHOLE and (one.is_unplaced or other.is_unplaced))
    if alike is Reason.SHORTENED and not known and Reason.ORGANISATION not in around:
        is_pair = is_pair and bool(
            one.keys.parts()[0] and other.keys.parts()[0]
        )  # "Müller" alone may be anybody
    return tuple(reason for reason in Reason if reason in found) if is_pair else ()


def _columns() -> Any:
    place = func.coalesce(Person.place_id, Organisation.place_id)
    wanted = select(Person.id, Person.sort_key, Person.given_key, Person.organisation_id, place)  # type: ignore[call-overload]
    joined = wanted.join(Organisation, col(Person.organisation_id) == col(Organisation.id), isouter=True)
    return joined.where(_is_listed())


def _is_listed() -> Any:
    """The same people as listed(), asked so that SQLite does not go by the index of the state, which nearly all share:
    that takes three times as long."""
    return col(Person.state).not_in((PersonState.MERGED, PersonState.ERASED))


def _rows(session: Session) -> Rows:
    # One look at five columns; the names are compared in Python, because no database folds like models.folding.
    return {row[0]: row for row in session.connection().execute(_columns()).all()}


def _own(kind: PointKind) -> Any:
    return col(Person.email_key) if kind is PointKind.EMAIL else col(Person.phone_key)


def _shared(session: Session, kind: PointKind) -> Iterator[set[int]]:
    """Who shares an address or number with others, in their own rows or further ones. Words ("please call") are no
    number. Counted by the indexes alone."""
    own, further = _own(kind), col(ContactPoint.value_key)
    is_further = and_(ContactPoint.kind == kind, col(ContactPoint.person_id).is_not(None), further != "")
    twice = select(own).where(own != "").group_by(own).having(func.count() > 1)
    further_twice = select(further).where(is_further).group_by(further).having(func.count() > 1)
    both = select(further).join(Person, own == further).where(is_further)
    values = union(twice, further_twice, both)
    groups: dict[str, set[int]] = {}
    for statement in (
        select(own, col(Person.id)).where(own.in_(values)),
        select(further, col(ContactPoint.person_id)).where(further.in_(values), is_further),
    ):
        for value, key in session.connection().execute(statement):
            if kind is PointKind.EMAIL or value.startswith("+"):
                groups.setdefault(value, set()).add(key)
    yield from groups.values()


def likely_same_as(
    session: Session, person: Person, except_id: int | None = None
) -> list[tuple[Person, tuple[Reason, ...]]]:
    """Who here may be this person, with the reasons, the likeliest first. `person` need not be stored; `except_id` is
    the one that is being changed."""
    organisation = session.get(Organisation, person.organisation_id) if person.organisation_id else None
    place_id = person.place_id or (organisation.place_id if organisation else None)
    wanted = Named(
        except_id or 0,
        fold(f"{person.family_name} {person.given_name}"),
        fold(f"{person.given_name} {person.family_name}"),
        person.organisation_id,
        place_id,
    )
    others = {row[0]: Named(*row) for row in _near(session, person, place_id) if row[0] != except_id}
    known: dict[int, set[Reason]] = {}
    for kind, value in (
        (PointKind.EMAIL, person.email.casefold()),
        (PointKind.PHONE, phone_key(person.phone)),
    ):
        sharing = _sharing(session, kind, value) - {except_id}
        _add_named(session, others, sharing)
        for key in sharing:
            if len(sharing) < _SHARED[kind] or likeness(wanted.keys, others[key].keys):
                known.setdefault(key, set()).add(_REASONS[kind])
    two = decided_with(session, except_id) if except_id else set()
    found = []
    for key, other in others.items():
        is_worth_it = key in known or wanted.initials & other.initials
        why = _judged(wanted, other, frozenset(known.get(key, ()))) if is_worth_it and key not in two else ()
        if why:
            found.append((Pair(key, 0, why).score, key, why))
    return [
        (session.get_one(Person, key), why) for _score, key, why in sorted(found, key=lambda f: (-f[0], f[1]))
    ]


def _sharing(session: Session, kind: PointKind, value: str) -> set[int]:
    if not value or (kind is PointKind.PHONE and not value.startswith("+")):
        return set()
    first = select(Person.id).where(_own(kind) == value, _is_listed())
    spelled = fold(value) if kind is PointKind.EMAIL else value
    further = select(ContactPoint.person_id).join(Person, col(ContactPoint.person_id) == col(Person.id))
    further = further.where(ContactPoint.kind == kind, ContactPoint.value_key == spelled, _is_listed())
    return {key for statement in (first, further) for key in session.exec(statement) if key is not None}


def _near(session: Session, person: Person, place_id: int | None) -> Iterator[Any]:
    """People with this name anywhere, and everybody of this organisation and city. Asked one by one: each has its
    index, and all in one condition none."""
    names = {f"{person.family_name} {person.given_name}", f"{person.given_name} {person.family_name}"}
    spelled = {text for name in names for text in _spelled(name)}
    near: list[Any] = [
        listed() & col(Person.sort_key).in_(spelled),
        listed() & col(Person.given_key).in_(spelled),
    ]
    if person.organisation_id is not None:
        near.append(col(Person.organisation_id) == person.organisation_id)
    if place_id is not None:
        near.append(col(Person.place_id) == place_id)
        there = select(Organisation.id).where(Organisation.place_id == place_id)
        near.append(and_(col(Person.place_id).is_(None), col(Person.organisation_id).in_(there)))
    for condition in near:
        yield from session.connection().execute(_columns().where(condition)).all()


def _spelled(name: str) -> set[str]:
    folded = fold(name)
    spelled_out = search_text([name]).removeprefix(folded).strip()
    return {folded, spelled_out or folded, plain_spelling(folded)}


def _add_named(session: Session, others: dict[int, Named], keys: set[Any]) -> None:
    missing = [key for key in keys if key not in others]
    if missing:
        rows = session.connection().execute(_columns().where(col(Person.id).in_(missing)))
        others.update({row[0]: Named(*row) for row in rows})


def decided_with(session: Session, person_id: int) -> set[int]:
    """Who was called another person than this one."""
    pairs = select(NotTheSame.first_id, NotTheSame.second_id)
    found = pairs.where(or_(NotTheSame.first_id == person_id, NotTheSame.second_id == person_id))
    return {key for pair in session.exec(found) for key in pair} - {person_id}


def call_two(session: Session, one_id: int, other_id: int, now: datetime, officer_id: int | None) -> None:
    """Remember that these two are two people; said twice, it is remembered once."""
    first, second = sorted((one_id, other_id))
    if second not in decided_with(session, first):
        session.add(NotTheSame(first_id=first, second_id=second, decided_at=now, officer_id=officer_id))
        session.flush()


def decisions(session: Session, limit: int) -> list[NotTheSame]:
    """The latest pairs that were called two, where both are still in the list."""
    here = select(Person.id).where(listed())
    found = select(NotTheSame).where(col(NotTheSame.first_id).in_(here), col(NotTheSame.second_id).in_(here))
    return list(session.exec(found.order_by(col(NotTheSame.id).desc()).limit(limit)))
