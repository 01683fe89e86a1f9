"""What a row of any table is called, found by kind and key."""

from models.base import Recorded
from webapp.database import db
from webapp.words import language


def subject_title(kind: str, key: int) -> str:
    """The row's title in the language of the page; empty if there is none."""
    found = next((m.class_ for m in Recorded._sa_registry.mappers if m.class_.__tablename__ == kind), None)
    row = db().get(found, key) if found is not None and issubclass(found, Recorded) else None
    return str(row.title(language())) if row is not None else ""
