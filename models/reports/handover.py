"""The handover file for a successor, as plain values: who, what, next dates, open promises, contacts, where files lie.

`handover_reading` makes it from the database, for one colleague or for the whole case.
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Colleague:
    """Somebody of the unit. `absence` and `stand_in` are empty unless she is or will be away."""

    key: int
    name: str
    email: str
    absent_from: date | None = None
    absent_until: date | None = None
    stand_in: str = ""


@dataclass(frozen=True)
class Task:
    """Something open that somebody answers for: `kind` is its table and `kind_word` how pages call it. `role` says who:
    a name in the whole case, else in which part the colleague has to do with it. `ends_on` is the last day itself."""

    kind: str
    key: int
    kind_word: str
    title: str
    role: str
    due_on: date | None = None
    ends_on: date | None = None
    where: str = ""
    is_own: bool = True


@dataclass(frozen=True)
class Promise:
    """What somebody owes us: about what, who, since when, and when to ask again."""

    what: str
    about: str
    who: str
    email: str
    since_on: date | None
    ask_on: date


@dataclass(frozen=True)
class Contact:
    """A person, or an organisation that has no person here; `roles` are its roles in the consortium."""

    uid: str
    name: str
    given_name: str
    family_name: str
    organisation: str
    function: str
    email: str
    phone: str
    website: str
    language: str
    roles: tuple[str, ...]
    is_organisation: bool = False


@dataclass(frozen=True)
class FilePlace:
    """Where the file of something lies: its Aktenzeichen, the address in the electronic file."""

    title: str
    file_number: str
    record_url: str


@dataclass(frozen=True)
class Handover:
    """All that a successor needs. `person` is None for the whole case; `made_at` is a moment in the city's zone."""

    language: str
    made_at: datetime
    city: str
    unit: str
    unit_email: str
    installation: str
    network: str
    state: str
    person: Colleague | None
    case_lead: Colleague | None
    deputy: Colleague | None
    colleagues: tuple[Colleague, ...]
    tasks: tuple[Task, ...]
    promises: tuple[Promise, ...]
    contacts: tuple[Contact, ...]
    reminders: tuple[tuple[str, str], ...]
    files: tuple[FilePlace, ...]

    @property
    def dated(self) -> list[Task]:
        """What has a day, the earliest first."""
        return sorted(
            (t for t in self.tasks if t.due_on), key=lambda t: (t.due_on or date.max, t.kind, t.key)
        )

    @property
    def undated(self) -> list[Task]:
        """What is open without a day."""
        return [task for task in self.tasks if task.due_on is None]
