"""Access to the data of one person (Art. 15 GDPR): looked at as a page, handed out as PDF or JSON."""

import io
from typing import Any

from flask import request, send_file
from werkzeug.wrappers import Response

from models.documents.report import Report, pdf_bytes
from models.language import LANGUAGES
from models.privacy.access import Access
from models.privacy.access import access as look
from models.privacy.access_json import access_json
from models.privacy.access_report import CHECK_FIRST, access_report
from models.privacy.access_words import Words
from models.privacy.records import ContactExport, ExportKind
from webapp.access import officer
from webapp.clock import now
from webapp.database import db, today
from webapp.erasure.views import room
from webapp.forms import ConfirmForm
from webapp.history_words import COLUMNS, TABLES
from webapp.imports.reading import files
from webapp.pages import page
from webapp.people.views import load_person
from webapp.words import _, language


def _wanted() -> str:
    """In which language it is handed out: as the button says, else as the page is."""
    wanted = request.form.get("sprache", "")
    return wanted if wanted in LANGUAGES else language()


def _report(found: Access) -> Report:
    return access_report(db(), found, Words(COLUMNS, TABLES, found.language), now())


@room.get("/kontakte/<int:key>/auskunft")
def access(key: int) -> Any:
    """What would be handed out. Looking at it is not recorded."""
    person = load_person(key)
    found = look(db(), person, language(), files())
    return page(
        "erasure/access.html",
        person=person,
        report=_report(found),
        check_first=_(CHECK_FIRST),
        form=ConfirmForm(),
    )


@room.post("/kontakte/<int:key>/auskunft.pdf")
def access_pdf(key: int) -> Any:
    """The document, and a line that it was handed out."""
    found = look(db(), load_person(key), _wanted(), files())
    content = pdf_bytes(_report(found), now())
    return _handed_out(key, content, "application/pdf", "pdf")


@room.post("/kontakte/<int:key>/auskunft.json")
def access_data(key: int) -> Any:
    """The data, and a line that they were handed out."""
    found = look(db(), load_person(key), _wanted(), files())
    return _handed_out(key, access_json(found, now()), "application/json", "json")


def _handed_out(key: int, content: bytes, kind: str, ending: str) -> Response:
    db().add(
        ContactExport(at=now(), officer_id=officer().key, kind=ExportKind.ACCESS, number=1, person_id=key)
    )
    db().commit()
    name = f"auskunft-{key}-{today()}.{ending}"  # no name: it stays in the list of downloads
    return send_file(io.BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)
