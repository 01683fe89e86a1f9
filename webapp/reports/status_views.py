"""The status report as a page and as a PDF: the same blocks, read by the same function."""

from typing import Any

from models.reports.status_facts import status
from models.reports.status_report import status_report
from webapp.database import db, today
from webapp.pages import page
from webapp.reports.views import pdf_file, room, wanted_language
from webapp.words import language


@room.get("/beitritt/bericht")
def show_status() -> Any:
    """The report in the language of the page."""
    return page("reports/status.html", report=status_report(status(db(), today()), language()))


@room.get("/beitritt/bericht.pdf")
def status_pdf() -> Any:
    """The report to be sent or printed."""
    wanted = wanted_language()
    return pdf_file(status_report(status(db(), today()), wanted), f"statusbericht-{today()}")
