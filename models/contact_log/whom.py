"""Whom a timeline is about, as conditions of queries."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy import select as choose
from sqlmodel import Session, col

from models.contacts.organisations import Organisation
from models.contacts.people import Person, listed
from models.places import Place

KINDS = ("person", "organisation", "place")


@dataclass(frozen=True)
class Whom:
    """A person, an organisation or a place, and the conditions by which the sources speak of it. `offices`: the keys of
    the organisations whom it is about; `with_offices` finds them."""

    kind: str
    key: int
    offices: tuple[int, ...] = ()

    def with_offices(self, session: Session) -> "Whom":
        """The organisation itself, or those of the city: those assigned to it, and unassigned ones that name it. Read
        once, so that every query after it can use its indexes."""
        if self.kind != "place":
            return replace(self, offices=(self.key,) if self.kind == "organisation" else ())
        named = choose(col(Place.id)).where(
            col(Place.id) == self.key,
            col(Place.name) == col(Organisation.city),
            col(Place.country_code) == col(Organisation.country_code),
        )
        unassigned = and_(col(Organisation.place_id).is_(None), named.exists())
        there = choose(col(Organisation.id)).where(or_(col(Organisation.place_id) == self.key, unassigned))
        found = session.connection().execute(there).scalars()
        return replace(self, offices=tuple(key for key in found if key is not None))

    def people_conditions(self) -> list[ColumnElement[bool]]:
        """Who belongs to it now."""
        if self.kind == "person":
            return [col(Person.id) == self.key]
        if self.kind == "organisation":
            return [col(Person.organisation_id) == self.key, listed()]
        through = and_(col(Person.place_id).is_(None), col(Person.organisation_id).in_(self.offices))
        return [or_(col(Person.place_id) == self.key, through), listed()]

    def people(self) -> Select[Any]:
        """The keys of the people who belong to it now."""
        return choose(col(Person.id)).where(*self.people_conditions())

    def subjects(self, kind: Any, key: Any) -> ColumnElement[bool]:
        """The condition for rows that speak of a subject by its table and key."""
        found = [and_(kind == self.kind, key == self.key)]
        if self.kind != "person":
            found.append(and_(kind == "person", key.in_(self.people())))
        if self.kind == "place":
            found.append(and_(kind == "organisation", key.in_(self.offices)))
        return or_(*found)
