"""The overview, the first five steps, and what this is about."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, url_for

from models.application.comparison import comparisons
from models.application.conditions import conditions
from models.application.phases import next_phase, the_application
from models.audit import latest_changes
from models.backward_plan.facts import next_gathering
from models.commitments.checklist import item_of_code
from models.commitments.editions import the_edition
from models.commitments.proofs import progress_of
from models.conferences.conferences import next_conference, unannounced
from models.contacts.confirming import count_stale
from models.officers import is_absent, officers
from models.overview import SOON, first_steps, last_mails, open_dates, waiting_for
from models.privacy.notices import DueNotices, due_notices
from models.privacy.reminding import NOTICES_PATH, REVIEW_PATH, kept_follow_ups
from models.privacy.retention import count_to_review
from models.task_list import phase_rows
from webapp.application.whose_turn import turns
from webapp.database import city, db, today
from webapp.pages import address_of, done, page
from webapp.titles import subject_title
from webapp.words import _

room = Blueprint("overview", __name__, template_folder="templates")
# Parts of a rule, a piece of evidence or a contact, without a name of their own.
_DETAILS = (
    "rule_recipient",
    "rule_exception",
    "evidence_revision",
    "commitment_proof",
    "submission_attachment",
    "contact_point",
    "person_role",
)

MOST_DATES = 200  # of each kind; who has more overdue needs no longer list
TURNS = 5  # so many of the next things are named here; the page of the joining names them all


@room.get("/")
def show() -> Any:
    """Three answers on one page."""
    application = the_application(db())
    dates = open_dates(db(), today() + SOON, limit=MOST_DATES)
    overdue = [row for row in dates if row.day < today()]
    coming = [row for row in dates if row.day >= today()][:8]
    named = {row.id for row in (*overdue, *coming) if row.kind == "follow_up"}
    return page(
        "overview/show.html",
        application=application,
        progress=progress_of(db(), the_edition(db()), today()),
        conditions=conditions(db(), today()),
        turns=turns(phase_rows(db(), today(), application.key), is_first=True)[:TURNS],
        phase=next_phase(db()),
        overdue=overdue,
        coming=coming,
        waiting=waiting_for(db()),
        conference=next_conference(db(), today()),
        gathering=next_gathering(db(), today()),
        unannounced=[row for row in unannounced(db()) if (row.year or 0) >= today().year],
        mails=last_mails(db(), 5),
        changes=[e for e in latest_changes(db(), 40) if e.officer_id and e.subject_kind not in _DETAILS][:7],
        steps=first_steps(db(), city()),
        steps_shown=not city().first_steps_hidden,
        owner_item=item_of_code(db(), "owner_settled"),
        address_of=address_of,
        subject_title=subject_title,
        away=[one for one in officers(db()) if is_absent(one, today())],
        today=today(),
        soon=today() + timedelta(days=7),
        unconfirmed=count_stale(db(), today()),
        **_privacy(named),
    )


def _privacy(named: set[int]) -> dict[str, Any]:
    """What data protection asks for, unless it stands among the dates already (`named`: keys of follow-ups)."""
    said = {path for path, row in kept_follow_ups(db()).items() if row.id in named}
    months = city().contacts_keep_months
    return {
        "notices": DueNotices() if NOTICES_PATH in said else due_notices(db()),
        "to_review": 0 if REVIEW_PATH in said else count_to_review(db(), months, today()),
    }


@room.post("/erste-schritte/ausblenden")
def hide_steps() -> Any:
    """The first five steps are not shown any more; a second press shows them again."""
    city().first_steps_hidden = not city().first_steps_hidden
    return done(url_for(".show"), _("Saved."))


@room.get("/worum-geht-es")
def about() -> Any:
    """What a Fab City is, and why Leipzig cannot simply apply."""
    return page("overview/about.html", comparisons=comparisons(db()), conditions=conditions(db(), today()))
