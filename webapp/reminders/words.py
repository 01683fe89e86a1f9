"""How moments, subjects and recipients of reminders are written."""

from collections.abc import Iterable
from datetime import datetime

from models.language import weekday_text
from models.officers import Officer
from models.reminders.asking import Outlook, Verdict
from models.reminders.naming import when_words
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
    }
    return words.get(subject.kind.value, _("Due on"))
