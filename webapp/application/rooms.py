"""The rooms that belong to the case, each with one line that says what is found there."""

from dataclasses import dataclass

from flask import current_app, url_for

from models.application.phases import Application
from webapp.application.chosen import case_address
from webapp.words import _


@dataclass(frozen=True)
class Door:
    name: str
    hint: str
    address: str


def rooms_of_the_case(application: Application) -> list[Door]:
    """The doors, in the order in which they are needed; those that are not built yet are left out."""
    named = (
        ("consortium.show", _("Consortium"), _("Partners, roles, declarations")),
        ("submission.index", _("Submission"), _("What was sent to the network, and what came back")),
        ("readiness.show", _("Check before submitting"), _("What is complete, missing or too old")),
        ("costs.index", _("Costs"), _("What it costs, planned and actual, per year")),
        ("duties.show", _("Recurring duties"), _("What comes again after the admission")),
        ("city_profile.show", _("City profile"), _("What the network shows of the city")),
        ("reports.show", _("Reports and handover"), _("Status report, evidence pack, handover file")),
    )
    doors = [Door(name, hint, url_for(end)) for end, name, hint in named if end in current_app.view_functions]
    timeline = Door(
        _("Timeline"),
        _("What happened when, and what is planned"),
        case_address("application.show_timeline", application),
    )
    resolution = Door(
        _("Council: motion and resolution"),
        _("What the council adopted, and what has changed since 2020"),
        url_for("application.resolution"),
    )
    return [*doors[:3], timeline, resolution, *doors[3:]]
