"""What is planned, week by week, as the page shows it."""

from dataclasses import dataclass
from datetime import date, timedelta

from models.reminders.planning import Planned
from webapp.filters import day
from webapp.words import _


@dataclass(frozen=True)
class Week:
    """The mails of one week under its title; `at_once` waits for the sender's next run."""

    title: str
    at_once: list[Planned]
    rows: list[Planned]


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


def by_week(at_once: list[Planned], rows: list[Planned], today: date) -> list[Week]:
    """Rows in the order of their moments, grouped by weeks that begin on Monday; what goes at once is of this week."""
    mondays = dict.fromkeys(_monday(row.step.day) for row in rows)
    this = _monday(today)
    if at_once:
        mondays = dict.fromkeys([this, *mondays])
    return [
        Week(
            _title(monday, this),
            at_once if monday == this else [],
            [row for row in rows if _monday(row.step.day) == monday],
        )
        for monday in mondays
    ]


def _title(monday: date, this: date) -> str:
    sunday = monday + timedelta(days=6)
    if monday == this:
        return _("This week, until {day}").format(day=day(sunday))
    if monday == this + timedelta(weeks=1):
        return _("Next week, until {day}").format(day=day(sunday))
    return _("Week from {first} to {last}").format(first=day(monday), last=day(sunday))
