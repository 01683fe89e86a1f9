"""Which case a page shows: the first one, or that of another network (`?netz=KEY`)."""

from typing import Any

from flask import request, url_for

from models.application.phases import Application, the_application
from webapp.database import db
from webapp.pages import load


def chosen() -> Application:
    """The case that the address names, else the first one; 404 for one that is not there."""
    wanted = request.args.get("netz", "")
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 10:
        return load(Application, int(wanted))
    return the_application(db())


def case_address(endpoint: str, application: Application, **values: Any) -> str:
    """The address of a page of this case; the first case needs no mark."""
    netz = None if application.key == the_application(db()).key else application.key
    return url_for(endpoint, netz=netz, **values)
