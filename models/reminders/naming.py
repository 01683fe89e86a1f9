"""How a rule is called when nobody gives it a name: stored with the rule, so in both languages at once."""

from textwrap import shorten

from models.language import day_text, translator
from models.reminders.rules import Direction, ReminderRule, Unit

_UNITS = {
    Unit.DAYS: {"de": ("Tag", "Tage"), "en": ("day", "days")},
    Unit.WORKING_DAYS: {"de": ("Arbeitstag", "Arbeitstage"), "en": ("working day", "working days")},
    Unit.WEEKS: {"de": ("Woche", "Wochen"), "en": ("week", "weeks")},
    Unit.MONTHS: {"de": ("Monat", "Monate"), "en": ("month", "months")},
}
_DIRECTIONS = {
    Direction.BEFORE: {"de": "vorher", "en": "before"},
    Direction.AFTER: {"de": "danach", "en": "after"},
}
_ON_THE_DAY = {"de": "am Tag selbst", "en": "on the day itself"}
_KINDS = {
    "commitment": {"de": "Zusage", "en": "Commitment"},
    "phase": {"de": "Phase", "en": "Phase"},
    "conference": {"de": "Konferenz", "en": "Conference"},
    "conference_deadline": {"de": "Konferenzfrist", "en": "Conference deadline"},
    "evidence": {"de": "Nachweis", "en": "Evidence"},
    "follow_up": {"de": "Wiedervorlage", "en": "Follow-up"},
}
_WORDS_SHOWN = 60
_ONE_OFF = {"de": "Erinnerung", "en": "Reminder"}


def when_words(rule: ReminderRule, language: str) -> str:
    """When a rule reminds: "30 Tage vorher", "am Tag selbst", "am 20.11.2026"."""
    if rule.fixed_on is not None:
        day = day_text(rule.fixed_on, language)
        return f"am {day}" if language == "de" else f"on {day}"
    return distance_words(rule.amount, rule.unit, rule.direction, language)


def distance_words(amount: int, unit: Unit, direction: Direction, language: str) -> str:
    """How far from the date: "30 Tage vorher", "am Tag selbst"."""
    if not amount:
        return _ON_THE_DAY[language]
    one, many = _UNITS[unit][language]
    return f"{amount} {one if amount == 1 else many} {_DIRECTIONS[direction][language]}"


def suggested_name(rule: ReminderRule, language: str) -> str:
    """A name for a rule: "Zusage: 2 Arbeitstage vorher", or "Erinnerung: …" for one on a single subject. What it is
    limited to stands in brackets: "Konferenz (FABx): 6 Monate vorher"."""
    if rule.subject_id is not None:
        return f"{_ONE_OFF[language]}: {when_words(rule, language)}"
    limits = [translator(language)(rule.only_series.label)] if rule.only_series else []
    if rule.only_words:
        limits.append(shorten(rule.only_words, _WORDS_SHOWN, placeholder=" …"))
    narrowed = f" ({', '.join(limits)})" if limits else ""
    return f"{_KINDS[rule.subject_kind.value][language]}{narrowed}: {when_words(rule, language)}"


def name_if_empty(rule: ReminderRule) -> None:
    """Name a rule in both languages, unless a person did."""
    if not rule.name_de and not rule.name_en:
        rule.name_de, rule.name_en = suggested_name(rule, "de"), suggested_name(rule, "en")
