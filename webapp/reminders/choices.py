"""What *Erinnern* offers for one subject: each choice says on which day the mail would go."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from wtforms.fields.choices import SelectChoice

from models.calendar_days import local_day
from models.reminders.asking import Outlook, Verdict, When, Whom, outlook
from models.reminders.naming import distance_words
from models.reminders.recipients import Surroundings
from models.reminders.rules import Direction, SubjectKind, Unit
from models.reminders.subjects import Subject
from webapp.filters import officer_name
from webapp.reminders.forms import RemindForm
from webapp.reminders.words import exact, names
from webapp.words import _, language

PRESETS = {
    "d30": When(30, Unit.DAYS),
    "d14": When(14, Unit.DAYS),
    "d7": When(7, Unit.DAYS),
    "bd2": When(2, Unit.WORKING_DAYS),
    "d0": When(0, Unit.DAYS),
}
# What is chosen when the page opens: the first whose moment still lies ahead.
_PREFERRED = {SubjectKind.CONFERENCE: ("d30", "d14", "d7", "bd2", "d0")}
_USUALLY = ("d7", "bd2", "d0")


class Offer:
    """The choices for one subject at this moment."""

    def __init__(self, subject: Subject, around: Surroundings, me: int, now: datetime) -> None:
        self.subject, self.around, self.me, self.now = subject, around, me, now
        self.has_date = subject.anchor_on is not None and local_day(now, around.zone) <= subject.anchor_on

    def judge(self, when: When, whom: Whom | None = None) -> Outlook:
        """What would become of this wish."""
        return outlook(
            self.subject, when, whom or Whom(colleagues=frozenset({self.me})), self.around, self.now
        )

    def whens(self) -> list[SelectChoice]:
        offered = []
        if self.has_date:
            offered = [SelectChoice(name, self._when_words(when)) for name, when in PRESETS.items()]
        offered.append(SelectChoice("day", _("on a certain day")))
        if self.has_date:
            offered.append(SelectChoice("own", _("a lead time of your own")))
        return offered

    def _when_words(self, when: When) -> str:
        words, found = distance_words(when.amount, when.unit, Direction.BEFORE, language()), self.judge(when)
        if found.verdict is Verdict.AT_ONCE:
            return _("{when} (already past: the mail goes out right away)").format(when=words)
        return f"{words} ({exact(found.due_at)})"

    def whoms(self) -> list[SelectChoice]:
        offered = [SelectChoice("me", _("to me"))]
        if self.subject.responsible_id is not None:
            name = officer_name(self.subject.responsible_id)
            offered.append(
                SelectChoice("responsible", _("to the responsible person ({name})").format(name=name))
            )
        elif self.subject.kind is not SubjectKind.CONFERENCE:
            falls_to = names(self.judge(When(), Whom(responsible=True)).officers)
            text = _("to the responsible person (nobody yet, so it goes to {names})").format(names=falls_to)
            offered.append(SelectChoice("responsible", text))
        if self.subject.kind is SubjectKind.CONFERENCE and self.subject.participant_ids:
            going = ", ".join(officer_name(key) for key in sorted(self.subject.participant_ids))
            offered.append(SelectChoice("going", _("to who of us goes there ({names})").format(names=going)))
        offered.append(SelectChoice("everyone", _("to all colleagues")))
        return offered

    def form(self) -> RemindForm:
        """The form, with what fits best already chosen."""
        form = RemindForm()
        form.when.choices, form.whom.choices = self.whens(), self.whoms()
        if not form.is_submitted():
            form.when.data, form.whom.data = self._preset(), "me"
        return form

    def _preset(self) -> str:
        if not self.has_date:
            return "day"
        wanted: Iterable[str] = _PREFERRED.get(self.subject.kind, _USUALLY)
        ahead = (name for name in wanted if self.judge(PRESETS[name]).verdict is Verdict.AHEAD)
        return next(ahead, "day")


def wish(form: RemindForm, me: int) -> tuple[When, Whom]:
    """What the form asks for."""
    chosen: Any = form.when.data
    when = PRESETS.get(chosen) or When(fixed_on=form.day.data)
    if chosen == "own":
        when = When(form.amount.data or 0, form.unit.data)
    colleagues = {me} if form.whom.data == "me" else set()
    if form.colleague_id.data:
        colleagues.add(form.colleague_id.data)
    whom = Whom(
        responsible=form.whom.data == "responsible",
        participants=form.whom.data == "going",
        everyone=form.whom.data == "everyone",
        colleagues=frozenset(colleagues),
    )
    return when, whom
