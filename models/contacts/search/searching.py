"""Finding people and what was said with them: bounded look-ups, never a count or a scan of everything.

Where there are but a FEW people, all of them may be counted. Otherwise at most ENOUGH rows are looked up, by the index
of words or of a filter. If that is all there is, they are put in order here; if not, they are so frequent that walking
the list in its order meets a page of them soon.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, and_, column, func, join, literal_column, select, table, tuple_
from sqlmodel import Session, col

from models.base import Searchable
from models.contacts.interactions import Interaction
from models.contacts.people import Person, PersonState, listed
from models.contacts.search.criteria import (
    Criteria,
    chosen_rows,
    fts_query,
    name_conditions,
    text_conditions,
)
from models.contacts.search.rederiving import rederive as rederive
from models.contacts.search.search_terms import Terms, read_terms
from models.contacts.tags import TagLink

ENOUGH = 300  # up to here rows are counted
FEW = 3_000  # people ever stored here, up to which all are counted: ten times what a city has
PAGE = 50
CHUNK = 500

Place = tuple[str, int]  # where a row stands in the list: sort key and id
_ORDER = (col(Person.sort_key), col(Person.id))


@dataclass(frozen=True)
class Found:
    """One page: ids in order; how many there are in all, None for more than ENOUGH; and whether there is more before
    and behind."""

    ids: list[int]
    total: int | None
    has_before: bool
    has_after: bool


def find_people(
    session: Session,
    criteria: Criteria,
    *,
    after: int | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> Found:
    """The page behind or before a person, or the first one. The person need not be among those found."""
    search = _Search(session, criteria)
    start, end = search.place_of(after), search.place_of(before)
    if start is None and end is not None:
        rows = search.rows(end, limit, backwards=True)
        if len(rows) > limit:  # otherwise it is the first page, which is always full
            return Found([key for _, key in reversed(rows[:limit])], search.total, True, True)
    rows = search.rows(start, limit)
    return Found([key for _, key in rows[:limit]], search.total, start is not None, len(rows) > limit)


def found_person_ids(session: Session, criteria: Criteria) -> Iterator[int]:
    """The ids of all who are found, in the order of the list; read in parts, however many they are."""
    search = _Search(session, criteria)
    place: Place | None = None
    while True:
        rows = search.rows(place, CHUNK)
        yield from (key for _, key in rows[:CHUNK])
        if len(rows) <= CHUNK:
            return
        place = rows[CHUNK - 1]


class _Search:
    """What is wanted, and the way to it that this database takes."""

    def __init__(self, session: Session, criteria: Criteria) -> None:
        self.session = session
        self.terms = read_terms(criteria.query)
        self.criteria = criteria
        self.rows_chosen = chosen_rows(session, criteria)
        self.filters = criteria.conditions(self.rows_chosen)
        self.words: list[ColumnElement[bool]] = []
        if self.terms.long:
            self.words = text_conditions(Person, self.terms)
        elif self.terms.short:
            self.words = name_conditions(session, self.terms)

    @cached_property
    def enough(self) -> int:
        """How many are looked up at most."""
        highest = self.session.connection().execute(select(func.max(Person.id))).scalar() or 0
        return FEW if highest <= FEW else ENOUGH

    @cached_property
    def known(self) -> list[Place] | None:
        """All who are found, in order, if they are not more than enough; otherwise None."""
        is_everybody = not self.filters and not self.words
        if is_everybody and self._count(select(col(Person.id)).where(listed())) > self.enough:
            return None
        some = self._from_index(select(*_ORDER)).limit(self.enough + 1)
        found = self.session.connection().execute(some).all()
        return sorted((key, row_id) for key, row_id in found) if len(found) <= self.enough else None

    @property
    def total(self) -> int | None:
        """How many are found; None for more than enough."""
        return len(self.known) if self.known is not None else None

    def _count(self, wanted: Any) -> int:
        some = wanted.limit(self.enough + 1).subquery()
        return int(self.session.connection().execute(select(func.count()).select_from(some)).scalar_one())

    def rows(self, place: Place | None, limit: int, *, backwards: bool = False) -> list[Place]:
        """One row more than the limit, in the order of the list from a place on, which is left out."""
        if self.known is not None:
            return _part(self.known, place, limit, backwards)
        wanted = select(*_ORDER).where(listed(), *self.filters, *self.words)
        if place is not None:
            here = tuple_(*_ORDER)
            wanted = wanted.where(here < place if backwards else here > place)
        ordered = wanted.order_by(*(part.desc() if backwards else part for part in _ORDER))
        rows = self.session.connection().execute(ordered.limit(limit + 1))
        return [(key, row_id or 0) for key, row_id in rows]

    def _from_index(self, wanted: Any) -> Any:
        """All who are found, by the index of words or of a filter. PostgreSQL knows from its statistics which one is
        the shorter way; SQLite has none, and takes the list's own index for as good as any."""
        if not _is_sqlite(self.session):
            return wanted.where(listed(), *self.criteria.index_conditions(self.rows_chosen), *self.words)
        if self._begins_with_words:
            found = _by_index(wanted, Person, self.terms)
            return found.where(_listed(), *self.filters, *self.words)
        return self._filtered(wanted).where(*self.words)

    def _filtered(self, wanted: Any) -> Any:
        """All whom the filters leave, in SQLite."""
        if self.criteria.tag_id is not None:
            links = wanted.select_from(join(TagLink, Person, col(Person.id) == col(TagLink.subject_id)))
            on_people = literal_column("+tag_link.subject_kind") == "person"
            tagged = links.where(col(TagLink.tag_id) == self.criteria.tag_id, on_people)
            return tagged.where(
                _listed(), *self.criteria.index_conditions(self.rows_chosen, without_tag=True)
            )
        is_listed = _listed() if self.filters or self.words else listed()
        return wanted.where(is_listed, *self.criteria.index_conditions(self.rows_chosen))

    @cached_property
    def _begins_with_words(self) -> bool:
        """Unless the filters leave but few, whose texts are read."""
        if not self.terms.long or not self.filters:
            return bool(self.terms.long)
        return self._count(self._filtered(select(col(Person.id)))) > self.enough

    def place_of(self, key: int | None) -> Place | None:
        """Where somebody stands in the list."""
        if key is None:
            return None
        found = self.session.connection().execute(select(*_ORDER).where(col(Person.id) == key)).first()
        return (found[0], found[1] or 0) if found else None


def _part(known: list[Place], place: Place | None, limit: int, backwards: bool) -> list[Place]:
    if backwards and place is not None:
        end = bisect_left(known, place)
        return known[max(end - limit - 1, 0) : end][::-1]
    start = bisect_right(known, place) if place is not None else 0
    return known[start : start + limit + 1]


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _listed() -> ColumnElement[bool]:
    """As `listed`, but no reason for SQLite to take the index that begins with the state."""
    return literal_column("+person.state") == PersonState.ACTIVE.value


def _words_of(name: str) -> Any:
    """SQLite's FTS5 index of a table's search text."""
    return table(f"{name}_fts", column(f"{name}_fts"), column("rowid"))


def _by_index(wanted: Any, kind: type[Searchable], terms: Terms) -> Any:
    """The rows whose text holds the long words, by SQLite's FTS5. The plus sign: words first, then their rows."""
    index = _words_of(str(kind.__tablename__))
    here = col(kind.id) == literal_column(f"+{index.name}.rowid")
    matching = index.c[index.name].op("match")(fts_query(terms))
    return wanted.select_from(index.join(kind, here)).where(matching)


def search_interactions(session: Session, query: str, limit: int) -> list[Interaction]:
    """The newest calls, mails, meetings and notes that hold all words; none for less than three letters."""
    terms = read_terms(query)
    if not terms.long:
        return []
    words = text_conditions(Interaction, terms)
    by_index = select(col(Interaction.id))
    if _is_sqlite(session):
        by_index = _by_index(by_index, Interaction, terms)
    by_index = by_index.where(*words)
    some = session.connection().execute(by_index.limit(ENOUGH + 1)).scalars().all()
    if not some:
        return []
    newest = (
        select(Interaction)
        .order_by(col(Interaction.sort_key).desc(), col(Interaction.id).desc())
        .limit(limit)
    )
    wanted = newest.where(col(Interaction.id).in_(some) if len(some) <= ENOUGH else and_(*words))
    return list(session.execute(wanted).scalars())
