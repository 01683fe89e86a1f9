"""From rules to reminders: which due moments were reached, for whom; one set-based insert per rule."""

from collections.abc import Callable, Iterator
from contextlib import suppress
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
from models.reminders.messages import Reason, Reminder, ReminderState, token_of
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


# What was left out for one of these reasons is due again when the reason is gone: moved back, opened again.
_MAY_COME_BACK = (Reason.MOVED, Reason.DONE, Reason.RULE_OFF)


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
    return _of_all(session, lambda rule: planned_by(session, rule, around, now, until))


def _of_all(session: Session, work: Callable[[ReminderRule], list[Planned]]) -> list[Planned]:
    found: list[Planned] = []
    for rule in rules(session):
        if rule.is_on:
            with suppress(Exception):  # a faulty rule hides no other; the sender's run reports it (point 12)
                found += work(rule)
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
    return _of_all(session, lambda rule: due_by(session, rule, around, now))


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
    rows = rows.where(col(Reminder.queued_at) > since, col(Reminder.reason).not_in(_MAY_COME_BACK))
    return set(session.exec(rows.distinct()))


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
    due: set[tuple[int, str, str]] = set()
    for subject, anchor, step, state in _due(session, rule, around, now):
        occurrence = (rule.fixed_on or anchor).isoformat()
        if state is ReminderState.QUEUED:
            due.add((subject.id, occurrence, step.name))
        if (subject.id, occurrence, step.name) in known:
            continue
        rows += [
            _row(rule, subject, occurrence, step.name, step.due_at, person, now, state)
            for person in _to(session, rule, subject, around)
        ]
    added = _come_back(session, rule, due, now) + _insert(session, rows)
    rule.queued_until = max(rule.queued_until, now)
    return added


def _row(
    rule: ReminderRule, subject: Subject, occurrence: str, step: str, due_at: datetime, person: int, now: datetime,
    state: ReminderState,
) -> dict[str, Any]:  # fmt: skip
    return {
        "rule_id": rule.key, "subject_kind": subject.kind.value, "subject_id": subject.id,
        "occurrence": occurrence, "step": step, "person_kind": "officer",
        "person_id": person,
        "token": token_of(rule.key, subject.kind.value, subject.id, occurrence, step, "officer", person),
        "due_at": due_at, "queued_at": now, "state": state,
        "reason": Reason.PAST if state is ReminderState.MISSED else Reason.NONE,
    }  # fmt: skip


def _come_back(session: Session, rule: ReminderRule, due: set[tuple[int, str, str]], now: datetime) -> int:
    left_out = select(Reminder).where(
        Reminder.rule_id == rule.key,
        col(Reminder.state).in_((ReminderState.SKIPPED, ReminderState.SUPERSEDED)),
        col(Reminder.reason).in_(_MAY_COME_BACK),
    )
    back = [r for r in session.exec(left_out) if (r.subject_id, r.occurrence, r.step) in due] if due else []
    for reminder in back:
        reminder.state, reminder.reason, reminder.queued_at = ReminderState.QUEUED, Reason.NONE, now
    session.flush()
    return len(back)


def pass_on(
    session: Session, reminder: Reminder, rule: ReminderRule, subject: Subject, now: datetime
) -> None:
    """The recipient left before her mail went out: whoever is meant now gets it, if she was not reminded (T25)."""
    rows = [
        _row(
            rule,
            subject,
            reminder.occurrence,
            reminder.step,
            reminder.due_at,
            person,
            now,
            ReminderState.QUEUED,
        )
        for person in _to(session, rule, subject, surroundings(session))
    ]
    _insert(session, rows)


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
