"""From rules to reminders: which due moments were reached, for whom; one set-based insert per rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from models.application.phases import the_application
from models.calendar_days import local_day
from models.city import the_city
from models.officers import Officer, officers
from models.reminders.messages import Reason, Reminder, ReminderState
from models.reminders.occurrences import Step, anchor_window, is_past, steps
from models.reminders.recipients import recipients
from models.reminders.rules import Anchor, Direction, ReminderRule, named_recipients, rules
from models.reminders.subjects import Subject, load_subject, open_subjects


@dataclass(frozen=True)
class Surroundings:
    """What every rule is judged by: zone, holidays, who works here, who leads."""

    zone: ZoneInfo
    state: str
    officers: dict[int, Officer]
    case_lead_id: int | None


@dataclass(frozen=True)
class Planned:
    """One reminder that will go out, or went out: the preview's row."""

    rule: ReminderRule
    subject: Subject
    anchor_on: date
    step: Step
    officers: tuple[Officer, ...]


def surroundings(session: Session) -> Surroundings:
    """As they are now."""
    city = the_city(session)
    return Surroundings(
        zone=city.time_zone,
        state=city.state,
        officers={officer.key: officer for officer in officers(session)},
        case_lead_id=the_application(session).case_lead_id,
    )


def anchor_of(rule: ReminderRule, subject: Subject) -> date | None:
    """The date a rule counts from; a rule with a fixed day needs none."""
    anchor = subject.end_on or subject.anchor_on if rule.anchor is Anchor.END else subject.anchor_on
    return anchor or rule.fixed_on


def occurrence_of(rule: ReminderRule, subject: Subject) -> date | None:
    """The date that is reminded of once. A day of its own stays what it is when the subject's date moves (T1)."""
    return rule.fixed_on or anchor_of(rule, subject)


def _candidates(session: Session, rule: ReminderRule, first: date, last: date) -> list[Subject]:
    if rule.subject_id is None:
        # A conference's last day may lie some days behind its first, by which it is found.
        slack = timedelta(days=60 if rule.anchor is Anchor.END else 0)
        return open_subjects(session, rule.subject_kind, first - slack, last)
    subject = load_subject(session, rule.subject_kind, rule.subject_id)
    return [subject] if subject is not None and subject.is_open else []


def _to(session: Session, rule: ReminderRule, subject: Subject, around: Surroundings) -> list[int]:
    named = named_recipients(session, rule.key)
    return sorted(recipients(rule, subject, named, set(around.officers), around.case_lead_id))


def planned(session: Session, now: datetime, until: date) -> list[Planned]:
    """What will go out from now until a day, by today's rules and dates: computed, never stored."""
    around = surroundings(session)
    found = [
        row for rule in rules(session) if rule.is_on for row in planned_by(session, rule, around, now, until)
    ]
    return sorted(found, key=_by_moment)


def planned_by(
    session: Session, rule: ReminderRule, around: Surroundings, now: datetime, until: date
) -> list[Planned]:
    """The same for one rule, as if it were switched on."""
    found = []
    today = local_day(now, around.zone)
    first, last = anchor_window(rule, until, today)
    for subject in _candidates(session, rule, min(first, today), last):
        anchor = anchor_of(rule, subject)
        if anchor is None:
            continue
        for step in steps(rule, anchor, around.zone, around.state):
            if (
                now < step.due_at
                and step.day <= until
                and not is_past(rule, step, anchor, step.day, step.due_at)
            ):
                found.append(_planned(session, rule, subject, anchor, step, around))
    return sorted(found, key=_by_moment)


def due_now(session: Session, now: datetime) -> list[Planned]:
    """What was reached and waits for the sender's next run."""
    around = surroundings(session)
    found = [row for rule in rules(session) if rule.is_on for row in due_by(session, rule, around, now)]
    return sorted(found, key=_by_moment)


def due_by(session: Session, rule: ReminderRule, around: Surroundings, now: datetime) -> list[Planned]:
    """What one rule sends at once, as if it were switched on."""
    known = _known(session, rule)
    return [
        _planned(session, rule, subject, anchor, step, around)
        for subject, anchor, step, state in _due(session, rule, around, now)
        if state is ReminderState.QUEUED
        and (subject.id, (rule.fixed_on or anchor).isoformat(), step.name) not in known
    ]


def _planned(
    session: Session, rule: ReminderRule, subject: Subject, anchor: date, step: Step, around: Surroundings
) -> Planned:
    to = tuple(around.officers[key] for key in _to(session, rule, subject, around))
    return Planned(rule, subject, anchor, step, to)


def _by_moment(row: Planned) -> tuple[datetime, str, int]:
    return row.step.due_at, row.subject.kind.value, row.subject.id


def _due(
    session: Session, rule: ReminderRule, around: Surroundings, now: datetime
) -> Iterator[tuple[Subject, date, Step, ReminderState]]:
    today = local_day(now, around.zone)
    queued_until = local_day(rule.queued_until, around.zone)
    for subject in _candidates(session, rule, *anchor_window(rule, today, queued_until)):
        anchor = anchor_of(rule, subject)
        if anchor is None:
            continue
        reached = [step for step in steps(rule, anchor, around.zone, around.state) if step.due_at <= now]
        for step in reached:
            if rule.direction is Direction.AFTER and not rule.fixed_on and step.due_at <= rule.effective_from:
                continue  # nothing about dates that had passed when the rule was switched on (T3)
            if not is_past(rule, step, anchor, today, now):
                # Of several steps that were reached together only the last one is worth a mail.
                state = ReminderState.QUEUED if step is reached[-1] else ReminderState.SUPERSEDED
                yield subject, anchor, step, state
            elif rule.queued_until < step.due_at:
                yield subject, anchor, step, ReminderState.MISSED


def _known(session: Session, rule: ReminderRule) -> set[tuple[int, str, str]]:
    rows = select(Reminder.subject_id, Reminder.occurrence, Reminder.step).where(Reminder.rule_id == rule.key)
    since = rule.queued_until - timedelta(days=400)
    return set(session.exec(rows.where(col(Reminder.queued_at) > since).distinct()))


def queue_due(session: Session, now: datetime) -> int:
    """Store a reminder for every due moment that was reached and every person it is for. Answers how many are new.
    Any number of processes may do this at once: the unique key decides, the others' rows are ignored."""
    around = surroundings(session)
    return sum(queue_rule(session, rule.key, around, now) for rule in rules(session) if rule.is_on)


def queue_rule(session: Session, rule_id: int, around: Surroundings, now: datetime) -> int:
    """The same for one rule."""
    rule = session.get_one(ReminderRule, rule_id)
    known = set() if rule.also_latecomers else _known(session, rule)
    rows: list[dict[str, Any]] = []
    for subject, anchor, step, state in _due(session, rule, around, now):
        occurrence = (rule.fixed_on or anchor).isoformat()
        if (subject.id, occurrence, step.name) in known:
            continue
        rows += [
            {
                "rule_id": rule.key, "subject_kind": subject.kind.value, "subject_id": subject.id,
                "occurrence": occurrence, "step": step.name, "person_kind": "officer",
                "person_id": person, "due_at": step.due_at, "queued_at": now, "state": state,
                "reason": Reason.PAST if state is ReminderState.MISSED else Reason.NONE,
            }
            for person in _to(session, rule, subject, around)
        ]  # fmt: skip
    added = _insert(session, rows)
    rule.queued_until = max(rule.queued_until, now)
    return added


def _insert(session: Session, rows: list[dict[str, Any]]) -> int:
    if not rows:
        return 0
    connection = session.connection()
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    added = 0
    for start in range(0, len(rows), 1000):
        statement = insert(Reminder).values(rows[start : start + 1000]).on_conflict_do_nothing()
        # PostgreSQL's driver forgets the number otherwise.
        added += connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount
    return added
