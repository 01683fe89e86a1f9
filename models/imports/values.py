"""Cells of a table as values: lenient in how people write, and a fault in words where it cannot be understood."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TypeVar

from models.base import N_, NOTE, Labelled
from models.documents.workbook_reading import ErrorCell, Value, plain_text
from models.folding import fold
from models.imports.plan import Remark
from models.language import LANGUAGES, day_text, translator

FIRST_YEAR, LAST_YEAR = 1900, 2100
_MONTHS = (
    "januar februar marz april mai juni juli august september oktober november dezember",
    "january february march april may june july august september october november december",
)
_BEFORE_A_DAY = re.compile(
    r"^(?:(?:bis|zum|am|spatestens|by|on|mo|di|mi|do|fr|sa|so|mon|tue|wed|thu|fri)\b[.,]?\s*)+"
)
_SERIAL = date(1899, 12, 30)  # the day from which Excel counts

E = TypeVar("E", bound=Labelled)


class CellFaultError(Exception):
    """A cell that cannot be understood; `remark` says why."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text)
        self.remark = Remark(text, values)


def text_in(value: Value, limit: int) -> str:
    """A cell as text of at most `limit` characters; several lines only where a note may have them."""
    if isinstance(value, ErrorCell):
        raise CellFaultError(N_("Excel shows an error there: {value}."), value=str(value)[:20])
    if isinstance(value, bool):
        written = "ja" if value else "nein"
    elif isinstance(value, date):
        written = day_text(value.date() if isinstance(value, datetime) else value, "de")
    else:
        written = "" if value is None else plain_text(str(value))
    written = written if limit >= NOTE else " ".join(written.split())
    if len(written) > limit:
        raise CellFaultError(
            N_("The text is too long: {n} characters, at most {limit}."), n=len(written), limit=limit
        )
    return written


def day_in(value: Value) -> date | None:
    """A cell as a day: a real date, Excel's number of one, or written like 31.12.2026, 1.5.27, 3. März 2027."""
    if isinstance(value, datetime):
        return _within(value.date())
    if isinstance(value, date):
        return _within(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and 20_000 <= value <= 73_050:
        return _within(_SERIAL + timedelta(days=int(value)))
    written = text_in(value, NOTE)
    if not written:
        return None
    found = _written_day(_BEFORE_A_DAY.sub("", fold(written)))
    if found is None:
        raise CellFaultError(N_("“{value}” is not a date. Write it like 31.12.2026."), value=written[:60])
    return _within(found)


def _within(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise CellFaultError(N_("“{value}” is not a date. Write it like 31.12.2026."), value=day.isoformat())
    return day


def _written_day(written: str) -> date | None:
    numbers = re.fullmatch(r"(\d{1,2})[./]\s?(\d{1,2})[./]\s?(\d{4}|\d{2})", written)
    words = re.fullmatch(r"(\d{1,2})\.?\s?([a-z]{3,9})\.?\s(\d{4}|\d{2})", written)
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ t].*)?", written)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if numbers:
            return date(_year(numbers[3]), int(numbers[2]), int(numbers[1]))
        if words:
            return date(_year(words[3]), _month(words[2]), int(words[1]))
    except ValueError:
        return None
    return None


def _year(written: str) -> int:
    return int(written) + (2000 if len(written) == 2 else 0)


def _month(word: str) -> int:
    """The month by its name or the beginning of it; 0 is none."""
    for names in _MONTHS:
        for number, name in enumerate(names.split(), start=1):
            if name.startswith(word):
                return number
    return 0


def member_in(value: Value, members: type[E]) -> E | None:
    """A cell as a member of an enumeration, by its word in any language or its value; None where it is empty."""
    written = text_in(value, NOTE)
    if not written:
        return None
    found = words_of(members).get(fold(written))
    if found is None:
        known = ", ".join(sorted({translator("de")(m.label) for m in members if m.label}))
        raise CellFaultError(
            N_("“{value}” is not known there. Possible is: {known}."), value=written[:60], known=known
        )
    return found


def words_of(members: type[E]) -> dict[str, E]:
    """Every folded word by which a member is known."""
    found: dict[str, E] = {}
    for member in members:
        for word in (member.value, *(translator(language)(member.label) for language in LANGUAGES)):
            found.setdefault(fold(word), member)
    return found


def address_in(value: Value, limit: int) -> str:
    """A cell as a web address."""
    written = text_in(value, limit)
    if written and not re.match(r"https?://[^\s/]+\.?[^\s]*$", written):
        raise CellFaultError(
            N_("“{value}” is no web address. It begins with https:// or http://."), value=written[:60]
        )
    return written


def row_in(value: Value, known: Iterable[tuple[str, int]], said: str) -> int | None:
    """A cell as the key of a row, by any of its names; `said` is the fault, with {value} in it. None: empty."""
    written = text_in(value, NOTE)
    if not written:
        return None
    keys = {key for name, key in known if name and fold(name) == fold(written)}
    if len(keys) != 1:
        raise CellFaultError(said, value=written[:60])
    return keys.pop()
