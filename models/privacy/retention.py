"""How long a contact may be kept, and whose time is over (Art. 5(1)(e) GDPR; the period is the city's own setting).

A contact is kept so many months after the last function ended; who never had one, after the last that was said, or
after the day on which we got the data. Who objected is looked at at once. What a person decided goes first: until
`keep_until` nobody is asked again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, CompoundSelect, exists, func, or_, select, union
from sqlmodel import Session, col
from sqlmodel import select as choose

from models.base import N_, Labelled
from models.calendar_days import add_months
from models.contacts.interactions import Interaction
from models.contacts.people import Person, listed
from models.contacts.roles import PersonRole

KEEP_AT_MOST_MONTHS = 24  # so far ahead a review can be put off


class ReviewReason(Labelled):
    OBJECTED = "objected", N_("The person objected.")
    ROLE_ENDED = "role_ended", N_("The last function ended, and the time for keeping is over.")
    LONG_SILENT = (
        "long_silent",
        N_("No function is known, and nothing has been heard for the whole time of keeping."),
    )
    UNKNOWN = "unknown", N_("Neither a function nor any day is known.")


@dataclass(frozen=True)
class Span:
    """What is known of a person's functions and of contact with her. `last_role_to`: None as long as one goes on or
    there was none. `last_heard_on`: the last interaction or talk, else when we got the data."""

    has_role: bool
    is_in_office: bool
    last_role_to: date | None
    last_heard_on: date | None


@dataclass(frozen=True)
class Review:
    """Why a person's data are to be looked at, and since when they may be erased."""

    reason: ReviewReason
    since: date | None


def review_of(person: Person, span: Span, months: int, today: date) -> Review | None:
    """None: the data may be kept. Months end as `add_months` clamps them: 31 August + 6 months is 28 February."""
    if person.keep_until is not None and person.keep_until >= today:
        return None
    if person.objected_on is not None:
        return Review(ReviewReason.OBJECTED, person.objected_on)
    if span.is_in_office:
        return None
    last = span.last_role_to if span.has_role else span.last_heard_on
    if last is None:
        return Review(ReviewReason.UNKNOWN, None)
    since = add_months(last, months)
    if since > today:
        return None
    return Review(ReviewReason.ROLE_ENDED if span.has_role else ReviewReason.LONG_SILENT, since)


def last_day_before(today: date, months: int) -> date:
    """The latest day that lies a full period back, so that the database can compare days: the last one for which
    `add_months(day, months) <= today`."""
    day = add_months(today, -months)
    while add_months(day + timedelta(days=1), months) <= today:
        day += timedelta(days=1)
    return day


def _has_main_role() -> ColumnElement[bool]:
    said = (
        col(Person.organisation_id).is_not(None), col(Person.function) != "", col(Person.role_from).is_not(None),
        col(Person.role_to).is_not(None),
    )  # fmt: skip
    return or_(*said)


def _keys_to_review(months: int, today: date) -> CompoundSelect[int | None]:
    """The keys of those whose data are to be looked at, as `review_of` says. One query for each reason: joined by OR,
    PostgreSQL would read every interaction for every person."""
    limit = last_day_before(today, months)
    of_hers = col(PersonRole.person_id) == col(Person.id)
    lasting = or_(col(PersonRole.role_to).is_(None), col(PersonRole.role_to) > limit)
    heard = (
        or_(day.is_(None), day <= limit)
        for day in (col(Person.last_talk_on), col(Person.added_on), col(Person.source_on))
    )
    reasons = (
        (col(Person.objected_on).is_not(None),),
        (col(Person.role_to) <= limit, ~exists().where(of_hers, lasting)),
        (~_has_main_role(), exists().where(of_hers), ~exists().where(of_hers, lasting)),
        (
            ~_has_main_role(),
            *heard,
            ~exists().where(of_hers),
            ~exists().where(col(Interaction.person_id) == col(Person.id), col(Interaction.held_on) > limit),
        ),
    )
    not_put_off = or_(col(Person.keep_until).is_(None), col(Person.keep_until) < today)
    return union(*(select(col(Person.id)).where(listed(), not_put_off, *reason) for reason in reasons))


def count_to_review(session: Session, months: int, today: date) -> int:
    """How many there are."""
    wanted = select(func.count()).select_from(_keys_to_review(months, today).subquery())
    return int(session.connection().execute(wanted).scalar_one())


def review_queue(
    session: Session, months: int, today: date, limit: int, offset: int = 0
) -> list[tuple[Person, Review]]:
    """So many of them with the reason: who objected first, then by name."""
    order = (col(Person.objected_on).is_(None), col(Person.sort_key), col(Person.id))
    found = (
        choose(Person)
        .where(col(Person.id).in_(_keys_to_review(months, today)))
        .order_by(*order)
        .limit(limit)
        .offset(offset)
    )
    people = list(session.exec(found))
    known = spans(session, people, today)
    reviews = ((person, review_of(person, known[person.key], months, today)) for person in people)
    return [(person, review) for person, review in reviews if review is not None]


def spans(session: Session, people: Iterable[Person], today: date) -> dict[int, Span]:
    """What is known of each of these people, in two queries."""
    rows = list(people)
    keys = [person.key for person in rows]
    further: dict[int, list[date | None]] = {}
    for key, last in session.connection().execute(
        select(col(PersonRole.person_id), col(PersonRole.role_to)).where(col(PersonRole.person_id).in_(keys))
    ):
        further.setdefault(key, []).append(last)
    said = select(col(Interaction.person_id), func.max(col(Interaction.held_on))).group_by(
        col(Interaction.person_id)
    )
    rows_heard = session.connection().execute(said.where(col(Interaction.person_id).in_(keys)))
    heard = {key: day for key, day in rows_heard if key is not None}
    return {
        person.key: _span(person, further.get(person.key, []), heard.get(person.key), today)
        for person in rows
    }


def _span(person: Person, further: list[date | None], heard: date | None, today: date) -> Span:
    has_main = bool(person.organisation_id or person.function or person.role_from or person.role_to)
    ends = [*([person.role_to] if has_main else []), *further]
    known = [end for end in ends if end is not None]
    in_office = len(known) < len(ends) or any(end >= today for end in known)
    days = [day for day in (heard, person.last_talk_on, person.added_on, person.source_on) if day is not None]
    return Span(bool(ends), in_office, max(known, default=None), max(days, default=None))
