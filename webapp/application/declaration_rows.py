"""The declarations as lists show them."""

from models.application.declarations import Declared, declared
from webapp.application.searching import is_wanted
from webapp.database import db


def found_declarations() -> list[Declared]:
    """The declarations that the search finds, the earliest first."""
    return [
        row
        for row in declared(db())
        if is_wanted(row.organisation.name, row.declaration.signed_by, row.declaration.note)
    ]
