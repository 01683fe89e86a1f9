"""The words of a reminder's mail: which wording, about one subject or several, in the language of the recipient."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from models.base import N_
from models.calendar_days import local_day
from models.city import City
from models.documents.mail import Item, Letter
from models.language import moment_text, translations, translator, weekday_text
from models.officers import Officer
from models.reminders.messages import Occasion
from models.reminders.situation import Situation
from models.reminders.telling import (
    Told,
    collected_values,
    distance,
    facts,
    short_distance,
    subject_line,
    values,
)
from models.reminders.texts import TextCode, filled, paragraphs, wording

_ANSWER = N_("Done, remind again, or change the date")
# A mail lists so many and says how many more there are.
MOST_LINES = 100
_CODES = {
    Occasion.DUE: TextCode.REMINDER,
    Occasion.LATE: TextCode.LATE,
    Occasion.SHORT: TextCode.SHORT,
    Occasion.MOVED: TextCode.MOVED,
    Occasion.CANCELLED: TextCode.CANCELLED,
    Occasion.ESCALATION: TextCode.ESCALATION,
}


def code_of(one: Situation) -> TextCode:
    """Which text a mail about one reminder speaks."""
    if one.reminder.occasion is Occasion.MOVED and one.before and one.before.occasion is Occasion.CANCELLED:
        return TextCode.REVIVED
    if one.reminder.occasion is Occasion.DUE and one.rule.is_task:
        return TextCode.TASK
    return _CODES[one.reminder.occasion]


def _told(session: Session, one: Situation, city: City, now: datetime) -> Told:
    language = one.officer.language

    def name(key: int | None) -> str:
        found = session.get(Officer, key) if key else None
        return found.name if found else ""

    return Told(
        subject=one.subject,
        anchor_on=one.anchor_on,
        person=one.officer.name,
        unit=city.unit,
        city=city.name,
        rule=one.rule.title(language),
        today=local_day(now, city.time_zone),
        language=language,
        responsible=name(one.subject.responsible_id),
        deputy=name(one.subject.deputy_id),
        was_on=one.before.said_on if one.before else None,
    )


def single_letter(
    session: Session, one: Situation, city: City, link: str, now: datetime
) -> tuple[str, Letter]:
    """Subject line and letter about one reminder."""
    told, code, language = _told(session, one, city, now), code_of(one), one.officer.language
    _ = translator(language)
    words = wording(session, code, one.rule.text_id, language)
    tokens = values(told) | collected_values([told])
    if one.is_news:  # the news can be that nobody knows the day any more
        tokens |= {name: tokens[name] or _("not known to the day") for name in ("datum", "alt")}
    body = paragraphs(filled(words.body, tokens))
    if one.reminder.occasion in (Occasion.LATE, Occasion.SHORT):
        far = distance(told.anchor_on, told.today, language)
        body = (*body, far[:1].upper() + far[1:], _was_due(one, city, language))
    table = facts(told)
    letter = Letter(
        heading=one.subject.title(language),
        paragraphs=(*body, *_deputising(one)),
        facts=table,
        struck=(_("Date until now"), *([_("Date")] if one.subject.is_cancelled else [])),
        button=(_("Open the reminder") if one.subject.is_cancelled else _(_ANSWER), link),
        closing=_closing(one.rule.title(language), city, language),
    )
    return subject_line(words, tokens), letter


def _closing(rule: str, city: City, language: str) -> tuple[str, ...]:
    _ = translator(language)
    why = _("You get this mail because of the reminder “{rule}”.").format(rule=rule)
    return (why, f"Fab City Lotse · {city.unit}, {city.name}")


def _was_due(one: Situation, city: City, language: str) -> str:
    _ = translator(language)
    return _("This reminder was due on {moment}.").format(
        moment=moment_text(one.reminder.due_at, city.time_zone, language)
    )


def _deputising(one: Situation) -> tuple[str, ...]:
    if not one.stands_in_for:
        return ()
    _ = translator(one.officer.language)
    said = _("You get this mail as the deputy of {names}.")
    return (said.format(names=", ".join(one.stands_in_for)),)


def collected_code(several: Sequence[Situation]) -> TextCode:
    """Which text a mail about several reminders speaks: what is late says so first."""
    occasions = {one.reminder.occasion for one in several}
    if Occasion.LATE in occasions:
        return TextCode.LATE
    return TextCode.SHORT if Occasion.SHORT in occasions else TextCode.DIGEST


def collected_letter(
    session: Session, several: Sequence[Situation], city: City, base_url: str, now: datetime
) -> tuple[str, Letter]:
    """Subject line and letter about several reminders of one person, by how near their dates are."""
    officer = several[0].officer
    _ = translator(officer.language)
    told = [_told(session, one, city, now) for one in several]
    words = wording(session, collected_code(several), None, officer.language)
    tokens = collected_values(told)
    ordered = sorted(several, key=lambda one: (one.anchor_on or date.max, one.reminder.id or 0))
    shown, more = ordered[:MOST_LINES], len(ordered) - MOST_LINES
    after: tuple[str, ...] = ()
    if more > 0:
        said = translations(officer.language).ngettext(
            "And one more, on the page “Reminders”.", "And {n} more, on the page “Reminders”.", more
        )
        after = (said.format(n=more),)
    letter = Letter(
        heading=subject_line(words, tokens),
        paragraphs=paragraphs(filled(words.body, tokens)),
        lists=_lists(shown, city, base_url, now),
        after=after,
        button=(_("Open the page “Reminders”"), f"{base_url}/erinnerungen"),
        closing=(f"Fab City Lotse · {city.unit}, {city.name}",),
    )
    return subject_line(words, tokens), letter


def _lists(
    several: Sequence[Situation], city: City, base_url: str, now: datetime
) -> tuple[tuple[str, tuple[Item, ...]], ...]:
    _ = translator(several[0].officer.language)
    today = local_day(now, city.time_zone)
    groups: dict[str, list[Item]] = {
        name: [] for name in (_("Overdue"), _("Today"), _("This week"), _("Later"), _("Without a date"))
    }
    names = list(groups)
    for one in several:
        groups[names[_group(one.anchor_on, today)]].append(_item(one, city, base_url, today))
    return tuple((name, tuple(items)) for name, items in groups.items() if items)


def _group(anchor_on: date | None, today: date) -> int:
    if anchor_on is None:
        return 4
    left = (anchor_on - today).days
    if left <= 0:
        return 0 if left < 0 else 1
    return 2 if left <= 6 - today.weekday() else 3  # this week ends on Sunday


def _item(one: Situation, city: City, base_url: str, today: date) -> Item:
    language = one.officer.language
    _ = translator(language)
    kind, title = _(one.subject.kind.label), one.subject.title(language)
    notes = [f"{kind} · " + _("Date not known to the day yet")]
    if one.anchor_on is not None:
        day, far = weekday_text(one.anchor_on, language), short_distance(one.anchor_on, today, language)
        notes = [f"{kind} · {day} ({far})"]
    if one.reminder.occasion in (Occasion.LATE, Occasion.SHORT):
        notes.append(_was_due(one, city, language))
    notes += _deputising(one)
    shown = f"{one.rule.title(language)}: {title}" if one.rule.is_task else title
    return Item(shown, link_to(base_url, one), tuple(notes))


def link_to(base_url: str, one: Situation) -> str:
    """Where a mail's link leads; known before the mail is stored, so that a preview shows the same (T20)."""
    return f"{base_url}/e/{one.reminder.token}"
