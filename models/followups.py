"""Follow-ups on anything: whom we wait for, what to look up, when to talk again."""

from datetime import date

from sqlmodel import Field, Session, col, select

from models.base import ADDRESS, CODE, LINE, N_, NOTE, URL, Labelled, Recorded, enum_column, text
from models.calendar_days import add_months
from models.officers import duty

MOST_MONTHS = 60  # at most five years until the next one
# When to look for a date that the network has not announced: hosts become known in autumn and winter (D, our proposal).
LOOK_UP_MONTHS = (9, 12, 2)


class FollowUpKind(Labelled):
    WAITING = "waiting", N_("Waiting for an answer")
    CONTACT = "contact", N_("Get in touch again")
    LOOK_UP = "look_up", N_("Look it up")
    TASK = "task", N_("To do")


class FollowUp(Recorded, table=True):
    """Ask again, look again, call again: on a day, about a subject (`subject_kind` is its table). With `repeat_months`
    the next one is set when this one is done; 0 is once."""

    __tablename__ = "follow_up"

    kind: FollowUpKind = enum_column(FollowUpKind)
    subject_kind: str = text(CODE)
    subject_id: int = Field(index=True)
    what: str = text(LINE)
    waiting_for: str = text(LINE)
    waiting_email: str = text(ADDRESS, personal=True)
    since_on: date | None = None
    due_on: date = Field(index=True)
    address: str = text(URL)
    note: str = text(NOTE)
    responsible_id: int | None = duty(index=True)
    deputy_id: int | None = duty()
    done_on: date | None = Field(default=None, index=True)
    repeat_months: int = 0

    def title(self, language: str) -> str:
        if self.kind is not FollowUpKind.LOOK_UP:
            return self.what
        if language == "en":
            return f"{self.what}: look up whether the date is announced"
        return f"{self.what}: nachsehen, ob der Termin angekündigt ist"

    @property
    def is_open(self) -> bool:
        return self.done_on is None


def finish(session: Session, follow_up: FollowUp, today: date) -> FollowUp | None:
    """Mark a follow-up as done today. One that repeats is followed by the next one, so many months from today, which
    is answered. What was done already stays as it is."""
    if not follow_up.is_open:
        return None
    follow_up.done_on = today
    if not follow_up.repeat_months:
        return None
    copied = follow_up.model_dump(exclude={"id", "version", "since_on", "due_on", "done_on"})
    following = FollowUp(
        **copied,
        since_on=today if follow_up.since_on else None,
        due_on=add_months(today, follow_up.repeat_months),
    )
    session.add(following)
    session.flush()
    return following


def follower_of(session: Session, follow_up: FollowUp) -> FollowUp | None:
    """The open follow-up that was set when this one was done: to be taken back if it was not done after all."""
    if follow_up.done_on is None or not follow_up.repeat_months:
        return None
    found = select(FollowUp).where(
        FollowUp.kind == follow_up.kind,
        FollowUp.subject_kind == follow_up.subject_kind,
        FollowUp.subject_id == follow_up.subject_id,
        FollowUp.what == follow_up.what,
        FollowUp.repeat_months == follow_up.repeat_months,
        FollowUp.due_on == add_months(follow_up.done_on, follow_up.repeat_months),
        col(FollowUp.done_on).is_(None),
        col(FollowUp.id) > follow_up.key,
    )
    return session.exec(found.order_by(col(FollowUp.id))).first()


def next_look_up(after: date) -> date:
    """The next first of September, December or February after this day."""
    months = (
        (after.year + (after.month + n - 1) // 12, (after.month + n - 1) % 12 + 1) for n in range(1, 13)
    )
    return next(date(year, month, 1) for year, month in months if month in LOOK_UP_MONTHS)


def open_follow_ups(session: Session, kind: FollowUpKind | None = None) -> list[FollowUp]:
    """What is still open, the earliest first."""
    found = select(FollowUp).where(col(FollowUp.done_on).is_(None))
    if kind is not None:
        found = found.where(FollowUp.kind == kind)
    return list(session.exec(found.order_by(col(FollowUp.due_on), col(FollowUp.id))))


def follow_ups_of(session: Session, subject_kind: str, subject_id: int) -> list[FollowUp]:
    """All follow-ups on one subject, open ones first, then by day."""
    found = session.exec(
        select(FollowUp).where(FollowUp.subject_kind == subject_kind, FollowUp.subject_id == subject_id)
    ).all()
    return sorted(found, key=lambda f: (not f.is_open, f.due_on, f.key))


def planned_contact(session: Session, subject_kind: str, subject_id: int) -> FollowUp | None:
    """The open "get in touch again" of a subject: its next contact."""
    return session.exec(
        select(FollowUp)
        .where(
            FollowUp.subject_kind == subject_kind,
            FollowUp.subject_id == subject_id,
            FollowUp.kind == FollowUpKind.CONTACT,
            col(FollowUp.done_on).is_(None),
        )
        .order_by(col(FollowUp.due_on), col(FollowUp.id))
    ).first()


def planned_contacts(session: Session, subject_kind: str) -> dict[int, FollowUp]:
    """The next contact of every subject of a kind that has one."""
    found: dict[int, FollowUp] = {}
    for follow_up in open_follow_ups(session, FollowUpKind.CONTACT):
        if follow_up.subject_kind == subject_kind:
            found.setdefault(follow_up.subject_id, follow_up)
    return found


def plan_contact(
    session: Session, subject_kind: str, subject_id: int, what: str, on: date | None, today: date
) -> None:
    """Keep the one open "get in touch again" of a subject on this day; None closes it today.

    It is closed, not deleted: reminders that speak of it would be left without their subject.
    """
    current = planned_contact(session, subject_kind, subject_id)
    if current is None and on is not None:
        _add_contact(session, subject_kind, subject_id, what, on, session.info.get("officer_id"))
    elif current is not None and on is None:
        current.done_on = today
        current.version += 1  # who has its form open is told
    elif current is not None and on is not None and on != current.due_on:
        current.due_on = on
        current.version += 1


def had_contact(
    session: Session, subject_kind: str, subject_id: int, what: str, talked_on: date, next_on: date | None
) -> None:
    """A talk fulfils the planned contact and plans the next one, for the same colleague; one that repeats needs no day
    to be named. The contact stays as it is if the next one is wanted on just its day."""
    current = planned_contact(session, subject_kind, subject_id)
    responsible_id, deputy_id = session.info.get("officer_id"), None
    if current is not None:
        if current.due_on == next_on:
            return
        current.version += 1
        following = finish(session, current, talked_on)
        if following is not None:
            following.due_on = next_on or following.due_on
            return
        responsible_id, deputy_id = current.responsible_id or responsible_id, current.deputy_id
    if next_on is not None:
        _add_contact(session, subject_kind, subject_id, what, next_on, responsible_id, deputy_id)


def _add_contact(
    session: Session,
    kind: str,
    key: int,
    what: str,
    on: date,
    responsible_id: int | None,
    deputy_id: int | None = None,
) -> None:
    session.add(
        FollowUp(
            kind=FollowUpKind.CONTACT,
            subject_kind=kind,
            subject_id=key,
            what=what,
            due_on=on,
            responsible_id=responsible_id,
            deputy_id=deputy_id,
        )
    )
