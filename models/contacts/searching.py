"""Finding people and what was said with them: bounded look-ups, never a count or a scan of everything.

At most ENOUGH rows are looked up, by the index of words or of the filter. If that is all there is, they are put in
order and counted here. Otherwise they are so frequent that walking the list in its order meets a page of them soon.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, column, literal_column, table, tuple_
from sqlmodel import Session, col, select

from models.base import Searchable
from models.contacts.criteria import Criteria, fts_query, name_conditions, text_conditions
from models.contacts.interactions import Interaction
from models.contacts.people import Person, PersonState, listed
from models.contacts.rederiving import rederive as rederive
from models.contacts.search_terms import Terms, read_terms

ENOUGH = 1_000  # up to here rows are counted
PAGE = 50
CHUNK = 500

Place = tuple[str, int]  # where a row stands in the list: sort key and id


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
    known = known_people(session, criteria)
    start, end = _place_of(session, after), _place_of(session, before)
    if known is not None:
        return _page_of(known, start, end, limit)
    if end is not None:
        rows = _walk(session, criteria, end, limit, backwards=True)
        if len(rows) <= limit:  # the first page is always full
            return find_people(session, criteria, limit=limit)
        return Found([key for _, key in reversed(rows[:limit])], None, True, True)
    rows = _walk(session, criteria, start, limit)
    return Found([key for _, key in rows[:limit]], None, start is not None, len(rows) > limit)


def _place_of(session: Session, key: int | None) -> Place | None:
    if key is None:
        return None
    found = session.execute(select(col(Person.sort_key), col(Person.id)).where(Person.id == key)).first()
    return (found[0], found[1]) if found else None


def _page_of(known: list[Place], start: Place | None, end: Place | None, limit: int) -> Found:
    first = bisect_right(known, start) if start is not None else 0
    if start is None and end is not None:
        first = max(bisect_left(known, end) - limit, 0)
    page = known[first : first + limit]
    return Found([key for _, key in page], len(known), first > 0, first + limit < len(known))


def found_person_ids(session: Session, criteria: Criteria) -> Iterator[int]:
    """The ids of all who are found, in the order of the list; read in parts, however many they are."""
    known = known_people(session, criteria)
    if known is not None:
        yield from (key for _, key in known)
        return
    place: Place | None = None
    while True:
        rows = _walk(session, criteria, place, CHUNK)
        yield from (key for _, key in rows[:CHUNK])
        if len(rows) <= CHUNK:
            return
        place = rows[CHUNK - 1]


def known_people(session: Session, criteria: Criteria) -> list[Place] | None:
    """All who are found, in order, if they are ENOUGH at most; otherwise None."""
    terms, filters = read_terms(criteria.query), criteria.conditions()
    wanted = select(col(Person.sort_key), col(Person.id))
    words = word_conditions(terms)
    if not _is_sqlite(session):
        found = wanted.where(listed(), *filters, *words)
    elif terms.long and not (filters and _are_few(session, filters)):
        found = _by_index(wanted, Person, terms).where(_listed(), *filters, *words)
    else:
        # SQLite has no statistics: the list's own index would look as good to it as that of the filter.
        found = wanted.where(_listed() if filters else listed(), *filters, *words)
    rows = [(key, row_id) for key, row_id in session.execute(found.limit(ENOUGH + 1))]
    return sorted(rows) if len(rows) <= ENOUGH else None


def word_conditions(terms: Terms) -> list[ColumnElement[bool]]:
    """What the words of the search box ask of a person."""
    if terms.is_empty:
        return []
    return text_conditions(Person, terms) if terms.long else name_conditions(terms)


def _are_few(session: Session, filters: list[ColumnElement[bool]]) -> bool:
    found = select(col(Person.id)).where(_listed(), *filters).limit(ENOUGH + 1)
    return len(session.execute(found).all()) <= ENOUGH


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _listed() -> ColumnElement[bool]:
    """As `listed`, but no reason for SQLite to take the index that begins with the state."""
    return literal_column("+person.state") == PersonState.ACTIVE.value


def _by_index(wanted: Any, kind: type[Searchable], terms: Terms) -> Any:
    """The rows whose text holds the long words, by SQLite's FTS5. The plus sign: words first, then their rows."""
    name = f"{kind.__tablename__}_fts"
    index = table(name, column(name), column("rowid"))
    here = col(kind.id) == literal_column(f"+{name}.rowid")
    return wanted.select_from(index.join(kind, here)).where(index.c[name].op("match")(fts_query(terms)))


def _walk(
    session: Session, criteria: Criteria, place: Place | None, limit: int, *, backwards: bool = False
) -> list[Place]:
    """One row more than the limit, in the order of the list from a place on, which is left out."""
    order = (col(Person.sort_key), col(Person.id))
    words = word_conditions(read_terms(criteria.query))
    found = select(*order).where(listed(), *criteria.conditions(), *words)
    if place is not None:
        here = tuple_(*order)
        found = found.where(here < place if backwards else here > place)
    ordered = found.order_by(*(part.desc() if backwards else part for part in order))
    return [(key, row_id) for key, row_id in session.execute(ordered.limit(limit + 1))]


def search_interactions(session: Session, query: str, limit: int) -> list[Interaction]:
    """The newest calls, mails, meetings and notes that hold all words; none for less than three letters."""
    terms = read_terms(query)
    if not terms.long:
        return []
    order = (col(Interaction.sort_key), col(Interaction.id))
    words = text_conditions(Interaction, terms)
    wanted = select(*order)
    found = (_by_index(wanted, Interaction, terms) if _is_sqlite(session) else wanted).where(*words)
    rows = [(key, row_id) for key, row_id in session.execute(found.limit(ENOUGH + 1))]
    if len(rows) > ENOUGH:
        newest = wanted.where(*words).order_by(*(part.desc() for part in order)).limit(limit)
        rows = [(key, row_id) for key, row_id in session.execute(newest)]
    keys = [key for _, key in sorted(rows, reverse=True)[:limit]]
    by_key = {row.key: row for row in session.exec(select(Interaction).where(col(Interaction.id).in_(keys)))}
    return [by_key[key] for key in keys]
