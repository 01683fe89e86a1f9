"""Everything that refers to a person, led over to another one: read from the metadata, so that no noun is forgotten.

What was written once about a row stays there: its history, what an import did to it, which reminders went out. No mail
is sent twice by that: reminders speak of follow-ups, which keep their keys when they are led over.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import String, UniqueConstraint, type_coerce
from sqlmodel import Session, SQLModel, col, select

from models.base import Recorded, Row
from models.contacts.interactions import Interaction

Moved = list[list[Any]]  # [table, column, id] of each row that was led over
KIND = "person"
# Records of the past, and what the sender has still to look at. Merges stay with the rows that they merged.
STAYS = frozenset({"audit_entry", "import_change", "reminder", "touched", "contact_merge"})
_DECISIONS = "not_the_same"  # a pair in its order: led over by itself


def kind_of_table(name: str) -> Any:
    """The class of a table's rows. Raises KeyError for a table without one."""
    return {m.class_.__tablename__: m.class_ for m in Recorded._sa_registry.mappers}[name]


def references() -> Iterator[tuple[Any, str, bool]]:
    """Class, column, and whether the column names its table in `subject_kind`, of all that can refer to a person."""
    for table in SQLModel.metadata.sorted_tables:
        if table.name in STAYS or table.name == _DECISIONS:
            continue
        for key in sorted(table.foreign_keys, key=lambda found: found.parent.name):
            if key.column.table.name == KIND:
                yield kind_of_table(table.name), key.parent.name, False
        if {"subject_kind", "subject_id"} <= set(table.columns.keys()):
            yield kind_of_table(table.name), "subject_id", True


def referring(session: Session, person_id: int) -> Iterator[tuple[Row, str]]:
    """Every row that refers to a person, with the column that does; without what stays."""
    for kind, column, by_kind in references():
        table = kind.__table__
        found = select(kind).where(table.c[column] == person_id)
        if by_kind:  # as text: a rule's enumeration knows only what can be reminded of
            found = found.where(type_coerce(table.c.subject_kind, String) == KIND)
        for row in session.exec(found.order_by(table.c.id)):
            yield row, column


def lead_over(session: Session, from_id: int, to_id: int, stays: set[tuple[str, int]]) -> Moved:
    """Let everything that refers to one person refer to the other. What the other one has already (`stays`: table and
    key; the same tag) is left where it is."""
    moved: Moved = []
    for row, column in list(referring(session, from_id)):
        name = str(type(row).__tablename__)
        if (name, row.key) in stays or would_be_twice(session, row, column, to_id):
            continue
        point(row, column, to_id)
        moved.append([name, column, row.key])
    session.flush()
    return moved + _lead_decisions(session, from_id, to_id)


def point(row: Row, column: str, to_id: int) -> None:
    """Let a row refer to this person; who has its form open is told."""
    setattr(row, column, to_id)
    if isinstance(row, Recorded):
        row.version += 1


def would_be_twice(session: Session, row: Any, column: str, to_id: int) -> bool:
    """Whether the table has such a row already."""
    table = row.__table__
    for rule in table.constraints:
        if isinstance(rule, UniqueConstraint) and column in rule.columns:
            names = [found.name for found in rule.columns]
            same = [table.c[n] == (to_id if n == column else getattr(row, n)) for n in names]
            if session.connection().execute(select(table.c.id).where(*same)).first():
                return True
    return False


def _lead_decisions(session: Session, from_id: int, to_id: int) -> Moved:
    """ "Two people" goes over too; that these two are two is overtaken, and rests with the row that goes."""
    kind = kind_of_table(_DECISIONS)
    moved: Moved = []
    found = select(kind).where((kind.first_id == from_id) | (kind.second_id == from_id)).order_by(kind.id)
    for row in session.exec(found).all():
        if replace_in_pair(session, row, from_id, to_id):
            moved.append([_DECISIONS, "first_id", row.key])
    return moved


def replace_in_pair(session: Session, row: Any, from_id: int, to_id: int) -> bool:
    """Put one person in the place of another in a pair, unless that would be no pair, or one that is there already."""
    pair = {row.first_id, row.second_id}
    if from_id not in pair or to_id in pair:
        return False
    first, second = sorted(pair - {from_id} | {to_id})
    kind = type(row)
    if session.exec(select(kind.id).where(kind.first_id == first, kind.second_id == second)).first():
        return False
    row.first_id, row.second_id = first, second
    session.flush()
    return True


# In `moved`, instead of a column: an interaction that had no city before; a row of the kept person that says what
# stands in her own row now, and rests with the one that went.
PLACED, LENT = "place_id", "lent"


def without_place(session: Session, *person_ids: int) -> list[int]:
    """The interactions of these people that belong to no city."""
    found = select(Interaction.id).where(col(Interaction.person_id).in_(person_ids))
    return [key for key in session.exec(found.where(col(Interaction.place_id).is_(None))) if key is not None]


def move_interactions(session: Session, keys: Iterable[int], from_id: int | None, to_id: int | None) -> Moved:
    """Give interactions that belong to one city (or none) to another (or none); answers which."""
    moved: Moved = []
    for row in session.exec(select(Interaction).where(col(Interaction.id).in_(list(keys)))).all():
        session.refresh(row, [PLACED])  # set past the session when a person's city becomes known
        if row.place_id in (from_id, to_id):
            row.place_id = to_id
            moved.append([row.__tablename__, PLACED, row.key])
    session.flush()
    return moved
