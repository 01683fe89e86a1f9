"""A merge undone: what is still as it left it goes back; what was changed since stays with the kept person, and is
said."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.base import N_, Recorded
from models.contacts.duplicates.leading_over import (
    LENT,
    PLACED,
    kind_of_table,
    move_interactions,
    point,
    replace_in_pair,
    would_be_twice,
)
from models.contacts.duplicates.merging import MADE, ContactMerge, refind
from models.contacts.organisations import organisations_in
from models.contacts.people import Person, PersonState, people_in, place_of
from models.database import check_version
from models.imports.columns import all_columns, is_there, plain_columns, put

UNDONE = N_("This merge was undone already.")
ERASED = N_("This contact was erased. Nothing is kept from which it could be made again.")
MERGED_ON = N_("The kept contact was merged into another one later. Please separate those two first.")


class RefusedError(Exception):
    """A merge that cannot be undone; the message says why, as a msgid."""


@dataclass
class Separation:
    """What undoing a merge would do: columns of the kept person that go back and those that were changed since, rows
    that go back, rows that the merge made and that go or stay (table -> number)."""

    restore: dict[str, Any] = field(default_factory=dict)
    stay: list[str] = field(default_factory=list)
    back: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)


def refusal(kept: Person, gone: Person, merged: ContactMerge) -> str:
    """Why a merge cannot be undone, as a msgid; empty if it can."""
    if merged.undone_at is not None:
        return UNDONE
    if PersonState.ERASED in (kept.state, gone.state):
        return ERASED
    return MERGED_ON if kept.state is PersonState.MERGED or gone.merged_into_id != kept.key else ""


def separation(session: Session, merged: ContactMerge) -> Separation:
    """What undoing this merge would do now."""
    kept = session.get_one(Person, merged.kept_id)
    found = Separation()
    columns = {name: value for name, value in merged.after.items() if ":" not in name}
    now = plain_columns(kept, columns)
    for name, value in columns.items():
        before = merged.before[name]
        if now[name] == value and is_there(session, Person, name, before):
            found.restore[name] = before
        elif now[name] != before:
            found.stay.append(name)
    for name, _column, _row in _rows_back(session, merged):
        found.back[name] += 1
    for name, _row, is_unchanged in _made(session, merged):
        (found.removed if is_unchanged else found.left)[name] += 1
    return found


def _rows_back(session: Session, merged: ContactMerge) -> Iterator[tuple[str, str, Any]]:
    """The rows that were led over, still exist and still speak of the kept person."""
    for name, column, key in merged.moved:
        row = session.get(kind_of_table(name), key) if column not in (MADE, PLACED, LENT) else None
        if row is None:
            continue
        if name == "not_the_same":
            if merged.kept_id in (row.first_id, row.second_id):
                yield name, column, row
        elif getattr(row, column) == merged.kept_id and getattr(row, "subject_kind", "person") == "person":
            yield name, column, row


def _made(session: Session, merged: ContactMerge) -> Iterator[tuple[str, Recorded, bool]]:
    """The rows that the merge made and that still exist, and whether they are as they were made."""
    for name, column, key in merged.moved:
        row = session.get(kind_of_table(name), key) if column == MADE else None
        if row is not None:
            yield name, row, all_columns(row) == merged.after.get(f"{name}:{key}")


def separate(session: Session, merged: ContactMerge, now: datetime) -> Separation:
    """Make two contacts of one again. Raises RefusedError where that is not possible (any more). The caller commits."""
    session.refresh(merged, with_for_update=True)
    kept, gone = (session.get_one(Person, key) for key in (merged.kept_id, merged.gone_id))
    for person in sorted((kept, gone), key=lambda p: p.key):
        session.refresh(person, with_for_update=True)
    reason = refusal(kept, gone, merged)
    if reason:
        raise RefusedError(reason)
    session.info["reason"] = f"Zusammenführung der Kontakte Nr. {kept.key} und Nr. {gone.key} aufgehoben"
    found = separation(session, merged)
    check_version(session, kept, kept.version)
    place = place_of(session, kept)
    put(kept, found.restore)
    for name, column, row in list(_rows_back(session, merged)):
        if name == "not_the_same":
            replace_in_pair(session, row, kept.key, gone.key)
        elif not would_be_twice(session, row, column, gone.key):
            point(row, column, gone.key)
    for name, _column, key in [entry for entry in merged.moved if entry[1] == LENT]:
        row = session.get(kind_of_table(name), key)
        if row is not None and row.person_id == gone.key:
            point(row, "person_id", kept.key)
    for _name, row, is_unchanged in list(_made(session, merged)):
        if is_unchanged:
            session.delete(row)
    put(gone, {"state": PersonState.ACTIVE.value, "merged_into_id": None})
    merged.undone_at = now
    session.flush()
    if place is not None:
        placed = [key for _name, column, key in merged.moved if column == PLACED]
        move_interactions(session, placed, place.key, None)
    _leave_pin(session, gone)
    refind(session, kept, gone)
    session.info.pop("reason")
    return found


def _leave_pin(session: Session, gone: Person) -> None:
    """Who was the first contact of a city is so again, unless somebody else is by now."""
    place = place_of(session, gone) if gone.is_first_contact else None
    if place is not None:
        offices = [office.key for office in organisations_in(session, place)]
        others = people_in(session, place.key, offices)
        gone.is_first_contact = not any(p.is_first_contact for p in others if p.key != gone.key)
