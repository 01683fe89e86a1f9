"""The network's year: tasks before and after every FABx, each confirmed by one click."""

from typing import Any

from flask import abort, request, url_for

from models.reminders.network_year import (
    CHECK_CODE,
    CHECK_NAMES,
    DUTIES,
    YearDuty,
    coming_fabx,
    confirm,
    confirm_contact_check,
    contact_check,
    duty_by_code,
    first_check_on,
    stale_contacts,
    year_states,
)
from models.reminders.recipients import surroundings
from webapp.access import officer
from webapp.clock import now
from webapp.database import db, today
from webapp.filters import day, title
from webapp.pages import done, page
from webapp.reminders.views import room
from webapp.reminders.words import exact, names
from webapp.words import _, language


@room.get("/erinnerungen/jahr")
def year() -> Any:
    """What each task means, to whom it goes, when it is next and what is late already."""
    return page(
        "reminders/year.html",
        states=year_states(db(), surroundings(db()), now()),
        coming=coming_fabx(db(), today()),
        check=contact_check(db()),
        check_name=CHECK_NAMES[language()],
        check_code=CHECK_CODE,
        first_check_on=first_check_on(db(), today()),
        stale=stale_contacts(db(), today()),
    )


@room.post("/erinnerungen/jahr")
def confirm_year() -> Any:
    """Confirm one task, or all of them."""
    code = request.form.get("aufgabe", "")
    if code == "alle":
        for duty in DUTIES:
            confirm(db(), duty, now())
        confirm_contact_check(db(), language(), officer().key, today())
        return done(url_for(".year"), _("All tasks of the year are set up."))
    if code == CHECK_CODE:
        check = confirm_contact_check(db(), language(), officer().key, today())
        said = _("“{title}” is set up, first on {day} and then every half-year.")
        return done(url_for(".year"), said.format(title=title(check), day=day(check.due_on)))
    chosen = duty_by_code(code)
    if chosen is None:
        abort(404)
    confirm(db(), chosen, now())
    return done(url_for(".year"), _said(chosen))


def _said(duty: YearDuty) -> str:
    """What the confirmed task does next."""
    name = duty.title(language())
    state = next(s for s in year_states(db(), surroundings(db()), now()) if s.duty is duty)
    if state.rule is not None and not state.rule.is_on:
        return _("“{title}” was set up before and is switched off.").format(title=name)
    if state.at_once:
        to = names(state.at_once[0].officers)
        return _(
            "“{title}” is set up. It is late already, so the mail goes out right away, to {names}."
        ).format(title=name, names=to)
    if state.coming is not None:
        moment, to = exact(state.coming.step.due_at), names(state.coming.officers)
        return _("“{title}” is set up. The next mail goes on {moment} to {names}.").format(
            title=name, moment=moment, names=to
        )
    return _("“{title}” is set up. It counts as soon as a FABx has a date.").format(title=name)
