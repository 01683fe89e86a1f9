"""What is wrong with a city.json, in words; and what the network advises though it asks nobody to do it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from models.base import N_
from models.calendar_days import add_months
from models.language import Translate

STALE_MONTHS = 6  # "News older than six months reads as a dead city": the template's README, August 2026

_SECTIONS = {
    "city": N_("City"), "contact": N_("Contact"), "analytics": N_("Legal notice"), "data_snapshot": N_("Key figure"),
    "ecosystem": N_("Partner"), "projects": N_("Project"), "news": N_("News item"), "events": N_("Event"),
    "ui_labels": N_("Labels"),
}  # fmt: skip

_FIELDS = {
    "schema_version": N_("Schema version"), "is_sample": N_("Sample content"), "name": N_("Name"),
    "country": N_("Country"), "subdomain": N_("Address in the network"), "joined_year": N_("Member since"),
    "differential": N_("What sets the city apart"), "description": N_("Description"),
    "hero_image": N_("Large picture"), "local_site_url": N_("The city's own page"), "language": N_("Language"),
    "email": N_("E-mail"), "social": N_("Social networks"), "privacy_url": N_("Legal notice and privacy"),
    "label": N_("What is counted"), "value": N_("Value"), "summary": N_("Summary"), "url": N_("Web address"),
    "lat": N_("Latitude"), "lng": N_("Longitude"), "logo": N_("Logo"), "title": N_("Title"), "status": N_("Status"),
    "partners": N_("Partners"), "image": N_("Picture"), "date": N_("Date"), "venue": N_("Venue"),
    "type": N_("Type"), "data_snapshot": N_("Key figures"),
}  # fmt: skip

_MISSING = N_("is missing")
_WRONG = N_("has a form that the network's page cannot read")
_SAID = {
    "required": _MISSING,
    "dependentRequired": N_("is missing, though the other coordinate is there"),
    "maxItems": N_("there are more than six; the network's page shows only six"),
    "additionalProperties": N_("is not known to the network's page"),
    "enum": N_("must be city, region, country or island"),
    "not": N_("0, 0 is no place; leave the coordinates out if nobody knows them"),
    "format": N_("is no day of the calendar"),
}
# What a field wants where the kind of check alone does not say it.
_WANTED = {
    "subdomain": N_("may hold only small letters from a to z, digits and hyphens"),
    "joined_year": N_("must be a year from 2011 to 2100"),
    "email": N_("is no e-mail address, like name@example.org"),
    "language": N_("is no language code, like de or pt-BR"),
    "url": N_("must begin with https:// or http://"),
    "local_site_url": N_("must begin with https:// or http://"),
    "privacy_url": N_("must begin with https:// or http://"),
    "hero_image": N_("must begin with https:// or assets/"),
    "image": N_("must begin with https:// or assets/"),
    "logo": N_("must begin with https:// or assets/"),
    "date": N_("must be a day like 2026-12-31"),
    "lat": N_("must lie between -90 and 90 degrees"),
    "lng": N_("must lie between -180 and 180 degrees"),
}


@dataclass(frozen=True, order=True)
class Fault:
    """One fault: the section of the document, the number of the entry in it (from 0, -1 outside of lists), the field,
    and what is wrong with it (msgid). `name` is what the entry calls itself."""

    section: str
    number: int
    field: str
    said: str
    name: str = ""

    def words(self, translate: Translate) -> str:
        """The whole sentence: "Projekt 2 (Textilkreislauf), Titel: fehlt"."""
        named = _FIELDS.get(self.field, self.field)
        words = [_SECTIONS.get(self.section, ""), named]
        if self.section in _FIELDS and self.number < 0:  # the list as a whole
            words = [_FIELDS[self.section], named]
        said = [translate(word) if word else "" for word in words]
        if self.number >= 0:
            said[0] += f" {self.number + 1}" + (f" ({self.name})" if self.name else "")
        return f"{', '.join(filter(None, said))}: {translate(self.said)}"


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads((Path(__file__).parent / "city_schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def faults(document: Any) -> list[Fault]:
    """Everything that the schema refuses, in the document's order of sections; empty if the export may go out."""
    found = {fault for error in _validator().iter_errors(document) for fault in _of(error, document)}
    order = {name: position for position, name in enumerate(_SECTIONS)}
    return sorted(found, key=lambda f: (order.get(f.section, -1), f.number, f.field, f.said))


def _of(error: Any, document: Any) -> Iterable[Fault]:
    """One error of the library as faults: a missing field is named, not the object in which it is missing."""
    path, kind = list(error.absolute_path), str(error.validator)
    names: list[str] = []
    if kind == "required":
        names = [name for name in error.validator_value if name not in error.instance]
    elif kind == "dependentRequired":
        wanted = (v for k, values in error.validator_value.items() if k in error.instance for v in values)
        names = [name for name in wanted if name not in error.instance]
    elif kind == "additionalProperties":
        names = [name for name in error.instance if name not in error.schema.get("properties", {})]
    for name in names or [""]:
        yield _fault([*path, name] if name else path, kind, document)


def _fault(path: list[str | int], kind: str, document: Any) -> Fault:
    section = str(path[0]) if path else ""
    number = path[1] if len(path) > 1 and isinstance(path[1], int) else -1
    field = next((part for part in reversed(path[1:]) if isinstance(part, str)), "")
    wanted = field
    if section not in _SECTIONS:  # schema_version and is_sample stand alone
        section, field = "", section
    elif kind == "not":
        field = "lat"
    elif "social" in path[1:]:
        field = "social"
    entry = document[section][number] if number >= 0 else {}
    called = (entry.get(name) for name in ("title", "name", "label")) if isinstance(entry, dict) else ()
    return Fault(section, number, field, _said(kind, wanted), str(next(filter(None, called), "")))


def _said(kind: str, field: str) -> str:
    if kind in ("pattern", "minimum", "maximum", "type") and field in _WANTED:
        return _WANTED[field]
    return _SAID.get(kind, _MISSING if kind == "pattern" else _WRONG)


@dataclass(frozen=True)
class Advice:
    """What the network advises and nobody has to do: the section, and the sentence (msgid)."""

    section: str
    said: str


def advice(document: dict[str, Any], today: date) -> list[Advice]:
    """What would make the page a better one, by the template's README: none of it stops the export."""
    city, news = document.get("city", {}), document.get("news", [])
    found = []
    if not city.get("differential"):
        found.append(
            Advice(
                "city",
                N_("One sentence on what sets the city apart is missing: the page's most important line."),
            )
        )
    if not document.get("contact", {}).get("email"):
        found.append(
            Advice("contact", N_("No contact address: nobody can write to you from the network's page."))
        )
    if not document.get("analytics", {}).get("privacy_url"):
        found.append(Advice("analytics", N_("No link to the legal notice: German pages need one.")))
    newest = max((str(item.get("date", "")) for item in news), default="")
    if newest and newest < add_months(today, -STALE_MONTHS).isoformat():
        found.append(
            Advice("news", N_("The newest news item is older than six months: the page looks abandoned."))
        )
    if not any(document.get(name) for name in ("ecosystem", "projects", "news", "events", "data_snapshot")):
        found.append(Advice("projects", N_("Nothing but the head of the page is filled in yet.")))
    return found
