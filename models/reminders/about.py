"""Which reminders speak of something: of the row itself, and of what hangs on it and can be reminded of; and what a
reminder speaks of."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlmodel import Session, col

from models.application.phases import Phase
from models.base import Row
from models.commitments.checklist import Commitment
from models.conferences.conferences import ConferenceDeadline
from models.followups import FollowUp
from models.reminders.messages import Reminder
from models.reminders.rules import ReminderRule, SubjectKind

_AT_ONCE = 5000  # parameters of one statement
_TABLES: dict[str, type[Row]] = {
    SubjectKind.COMMITMENT: Commitment,
    SubjectKind.PHASE: Phase,
    SubjectKind.FOLLOW_UP: FollowUp,
}

Thing = tuple[str, int]  # a table's name and the key of one of its rows


def speaks_of(thing: Thing) -> ColumnElement[bool]:
    """The condition under which a reminder belongs on the page of this row: it is about the row, about a follow-up on
    it, or, for a conference, about one of its deadlines or a follow-up on one of them."""
    kind, key = thing
    spoken = [_is(kind, key), _one_of("follow_up", _follow_ups(FollowUp.subject_id == key, kind))]
    if kind == "conference":
        deadlines = select(col(ConferenceDeadline.id)).where(ConferenceDeadline.conference_id == key)  # type: ignore[arg-type]
        spoken.append(_one_of("conference_deadline", deadlines))
        on_deadlines = _follow_ups(col(FollowUp.subject_id).in_(deadlines), "conference_deadline")
        spoken.append(_one_of("follow_up", on_deadlines))
    return or_(*spoken)


def _is(kind: str, key: int) -> ColumnElement[bool]:
    return and_(col(Reminder.subject_kind) == kind, col(Reminder.subject_id) == key)


def _one_of(kind: str, keys: Select[int | None]) -> ColumnElement[bool]:
    return and_(col(Reminder.subject_kind) == kind, col(Reminder.subject_id).in_(keys))


def _follow_ups(on: ColumnElement[bool] | bool, kind: str) -> Select[int | None]:
    return select(col(FollowUp.id)).where(col(FollowUp.subject_kind) == kind, on)  # type: ignore[arg-type]


def read_together(session: Session, reminders: Sequence[Reminder]) -> list[Row]:
    """What these reminders speak of, and their rules, each table once: `situation` then finds them in the session. It
    holds rows weakly, so the caller keeps the answer meanwhile."""
    wanted: dict[type[Row], set[int]] = {ReminderRule: {one.rule_id for one in reminders}}
    for one in reminders:
        if one.subject_kind in _TABLES:
            wanted.setdefault(_TABLES[one.subject_kind], set()).add(one.subject_id)
    found: list[Row] = []
    for kind, keys in wanted.items():
        ordered = sorted(keys)
        for start in range(0, len(ordered), _AT_ONCE):
            some = select(kind).where(col(kind.id).in_(ordered[start : start + _AT_ONCE]))
            found += session.scalars(some)
    return found
