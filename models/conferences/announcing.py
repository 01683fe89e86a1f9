"""From "not announced yet" to a date: the look-up that stands for the date until it is known."""

from datetime import date

from sqlmodel import Session

from models.conferences.conferences import Conference, Series
from models.conferences.dating import OVER
from models.followups import FollowUp, FollowUpKind, follow_ups_of, next_look_up, open_follow_ups


def open_look_ups(session: Session) -> dict[int, FollowUp]:
    """The next open look-up by conference."""
    found: dict[int, FollowUp] = {}
    for follow_up in open_follow_ups(session, FollowUpKind.LOOK_UP):
        if follow_up.subject_kind == "conference":
            found.setdefault(follow_up.subject_id, follow_up)
    return found


def needs_look_up(conference: Conference) -> bool:
    """Whether there is still something to look up: a reminder can only hang on a first day."""
    return conference.anchor_on is None and conference.status not in OVER


def close_look_ups(session: Session, conference: Conference, today: date) -> list[FollowUp]:
    """Mark the open look-ups as done if the first day is known, or if there is nothing to wait for any more."""
    if needs_look_up(conference):
        return []
    closed = [
        follow_up
        for follow_up in follow_ups_of(session, "conference", conference.key)
        if follow_up.is_open and follow_up.kind is FollowUpKind.LOOK_UP
    ]
    for follow_up in closed:
        follow_up.done_on = today
        follow_up.version += 1
    return closed


def look_up(conference: Conference, today: date) -> FollowUp:
    """The follow-up that stands for a date which is not announced (reminders, point 13)."""
    # FABx sites have followed this pattern since FAB11.
    address = (
        f"https://fab{conference.number}.fabevent.org"
        if conference.series is Series.FABX
        else "https://fab.city"
    )
    return FollowUp(
        kind=FollowUpKind.LOOK_UP,
        subject_kind="conference",
        subject_id=conference.key,
        what=conference.name,
        due_on=next_look_up(today),
        address=address,
    )
