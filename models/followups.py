"""Follow-ups on anything: whom we wait for, what to look up, when to talk again."""

from datetime import date

from sqlmodel import Field, Session, col, select

from models.base import CODE, LINE, NOTE, URL, Labelled, N_, Recorded, enum_column, text
from models.officers import duty

# When to look for a date that the network has not announced: hosts become known in autumn and winter (D, our proposal).
LOOK_UP_MONTHS = (9, 12, 2)


class FollowUpKind(Labelled):
    WAITING = "waiting", N_("Waiting for an answer")
    CONTACT = "contact", N_("Get in touch again")
    LOOK_UP = "look_up", N_("Look it up")
    TASK = "task", N_("To do")


class FollowUp(Recorded, table=True):
    """Ask again, look again, call again: on a day, about a subject (`subject_kind` is its table)."""

    __tablename__ = "follow_up"

    kind: FollowUpKind = enum_column(FollowUpKind)
    subject_kind: str = text(CODE)
    subject_id: int = Field(index=True)
    what: str = text(LINE)
    waiting_for: str = text(LINE)
    since_on: date | None = None
    due_on: date = Field(index=True)
    address: str = text(URL)
    note: str = text(NOTE)
    responsible_id: int | None = duty(index=True)
    deputy_id: int | None = duty()
    done_on: date | None = Field(default=None, index=True)

    def title(self, language: str) -> str:
        return self.what

    @property
    def is_open(self) -> bool:
        return self.done_on is None


def next_look_up(after: date) -> date:
    """The next first of September, December or February after this day."""
    months = ((after.year + (after.month + n - 1) // 12, (after.month + n - 1) % 12 + 1) for n in range(1, 13))
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


def plan_contact(session: Session, subject_kind: str, subject_id: int, what: str, on: date | None) -> None:
    """Keep the one open "get in touch again" of a subject on this day; None closes it."""
    current = session.exec(
        select(FollowUp).where(
            FollowUp.subject_kind == subject_kind,
            FollowUp.subject_id == subject_id,
            FollowUp.kind == FollowUpKind.CONTACT,
            col(FollowUp.done_on).is_(None),
        )
    ).first()
    if current is None and on is not None:
        session.add(
            FollowUp(
                kind=FollowUpKind.CONTACT, subject_kind=subject_kind, subject_id=subject_id, what=what, due_on=on,
                responsible_id=session.info.get("officer_id"),
            )
        )
    elif current is not None and on is None:
        session.delete(current)
    elif current is not None and on is not None:
        current.due_on = on

