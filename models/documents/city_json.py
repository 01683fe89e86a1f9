"""city.json, schema 1.1: what the city template of the Fab City Network shows of a member. Plain values in, bytes out.

Source of the fields and rules: the network's public template (fabcity/city-site-template, state of August 2026). What
is empty is left out, so that the network's page shows a short true page instead of an empty section.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

SCHEMA_VERSION = "1.1"
MOST_NUMBERS = 6

# The words that the template lets a member translate, in our own German. English ones are the template's own.
LABELS: dict[str, dict[str, str]] = {
    "de": {
        "nav_ecosystem": "Wer mitmacht",
        "nav_projects": "Projekte",
        "nav_news": "Neues",
        "nav_events": "Termine",
        "part_of_network": "Teil des Fab City Network",
        "network_since": "Im Netzwerk seit",
        "visit_local_site": "Zur ausführlichen Website",
        "read_more": "Weiterlesen",
        "contact": "Kontakt",
        "view_grid": "Kacheln",
        "view_map": "Karte",
        "view_list": "Liste",
        "view_calendar": "Kalender",
        "show_past": "Vergangene zeigen",
        "show_upcoming": "Kommende zeigen",
        "today": "Heute",
        "no_events_month": "In diesem Monat sind keine Termine eingetragen.",
        "privacy": "Impressum und Datenschutz",
        "skip_to_content": "Zum Inhalt springen",
    },
    "en": {"privacy": "Legal notice and privacy"},
}

_SOCIAL = {
    "facebook.com": "Facebook", "github.com": "GitHub", "instagram.com": "Instagram", "linkedin.com": "LinkedIn",
    "vimeo.com": "Vimeo", "xing.com": "Xing", "youtube.com": "YouTube",
}  # fmt: skip


@dataclass(frozen=True)
class Number:
    """One of the at most six numbers of the page: "Labs" and "6", "120+" is fine too."""

    label: str
    value: str


@dataclass(frozen=True)
class Member:
    """An organisation of the city's alliance. Coordinates are degrees (WGS 84); None where nobody knows them."""

    name: str
    type: str = ""
    summary: str = ""
    url: str = ""
    lat: float | None = None
    lng: float | None = None


@dataclass(frozen=True)
class Project:
    title: str
    status: str = ""
    summary: str = ""
    partners: tuple[str, ...] = ()
    image: str = ""
    url: str = ""


@dataclass(frozen=True)
class News:
    title: str
    date: date | None
    summary: str = ""
    url: str = ""


@dataclass(frozen=True)
class Event:
    title: str
    date: date | None
    venue: str = ""
    url: str = ""


@dataclass(frozen=True)
class CityPage:
    """Everything that the network's page shows of a city. `language` is the one in which it is written."""

    name: str
    country: str = ""
    type: str = ""
    subdomain: str = ""
    joined_year: int | None = None
    differential: str = ""
    description: str = ""
    hero_image: str = ""
    local_site_url: str = ""
    language: str = "de"
    email: str = ""
    social: tuple[str, ...] = ()
    privacy_url: str = ""
    is_sample: bool = False
    numbers: tuple[Number, ...] = ()
    members: tuple[Member, ...] = ()
    projects: tuple[Project, ...] = ()
    news: tuple[News, ...] = ()
    events: tuple[Event, ...] = ()


def city_document(page: CityPage) -> dict[str, Any]:
    """The document as JSON knows it. It is not checked here: see city_faults.faults()."""
    return {
        "schema_version": SCHEMA_VERSION,
        "is_sample": page.is_sample,
        "city": _filled(
            name=page.name, country=page.country, subdomain=page.subdomain, type=page.type,
            joined_year=page.joined_year, differential=page.differential, description=page.description,
            hero_image=page.hero_image, local_site_url=page.local_site_url, language=page.language,
        ),
        "contact": _filled(
            email=page.email, social=[{"label": social_label(url), "url": url} for url in page.social]
        ),
        # The template's one slot for Impressum and privacy; it works without any analytics, and we offer none.
        "analytics": _filled(privacy_url=page.privacy_url),
        "data_snapshot": [_filled(label=n.label, value=n.value) for n in page.numbers],
        "ecosystem": [_member(member) for member in page.members],
        "projects": [
            _filled(title=p.title, status=p.status, summary=p.summary, partners=list(p.partners), image=p.image,
                    url=p.url)
            for p in page.projects
        ],
        "news": [_filled(date=_day(n.date), title=n.title, summary=n.summary, url=n.url) for n in page.news],
        "events": [_filled(date=_day(e.date), title=e.title, venue=e.venue, url=e.url) for e in page.events],
        "ui_labels": LABELS.get(page.language, {}),
    }  # fmt: skip


def city_bytes(document: dict[str, Any]) -> bytes:
    """The file: UTF-8, indented, so that a person can read it and compare two of them."""
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def social_label(address: str) -> str:
    """What a link to a social network is called: the network's name, else the host."""
    host = (urlsplit(address).hostname or address).removeprefix("www.")
    return _SOCIAL.get(host, host)


def listed(text: str) -> tuple[str, ...]:
    """The parts of a typed list: one a line, or with commas between."""
    parts = (part.strip() for line in text.splitlines() for part in line.split(","))
    return tuple(part for part in parts if part)


def _member(member: Member) -> dict[str, Any]:
    """0, 0 lies in the sea off Africa: whoever entered that knew no coordinates."""
    known = member.lat is not None and member.lng is not None and (member.lat, member.lng) != (0, 0)
    lat, lng = (member.lat, member.lng) if known else (None, None)
    found = _filled(name=member.name, type=member.type, summary=member.summary, url=member.url)
    return found if lat is None else {**found, "lat": lat, "lng": lng}


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _filled(**values: str | int | Iterable[Any] | None) -> dict[str, Any]:
    """What has a value; what is empty is left out."""
    return {name: value for name, value in values.items() if value not in (None, "", [], ())}
