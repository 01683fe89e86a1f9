"""The declarations as lists show them."""

from models.application.declarations import Declaration, declarations
from models.contacts.organisations import Organisation, organisations
from webapp.application.searching import is_wanted
from webapp.database import db


def named_organisations() -> dict[int, Organisation]:
    """Every organisation by its id."""
    return {row.key: row for row in organisations(db())}


def found_declarations() -> list[Declaration]:
    """The declarations that the search finds."""
    named = named_organisations()
    return [d for d in declarations(db()) if is_wanted(named[d.organisation_id].name, d.signed_by, d.note)]
