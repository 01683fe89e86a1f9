"""Which due moments of a rule were reached, and what each is worth: a mail, no mail any more, or a line among the
missed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from models.calendar_days import local_day
from models.reminders.messages import Occasion, ReminderState
from models.reminders.occurrences import Step, is_past, steps
from models.reminders.recipients import Surroundings
from models.reminders.rules import Anchor, Direction, ReminderRule
from models.reminders.subjects import Subject, is_meant, load_subject, open_subjects

LATE = timedelta(hours=24)  # more than this is called late, and collected (point 6)


@dataclass(frozen=True)
class Reached:
    """A due moment that was reached, and what it is worth."""

    subject: Subject
    anchor_on: date
    step: Step
    state: ReminderState
    occasion: Occasion


Worth = tuple[date, Step, ReminderState, Occasion]  # what is Reached, without its subject


def anchor_of(rule: ReminderRule, subject: Subject) -> date | None:
    """The date a rule counts from; a rule with a fixed day needs none."""
    anchor = subject.end_on or subject.anchor_on if rule.anchor is Anchor.END else subject.anchor_on
    return anchor or rule.fixed_on


def occurrence_of(rule: ReminderRule, subject: Subject) -> date | None:
    """The date that is reminded of once. A day of its own stays what it is when the subject's date moves (T1)."""
    return rule.fixed_on or anchor_of(rule, subject)


def candidates(session: Session, rule: ReminderRule, first: date, last: date) -> Iterator[Subject]:
    """The open subjects that a rule means, with a date in these days."""
    if rule.subject_id is not None:
        found = load_subject(session, rule.subject_kind, rule.subject_id)
        yield from [found] if found is not None and found.is_open else []
        return
    # A conference's last day may lie some days behind its first, by which it is found.
    slack = timedelta(days=60 if rule.anchor is Anchor.END else 0)
    for subject in open_subjects(session, rule.subject_kind, first - slack, last):
        if is_meant(rule, subject):
            yield subject


def reached_steps(
    rule: ReminderRule, subject: Subject, around: Surroundings, now: datetime
) -> Iterator[Reached]:
    """The due moments of a rule on one subject that were reached by now, and what each is worth."""
    for row in worth_on(rule, anchor_of(rule, subject), around, now):
        yield Reached(subject, *row)


def worth_on(rule: ReminderRule, anchor: date | None, around: Surroundings, now: datetime) -> list[Worth]:
    """The same of any subject with this date."""
    return list(_weighed(rule, anchor, around, now)) if anchor else []


def _weighed(rule: ReminderRule, anchor: date, around: Surroundings, now: datetime) -> Iterator[Worth]:
    today = local_day(now, around.zone)
    reached = [step for step in steps(rule, anchor, around.zone, around.state) if step.due_at <= now]
    ordinary = [step for step in reached if not step.is_escalation]
    for step in reached:
        if rule.direction is Direction.AFTER and not rule.fixed_on and step.due_at <= rule.effective_from:
            continue  # nothing about dates that had passed when the rule was switched on (T3)
        if not is_past(rule, step, anchor, today, now):
            # Of several steps that were reached together only the last one is worth a mail.
            is_last = step.is_escalation or step is ordinary[-1]
            state = ReminderState.QUEUED if is_last else ReminderState.SUPERSEDED
            yield anchor, step, state, occasion_of(rule, step, now)
        elif rule.queued_until < step.due_at and not step.is_escalation:
            yield anchor, step, ReminderState.MISSED, Occasion.DUE


def occasion_of(rule: ReminderRule, step: Step, now: datetime) -> Occasion:
    """Why a step is told now: at its time; late, since nobody looked for a day; or at short notice, since its moment
    had passed when the date or the rule came (point 6)."""
    if step.is_escalation:
        return Occasion.ESCALATION
    if step.due_at < rule.queued_until <= now:
        return Occasion.SHORT
    return Occasion.LATE if now - step.due_at > LATE else Occasion.DUE
