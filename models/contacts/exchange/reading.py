"""A file as contacts, one after the other, whatever its format."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

from models.base import N_
from models.contacts.exchange.cards import record_of_card
from models.contacts.exchange.fields import own_columns, own_record
from models.contacts.exchange.foreign import foreign_record, layout_of
from models.contacts.exchange.meanings import Meaning, is_usable
from models.contacts.exchange.record import ContactRecord
from models.documents.vcard_reading import read_cards
from models.documents.workbook_parts import UnreadableError
from models.documents.workbook_reading import Book, read_book

CONTACTS_LIMIT = 10_000
CARDS_LIMIT = 25 * 1024 * 1024  # bytes of a file of visiting cards: photos may be in it


class FileFormat(StrEnum):
    VCARD = "vcard"
    CSV = "csv"
    XLSX = "xlsx"


def format_of(name: str, head: bytes) -> FileFormat:
    """What a file is, by its beginning and else by its name."""
    if head.lstrip(b"\xef\xbb\xbf\r\n\t ")[:11].upper() == b"BEGIN:VCARD" or name.casefold().endswith(
        (".vcf", ".vcard")
    ):
        return FileFormat.VCARD
    is_text = name.casefold().endswith((".csv", ".txt", ".tsv")) and not head.startswith(b"PK\x03\x04")
    return FileFormat.CSV if is_text else FileFormat.XLSX


@dataclass(frozen=True)
class Table:
    """Where in a book the contacts stand and what its columns mean: our own (`own`) or as a person said."""

    sheet: str
    header: int
    own: Mapping[str, int] | None = None
    chosen: Mapping[int, Meaning] | None = None


def own_table(book: Book) -> Table | None:
    """The table of a book that is of our own making: known by its headings; None for any other."""
    for name in book.names[:1]:
        rows = book.sheet(name).rows
        columns = own_columns(rows[0][1]) if rows else None
        if columns is not None:
            return Table(name, rows[0][0], own=columns)
    return None


def table_of(book: Book, mapping: Mapping[str, Any]) -> Table | None:
    """The table as the batch keeps it; None where a person has yet to say what the columns mean."""
    if mapping.get("is_own"):
        return own_table(book)
    chosen = {int(index): Meaning(name) for index, name in mapping.get("columns", {}).items()}
    if not is_usable(chosen.values()):
        return None
    return Table(mapping.get("sheet", ""), int(mapping.get("header", 0)), chosen=chosen)


def table_records(book: Book, table: Table) -> Iterator[ContactRecord]:
    """The rows below the headings."""
    rows = book.sheet(table.sheet).rows
    head = next((cells for number, cells in rows if number == table.header), [])
    layout = layout_of(table.chosen or {}, head)
    for number, cells in rows:
        if number <= table.header:
            continue
        if table.own is not None:
            yield own_record(number, cells, dict(table.own))
        elif (record := foreign_record(number, cells, layout)) is not None:
            yield record


def card_records(source: bytes | BinaryIO) -> Iterator[ContactRecord]:
    """The cards of a file. Raises UnreadableError for a file that holds none."""
    for read in read_cards(source):
        if read.number == 0:
            reason = read.fault
            raise UnreadableError(
                reason.text if reason else N_("The file is empty."), **dict(reason.values if reason else {})
            )
        yield record_of_card(read)


def records_of(
    file_format: FileFormat, path: Path, name: str, mapping: Mapping[str, Any]
) -> Iterator[ContactRecord]:
    """The contacts of a stored file. Raises UnreadableError for a file that cannot be read or holds too many."""
    if file_format is FileFormat.VCARD:
        with path.open("rb") as source:
            yield from _limited(card_records(source))
        return
    book = read_book(path.read_bytes(), name)
    table = table_of(book, mapping)
    if table is None:
        raise UnreadableError(
            N_("The columns of this file are not those that were chosen. Please upload it again.")
        )
    yield from _limited(table_records(book, table))


def _limited(records: Iterator[ContactRecord]) -> Iterator[ContactRecord]:
    for count, record in enumerate(records, start=1):
        if count > CONTACTS_LIMIT:
            raise UnreadableError(
                N_("The file holds more than {n} contacts. Please split it."), n=CONTACTS_LIMIT
            )
        yield record
