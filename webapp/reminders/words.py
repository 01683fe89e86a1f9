"""How moments, subjects and recipients of reminders are written."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from models.language import weekday_text
from models.officers import Officer
from models.reminders.asking import Outlook, Verdict
from models.reminders.checking import MOST_AT_ONCE, Load
from models.reminders.naming import when_words
from models.reminders.planning import Planned
from models.reminders.rules import ReminderRule
from models.reminders.subjects import Subject
from webapp.database import city
from webapp.words import _, language


def exact(moment: datetime | None) -> str:
    """Freitag, 20.11.2026, 08:00."""
    if moment is None:
        return ""
    local = moment.astimezone(city().time_zone)
    return f"{weekday_text(local.date(), language())}, {local:%H:%M}"


def names(officers: Iterable[Officer]) -> str:
    """Anna, Ben."""
    return ", ".join(officer.name for officer in officers)


def rule_when(rule: ReminderRule) -> str:
    """30 Tage vorher."""
    return when_words(rule, language())


def said(outlook: Outlook) -> str:
    """When the mail goes and to whom, in one sentence."""
    to = names(outlook.officers) or _("nobody yet")
    if outlook.verdict is Verdict.AT_ONCE:
        return _(
            "The moment for this reminder has passed, so the mail goes out right away, to {names}."
        ).format(names=to)
    return _("The mail goes on {moment} to {names}.").format(moment=exact(outlook.due_at), names=to)


def date_word(subject: Subject) -> str:
    """What the subject's date is called."""
    words = {
        "conference": _("First day"),
        "conference_deadline": _("Last day of this deadline"),
        "follow_up": _("Ask again on"),
        "evidence": _("Valid until"),
    }
    return words.get(subject.kind.value, _("Due on"))


def too_much(load: Load) -> str:
    """Why a rule is not switched on that would send so much at once, and the way out."""
    return _(
        "This rule would send {n} reminders at once; at most {most} are allowed. Narrow it: remind only of certain "
        "ones, remind later, name fewer colleagues or leave some out."
    ).format(n=load.most, most=MOST_AT_ONCE)


def by_person(rows: Sequence[Planned]) -> list[tuple[Officer, list[Planned]]]:
    """What goes at once, as each colleague gets it: in one mail."""
    found: dict[int, tuple[Officer, list[Planned]]] = {}
    for row in rows:
        for officer in row.officers:
            found.setdefault(officer.key, (officer, []))[1].append(row)
    return sorted(found.values(), key=lambda pair: pair[0].name)


def occasion(row: Planned) -> str:
    """What a planned mail is called in an address: "12.-P6M" is subject 12, six months before."""
    return f"{row.subject.id}.{row.step.name}"
