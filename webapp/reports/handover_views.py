"""The handover file of a colleague, or of the whole case: what is in it, and its files."""

from collections.abc import Callable
from typing import Any

from flask import Response, current_app

from models.officers import Officer
from models.reports.handover import Handover
from models.reports.handover_files import archive, calendar, cards, document, known_entries, stem
from models.reports.handover_reading import read_handover
from webapp.clock import now
from webapp.database import city, db, today
from webapp.pages import address_of, load, page
from webapp.reports.views import room, wanted_language
from webapp.words import language

DATES_SHOWN = 8  # the page is a look into the file, not the file


def _read(key: int | None, in_language: str) -> Handover:
    person = load(Officer, key) if key is not None else None
    return read_handover(db(), city(), person, in_language, now(), today())


def _address(kind: str, key: int) -> str:
    path = address_of(kind, key)
    return f"{current_app.extensions['lotse_settings'].base_url}{path}" if path else ""


@room.get("/beitritt/uebergabe", endpoint="show_case_handover")
@room.get("/kolleginnen/<int:key>/uebergabe")
def show_handover(key: int | None = None) -> Any:
    """What a successor would get."""
    return page(
        "reports/handover.html",
        handover=_read(key, language()),
        key=key,
        shown=DATES_SHOWN,
        today=today(),
        subject_address=address_of,
    )


def _file(ending: str, key: int | None) -> Any:
    """One of the files, or all of them in one archive."""
    handover = _read(key, wanted_language())
    if ending == "zip":
        whole = archive(handover, known_entries(db(), handover), _address)
        response = Response(whole.chunks(), mimetype="application/zip")
        response.content_length = whole.length
    elif ending == "pdf":
        response = Response(document(handover), mimetype="application/pdf")
    elif ending == "vcf":
        response = Response(cards(handover), content_type="text/vcard; charset=utf-8")
    else:
        content = calendar(handover, known_entries(db(), handover), _address)
        response = Response(content, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response.headers.set("Content-Disposition", "attachment", filename=f"{stem(handover)}.{ending}")
    return response


def _view(ending: str) -> Callable[..., Any]:
    def send(key: int | None = None) -> Any:
        return _file(ending, key)

    return send


for _ending in ("zip", "pdf", "vcf", "ics"):
    room.add_url_rule(f"/beitritt/uebergabe.{_ending}", f"case_handover_{_ending}", _view(_ending))
    room.add_url_rule(f"/kolleginnen/<int:key>/uebergabe.{_ending}", f"handover_{_ending}", _view(_ending))
