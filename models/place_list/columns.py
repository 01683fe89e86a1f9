"""The columns of a list of places: what they are called, how they are written, how they are read.

What is written can be read back without loss, in German and in English.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from models.base import CODE, LINE, N_, NAME, NOTE, URL, Labelled
from models.documents.workbook_reading import Value
from models.folding import fold
from models.imports.values import address_in, member_in, text_in
from models.language import LANGUAGES, country_name, translator
from models.place_list.cells import as_of_in, country_in, degrees_in, year_in
from models.places import LATITUDE, LONGITUDE, Activity, Certainty, Membership, Place, PlaceType, as_of_text


def _written(value: Any, language: str) -> str:
    return "" if value is None else str(value)


def _label(value: Labelled, language: str) -> str:
    return translator(language)(value.label)


def _country(value: str, language: str) -> str:
    return country_name(value, language) if value else ""


def _degrees(value: float | None, language: str) -> str:
    """As Excel reads decimals in this language."""
    return "" if value is None else str(value).replace(".", "," if language == "de" else ".")


def _text(limit: int) -> Callable[[Value], Any]:
    return lambda value: text_in(value, limit)


def _member(members: type[Labelled]) -> Callable[[Value], Any]:
    return lambda value: member_in(value, members)


@dataclass(frozen=True)
class ListColumn:
    """A column of the file and of the table. `read` raises CellFaultError; an empty cell gives "" or None."""

    name: str
    heading: str
    read: Callable[[Value], Any]
    write: Callable[[Any, str], str] = _written
    others: tuple[str, ...] = field(default=())  # what foreign lists call it


SLUG = ListColumn("slug", N_("Key"), _text(CODE))
COLUMNS = (
    ListColumn("name", N_("Name"), _text(NAME)),
    ListColumn("type", N_("Type"), _member(PlaceType), _label, ("territory",)),
    ListColumn("country_code", N_("Country"), country_in, _country, ("country",)),
    ListColumn("membership", N_("Membership"), _member(Membership), _label),
    ListColumn("activity", N_("Activity"), _member(Activity), _label, ("status_2025",)),
    ListColumn("as_of", N_("State as of"), as_of_in, as_of_text),
    ListColumn("joined_year", N_("Joined in"), year_in),
    ListColumn("joined_year_alt", N_("Year according to another source"), year_in),
    ListColumn("joined_event", N_("Occasion of joining"), _text(LINE)),
    ListColumn("website", N_("Website"), lambda value: address_in(value, URL)),
    ListColumn("partners", N_("Partners"), _text(NOTE)),
    ListColumn("source", N_("Source"), _text(NOTE)),
    ListColumn("certainty", N_("How sure this is"), _member(Certainty), _label, ("confidence",)),
    ListColumn("note_de", N_("Note (German)"), _text(NOTE)),
    ListColumn("note_en", N_("Note (English)"), _text(NOTE), others=("note",)),
    ListColumn("learnt", N_("What we learnt there"), _text(NOTE)),
    ListColumn("lat", N_("Latitude"), lambda value: degrees_in(value, LATITUDE), _degrees, ("latitude",)),
    ListColumn(
        "lon", N_("Longitude"), lambda value: degrees_in(value, LONGITUDE), _degrees, ("longitude", "lng")
    ),
    SLUG,
)
BY_NAME = {column.name: column for column in COLUMNS}


@cache
def _names() -> dict[str, ListColumn]:
    """Every folded heading -> its column; our own words go before those of foreign lists."""
    found: dict[str, ListColumn] = {}
    for column in COLUMNS:
        for word in (column.name, *(translator(language)(column.heading) for language in LANGUAGES)):
            found.setdefault(fold(word), column)
    for column in COLUMNS:
        for word in column.others:
            found.setdefault(fold(word), column)
    return found


def column_called(heading: Value) -> ListColumn | None:
    """The column that a heading means."""
    return _names().get(fold(str(heading))) if heading is not None else None


def header(language: str) -> list[str]:
    """The headings of our own list."""
    _ = translator(language)
    return [_(column.heading) for column in COLUMNS]


class _Decimal(float):
    """A number that is written as the language does. Being a number, its minus needs no guard against formulas."""

    written = ""

    def __str__(self) -> str:
        return self.written


def list_rows(places: Iterable[Place], language: str) -> Iterable[list[object]]:
    """Our own list, row by row, for a CSV file."""
    for place in places:
        yield [_cell(column, getattr(place, column.name), language) for column in COLUMNS]


def _cell(column: ListColumn, value: Any, language: str) -> object:
    written = column.write(value, language)
    if not isinstance(value, float):
        return written
    number = _Decimal(value)
    number.written = written
    return number
