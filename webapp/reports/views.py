"""The room of what leaves the house; its pages stand in the files beside."""

import io

from flask import Blueprint, request, send_file
from werkzeug.wrappers import Response

from models.documents.report import Report, pdf_bytes
from models.language import LANGUAGES
from webapp.clock import now
from webapp.words import language

room = Blueprint("reports", __name__, template_folder="templates")


def wanted_language() -> str:
    """The language that the address asks for, else that of the page."""
    wanted = request.args.get("sprache", "")
    return wanted if wanted in LANGUAGES else language()


def pdf_file(report: Report, name: str) -> Response:
    """A PDF to be kept under this name."""
    return send_file(
        io.BytesIO(pdf_bytes(report, now())),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=f"{name}.pdf",
    )


from webapp.reports import (  # noqa: E402  (they add their pages)
    declaration_form_views,  # noqa: F401
    handover_views,  # noqa: F401
    index_views,  # noqa: F401
    pack_views,  # noqa: F401
    status_views,  # noqa: F401
)
