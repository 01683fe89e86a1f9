""" "Noch im Amt?": whose function nobody has confirmed for a year."""

from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, func, or_, select

from models.calendar_days import add_months
from models.contacts.people import Person, listed

CONFIRM_MONTHS = 12


def last_known_on() -> ColumnElement[date | None]:
    """The day on which somebody was last known to be in office: confirmed, else spoken with, else first heard of."""
    known: ColumnElement[date | None] = func.coalesce(
        col(Person.confirmed_on), col(Person.last_talk_on), col(Person.source_on)
    )
    return known


def is_stale(today: date) -> ColumnElement[bool]:
    """Who is to be asked about: nothing has been heard for a year, and the function has not ended."""
    limit = add_months(today, -CONFIRM_MONTHS)
    silent = or_(last_known_on().is_(None), last_known_on() < limit)
    no_talk = or_(col(Person.last_talk_on).is_(None), col(Person.last_talk_on) < limit)
    in_office = or_(col(Person.role_to).is_(None), col(Person.role_to) >= today)
    return and_(listed(), silent, no_talk, in_office)


def count_stale(session: Session, today: date) -> int:
    """How many there are."""
    return int(session.exec(select(func.count()).select_from(Person).where(is_stale(today))).one())


def stale_people(session: Session, today: date, limit: int, offset: int = 0) -> list[Person]:
    """So many of them, those of whom nothing has been heard for the longest time first."""
    oldest_first = (last_known_on().is_not(None), last_known_on(), col(Person.sort_key), col(Person.id))
    found = select(Person).where(is_stale(today)).order_by(*oldest_first)
    return list(session.exec(found.limit(limit).offset(offset)))


def known_since(person: Person) -> date | None:
    """As `last_known_on`, of one person."""
    return person.confirmed_on or person.last_talk_on or person.source_on
