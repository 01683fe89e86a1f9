"""A mail text tried out on a real person and a real date, before it is saved: written by what writes the real mails,
so that it cannot look different (T20). Nothing is stored; the caller takes back what the session holds."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from models.base import N_, Labelled
from models.calendar_days import local_day
from models.city import the_city
from models.documents.mail import letter_text
from models.officers import Officer
from models.reminders.messages import Occasion, Reminder
from models.reminders.planning import Planned, planned
from models.reminders.rules import YEAR, ReminderRule, SubjectKind
from models.reminders.situation import Situation
from models.reminders.subjects import Subject, open_subjects
from models.reminders.texts import TextCode
from models.reminders.writing import collected_letter, link_to, single_letter

AHEAD = timedelta(days=365)
FAR = timedelta(days=3653)
COLLECTED = 3
MOVED_BY = timedelta(days=14)
LATE_BY = timedelta(days=3)
NOWHERE = "vorschau"  # the links of an example lead to no reminder
SEVERAL = (TextCode.SHORT, TextCode.LATE, TextCode.DIGEST)
_OCCASIONS = {
    TextCode.SHORT: Occasion.SHORT,
    TextCode.LATE: Occasion.LATE,
    TextCode.MOVED: Occasion.MOVED,
    TextCode.REVIVED: Occasion.MOVED,
    TextCode.CANCELLED: Occasion.CANCELLED,
    TextCode.ESCALATION: Occasion.ESCALATION,
}


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


def _rule(known: ReminderRule | None, code: TextCode, text_id: int | None, now: datetime) -> ReminderRule:
    """The rule of the example as if it used the text: a copy that no session knows."""
    fields = known.model_dump(exclude={"id"}) if known else {
        "name_de": "Beispiel", "name_en": "Example", "subject_kind": SubjectKind.COMMITMENT, "effective_from": now,
        "queued_until": now,
    }  # fmt: skip
    is_task = code is TextCode.TASK
    return ReminderRule(**fields | {"text_id": text_id, "code": f"{YEAR}preview" if is_task else None})


def _situation(
    subject: Subject, rule: ReminderRule, code: TextCode, officer: Officer, now: datetime
) -> Situation:
    told_on = subject.anchor_on - MOVED_BY if code is TextCode.MOVED and subject.anchor_on else None
    was = Occasion.CANCELLED if code is TextCode.REVIVED else Occasion.DUE
    is_news = code in (TextCode.MOVED, TextCode.REVIVED)
    due_at = now - LATE_BY if code is TextCode.LATE else now

    def reminder(occasion: Occasion, said_on: date | None) -> Reminder:
        return Reminder(
            rule_id=0,
            subject_kind=subject.kind.value,
            subject_id=subject.id,
            occurrence=str(subject.anchor_on or now.date()),
            step="P0D",
            person_id=officer.key,
            occasion=occasion,
            token=NOWHERE,
            said_on=said_on,
            due_at=due_at,
            queued_at=now,
        )

    return Situation(
        reminder=reminder(_OCCASIONS.get(code, Occasion.DUE), None),
        rule=rule,
        subject=subject,
        officer=officer,
        last_chance=now,
        today=now.date(),
        before=reminder(was, told_on) if is_news else None,
    )


def preview(
    session: Session, example: Example, code: TextCode, officer: Officer, now: datetime, language: str, base_url: str,
    text_id: int | None = None,
) -> Preview:  # fmt: skip
    """The mail about the example with the texts that the session holds; `text_id` is a text that rules choose."""
    city = the_city(session)
    reader = Officer(**officer.model_dump() | {"language": language})
    first = _situation(example.subject, _rule(example.rule, code, text_id, now), code, reader, now)
    if code in SEVERAL and example.others:
        others = (
            _situation(row.subject, _rule(row.rule, code, None, now), code, reader, now)
            for row in example.others
        )
        subject, letter = collected_letter(session, [first, *others], city, base_url, now)
    elif code is TextCode.DIGEST:
        subject, letter = collected_letter(session, [first], city, base_url, now)
    else:
        subject, letter = single_letter(session, first, city, link_to(base_url, first), now)
    return Preview(language, subject, letter_text(letter))
