"""Is everything there? One page of what is complete, missing and older than agreed; also as CSV and PDF."""

from datetime import date
from typing import Any

from flask import Blueprint

from models.application.phases import the_application
from models.documents.report import Column, Facts, Heading, Paragraph, Report, Table
from models.readiness.check import CHECKED_MONTHS, readiness
from models.readiness.finding import Finding, Line, Readiness, Section
from webapp.database import city, db, today
from webapp.filters import day, label, officer_name
from webapp.pages import address_of, csv_file, is_print, page
from webapp.reports.views import pdf_file
from webapp.words import _, language, ngettext

room = Blueprint("readiness", __name__, template_folder="templates")

MOST = 100  # lines of a section on the page; the table has them all


def line_title(line: Line) -> str:
    """What a line is about."""
    return _(line.label) if line.label else line.title(language())


def line_what(line: Line) -> str:
    """What was found, in words."""
    values = {key: day(value) if isinstance(value, date) else value for key, value in line.values.items()}
    return _(line.what).format(**values)


def mover(officer_id: int | None, who: Any) -> str:
    """Who has to move: a colleague, or a group while nobody is named."""
    return officer_name(officer_id) or label(who)


def verdict(found: Readiness) -> str:
    """The whole check in one sentence."""
    if found.is_ready:
        return _("Everything is there. The submission can be sent.")
    return ngettext(
        "One point is still in the way of the submission.",
        "{n} points are still in the way of the submission.",
        len(found.in_the_way),
    )


@room.get("/beitritt/pruefung")
def show() -> Any:
    """What is complete, missing, older than agreed, and who has to move."""
    found = readiness(db(), today())
    return page(
        "readiness/show.html",
        found=found,
        verdict=verdict(found),
        sections=[(section, found.of(section)) for section in Section if found.of(section)],
        movers=[(mover(officer_id, who), number) for officer_id, who, number in found.movers()],
        line_title=line_title,
        line_what=line_what,
        mover=mover,
        address_of=address_of,
        months=CHECKED_MONTHS,
        most=10**6 if is_print() else MOST,
        findings=Finding,
    )


def _cells(line: Line) -> tuple[str, ...]:
    who = mover(line.officer_id, line.who) if line.is_in_the_way else ""
    return (label(line.section), line_title(line), label(line.finding), line_what(line), who)


def _header() -> tuple[str, ...]:
    return (_("Part"), _("What"), _("State"), _("What was found"), _("Who has to act"))


@room.get("/beitritt/pruefung.csv")
def csv() -> Any:
    """Every line of the check as a table."""
    return csv_file("pruefung", _header(), [_cells(line) for line in readiness(db(), today()).lines])


@room.get("/beitritt/pruefung.pdf")
def pdf() -> Any:
    """The check as a document."""
    found, application = readiness(db(), today()), the_application(db())
    widths = (0, 3, 1.3, 3, 1.7)
    blocks: list[Any] = [Paragraph(verdict(found), is_strong=True)]
    blocks.append(
        Facts(
            tuple((label(finding), str(found.count(finding))) for finding in Finding if found.count(finding))
        )
    )
    for section in Section:
        columns = tuple(Column(title, width) for title, width in zip(_header(), widths, strict=True))[1:]
        rows = tuple(_cells(line)[1:] for line in found.of(section)[:500])
        if rows:
            blocks += [Heading(label(section)), Table(columns, rows)]
    report = Report(
        title=_("Check before the submission"),
        subtitle=application.network,
        language=language(),
        author=f"{city().unit}, {city().name}",
        letterhead=(city().name, city().unit),
        facts=((_("State as of"), day(today())), (_("File number"), application.file_number)),
        blocks=tuple(blocks),
        footer=f"{application.network} · {_('Check before the submission')}",
    )
    return pdf_file(report, "pruefung")
