"""Contacts as a file: visiting cards, CSV, Excel; in pieces where the format allows it."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from models.base import N_
from models.contacts.exchange.cards import card_of
from models.contacts.exchange.fields import FIELDS, cells_of, headings
from models.contacts.exchange.record import ContactRecord
from models.documents.spreadsheet import csv_parts
from models.documents.vcard_writing import card_chunks
from models.documents.workbook import Column, write_table
from models.language import day_text, translator

SHEET = N_("Contacts")


def vcard_file(contacts: Iterable[ContactRecord]) -> Iterator[bytes]:
    """Visiting cards, vCard 4.0."""
    return card_chunks(card_of(contact) for contact in contacts)


def csv_file(contacts: Iterable[ContactRecord], language: str) -> Iterator[bytes]:
    """Our own table as CSV; days as German Excel reads them."""
    return csv_parts(headings(language), (_texts(contact) for contact in contacts))


def _texts(contact: ContactRecord) -> list[str]:
    return [day_text(cell, "de") if isinstance(cell, date) else cell for cell in cells_of(contact)]


def xlsx_file(contacts: Iterable[ContactRecord], language: str, created: datetime) -> bytes:
    """Our own table as a workbook."""
    columns = [Column(title, field.width) for title, field in zip(headings(language), FIELDS, strict=True)]
    rows = (cells_of(contact) for contact in contacts)
    return write_table(translator(language)(SHEET), columns, rows, created)
