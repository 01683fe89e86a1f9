"""What a mail tells of one subject: the values of the tokens, and the table of facts. Pure: the preview and the sender
say the same (T20)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from models.base import LINE, N_
from models.documents.mail import one_line
from models.language import translations, translator, weekday_text
from models.reminders.builtin_texts import Wording
from models.reminders.rules import SubjectKind
from models.reminders.subjects import Subject
from models.reminders.tokens import filled


@dataclass(frozen=True)
class Told:
    """A subject as it is told to one person. `anchor_on` is None where the date is not known to the day; `was_on` is
    the date before it was changed. `rule`, `responsible` and `deputy` are names in the mail's language."""

    subject: Subject
    anchor_on: date | None
    person: str
    unit: str
    city: str
    rule: str
    today: date
    language: str
    responsible: str = ""
    deputy: str = ""
    was_on: date | None = None


# What stands behind a title: follow-ups are asked on their day, so the day says nothing new.
_TERMS = {
    SubjectKind.COMMITMENT: N_("(due {day})"),
    SubjectKind.PHASE: N_("(due {day})"),
    SubjectKind.CONFERENCE: N_("begins on {day}"),
    SubjectKind.DEADLINE: N_("(last day {day})"),
    SubjectKind.EVIDENCE: N_("expires on {day}"),
}


def distance(anchor_on: date | None, today: date, language: str) -> str:
    """How far away a date is, as a sentence; in German it goes on after the salutation."""
    _ = translator(language)
    if anchor_on is None:
        return _("The date is not known to the day yet.")
    left = (anchor_on - today).days
    if left > 1:
        return _("That is in {days} days.").format(days=left)
    if left >= 0:
        return _("That is tomorrow.") if left else _("That is today.")
    return _("That was {days} days ago.").format(days=-left) if left < -1 else _("That was yesterday.")


def short_distance(anchor_on: date, today: date, language: str) -> str:
    """How far away a date is, as it stands behind it: "in 30 Tagen"."""
    _ = translator(language)
    left = (anchor_on - today).days
    if left > 1:
        return _("in {days} days").format(days=left)
    if left >= 0:
        return _("tomorrow") if left else _("today")
    return _("{days} days ago").format(days=-left) if left < -1 else _("yesterday")


def term(subject: Subject, anchor_on: date | None, language: str) -> str:
    """The date as it stands behind a title: "(fällig am Mittwoch, 25.11.2026)"; empty where it says nothing."""
    if anchor_on is None or subject.kind not in _TERMS:
        return ""
    return translator(language)(_TERMS[subject.kind]).format(day=weekday_text(anchor_on, language))


def values(told: Told) -> dict[str, str]:
    """The tokens' values for a mail about one subject."""
    subject, language = told.subject, told.language
    _ = translator(language)
    is_follow_up = subject.kind is SubjectKind.FOLLOW_UP
    return {
        "person": told.person,
        "stelle": told.unit,
        "titel": subject.title(language),
        "termin": term(subject, told.anchor_on, language),
        "datum": weekday_text(told.anchor_on, language) if told.anchor_on else "",
        "alt": weekday_text(told.was_on, language) if told.was_on else "",
        "abstand": distance(told.anchor_on, told.today, language),
        "ort": subject.where(language),
        "art": _(subject.kind.label),
        "anlass": _("Follow-up") if is_follow_up and told.anchor_on else _("Reminder"),
        "regel": told.rule,
        "verantwortlich": told.responsible or _("nobody yet"),
        "vertretung": told.deputy or _("nobody yet"),
    }


def collected_values(told: list[Told]) -> dict[str, str]:
    """The tokens' values for one mail about several subjects, told to the same person. The list is not empty."""
    first = told[0]
    count = translations(first.language).ngettext("{n} reminder", "{n} reminders", len(told))
    number = count.format(n=len(told))
    only = values(first)
    alone = f"{only['titel']} {only['termin']}".strip()
    if len(told) > 1 and all(one.subject == first.subject for one in told):
        number = f"{alone} ({number})"
    return {
        "person": first.person,
        "stelle": first.unit,
        "anzahl": number,
        "inhalt": alone if len(told) == 1 else number,
    }


def facts(told: Told) -> tuple[tuple[str, str], ...]:
    """What the table in a mail says of a subject: label and value. Every mail has it, whatever its wording."""
    subject, language = told.subject, told.language
    _ = translator(language)
    found = [(_("What it is about"), _(subject.kind.label))]
    if told.was_on is not None and told.was_on != told.anchor_on:
        found.append((_("Date until now"), weekday_text(told.was_on, language)))
    if told.anchor_on is not None:
        found.append((_("Date"), weekday_text(told.anchor_on, language)))
    if subject.end_on and subject.end_on != subject.anchor_on:
        found.append((_("Last day"), weekday_text(subject.end_on, language)))
    if place := subject.where(language):
        found.append((_("Place"), place))
    if subject.address:
        found.append((_("Address to look at"), subject.address))
    return tuple(found)


def subject_line(words: Wording, tokens: Mapping[str, str]) -> str:
    """The subject line of a mail, as a header can carry it."""
    return one_line(filled(words.subject, tokens))[:LINE]
