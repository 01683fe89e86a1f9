"""By what the list of contacts is narrowed, as conditions on its rows."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, product
from math import prod
from typing import Any

from sqlalchemy import ColumnElement, false, func
from sqlmodel import Session, and_, col, not_, or_, select

from models.base import N_, Labelled, Searchable
from models.contacts.confirming import is_stale
from models.contacts.organisations import Organisation
from models.contacts.people import ContactState, Person, listed
from models.contacts.roles import PersonRole
from models.contacts.search.search_terms import Terms
from models.contacts.tags import Tag, TagLink
from models.followups import FollowUp, FollowUpKind
from models.places import Place

MOST_WAYS = 16  # of reading four words with two spellings each
Ids = Any  # a SELECT of ids; SQLModel has two types for it

LAST_LETTER = "\U0010ffff"  # sorts behind every letter on both databases


class RoleState(Labelled):
    """Whether the main function is still held."""

    CURRENT = "current", N_("in office")
    ENDED = "ended", N_("former")


@dataclass(frozen=True)
class Criteria:
    """What the contacts are searched and filtered by; `on` is the day from which states are judged. A row is named by
    its id, or, where lists are too long to choose from, by a part of its name."""

    on: date
    query: str = ""
    place_id: int | None = None
    place_name: str = ""
    country_code: str = ""
    organisation_id: int | None = None
    organisation_name: str = ""
    tag_id: int | None = None
    tag_name: str = ""
    language: str = ""
    contact: ContactState | None = None
    role: RoleState | None = None
    is_to_confirm: bool = False
    is_first_contact: bool = False

    def conditions(self, rows: "ChosenRows") -> list[ColumnElement[bool]]:
        """All filters but the words of the search box, to be asked of one row after the other."""
        tags = (
            [tag_links(self).where(col(TagLink.subject_id) == col(Person.id)).exists()]
            if self.has_tag
            else []
        )
        planned = _planned_contacts().where(col(FollowUp.subject_id) == col(Person.id))
        return [
            *self._of_rows(rows),
            *tags,
            *self._of_states(),
            *self._of_contact(lambda s: s.exists(), planned),
        ]

    def index_conditions(self, rows: "ChosenRows", *, without_tag: bool = False) -> list[ColumnElement[bool]]:
        """The same, to be begun with: rows of other tables lead to the people."""
        people = col(Person.id)
        tags = [people.in_(tag_links(self))] if self.has_tag and not without_tag else []
        return [
            *self._of_rows(rows),
            *tags,
            *self._of_states(),
            *self._of_contact(people.in_, _planned_contacts()),
        ]

    @property
    def has_tag(self) -> bool:
        return self.tag_id is not None or bool(self.tag_name)

    @property
    def has_place(self) -> bool:
        return self.place_id is not None or bool(self.place_name)

    @property
    def has_organisation(self) -> bool:
        return self.organisation_id is not None or bool(self.organisation_name)

    def _of_rows(self, rows: "ChosenRows") -> Iterator[ColumnElement[bool]]:
        if self.has_place:
            yield or_(col(Person.place_id).in_(rows.places), _through(rows.offices))
        if self.country_code:
            there = select(Place.id).where(Place.country_code == self.country_code)
            offices = select(Organisation.id).where(
                or_(col(Organisation.place_id).in_(there), Organisation.country_code == self.country_code)
            )
            yield or_(col(Person.place_id).in_(there), _through(offices))
        if self.has_organisation:
            yield or_(col(Person.organisation_id).in_(rows.organisations), col(Person.id).in_(rows.further))

    def _of_contact(
        self, is_among: Callable[[Ids], ColumnElement[bool]], planned: Ids
    ) -> Iterator[ColumnElement[bool]]:
        overdue = planned.where(col(FollowUp.due_on) < self.on)
        if self.contact is ContactState.NONE:
            yield not_(is_among(planned))
        elif self.contact is ContactState.OVERDUE:
            yield is_among(overdue)
        elif self.contact is ContactState.PLANNED:
            yield and_(is_among(planned), not_(is_among(overdue)))

    def _of_states(self) -> Iterator[ColumnElement[bool]]:
        if self.language:
            spoken = col(Person.other_languages)
            codes = [spoken == self.language]
            codes += [spoken.like(form) for form in (f"{self.language} %", f"% {self.language}")]
            yield or_(Person.language == self.language, *codes, spoken.like(f"% {self.language} %"))
        if self.role is RoleState.ENDED:
            yield col(Person.role_to) < self.on
        elif self.role is RoleState.CURRENT:
            yield or_(col(Person.role_to).is_(None), col(Person.role_to) >= self.on)
        if self.is_to_confirm:
            yield is_stale(self.on)
        if self.is_first_contact:
            yield col(Person.is_first_contact).is_(True)


def tag_links(criteria: Criteria) -> Ids:
    """The ids of the people on whom the wanted tag stands."""
    links = select(TagLink.subject_id).where(TagLink.subject_kind == "person")
    if criteria.tag_id is not None:
        return links.where(TagLink.tag_id == criteria.tag_id)
    return links.where(
        col(TagLink.tag_id).in_(select(Tag.id).where(contains(Tag.name_key, criteria.tag_name)))
    )


def _planned_contacts() -> Ids:
    open_ones = (FollowUp.kind == FollowUpKind.CONTACT, col(FollowUp.done_on).is_(None))
    return select(FollowUp.subject_id).where(FollowUp.subject_kind == "person", *open_ones)


@dataclass(frozen=True)
class ChosenRows:
    """Ids of what a place or an organisation leads to, looked up first: both databases begin with an index where they
    are given numbers, and not where they are given another question."""

    places: list[Any]
    offices: list[Any]
    organisations: list[Any]
    further: list[Any]


def chosen_rows(session: Session, criteria: Criteria) -> ChosenRows:
    """The places, their organisations; the organisations, and who has a further function there."""
    places: list[Any] = []
    offices: list[Any] = []
    organisations: list[Any] = []
    further: list[Any] = []
    if criteria.has_place:
        places = _named(session, Place, criteria.place_id, criteria.place_name)
        offices = list(session.exec(_offices(places)))
    if criteria.has_organisation:
        organisations = _named(session, Organisation, criteria.organisation_id, criteria.organisation_name)
        roles = select(PersonRole.person_id).where(col(PersonRole.organisation_id).in_(organisations))
        further = list(session.exec(roles))
    return ChosenRows(places, offices, organisations, further)


def _named(session: Session, kind: type[Searchable], key: int | None, name: str) -> list[Any]:
    if key is not None:
        return [key]
    return list(session.exec(select(kind.id).where(contains(kind.sort_key, name))))


def _offices(places: list[Any]) -> Ids:
    """The organisations of places, as `organisations_in` knows them."""
    named = select(Place.id).where(
        Place.name == Organisation.city,
        Place.country_code == Organisation.country_code,
        col(Place.id).in_(places),
    )
    unplaced = and_(col(Organisation.place_id).is_(None), named.exists())
    return select(Organisation.id).where(or_(col(Organisation.place_id).in_(places), unplaced))


def _through(offices: list[Any] | Ids) -> ColumnElement[bool]:
    """People who have no place of their own are where their organisation is."""
    # "place_id is null" would look to SQLite like a short way to them; it is true of most.
    return and_(func.coalesce(Person.place_id, 0) == 0, col(Person.organisation_id).in_(offices))


# --- the words of the search box ---


def contains(column: str, word: str) -> ColumnElement[bool]:
    """Whether a folded text holds this; % and _ are letters like others."""
    return col(column).like(f"%{escaped(word)}%", escape="\\")


def escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def text_conditions(kind: type[Searchable], terms: Terms) -> list[ColumnElement[bool]]:
    """Long terms anywhere in the text; short ones, beside them, at the beginning of a word."""
    text = kind.search_text
    found: list[ColumnElement[bool]] = [
        or_(*(and_(*(contains(text, word) for word in spelling)) for spelling in term)) for term in terms.long
    ]
    for beginnings in terms.short:
        forms = [form for word in beginnings for form in (f"{escaped(word)}%", f"% {escaped(word)}%")]
        found.append(or_(*(col(text).like(form, escape="\\") for form in forms)))
    return found


def name_conditions(session: Session, terms: Terms) -> list[ColumnElement[bool]]:
    """Where only one or two letters were typed: names that begin with them, and organisations whose name's first word
    they are ("TU")."""
    found: list[ColumnElement[bool]] = []
    for beginnings in terms.short:
        ways: list[ColumnElement[bool]] = []
        for word in beginnings:
            first_word = or_(Organisation.sort_key == word, _between(Organisation.sort_key, f"{word} "))
            offices = session.exec(select(Organisation.id).where(first_word)).all()
            # A way by name begins with the state, as its index does.
            ways += [and_(listed(), _between(key, word)) for key in (Person.sort_key, Person.given_key)]
            ways.append(col(Person.organisation_id).in_(offices))
        found.append(or_(*ways))
    return found or [false()]


def _between(column: str, beginning: str) -> ColumnElement[bool]:
    return and_(col(column) >= beginning, col(column) < beginning + LAST_LETTER)


def fts_query(terms: Terms) -> str:
    """The long terms for SQLite's FTS5: every word in quotes, so that none is an operator. Written out as one OR of
    ANDs where that stays short: FTS5 cannot skip ahead inside an OR within an AND."""
    if prod(len(term) for term in terms.long) <= MOST_WAYS:
        return " OR ".join(_all_of(chain.from_iterable(way)) for way in product(*terms.long))
    return " AND ".join(f"({' OR '.join(_all_of(spelling) for spelling in term)})" for term in terms.long)


def _all_of(words: Iterable[str]) -> str:
    return f"({' AND '.join(_quoted(word) for word in words)})"


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'
