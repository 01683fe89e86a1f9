"""One page that names everything that leaves the house."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from webapp.pages import page
from webapp.reports.views import room
from webapp.words import _


@dataclass(frozen=True)
class Paper:
    """Something to hand out: its page or file, and one line that says what for."""

    name: str
    hint: str
    address: str


@room.get("/beitritt/berichte")
def show() -> Any:
    """Where each of them is found."""
    papers = (
        Paper(
            _("Status report"),
            _(
                "What was moved and adopted, what is missing, who has to move, what it costs. One to three pages."
            ),
            url_for(".show_status"),
        ),
        Paper(
            _("Declaration form, German (PDF)"),
            _("One page on which a lab or partner declares its wish and signs."),
            url_for(".declaration_form_pdf", sprache="de"),
        ),
        Paper(
            _("Declaration form, English (PDF)"),
            _("The same page for partners who do not read German."),
            url_for(".declaration_form_pdf", sprache="en"),
        ),
        Paper(
            _("Evidence pack"),
            _("All proofs in one ZIP file, with a table of contents and checksums."),
            url_for(".show_pack"),
        ),
        Paper(
            _("Handover file"),
            _("For a successor: who, what, next dates, open promises, contacts."),
            url_for(".show_case_handover"),
        ),
        Paper(
            _("City data (city.json)"),
            _("What the network’s city template shows of us, checked."),
            url_for("city_profile.show"),
        ),
    )
    return page("reports/index.html", papers=papers)
