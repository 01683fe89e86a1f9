"""The columns of our own table of contacts: what goes out is what can come in again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from models.base import ADDRESS, CODE, LINE, N_, NAME, NOTE, Labelled
from models.contacts.exchange.cells import points_cell, points_in, roles_cell, roles_in, tags_cell, tags_in
from models.contacts.exchange.languages import code_of, codes_of, name_of_code, names_of_codes
from models.contacts.exchange.record import ContactRecord
from models.contacts.people import DataOrigin, LegalBasis
from models.contacts.points import PointKind
from models.documents.workbook_reading import Value
from models.folding import fold
from models.imports.plan import Remark
from models.imports.values import CellFaultError, day_in, member_in, text_in
from models.language import LANGUAGES, translator

FEWEST = 10  # known headings from which a file is taken for our own


class Shape(Enum):
    """How a column's cell is read and written."""

    TEXT = "text"
    DAY = "day"
    FLAG = "flag"
    BASIS = "basis"
    ORIGIN = "origin"
    LANGUAGE = "language"
    LANGUAGES = "languages"
    ATTRIBUTE = "attribute"  # of the record itself, not a column of the person
    POINTS = "points"
    ROLES = "roles"
    TAGS = "tags"


@dataclass(frozen=True)
class Field:
    """One column: its name in the record, its heading, how its cells are read, the most characters of a text."""

    name: str
    heading: str
    shape: Shape = Shape.TEXT
    limit: int = NAME
    width: int = 18


FIELDS = (
    Field("uid", N_("UID"), width=12),
    Field("honorific", N_("Academic title"), limit=CODE, width=10),
    Field("family_name", N_("Family name")),
    Field("given_name", N_("Given name")),
    Field("function", N_("Function")),
    Field("organisation", N_("Organisation"), Shape.ATTRIBUTE, width=28),
    Field("organisation_city", N_("City of the organisation"), Shape.ATTRIBUTE),
    Field("city", N_("City or region"), Shape.ATTRIBUTE),
    Field("email", N_("E-mail"), limit=ADDRESS, width=28),
    Field("phone", N_("Phone"), limit=CODE),
    Field("email_points", N_("Further e-mail addresses"), Shape.POINTS, width=28),
    Field("phone_points", N_("Further phone numbers"), Shape.POINTS, width=28),
    Field("postal_points", N_("Postal addresses"), Shape.POINTS, width=28),
    Field("web_points", N_("Websites"), Shape.POINTS, width=28),
    Field("language", N_("Language"), Shape.LANGUAGE),
    Field("other_languages", N_("Further languages"), Shape.LANGUAGES),
    Field("tags", N_("Tags"), Shape.TAGS),
    Field("role_from", N_("Function since"), Shape.DAY, width=12),
    Field("role_to", N_("Function until"), Shape.DAY, width=12),
    Field("roles", N_("Further and former functions"), Shape.ROLES, width=28),
    Field("is_first_contact", N_("First contact of the city"), Shape.FLAG, width=10),
    Field("confirmed_on", N_("Confirmed in office on"), Shape.DAY, width=12),
    Field("last_talk_on", N_("Last talk"), Shape.DAY, width=12),
    Field("note", N_("Note"), limit=NOTE, width=40),
    Field("do_not_contact", N_("Do not contact"), Shape.FLAG, width=10),
    Field("objected_on", N_("Objected on"), Shape.DAY, width=12),
    Field("objection", N_("Objection"), limit=NOTE),
    Field("legal_basis", N_("Legal basis"), Shape.BASIS, width=28),
    Field("origin", N_("Origin of the data"), Shape.ORIGIN, width=28),
    Field("source", N_("Source"), limit=LINE),
    Field("source_on", N_("Date of the source"), Shape.DAY, width=12),
    Field("purpose", N_("Purpose"), limit=LINE),
    Field("notice_sent_on", N_("Notice sent on"), Shape.DAY, width=12),
    Field("notice_waived", N_("No notice, because"), limit=LINE),
    Field("keep_until", N_("Keep until"), Shape.DAY, width=12),
    Field("keep_reason", N_("Reason for keeping"), limit=LINE),
    Field("added_on", N_("Added on"), Shape.DAY, width=12),
    Field("other_properties", N_("Other properties (vCard)"), limit=NOTE),
)
BY_NAME = {field.name: field for field in FIELDS}
_YES = {"ja", "yes", "x", "1", "true", "wahr"}
_POINTS = {
    "email_points": PointKind.EMAIL, "phone_points": PointKind.PHONE, "postal_points": PointKind.POSTAL,
    "web_points": PointKind.WEB,
}  # fmt: skip


def headings(language: str) -> list[str]:
    """The row of headings."""
    said = translator(language)
    return [said(field.heading) for field in FIELDS]


def own_columns(cells: Sequence[Value]) -> dict[str, int] | None:
    """Name -> index where a row of cells holds our own headings, in German or English; None where it does not."""
    known = {fold(translator(code)(f.heading)): f.name for code in LANGUAGES for f in FIELDS}
    found: dict[str, int] = {}
    for index, cell in enumerate(cells):
        if cell is None:
            continue
        name = known.get(fold(str(cell)))
        if name is None or name in found:
            return None
        found[name] = index
    return found if len(found) >= FEWEST and "family_name" in found else None


# Out: a record as cells. Days stay days: CSV writes them as text, Excel as dates.


def cells_of(record: ContactRecord) -> list[str | date]:
    """The cells of one contact, in the order of FIELDS."""
    return [_cell_of(record, field) for field in FIELDS]


def _cell_of(record: ContactRecord, field: Field) -> str | date:
    value = record.values.get(field.name)
    match field.shape:
        case Shape.ATTRIBUTE:
            return str(getattr(record, field.name))
        case Shape.POINTS:
            return points_cell(record.points, _POINTS[field.name])
        case Shape.ROLES:
            return roles_cell(record.roles)
        case Shape.TAGS:
            return tags_cell(record.tags)
    if not value:
        return ""
    match field.shape:
        case Shape.DAY:
            return date.fromisoformat(value)
        case Shape.FLAG:
            return "ja"
        case Shape.BASIS | Shape.ORIGIN:
            kind: type[Labelled] = LegalBasis if field.shape is Shape.BASIS else DataOrigin
            return translator("de")(kind(value).label)
        case Shape.LANGUAGE:
            return name_of_code(value)
        case Shape.LANGUAGES:
            return names_of_codes(value)
    return str(value)


# In: cells as a record.


def _flag_in(value: Value) -> bool:
    return fold(text_in(value, NAME)) in _YES


def _day_text(value: Value) -> str:
    found = day_in(value)
    return found.isoformat() if found else ""


_READ: dict[Shape, Callable[[Value], Any]] = {
    Shape.DAY: _day_text,
    Shape.FLAG: _flag_in,
    Shape.BASIS: lambda value: member_in(value, LegalBasis),
    Shape.ORIGIN: lambda value: member_in(value, DataOrigin),
    Shape.LANGUAGE: lambda value: code_of(text_in(value, NOTE)),
    Shape.LANGUAGES: lambda value: codes_of(text_in(value, NOTE)),
}


def own_record(number: int, cells: Sequence[Value], columns: dict[str, int]) -> ContactRecord:
    """A row of our own table. What cannot be understood is a fault of the record."""
    record = ContactRecord(number)
    for name, index in columns.items():
        value = cells[index] if index < len(cells) else None
        if value is None:
            continue
        try:
            _take(record, BY_NAME[name], value)
        except CellFaultError as fault:
            record.faults.append(Remark(fault.remark.text, fault.remark.values, (name,)))
    return record


def _take(record: ContactRecord, field: Field, value: Value) -> None:
    match field.shape:
        case Shape.ATTRIBUTE:
            setattr(record, field.name, text_in(value, NAME))
        case Shape.POINTS:
            record.points += points_in(text_in(value, NOTE), _POINTS[field.name])
        case Shape.ROLES:
            record.roles += roles_in(text_in(value, NOTE))
        case Shape.TAGS:
            record.tags += tags_in(text_in(value, NOTE))
        case Shape.TEXT:
            record.values[field.name] = text_in(value, field.limit)
        case _:
            found = _READ[field.shape](value)
            if found:
                record.values[field.name] = found.value if isinstance(found, Enum) else found
