"""What stands in the columns of two contacts, in words."""

from collections import Counter
from typing import Any

from models.audit import plain
from models.contacts.duplicates.leading_over import referring
from models.contacts.duplicates.merge_rules import CHOSEN, settled, values
from models.contacts.organisations import Organisation
from models.contacts.people import Person, language_name
from models.contacts.phones import phone_text
from models.places import Place
from webapp.database import db
from webapp.filters import day
from webapp.history_words import change_word, column_word, table_word
from webapp.words import _, language


def field_text(field: str, person: Person) -> str:
    """What a contact says in a field; empty for nothing."""
    value = values(person, field)[0]
    if field == "role":
        return _role_text(person)
    if field == "place":
        place = db().get(Place, value) if value else None
        return place.title(language()) if place else ""
    if field == "phone":
        return phone_text(value)
    if field == "language":
        return language_name(value, language())
    return _(value.label) if hasattr(value, "label") else str(value or "")


def _role_text(person: Person) -> str:
    office = db().get(Organisation, person.organisation_id) if person.organisation_id else None
    said = ", ".join(part for part in (person.function, office.name if office else "") if part)
    if person.role_from or person.role_to:
        said += f" ({day(person.role_from) or '…'} – {day(person.role_to) or '…'})"
    return said


def field_word(field: str) -> str:
    """A field's name on the page."""
    return _("Function and organisation") if field == "role" else column_word(CHOSEN[field][0])


def settled_facts(one: Person, other: Person) -> list[tuple[str, str]]:
    """What follows without asking: the column's name and what it will say. Empty ones, and those in which both agree,
    are left out."""
    found = []
    for column, value in settled(one, other).items():
        differs = getattr(one, column) != getattr(other, column)
        if not differs or not value or column in ("uid", "other_properties"):
            continue
        found.append((column_word(column), _fact(column, value)))
    return found


def _fact(column: str, value: Any) -> str:
    if column == "other_languages":
        return ", ".join(language_name(code, language()) for code in value.split())
    return day(value) if column == "keep_until" else change_word(column, plain(value))


def hanging_text(person: Person) -> str:
    """What comes along with a contact: "Conversations: 3, Follow-ups: 1"."""
    counts = Counter(str(row.__tablename__) for row, _column in referring(db(), person.key))
    return ", ".join(f"{table_word(name)}: {number}" for name, number in sorted(counts.items()))
