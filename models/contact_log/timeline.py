"""One timeline for a person, an organisation or a city: what was said and written, what this program sent about them,
when they were informed, which follow-ups were done.

Newest first, page by page. Each source is asked for one page below the last entry that was shown, in the order of an
index; so a page costs the same however long the timeline is. An organisation keeps what was said with its people while
they were there; a city has its own, and what was said with those who belonged to it or had no city then.
"""

from collections.abc import Iterable, Iterator
from datetime import date, tzinfo

from sqlalchemy import func
from sqlalchemy import select as choose
from sqlmodel import Session, col, select

from models.contact_log.entries import Entry, Page, Source, below
from models.contact_log.sources import NEWEST, as_entry, follow_ups, interactions, lower, mails, notices
from models.contact_log.whom import Whom
from models.contacts.interactions import Interaction, InteractionFile
from models.contacts.organisations import Organisation
from models.contacts.people import Person
from models.contacts.search.criteria import Criteria
from models.contacts.search.searching import find_people, search_interactions

PAGE = 30
FOUND = 100  # what a search shows
WHOLE = 500  # entries that are read at once where all are wanted


def timeline(session: Session, whom: Whom, mark: str, zone: tzinfo, limit: int = PAGE) -> Page:
    """One page of a timeline, at most eight queries. `mark`: the `before` of the page above it, empty for the first."""
    last, whom = below(mark), whom.with_offices(session)
    found = [
        *interactions(session, whom, last, limit + 1),
        *mails(session, whom, last, zone, limit + 1),
        *notices(session, whom, last, limit + 1),
        *follow_ups(session, whom, last, limit + 1),
    ]
    found.sort(key=lambda entry: entry.place, reverse=True)
    return _page(session, found[:limit], len(found) > limit)


def every_entry(session: Session, whom: Whom, zone: tzinfo) -> Iterator[tuple[Entry, Page]]:
    """The whole timeline, read in portions; each entry with the page that knows its names."""
    mark = ""
    while True:
        page = timeline(session, whom, mark, zone, WHOLE)
        yield from ((entry, page) for entry in page.entries)
        session.expunge_all()
        if not page.before:
            return
        mark = page.before


def newest(session: Session, mark: str, limit: int = PAGE) -> Page:
    """The newest interactions with everybody."""
    rows = session.exec(
        select(Interaction).where(*lower(below(mark))).order_by(*NEWEST).limit(limit + 1)
    ).all()
    return _page(session, [as_entry(row) for row in rows[:limit]], len(rows) > limit)


def newest_with_words(session: Session, query: str, today: date) -> Page:
    """The newest interactions that hold these words, or were with people whom they find; at most FOUND."""
    rows = {row.key: row for row in search_interactions(session, query, FOUND + 1)}
    people = find_people(session, Criteria(on=today, query=query), limit=FOUND).ids
    if people:
        with_them = select(Interaction).where(col(Interaction.person_id).in_(people)).order_by(*NEWEST)
        rows |= {row.key: row for row in session.exec(with_them.limit(FOUND + 1))}
    found = sorted(rows.values(), key=lambda row: (row.held_on, row.key), reverse=True)
    return _page(session, [as_entry(row) for row in found[:FOUND]], len(found) > FOUND)


def _page(session: Session, entries: list[Entry], has_more: bool) -> Page:
    """The page with the names that it shows: three queries."""
    people = {entry.person_id for entry in entries if entry.person_id is not None}
    offices = {entry.organisation_id for entry in entries if entry.organisation_id is not None}
    talks = [entry.row.key for entry in entries if entry.source is Source.INTERACTION]
    named: Iterable[Person] = session.exec(select(Person).where(col(Person.id).in_(people))) if people else []
    called = choose(col(Organisation.id), col(Organisation.name)).where(col(Organisation.id).in_(offices))
    counted = (
        choose(col(InteractionFile.interaction_id), func.count())
        .where(col(InteractionFile.interaction_id).in_(talks))
        .group_by(col(InteractionFile.interaction_id))
    )
    connection = session.connection()
    return Page(
        entries,
        entries[-1].mark if has_more else "",
        {person.key: person for person in named},
        {key: name for key, name in connection.execute(called) if key is not None} if offices else {},
        {row[0]: row[1] for row in connection.execute(counted)} if talks else {},
    )
