"""Whom a timeline is about, as conditions of queries."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy import select as choose
from sqlmodel import col

from models.contacts.organisations import Organisation
from models.contacts.people import Person, listed
from models.places import Place

KINDS = ("person", "organisation", "place")


@dataclass(frozen=True)
class Whom:
    """A person, an organisation or a place, and the conditions by which the sources speak of it."""

    kind: str
    key: int

    def people(self) -> Select[Any]:
        """The keys of the people whom it is about now."""
        keys = choose(col(Person.id))
        if self.kind == "person":
            return keys.where(col(Person.id) == self.key)
        if self.kind == "organisation":
            return keys.where(col(Person.organisation_id) == self.key, listed())
        through = and_(col(Person.place_id).is_(None), col(Person.organisation_id).in_(self.organisations()))
        return keys.where(or_(col(Person.place_id) == self.key, through), listed())

    def organisations(self) -> Select[Any]:
        """The keys of the organisations whom it is about: itself, or those of the city."""
        keys = choose(col(Organisation.id))
        if self.kind != "place":
            return keys.where(col(Organisation.id) == (self.key if self.kind == "organisation" else 0))
        named = choose(col(Place.id)).where(
            col(Place.id) == self.key,
            col(Place.name) == col(Organisation.city),
            col(Place.country_code) == col(Organisation.country_code),
        )
        unassigned = and_(col(Organisation.place_id).is_(None), named.exists())
        return keys.where(or_(col(Organisation.place_id) == self.key, unassigned))

    def subjects(self, kind: Any, key: Any) -> ColumnElement[bool]:
        """The condition for rows that speak of a subject by its table and key."""
        found = [and_(kind == self.kind, key == self.key)]
        if self.kind != "person":
            found.append(and_(kind == "person", key.in_(self.people())))
        if self.kind == "place":
            found.append(and_(kind == "organisation", key.in_(self.organisations())))
        return or_(*found)
