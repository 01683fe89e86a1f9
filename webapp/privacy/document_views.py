"""Documents for the data protection officer and the staff council."""

import io
from typing import Any

from flask import send_file

from models.documents.workbook import Column, write_table
from models.privacy.access_words import Words
from models.privacy.register import record_of_processing, table_of_record
from models.privacy.staff_sheet import staff_sheet
from webapp.clock import now
from webapp.database import city, today
from webapp.history_words import COLUMNS, TABLES
from webapp.imports.batch_files import XLSX
from webapp.pages import csv_file, page
from webapp.privacy.views import room
from webapp.reports.views import pdf_file, wanted_language
from webapp.words import _, language


def _words(wanted: str) -> Words:
    return Words(COLUMNS, TABLES, wanted)


@room.get("/datenschutz/verzeichnis")
def register() -> Any:
    """The record of processing activities in the language of the page."""
    report = record_of_processing(city(), _words(language()), today())
    return page("privacy/document.html", report=report, endpoint=".register_pdf", has_tables=True)


@room.get("/datenschutz/verzeichnis.pdf")
def register_pdf() -> Any:
    """The same as a PDF."""
    return pdf_file(
        record_of_processing(city(), _words(wanted_language()), today()), "verzeichnis-verarbeitung"
    )


@room.get("/datenschutz/verzeichnis.csv")
def register_csv() -> Any:
    """One row for each activity."""
    heading, rows = table_of_record(city(), _words(language()))
    return csv_file("verzeichnis-verarbeitung", heading, rows)


@room.get("/datenschutz/verzeichnis.xlsx")
def register_xlsx() -> Any:
    """The same as a workbook."""
    heading, rows = table_of_record(city(), _words(language()))
    content = write_table(_("Record")[:31], [Column(title, 40) for title in heading], rows, now())
    return send_file(
        io.BytesIO(content), mimetype=XLSX, as_attachment=True, download_name="verzeichnis-verarbeitung.xlsx"
    )


@room.get("/datenschutz/personalrat")
def staff() -> Any:
    """The sheet for the staff council."""
    report = staff_sheet(city(), language(), today())
    return page("privacy/document.html", report=report, endpoint=".staff_pdf", has_tables=False)


@room.get("/datenschutz/personalrat.pdf")
def staff_pdf() -> Any:
    """The same on one page of A4."""
    return pdf_file(staff_sheet(city(), wanted_language(), today()), "personalrat-fab-city-lotse")
