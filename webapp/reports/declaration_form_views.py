"""The declaration form of the labs, as a PDF."""

from typing import Any

from flask import abort, request

from models.contacts.organisations import Organisation
from models.council.papers import resolutions
from models.reports.declaration_form import Declaring, Return, declaration_form
from webapp.database import city, db
from webapp.pages import load
from webapp.reports.views import pdf_file, room, wanted_language


@room.get("/beitritt/erklaerungsbogen.pdf")
def declaration_form_pdf() -> Any:
    """The form on which a lab or partner declares its wish, with the organisation's name where one is chosen."""
    adopted = next(iter(resolutions(db())), None)
    form = declaration_form(
        wanted_language(),
        Return(city().name, city().unit, city().unit_email),
        _chosen(request.args.get("organisation", "")),
        (adopted.adopted_as, adopted.adopted_on) if adopted and adopted.adopted_as else None,
    )
    return pdf_file(form, "erklaerungsbogen")


def _chosen(key: str) -> Declaring:
    if not key:
        return Declaring()
    if not (key.isascii() and key.isdigit() and len(key) < 11 and int(key) < 2**31):
        abort(404)
    organisation = load(Organisation, int(key))
    return Declaring(organisation.name, organisation.email)
