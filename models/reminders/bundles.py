"""Which reminders of one person go into one mail (reminders, points 6, 7, 10). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.calendar_days import local_day, moment
from models.reminders.messages import Occasion

DIGEST_AT = time(8, 0)
NEWS = (Occasion.MOVED, Occasion.CANCELLED)
BEHIND = (Occasion.LATE, Occasion.SHORT)


@dataclass(frozen=True)
class Waiting:
    """A reminder that has no mail yet. `is_urgent` waits for nothing; `has_calendar`: its mail carries a calendar
    entry, `is_invitation`: one that invites the recipient. After `last_chance` it makes no sense any more."""

    key: int
    occasion: Occasion
    is_urgent: bool = False
    has_calendar: bool = False
    is_invitation: bool = False
    last_chance: datetime | None = None


def next_digest(now: datetime, last: datetime | None, zone: ZoneInfo) -> datetime | None:
    """When the mail of the day of somebody who wants one a day goes; None: now. `last` is when she got the latest."""
    today = local_day(now, zone)
    at = moment(today, DIGEST_AT, zone)
    if last is not None and local_day(last, zone) >= today:
        return moment(today + timedelta(days=1), DIGEST_AT, zone)
    return at if now < at else None


def bundles(waiting: Sequence[Waiting], wait_until: datetime | None) -> list[tuple[int, ...]]:
    """The mails of one person, each as the keys of its reminders.

    News of a date, invitations, urgent reminders and those with a calendar entry go alone. Everything else that is
    there at the same moment is one mail; if anything of it is late or at short notice, what has a calendar entry or is
    urgent joins it: after a standstill, or when a date is announced late, everybody gets one mail (point 6).
    `wait_until`: who wants one mail a day gets the rest only then, unless it would be too late.
    """
    is_behind = any(one.occasion in BEHIND for one in waiting) and wait_until is None
    alone = [one for one in waiting if _goes_alone(one, is_behind, wait_until is not None)]
    apart = {one.key for one in alone}
    together = [one for one in waiting if one.key not in apart]
    if wait_until is not None:
        together = [one for one in together if one.last_chance is not None and one.last_chance < wait_until]
    return [(one.key,) for one in alone] + ([tuple(one.key for one in together)] if together else [])


def _goes_alone(one: Waiting, is_behind: bool, waits: bool) -> bool:
    if one.occasion in NEWS or (one.is_urgent and waits):
        return True
    if one.occasion in BEHIND:
        return False
    return one.is_invitation or ((one.is_urgent or one.has_calendar) and not is_behind)
