"""An absence as pages show it: from when until when, and who gets the mails on which days."""

from dataclasses import dataclass
from datetime import date

from models.officers import Cover, Officer, covers, is_absent, officers
from models.reminders.addresses import blocked_addresses
from webapp.database import db, today


@dataclass(frozen=True)
class Absence:
    """An absence that runs or is to come. `stand_in` is who was named; `covers` says who it is on which days."""

    first: date
    last: date
    is_now: bool
    stand_in: Officer | None
    covers: list[Cover]

    @property
    def is_as_named(self) -> bool:
        """Whether the named deputy is there and can be written to all the time."""
        named = self.stand_in.key if self.stand_in else None
        return named is not None and [cover.officer_id for cover in self.covers] == [named]


def absence_of(person: Officer) -> Absence | None:
    """None for who is here, and once an absence has passed."""
    first, last = person.absent_from, person.absent_until
    if not person.is_active or first is None or last is None or last < today():
        return None
    here = {officer.key: officer for officer in officers(db())}
    blocked = blocked_addresses(db())
    unreachable = {key for key, officer in here.items() if officer.email in blocked}
    return Absence(
        first,
        last,
        is_absent(person, today()),
        here.get(person.stand_in_id or 0),
        covers(here, person.key, unreachable),
    )
