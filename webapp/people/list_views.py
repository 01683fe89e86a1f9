"""The list of people: searched as one types, filtered, in pages."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from flask import render_template, request, url_for
from sqlmodel import col, select

from models.contacts.interactions import Interaction
from models.contacts.organisations import Organisation
from models.contacts.people import Person, language_name
from models.contacts.phones import phone_text
from models.contacts.search.criteria import Criteria
from models.contacts.search.listing import listed_people
from models.contacts.search.searching import (
    ENOUGH,
    PAGE,
    Found,
    find_people,
    found_person_ids,
    search_interactions,
)
from models.followups import planned_contacts
from webapp.database import db
from webapp.filters import day
from webapp.pages import csv_file, is_print, page
from webapp.people.choosing import address_of_criteria, choices
from webapp.people.choosing import criteria_from as criteria_from
from webapp.people.views import room
from webapp.words import _, language, ngettext

ALSO_FOUND = 10
PRINTED = 1_000  # people on paper
_EXPORTS = ("contact_export.vcard", "contact_export.csv", "contact_export.xlsx")


@room.get("/kontakte")
def index() -> Any:
    """The list. With `teil=liste` only what changes while one types."""
    criteria = criteria_from(request.args)
    found = find_people(
        db(),
        criteria,
        after=_key("nach"),
        before=_key("vor"),
        limit=PRINTED if is_print() else PAGE,
    )
    kept = address_of_criteria(criteria)
    context: dict[str, Any] = {
        "criteria": criteria,
        "kept": kept,
        "people": listed_people(db(), found.ids),
        "found": found,
        "said": _said(found),
        "interactions": _also_found(criteria, kept),
        "exports": list(_EXPORTS),
        "at": {kind: url_for(f"{kind}.show", key=0)[:-1] for kind in ("people", "organisations", "places")},
        "today": criteria.on,
    }
    if request.args.get("teil") == "liste":
        return render_template("people/_found.html", **context)
    folded = kept.keys() - {"suche", "ort", "organisation", "schlagwort"}
    return page("people/index.html", **context, **choices(criteria), is_unfolded=bool(folded))


def _key(name: str) -> int | None:
    """Behind or before whom a page begins; anything but an id begins at the beginning."""
    said = request.args.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None


def _said(found: Found) -> str:
    if found.total is None:
        return _("More than {n} contacts").format(
            n=f"{ENOUGH:,}".replace(",", "." if language() == "de" else ",")
        )
    return ngettext("One contact", "{n} contacts", found.total) if found.total else _("No contact found")


def _also_found(criteria: Criteria, kept: dict[str, str]) -> list[tuple[Interaction, str, str]]:
    """Interactions in which the words stand, with the person's name and where it leads; for the words alone."""
    if kept.keys() != {"suche"} or is_print() or _key("nach") or _key("vor"):
        return []
    found = search_interactions(db(), criteria.query, ALSO_FOUND)
    keys = {row.person_id for row in found if row.person_id is not None}
    names = {person.id: person.name for person in listed_people(db(), list(keys))}
    rows = []
    for row in found:
        name = names.get(row.person_id or 0, "")
        rows.append((row, name, url_for("interactions.show", key=row.key)))
    return rows


@room.get("/kontakte.csv")
def csv() -> Any:
    """The list as a table."""
    header = (
        _("Family name"), _("Given name"), _("Function"), _("Organisation"), _("E-mail"), _("Phone"), _("Language"),
        _("Source"), _("Date of the source"), _("Last talk"), _("Next contact"), _("Note"),
    )  # fmt: skip
    return csv_file("ansprechpersonen", header, _rows(found_person_ids(db(), criteria_from(request.args))))


def _rows(ids: Iterator[int]) -> Iterator[tuple[object, ...]]:
    planned = planned_contacts(db(), "person")
    joined: Any = select(Person, Organisation).join(
        Organisation, col(Organisation.id) == col(Person.organisation_id), isouter=True
    )
    while part := list(islice(ids, 500)):
        found = {
            person.key: (person, office)
            for person, office in db().exec(joined.where(col(Person.id).in_(part)))
        }
        for person, office in (found[key] for key in part):
            follow_up = planned.get(person.key)
            yield (
                person.family_name, person.given_name, person.function, office.name if office else "", person.email,
                phone_text(person.phone), language_name(person.language, language()), person.source,
                day(person.source_on), day(person.last_talk_on), day(follow_up.due_on) if follow_up else "",
                person.note,
            )  # fmt: skip
