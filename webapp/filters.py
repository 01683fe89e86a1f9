"""How values are written on pages."""

from datetime import date, datetime
from typing import Any

from flask import Flask, g
from markupsafe import Markup, escape

from models.base import Labelled
from models.contacts.phones import phone_address, phone_text
from models.language import country_name, day_text, moment_text, weekday_text
from models.overview import officer_names
from models.places import as_of_text
from webapp.database import city, db
from webapp.words import _, language


def label(value: Labelled | None) -> str:
    """An enumeration's member in words."""
    return _(value.label) if value is not None else ""


def day(value: date | None) -> str:
    return day_text(value, language()) if value else ""


def weekday(value: date | None) -> str:
    return weekday_text(value, language()) if value else ""


def moment(value: datetime | None) -> str:
    return moment_text(value, city().time_zone, language()) if value else ""


def clock(value: datetime | None) -> str:
    """Only the time of day."""
    return f"{value.astimezone(city().time_zone):%H:%M}" if value else ""


def as_of(value: str) -> str:
    """When something was looked at: 2025-08 is August 2025."""
    return as_of_text(value, language())


def decimal(value: float) -> str:
    """A number with the language's decimal sign, with all its digits."""
    return str(value).replace(".", ",") if language() == "de" else str(value)


def title(row: Any) -> str:
    return str(row.title(language()))


def officer_name(key: int | None) -> str:
    """A colleague's name by id; read once in a request."""
    if key is None:
        return ""
    if "officer_names" not in g:
        g.officer_names = officer_names(db())
    names: dict[int, str] = g.officer_names
    return names.get(key, "")


def country(code: str) -> str:
    return country_name(code, language()) if code else ""


def lines(text: str) -> Markup:
    """Several lines of typed text, with their line breaks."""
    return Markup("<br>").join(escape(part) for part in text.split("\n"))


def install(app: Flask) -> None:
    for function in (label, day, weekday, moment, clock, as_of, decimal, title, officer_name, country, lines):
        app.add_template_filter(function)
    for written in (phone_text, phone_address):
        app.add_template_filter(written)
