"""Which statements about a conference's date fit together, and what follows from them today."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from models.base import N_, Labelled
from models.conferences.conferences import Conference, ConferenceStatus, DatePrecision

FIRST_YEAR, LAST_YEAR = 1990, 2100
WITH_DAYS = (DatePrecision.DAY, DatePrecision.WEEK)
OVER = (ConferenceStatus.HELD, ConferenceStatus.CANCELLED)


class Span(Labelled):
    """What a list can be narrowed to."""

    COMING = "coming", N_("only coming ones")


@dataclass(frozen=True)
class Dating:
    """What a person says about the date, before it is stored."""

    status: ConferenceStatus
    precision: DatePrecision
    year: int | None = None
    month: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    postponed_from: int | None = None

    @property
    def earliest(self) -> date | None:
        """The first day on which it can begin."""
        if self.starts_on is not None:
            return self.starts_on
        return date(self.year, self.month or 1, 1) if self.year else None


def faults(said: Dating, today: date) -> dict[str, str]:
    """What does not fit together: column -> msgid of what to do. Empty if the row can be stored."""
    return _day_faults(said) | _month_faults(said) | _state_faults(said, today)


def _day_faults(said: Dating) -> dict[str, str]:
    found = {}
    if said.precision in WITH_DAYS:
        if said.starts_on is None:
            found["starts_on"] = N_("Please enter the first day, or choose a less exact date above.")
        elif not FIRST_YEAR <= said.starts_on.year <= LAST_YEAR:
            found["starts_on"] = N_("Please check the year.")
        elif said.ends_on is not None and said.ends_on < said.starts_on:
            found["ends_on"] = N_("The last day lies before the first day.")
        return found
    for column in ("starts_on", "ends_on"):
        if getattr(said, column) is not None:
            found[column] = N_("Choose “to the day” above, or empty this field.")
    return found


def _month_faults(said: Dating) -> dict[str, str]:
    found = {}
    if said.precision in (DatePrecision.MONTH, DatePrecision.YEAR) and said.year is None:
        found["year"] = N_("Please enter the year.")
    if said.precision is DatePrecision.MONTH and said.month is None:
        found["month"] = N_("Please choose the month.")
    if said.precision in (DatePrecision.YEAR, DatePrecision.UNKNOWN) and said.month is not None:
        found["month"] = N_("Choose “to the month” above, or empty this field.")
    return found


def _state_faults(said: Dating, today: date) -> dict[str, str]:
    found = {}
    year = said.earliest.year if said.earliest else None
    if said.status is ConferenceStatus.ANNOUNCED and said.precision is DatePrecision.UNKNOWN:
        found["date_precision"] = N_("If it is announced, at least the year is known: choose how exactly.")
    if said.status is ConferenceStatus.NOT_ANNOUNCED and said.precision is not DatePrecision.UNKNOWN:
        found["status"] = N_(
            "If the date is known, it is announced. If it is a guess, choose “not known” below."
        )
    if said.status is ConferenceStatus.HELD and said.earliest is not None and said.earliest > today:
        found["status"] = N_("The date lies ahead, so it cannot have been held yet.")
    if said.status is ConferenceStatus.POSTPONED and said.postponed_from is None:
        found["postponed_from"] = N_("Please enter the year for which it was planned first.")
    if said.postponed_from is not None and year is not None and said.postponed_from > year:
        found["postponed_from"] = N_("It cannot have been postponed to an earlier year.")
    return found


def settle(conference: Conference) -> None:
    """With a first day, year and month are the day's own; nothing is kept twice."""
    if conference.starts_on is not None:
        conference.year, conference.month = conference.starts_on.year, None


def last_possible_day(conference: Conference) -> date | None:
    """The last day on which it can still take place; None where not even the year is known."""
    if conference.last_day is not None:
        return conference.last_day
    if conference.year is None:
        return None
    month = conference.month or 12
    return date(conference.year, month, monthrange(conference.year, month)[1])


def has_passed(conference: Conference, today: date) -> bool:
    """Whether its date lies behind, whatever its state says."""
    last = last_possible_day(conference)
    return last is not None and last < today


def is_coming(conference: Conference, today: date) -> bool:
    """Whether it is still to take place."""
    return conference.status not in OVER and not has_passed(conference, today)


def state_words(conference: Conference, today: date) -> str:
    """The state as msgid. What was expected for a year that has passed will not be announced any more."""
    if conference.status is ConferenceStatus.NOT_ANNOUNCED and has_passed(conference, today):
        return N_("no announcement found")
    return conference.status.label
