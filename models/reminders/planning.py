"""What will go out: computed from rules and dates, never stored. The sender asks the same functions."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from models.calendar_days import local_day
from models.officers import Officer
from models.reminders.messages import Occasion, ReminderState
from models.reminders.occurrences import Step, anchor_window, is_past, steps
from models.reminders.reaching import anchor_of, candidates, reached_steps
from models.reminders.recipients import Surroundings, recipients, surroundings
from models.reminders.rules import ReminderRule, rules
from models.reminders.storing import known_steps
from models.reminders.subjects import Subject


@dataclass(frozen=True)
class Planned:
    """One reminder that will go out: the preview's row."""

    rule: ReminderRule
    subject: Subject
    anchor_on: date
    step: Step
    officers: tuple[Officer, ...]
    occasion: Occasion = Occasion.DUE


def planned(session: Session, now: datetime, until: date) -> list[Planned]:
    """What will go out from now until a day, by today's rules and dates."""
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
    """The same for one rule, as if it were switched on. Whether somebody else is asked at last nobody knows yet, so
    that is left out."""
    today, found = local_day(now, around.zone), []
    first, last = anchor_window(rule, until, today)
    subjects = list(candidates(session, rule, min(first, today), last))
    named = around.named(rule.key)
    told = _told_ahead(session, rule, subjects)
    for subject in subjects:
        anchor = anchor_of(rule, subject)
        for step in steps(rule, anchor, around.zone, around.state) if anchor else ():
            is_ahead = now < step.due_at and step.day <= until and not step.is_escalation
            if anchor is None or not is_ahead or is_past(rule, step, anchor, step.day, step.due_at):
                continue
            if (subject.id, (rule.fixed_on or anchor).isoformat(), step.name) not in told:
                found.append(_planned(rule, subject, anchor, step, named, around))
    return sorted(found, key=_by_moment)


def _told_ahead(
    session: Session, rule: ReminderRule, subjects: Iterable[Subject]
) -> set[tuple[int, str, str]]:
    """What a run as of a later moment sent already does not go out again."""
    return known_steps(session, rule, [subject.id for subject in subjects])


def due_now(session: Session, now: datetime) -> list[Planned]:
    """What was reached and waits for the sender's next run."""
    around = surroundings(session)
    return _of_all(session, lambda rule: due_by(session, rule, around, now))


def due_by(session: Session, rule: ReminderRule, around: Surroundings, now: datetime) -> list[Planned]:
    """What one rule sends at once, as if it were switched on."""
    today, before = local_day(now, around.zone), local_day(rule.queued_until, around.zone)
    subjects = list(candidates(session, rule, *anchor_window(rule, today, before)))
    known = known_steps(session, rule, [subject.id for subject in subjects])
    named = around.named(rule.key)
    return [
        _planned(rule, one.subject, one.anchor_on, one.step, named, around, one.occasion)
        for subject in subjects
        for one in reached_steps(rule, subject, around, now)
        if one.state is ReminderState.QUEUED
        and not one.step.is_escalation
        and (one.subject.id, (rule.fixed_on or one.anchor_on).isoformat(), one.step.name) not in known
    ]


def _planned(
    rule: ReminderRule, subject: Subject, anchor: date, step: Step, named: tuple[set[int], set[int]],
    around: Surroundings, occasion: Occasion = Occasion.DUE,
) -> Planned:  # fmt: skip
    to = sorted(recipients(rule, subject, step, named, around))
    return Planned(rule, subject, anchor, step, tuple(around.officers[key] for key in to), occasion)


def _by_moment(row: Planned) -> tuple[datetime, str, int]:
    return row.step.due_at, row.subject.kind.value, row.subject.id
