"""Contacts as a file: of all, of those that a search finds, of those that were ticked, of one."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask import Blueprint, Response, abort, request, stream_with_context
from sqlmodel import col, select

from models.contacts.exchange.gathering import contacts, everybody
from models.contacts.exchange.writing import csv_file, vcard_file, xlsx_file
from models.contacts.people import Person, PersonState
from models.contacts.search.searching import found_person_ids
from models.folding import fold
from models.privacy.records import ContactExport, ExportKind
from webapp.access import officer
from webapp.clock import now
from webapp.database import city, database, db, today
from webapp.pages import load
from webapp.people.choosing import criteria_from
from webapp.words import language

room = Blueprint("contact_export", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_TICKED = 1_000


def _wanted() -> list[int]:
    """Whose contacts the address wants: those that were ticked, else those whom its words and filters find."""
    ticked = request.args.getlist("person")
    if not ticked:
        return list(found_person_ids(db(), criteria_from(request.args))) if request.args else everybody(db())
    keys = {int(key) for key in ticked[:MOST_TICKED] if key.isascii() and key.isdigit() and len(key) < 10}
    # The state is asked here: SQLite would take its index for a short way, and look at everybody.
    found = select(Person.sort_key, Person.id, Person.state).where(col(Person.id).in_(keys))
    rows = [(name, key or 0) for name, key, state in db().exec(found) if state is PersonState.ACTIVE]
    return [key for _name, key in sorted(rows)]


def _record(kind: ExportKind, number: int, person_id: int | None = None) -> None:
    """Write down that contacts went out: who, when, as what, how many; not which words found them."""
    with database().write(now(), officer().key) as session:
        row = ContactExport(at=now(), officer_id=officer().key, kind=kind, number=number, person_id=person_id)
        session.add(row)
        session.commit()


def _sent(parts: Iterable[bytes], mimetype: str, name: str) -> Response:
    answer = Response(parts, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _streamed(parts: Iterator[bytes], mimetype: str, ending: str) -> Response:
    return _sent(stream_with_context(parts), mimetype, f"kontakte-{today().isoformat()}.{ending}")


@room.get("/kontakte/ausgabe.vcf")
def vcard() -> Any:
    """Visiting cards, vCard 4.0."""
    keys = _wanted()
    _record(ExportKind.VCARD, len(keys))
    return _streamed(vcard_file(contacts(db(), keys, city().installation)), "text/vcard", "vcf")


@room.get("/kontakte/ausgabe.csv")
def csv() -> Any:
    """The table that can be read in again."""
    keys = _wanted()
    _record(ExportKind.CSV, len(keys))
    return _streamed(csv_file(contacts(db(), keys, city().installation), language()), "text/csv", "csv")


@room.get("/kontakte/ausgabe.xlsx")
def xlsx() -> Any:
    """The same as a workbook."""
    keys = _wanted()
    _record(ExportKind.XLSX, len(keys))
    content = xlsx_file(contacts(db(), keys, city().installation), language(), now())
    return _sent([content], XLSX, f"kontakte-{today().isoformat()}.xlsx")


@room.get("/kontakte/<int:key>.vcf")
def one(key: int) -> Any:
    """One person's visiting card."""
    person = load(Person, key)
    [*found] = contacts(db(), [key], city().installation)
    if not found:
        abort(404)
    _record(ExportKind.VCARD, 1, key)
    name = "-".join(fold(person.title("de")).split()) or "kontakt"
    safe = "".join(letter for letter in name if letter.isascii() and (letter.isalnum() or letter == "-"))
    return _sent(vcard_file(found), "text/vcard", f"{safe or 'kontakt'}.vcf")
