"""What stands in the address of the mail log: filters, the page, and the address that keeps them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from flask import request

from models.base import Labelled
from models.calendar_days import moment
from models.folding import search_words
from models.officers import Officer, officers
from models.reminders.about import Thing
from models.reminders.mail_log import Wanted
from models.reminders.messages import MessageKind, MessageState, ReminderState
from models.reminders.subject_names import subject_names
from webapp.database import city, db
from webapp.forms import parse_day, typed_text
from webapp.pages import is_print, query
from webapp.words import language

SHOWN = 50
PRINTED = 1_000  # paper has no next page

E = TypeVar("E", bound=Labelled)


@dataclass(frozen=True)
class Day:
    """A day as it was typed; `is_wrong` if it is none, then it filters nothing."""

    typed: str
    day: date | None

    @property
    def is_wrong(self) -> bool:
        return bool(self.typed) and self.day is None


@dataclass(frozen=True)
class Looking:
    """The filters of one request. `wanted` is what they mean to the domain."""

    wanted: Wanted
    untold: ReminderState | None
    since: Day
    until: Day
    about_title: str
    colleagues: list[Officer]
    before: int | None

    @property
    def kept(self) -> dict[str, Any]:
        """The filters as they stand in an address; None is left out of it."""
        state, about = self.wanted.state or self.untold, self.wanted.about
        return {
            "suche": query() or None,
            "zustand": state.value if state else None,
            "art": self.wanted.kind.value if self.wanted.kind else None,
            "an": self.wanted.officer_id,
            "von": self.since.typed or None,
            "bis": self.until.typed or None,
            "zu": address_part(*about) if about else None,
        }

    @property
    def is_narrowed(self) -> bool:
        return any(self.kept.values())

    @property
    def limit(self) -> int:
        return PRINTED if is_print() else SHOWN


def address_part(kind: str, key: int) -> str:
    """A subject as it stands in an address: conference-12."""
    return f"{kind}-{key}"


def looking() -> Looking:
    """The filters of this request; what means nothing filters nothing."""
    since, until = _day("von"), _day("bis")
    colleagues = officers(db(), with_left=True)
    chosen = request.args.get("an", "")
    about = _about()
    wanted = Wanted(
        state=_member(MessageState),
        kind=_member(MessageKind, "art"),
        officer_id=next((officer.key for officer in colleagues if str(officer.key) == chosen), None),
        since=_midnight(since.day, 0),
        until=_midnight(until.day, 1),
        words=tuple(search_words(query())),
        about=about,
    )
    name = subject_names(db(), [about]).get(about) if about else None
    title = name.title(language()) if name else ""
    return Looking(wanted, _member(ReminderState), since, until, title, colleagues, _before())


def _member(values: type[E], name: str = "zustand") -> E | None:
    wanted = request.args.get(name, "")
    return next((value for value in values if value.value == wanted), None)


def _day(name: str) -> Day:
    typed = typed_text(request.args.get(name, "")).strip()[:20]
    return Day(typed, parse_day(typed) if typed else None)


def _midnight(day: date | None, later: int) -> datetime | None:
    return moment(day + timedelta(days=later), time(0), city().time_zone) if day else None


def _about() -> Thing | None:
    kind, _dash, key = request.args.get("zu", "").rpartition("-")
    is_key = key.isascii() and key.isdigit() and int(key) < 2**31
    return (kind, int(key)) if is_key and kind.replace("_", "").isalpha() and len(kind) < 60 else None


def _before() -> int | None:
    typed = request.args.get("vor", "")
    return int(typed) if typed.isascii() and typed.isdigit() and 0 < int(typed) < 2**31 else None
