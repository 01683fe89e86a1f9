"""What the next page says after a conference was saved: what follows from the new date."""

from datetime import date

from models.conferences.announcing import open_look_ups
from models.conferences.conferences import Conference, ConferenceStatus, deadlines_of
from models.followups import FollowUp
from models.reminders.rules import SubjectKind, rules_on
from webapp.database import db
from webapp.filters import day
from webapp.words import _, language


def said_after_saving(conference: Conference, before: date | None, closed: list[FollowUp]) -> str:
    """One sentence for each consequence. `before` is the first day as it was, `closed` what was done with it."""
    said = [_("Saved.")]
    if closed:
        said.append(_("The follow-up “{title}” is done.").format(title=closed[0].title(language())))
    elif conference.status is not ConferenceStatus.NOT_ANNOUNCED:
        waiting = open_look_ups(db()).get(conference.key)
        if waiting is not None:
            text = _("The follow-up of {day} stays open, because the first day is not known yet.")
            said.append(text.format(day=day(waiting.due_on)))
    if conference.anchor_on != before:
        said += _said_of_move(conference, before)
    return " ".join(said)


def _said_of_move(conference: Conference, before: date | None) -> list[str]:
    said = []
    if any(rule.is_on for rule in rules_on(db(), SubjectKind.CONFERENCE, conference.key)):
        if conference.anchor_on is None:
            said.append(_("Reminders rest until the first day is known again."))
        else:
            said.append(_("The reminders follow the new date."))
    if before is not None and any(
        deadline.done_on is None for deadline in deadlines_of(db(), conference.key)
    ):
        said.append(_("Please check the open deadlines: they have kept their dates."))
    return said
