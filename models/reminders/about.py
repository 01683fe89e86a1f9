"""Which reminders speak of something: of the row itself, and of what hangs on it and can be reminded of."""

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlmodel import col

from models.conferences.conferences import ConferenceDeadline
from models.followups import FollowUp
from models.reminders.messages import Reminder

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
