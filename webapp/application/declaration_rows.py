"""The declarations as lists show them."""

from models.application.declarations import Declared, declared
from models.contacts.organisations import Organisation, organisations
from webapp.application.searching import is_wanted
from webapp.database import db


def found_declarations() -> list[Declared]:
    """The declarations that the search finds, the earliest first."""
    return [
        row
        for row in declared(db())
        if is_wanted(row.organisation.name, row.declaration.signed_by, row.declaration.note)
    ]


def named_organisations() -> dict[int, Organisation]:
    """Every organisation by its id."""
    return {row.key: row for row in organisations(db())}
