"""The notice of Art. 14 GDPR: who was not asked for the data herself is told that they are kept here, within a month.

Rules: GDPR, Art. 14(3)(a) (at the latest within one month after the data were obtained), Art. 14(3)(b) (at the latest
with the first communication to the person), Art. 14(5) (when no notice is needed).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import Session, col
from sqlmodel import select as choose

from models.base import N_, Labelled
from models.calendar_days import add_months
from models.contacts.interactions import Interaction, InteractionKind
from models.contacts.people import DataOrigin, Person, listed

_OTHERS = (DataOrigin.PUBLIC, DataOrigin.THIRD_PARTY)


class NoticeState(Labelled):
    DUE = "due", N_("to be sent")
    SENT = "sent", N_("sent")
    NOT_NEEDED = "not_needed", N_("not needed")
    TO_CLEAR = "to_clear", N_("origin to be cleared up")


class Exemption(Labelled):
    """Why no notice is needed (Art. 14(5)), in plain words."""

    KNOWS = "knows", N_("The person knows all of this already (Art. 14(5)(a) GDPR).")
    IMPOSSIBLE = (
        "impossible",
        N_("Informing is impossible or would take disproportionate effort (Art. 14(5)(b) GDPR)."),
    )
    LAW = "law", N_("A law lays down expressly that we obtain or disclose the data (Art. 14(5)(c) GDPR).")
    SECRET = "secret", N_("The data must stay confidential under professional secrecy (Art. 14(5)(d) GDPR).")
    OTHER = "other", N_("Another reason, in my own words")


@dataclass(frozen=True)
class Notice:
    """Where the notice of one person stands. `deadline` is None unless it is due, and where no day is known."""

    state: NoticeState
    deadline: date | None = None

    def is_overdue(self, today: date) -> bool:
        """Whether the last day is over; without a known day it cannot be too early."""
        return self.state is NoticeState.DUE and (self.deadline is None or self.deadline < today)


def obtained_on(person: Person) -> date | None:
    """The day on which we got the data, as far as it is known."""
    return person.source_on or person.added_on


def deadline(obtained: date | None, contact_on: date | None) -> date | None:
    """The last day for the notice: one calendar month after the data were obtained (31 January -> 28 or 29 February),
    or the day of the first contact after that, if it is earlier."""
    if obtained is None:
        return contact_on
    month = add_months(obtained, 1)
    return min(month, contact_on) if contact_on is not None and contact_on >= obtained else month


def notice_of(person: Person, contact_on: date | None) -> Notice:
    """Where it stands. `contact_on`: the first contact since the data were obtained, if any (`first_contacts`)."""
    if person.notice_sent_on is not None:
        return Notice(NoticeState.SENT)
    if person.notice_waived or person.objected_on is not None or person.origin is DataOrigin.SELF:
        return Notice(NoticeState.NOT_NEEDED)
    if person.origin not in _OTHERS:
        return Notice(NoticeState.TO_CLEAR)
    return Notice(NoticeState.DUE, deadline(obtained_on(person), contact_on))


def _unsaid() -> ColumnElement[bool]:
    return and_(
        listed(),
        col(Person.notice_sent_on).is_(None),
        col(Person.notice_waived) == "",
        col(Person.objected_on).is_(None),
    )


def is_due() -> ColumnElement[bool]:
    """Who is to be told still."""
    return and_(_unsaid(), col(Person.origin).in_(_OTHERS))


def is_to_clear() -> ColumnElement[bool]:
    """Of whom nobody knows where the data come from, so that nobody knows whether a notice is due."""
    return and_(_unsaid(), col(Person.origin) == DataOrigin.UNKNOWN)


def _obtained() -> ColumnElement[date | None]:
    obtained: ColumnElement[date | None] = func.coalesce(col(Person.source_on), col(Person.added_on))
    return obtained


def _contacts() -> ColumnElement[bool]:
    """Interactions in which somebody was in touch, since the data were obtained."""
    since = col(Interaction.held_on) >= func.coalesce(_obtained(), date.min)
    return and_(
        col(Interaction.person_id) == col(Person.id), col(Interaction.kind) != InteractionKind.NOTE, since
    )


@dataclass(frozen=True)
class DueNotices:
    """How many notices are due, and until when the first of them. `has_undated`: for some no day is known."""

    number: int = 0
    first_on: date | None = None
    has_undated: bool = False

    def is_overdue(self, today: date) -> bool:
        """Whether one of them should have been sent already."""
        return self.has_undated or (self.first_on is not None and self.first_on < today)


def due_notices(session: Session) -> DueNotices:
    """All of them in two set-based queries: month arithmetic keeps the order, so the earliest day is enough."""
    talked = func.min(col(Person.last_talk_on)).filter(col(Person.last_talk_on) >= _obtained())
    undated = func.count().filter(_obtained().is_(None))
    wanted = select(func.count(), func.min(_obtained()), talked, undated).select_from(Person).where(is_due())
    number, first, talked_on, without = session.connection().execute(wanted).one()
    if not number:
        return DueNotices()
    contacts = select(func.min(col(Interaction.held_on))).join(Person, _contacts()).where(is_due())
    contact_on = session.connection().execute(contacts).scalar()
    days = [
        day
        for day in (add_months(first, 1) if first is not None else None, talked_on, contact_on)
        if day is not None
    ]
    return DueNotices(number, min(days, default=None), bool(without))


def count_to_clear(session: Session) -> int:
    """Of how many people the origin of the data is not known."""
    return int(
        session.connection().execute(select(func.count(col(Person.id))).where(is_to_clear())).scalar_one()
    )


def _earliest(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)


def first_contacts(session: Session, people: Sequence[Person]) -> dict[int, date]:
    """The first contact with each of them since the data were obtained; one query."""
    keys = [person.key for person in people]
    joined = select(col(Interaction.person_id), func.min(col(Interaction.held_on))).join(Person, _contacts())
    rows = session.connection().execute(
        joined.where(col(Person.id).in_(keys)).group_by(col(Interaction.person_id))
    )
    found = {key: day for key, day in rows if key is not None}
    for person in people:
        obtained, talked = obtained_on(person), person.last_talk_on
        if talked is not None and (obtained is None or talked >= obtained):
            found[person.key] = min(found.get(person.key, talked), talked)
    return found


def queue(session: Session, limit: int, offset: int = 0) -> list[tuple[Person, Notice]]:
    """So many of those who are to be told, the earliest deadline first; of whom no day is known, at the beginning."""
    contact = (
        select(func.min(col(Interaction.held_on))).where(_contacts()).correlate(Person).scalar_subquery()
    )
    wanted = select(col(Person.id), _obtained(), col(Person.last_talk_on), contact).where(is_due())
    by_deadline: list[tuple[date, int]] = []
    for key, obtained, talked, spoke in session.connection().execute(
        wanted.order_by(col(Person.sort_key), col(Person.id))
    ):
        if talked is not None and obtained is not None and talked < obtained:
            talked = None
        by_deadline.append((deadline(obtained, _earliest(talked, spoke)) or date.min, key or 0))
    by_deadline.sort(key=lambda row: row[0])
    keys = [key for _day, key in by_deadline[offset : offset + limit]]
    people = {person.key: person for person in session.exec(choose(Person).where(col(Person.id).in_(keys)))}
    contacts = first_contacts(session, list(people.values()))
    return [(people[key], notice_of(people[key], contacts.get(key))) for key in keys]


def people_to_clear(session: Session, limit: int, offset: int = 0) -> list[Person]:
    """So many of those whose origin of data is not known, by name."""
    found = choose(Person).where(is_to_clear()).order_by(col(Person.sort_key), col(Person.id))
    return list(session.exec(found.limit(limit).offset(offset)))


REMIND_BEFORE = timedelta(days=7)


def objected(person: Person, on: date, what: str) -> None:
    """The person objected (Art. 21 GDPR): nothing is sent to her any more, and whether to keep her data is reviewed at
    once, even if that was put off."""
    person.objected_on, person.objection, person.do_not_contact = on, what, True
    person.keep_until, person.keep_reason = None, ""
