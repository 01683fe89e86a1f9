"""A mail text tried out on a real person and a real date, before it is saved. Nothing is stored."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from models.base import N_, Labelled
from models.calendar_days import local_day
from models.city import the_city
from models.documents.mail import Letter, letter_text
from models.language import translator, weekday_text
from models.officers import Officer
from models.reminders.builtin_texts import TextCode, Wording
from models.reminders.planning import Planned, planned
from models.reminders.rules import ReminderRule, SubjectKind
from models.reminders.subjects import Subject, open_subjects
from models.reminders.telling import Told, collected_values, letter, subject_line, values
from models.reminders.tokens import filled, paragraphs

AHEAD = timedelta(days=365)
FAR = timedelta(days=3653)
COLLECTED = 3
EXAMPLE, TO_REMINDERS = N_("Example"), N_("To the reminders")
MOVED_BY = timedelta(days=14)
SEVERAL = (TextCode.SHORT, TextCode.LATE, TextCode.DIGEST)


class Source(Labelled):
    """Where the example was taken from."""

    PLANNED = "planned", N_("the next planned reminder of this person")
    OPEN = "open", N_("an open commitment, because no reminder is planned for this person")


@dataclass(frozen=True)
class Example:
    """A real subject for a preview; `rule` is None where none reminds of it. `others` stand in a collection too."""

    source: Source
    subject: Subject
    rule: ReminderRule | None
    others: tuple[Planned, ...] = ()


@dataclass(frozen=True)
class Preview:
    """A mail as it would go out, in one language."""

    language: str
    subject: str
    text: str


def example_for(
    session: Session, officer: Officer, now: datetime, prefer: frozenset[int] = frozenset()
) -> Example | None:
    """The next planned reminder of a colleague, first of all of the rules `prefer`; else an open commitment with a
    date. None where there is nothing to show."""
    today = local_day(now, the_city(session).time_zone)
    rows = [
        row
        for row in planned(session, now, today + AHEAD)
        if any(person.key == officer.key for person in row.officers)
    ]
    rows.sort(key=lambda row: row.rule.key not in prefer)  # stable: the next one stays first among its like
    if rows:
        return Example(Source.PLANNED, rows[0].subject, rows[0].rule, tuple(rows[1:COLLECTED]))
    dated = sorted(
        open_subjects(session, SubjectKind.COMMITMENT, today, today + FAR),
        key=lambda subject: (subject.anchor_on or date.max, subject.id),
    )
    return Example(Source.OPEN, dated[0], None) if dated else None


def _told(
    session: Session, subject: Subject, rule: ReminderRule | None, code: TextCode, officer: Officer, now: datetime,
    language: str,
) -> Told:  # fmt: skip
    city = the_city(session)
    people = (
        session.get(Officer, key) if key else None for key in (subject.responsible_id, subject.deputy_id)
    )
    responsible, deputy = (person.name if person else "" for person in people)
    moved = code is TextCode.MOVED and subject.anchor_on is not None
    return Told(
        subject=subject,
        anchor_on=subject.anchor_on,
        person=officer.name,
        unit=city.unit,
        city=city.name,
        rule=rule.title(language) if rule else translator(language)(EXAMPLE),
        today=local_day(now, city.time_zone),
        language=language,
        responsible=responsible,
        deputy=deputy,
        was_on=subject.anchor_on - MOVED_BY if moved and subject.anchor_on else None,
    )


def preview(
    session: Session, example: Example, words: Wording, code: TextCode, officer: Officer, now: datetime, language: str,
    link: str,
) -> Preview:  # fmt: skip
    """The mail that this wording makes of the example."""
    told = _told(session, example.subject, example.rule, code, officer, now, language)
    if code not in SEVERAL:
        return Preview(language, subject_line(words, values(told)), letter_text(letter(told, words, link)))
    everything = [
        told,
        *(_told(session, row.subject, row.rule, code, officer, now, language) for row in example.others),
    ]
    tokens = collected_values(everything)
    body = paragraphs(filled(words.body, tokens))
    return Preview(
        language,
        subject_line(words, tokens),
        letter_text(_collection(everything, tokens["inhalt"], body, link)),
    )


def _collection(everything: list[Told], heading: str, body: tuple[str, ...], link: str) -> Letter:
    first = everything[0]
    rows = (
        (
            weekday_text(told.anchor_on, told.language) if told.anchor_on else "–",
            told.subject.title(told.language),
        )
        for told in everything
    )
    return Letter(
        heading=heading,
        paragraphs=body,
        facts=tuple(rows),
        button=(translator(first.language)(TO_REMINDERS), link),
        closing=(f"Fab City Lotse · {first.unit}, {first.city}",),
    )
