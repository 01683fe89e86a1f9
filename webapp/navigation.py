"""The menu: at most seven entries."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from webapp.words import L_


@dataclass(frozen=True)
class Entry:
    label: Any
    endpoint: str
    rooms: tuple[str, ...]

    @property
    def address(self) -> str:
        return url_for(self.endpoint)

    @property
    def is_here(self) -> bool:
        return (request.blueprint or "") in self.rooms


MENU = (
    Entry(L_("Overview"), "overview.show", ("overview",)),
    Entry(
        L_("Joining"),
        "application.show",
        (
            "application",
            "city_profile",
            "consortium",
            "costs",
            "council",
            "duties",
            "readiness",
            "reports",
            "submission",
        ),
    ),
    Entry(L_("Commitments"), "commitments.index", ("commitments", "evidence", "imports")),
    Entry(
        L_("Cities & contacts"),
        "places.index",
        (
            "places",
            "people",
            "organisations",
            "duplicates",
            "interactions",
            "contact_import",
            "privacy",
            "erasure",
        ),
    ),
    Entry(L_("Conferences"), "conferences.index", ("conferences",)),
    Entry(L_("Reminders"), "reminders.index", ("reminders", "followups", "messages", "comments")),
    Entry(L_("More"), "more.index", ("more", "accounts")),
)
