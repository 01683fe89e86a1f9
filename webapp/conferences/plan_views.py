""" "Schaffen wir das noch?": the page that counts back from the day on which a conference can begin."""

from typing import Any

from flask import url_for

from models.backward_plan.facts import known
from models.backward_plan.lead_times import LEAD_TIMES, SLACK_WEEKS, LeadTime, LeadUnit
from models.backward_plan.plan import PlannedStep, plan
from models.conferences.conferences import Conference, conferences
from models.conferences.history import day_in_year
from models.conferences.usual_window import UsualWindow, next_edition, possible_start, why_no_plan
from webapp.conferences.views import room
from webapp.database import city, db, today
from webapp.filters import day, label
from webapp.more.forms import STATE_NAMES
from webapp.pages import load, page
from webapp.words import _, language, ngettext


@room.get("/konferenzen/<int:key>/schaffen-wir-das")
def show_plan(key: int) -> Any:
    """Whether the city can still be admitted at this conference, and the last day for every step."""
    conference = load(Conference, key)
    rows = conferences(db())
    reason, later = why_no_plan(conference, rows, today()), next_edition(conference, rows)
    start = possible_start(conference, rows, today())
    if reason is not None or start is None:
        return page("conferences/no_plan.html", conference=conference, reason=reason, later=later)
    facts = known(db(), conference, today())
    return page(
        "conferences/plan.html",
        conference=conference,
        start=start,
        window=_in_words(start.window) if start.window else "",
        known=facts,
        plan=plan(start.first, start.last, facts.facts, today(), city().state),
        later=later,
        leads=list(reversed(LEAD_TIMES)),
        slack_weeks=SLACK_WEEKS,
        state_name=_(STATE_NAMES.get(city().state, city().state)),
        today=today(),
        lead_words=lead_words,
        remind_address=_remind_address(conference),
    )


def lead_words(lead: LeadTime) -> str:
    """How long before what: 6 weeks before "Council meeting"."""
    if lead.before is None:
        return _("{time} before the first day").format(time=_amount(lead))
    said = _("{time} before “{step}”") if lead.amount else _("at the latest on the day of “{step}”")
    return said.format(time=_amount(lead), step=label(lead.before))


def _amount(lead: LeadTime) -> str:
    if lead.unit is LeadUnit.MONTHS:
        return ngettext("one month", "{n} months", lead.amount)
    if lead.unit is LeadUnit.WEEKS:
        return ngettext("one week", "{n} weeks", lead.amount)
    return ngettext("one working day", "{n} working days", lead.amount)


def _in_words(window: UsualWindow) -> str:
    text = _(
        "{usual} of the {total} past editions ({series}) since {since} began between {first} and {last}."
    )
    said = text.format(
        usual=window.usual, total=window.total, series=label(window.series), since=window.since,
        first=day_in_year(window.first, language()), last=day_in_year(window.last, language()),
    )  # fmt: skip
    if not window.exceptions:
        return said
    days = ", ".join(day(start) for start in window.exceptions)
    exceptions = _("Not counted as usual: {days}.").format(days=days)
    return f"{said} {exceptions}"


def _remind_address(conference: Conference) -> Any:
    """The follow-up form for a step, with its last day: a guess is nothing that a reminder can hang on."""

    def address(row: PlannedStep) -> str:
        on = row.look_again_on(today())
        what = _("{name}: {step}").format(name=conference.name, step=label(row.step))
        named = on.isoformat() if on else None
        return url_for("followups.create", kind="conference", key=conference.key, am=named, was=what)

    return address
