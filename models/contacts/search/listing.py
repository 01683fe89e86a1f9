"""The rows of the list of contacts: what a page of it shows, read in two queries however many there are."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select

from models.contacts.organisations import Organisation
from models.contacts.people import Person, PersonState
from models.contacts.tags import Tag, TagLink
from models.followups import FollowUp, FollowUpKind
from models.places import Place


@dataclass(frozen=True)
class ListedPerson:
    """A person as the list shows her. `dialled` is what a telephone is given, or nothing; `city` is where she, or else
    her organisation, is."""

    id: int
    name: str
    function: str
    organisation_id: int | None
    organisation: str
    place_id: int | None
    city: str
    email: str
    phone: str
    dialled: str
    last_talk_on: date | None
    next_contact_on: date | None
    role_to: date | None
    is_first_contact: bool
    do_not_contact: bool
    tags: tuple[str, ...]


def listed_people(session: Session, ids: Sequence[int]) -> list[ListedPerson]:
    """The people with these ids who are in the list, in this order."""
    if not ids:
        return []
    tags = _tags(session, ids)
    found = {}
    for row in session.connection().execute(_rows(), {"ids": list(ids)}):
        if (
            row.state is not PersonState.ACTIVE
        ):  # asked here: SQLite would take the state's index for a short way
            continue
        name = f"{row.honorific} {row.given_name} {row.family_name}".replace("  ", " ").strip()
        found[row.id] = ListedPerson(
            id=row.id,
            name=name,
            function=row.function,
            organisation_id=row.organisation_id,
            organisation=row.organisation or "",
            place_id=row.town_id,
            city=row.town or row.office_city or "",
            email=row.email,
            phone=row.phone,
            dialled=row.phone_key if row.phone_key.startswith("+") else "",
            last_talk_on=row.last_talk_on,
            next_contact_on=row.next_contact_on,
            role_to=row.role_to,
            is_first_contact=row.is_first_contact,
            do_not_contact=row.do_not_contact,
            tags=tuple(tags.get(row.id, ())),
        )
    return [found[key] for key in ids if key in found]


_OWN = (
    "id", "state", "honorific", "given_name", "family_name", "function", "organisation_id", "email", "phone",
    "phone_key", "last_talk_on", "role_to", "is_first_contact", "do_not_contact",
)  # fmt: skip


@cache
def _rows() -> Any:
    next_contact = (
        select(func.min(FollowUp.due_on))
        .where(
            FollowUp.subject_id == Person.id,
            FollowUp.subject_kind == "person",
            FollowUp.kind == FollowUpKind.CONTACT,
            col(FollowUp.done_on).is_(None),
        )
        .scalar_subquery()
    )
    town_id = func.coalesce(Person.place_id, Organisation.place_id)
    columns = [getattr(Person, name) for name in _OWN]
    around = [
        col(Organisation.name).label("organisation"),
        col(Organisation.city).label("office_city"),
        col(Place.id).label("town_id"),
        col(Place.name).label("town"),
        next_contact.label("next_contact_on"),
    ]
    wanted = select(*columns, *around).select_from(Person)
    wanted = wanted.join(Organisation, col(Organisation.id) == col(Person.organisation_id), isouter=True)
    wanted = wanted.join(Place, col(Place.id) == town_id, isouter=True)
    return wanted.where(col(Person.id).in_(bindparam("ids", expanding=True)))


@cache
def _tag_rows() -> Any:
    found = select(TagLink.subject_id, Tag.name).join(Tag, col(Tag.id) == col(TagLink.tag_id))
    ids: Any = bindparam("ids", expanding=True)
    on_them = found.where(TagLink.subject_kind == "person", col(TagLink.subject_id).in_(ids))
    return on_them.order_by(col(Tag.name_key))


def _tags(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    for key, name in session.connection().execute(_tag_rows(), {"ids": list(ids)}):
        names[key].append(name)
    return names
