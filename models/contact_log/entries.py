"""The lines of a timeline, and the place in it at which a page ends."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import IntEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from models.contacts.people import Person

_NO_MOMENT = datetime.min.replace(tzinfo=UTC)
# No moment of a first or last year: in another time zone it would be no moment any more.
_BEFORE = re.compile(r"((?:19|20)\d\d-\d\d-\d\d)\.([0-3])\.(\d{1,9})", re.ASCII)


class Source(IntEnum):
    """Where an entry comes from; of one day, the first is shown first."""

    INTERACTION = 0
    MAIL = 1
    NOTICE = 2
    FOLLOW_UP = 3


@dataclass(frozen=True)
class Entry:
    """One line of a timeline. `row` is an Interaction, a Message, a Person (informed on that day) or a FollowUp;
    `person_id` and `organisation_id` say with whom it was, where that is known."""

    day: date
    source: Source
    row: Any
    person_id: int | None = None
    organisation_id: int | None = None
    moment: datetime = _NO_MOMENT

    @property
    def place(self) -> tuple[date, int, datetime, int]:
        """What entries are ordered by, the newest having the largest."""
        return self.day, -self.source, self.moment, self.row.key

    @property
    def mark(self) -> str:
        """The entry in the address of the next page."""
        return f"{self.day.isoformat()}.{int(self.source)}.{self.row.key}"


@dataclass(frozen=True)
class Page:
    """One page; `before` leads to the next one, empty on the last. Names of whom the entries speak of, and how many
    files an interaction has."""

    entries: list[Entry]
    before: str = ""
    people: dict[int, Person] = field(default_factory=dict)
    organisations: dict[int, str] = field(default_factory=dict)
    files: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Below:
    """Only what stands below this entry is wanted."""

    day: date
    source: Source
    key: int

    def condition(self, source: Source, day: Any, key: Any, value: Any) -> ColumnElement[bool]:
        """For a source that is ordered by `day` and `key`; `value` is the day as it is stored there."""
        if source > self.source:
            return and_(day <= value)
        if source < self.source:
            return and_(day < value)
        return and_(day <= value, or_(day < value, key < self.key))  # the first half leads the index


def below(mark: str) -> Below | None:
    """The entry that an address names; None where it names none."""
    found = _BEFORE.fullmatch(mark)
    try:
        return Below(date.fromisoformat(found[1]), Source(int(found[2])), int(found[3])) if found else None
    except ValueError:
        return None
