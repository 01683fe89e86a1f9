"""How conferences belong together: a summit within an FABx, and one edition for each number of a series."""

from datetime import date

from sqlmodel import Session, col, select

from models.conferences.conferences import Conference, Series, conferences


def children_of(session: Session, conference_id: int) -> list[Conference]:
    """What takes place within this conference: a summit within an FABx."""
    found = session.exec(select(Conference).where(Conference.parent_id == conference_id)).all()
    return sorted(found, key=lambda c: (c.starts_on or date.max, c.sort_key))


def possible_parents(session: Session, conference_id: int | None) -> list[Conference]:
    """To what a conference can belong: anything but itself and what lies within it."""
    rows = conferences(session)
    within = {conference_id} if conference_id is not None else set()
    while more := {c.key for c in rows if c.parent_id in within} - within:
        within |= more
    return [c for c in rows if c.key not in within]


def same_edition(session: Session, series: Series, number: int, but: int | None) -> Conference | None:
    """Another conference of the series with this number."""
    found = select(Conference).where(Conference.series == series, Conference.number == number)
    return session.exec(found.where(col(Conference.id) != (but or 0))).first()
