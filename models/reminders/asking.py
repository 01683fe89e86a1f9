"""*Erinnern*: a one-off rule on one date, and when its mail will go, said before it is stored."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from sqlmodel import Session, select

from models.calendar_days import local_day
from models.officers import Officer
from models.reminders.naming import name_if_empty
from models.reminders.occurrences import Step, is_past, steps
from models.reminders.reaching import anchor_of
from models.reminders.recipients import Surroundings, recipients
from models.reminders.rules import (
    TAKES_PLACE,
    ReminderRule,
    RuleException,
    RuleRecipient,
    Unit,
    named_recipients,
    rules_on,
)
from models.reminders.subjects import Subject


@dataclass(frozen=True)
class When:
    """So long before the subject's date, or on a day of its own."""

    amount: int = 0
    unit: Unit = Unit.DAYS
    fixed_on: date | None = None


@dataclass(frozen=True)
class Whom:
    """To whom the mail goes."""

    responsible: bool = False
    participants: bool = False
    everyone: bool = False
    colleagues: frozenset[int] = field(default_factory=frozenset)


class Verdict(Enum):
    """What becomes of a wish."""

    AHEAD = "ahead"
    AT_ONCE = "at once"  # the moment has passed, the date has not
    OVER = "over"


@dataclass(frozen=True)
class Outlook:
    """When a mail goes, and to whom."""

    verdict: Verdict
    due_at: datetime | None
    officers: tuple[Officer, ...]


def _rule(subject: Subject, when: When, whom: Whom, now: datetime) -> ReminderRule:
    rule = ReminderRule(
        subject_kind=subject.kind,
        subject_id=subject.id,
        amount=when.amount,
        unit=when.unit,
        fixed_on=when.fixed_on,
        to_responsible=whom.responsible,
        to_participants=whom.participants,
        to_everyone=whom.everyone,
        with_calendar=subject.kind in TAKES_PLACE,
        effective_from=now,
        queued_until=now,
    )
    name_if_empty(rule)
    return rule


def outlook(subject: Subject, when: When, whom: Whom, around: Surroundings, now: datetime) -> Outlook:
    """What would become of this wish, judged by the function that the sender itself calls."""
    rule = _rule(subject, when, whom, now)
    today = local_day(now, around.zone)
    anchor = anchor_of(rule, subject)
    first = steps(rule, anchor, around.zone, around.state)[0] if anchor else Step("", today, now)
    to = recipients(rule, subject, first, (set(whom.colleagues), set()), around)
    officers = tuple(officer for key, officer in around.officers.items() if key in to)
    if not subject.is_open or anchor is None or (when.fixed_on is not None and when.fixed_on < today):
        return Outlook(Verdict.OVER, None, officers)
    step = first
    if step.due_at > now:
        return Outlook(Verdict.AHEAD, step.due_at, officers)
    over = is_past(rule, step, anchor, today, now)
    return Outlook(Verdict.OVER if over else Verdict.AT_ONCE, step.due_at, officers)


def remind_of(session: Session, subject: Subject, when: When, whom: Whom, now: datetime) -> ReminderRule:
    """A one-off rule on this subject. The same wish twice is one rule."""
    wanted = _rule(subject, when, whom, now)
    for known in rules_on(session, subject.kind, subject.id):
        if (
            known.is_on
            and _same(known, wanted)
            and named_recipients(session, known.key) == (set(whom.colleagues), set())
        ):
            return known
    session.add(wanted)
    session.flush()
    name_recipients(session, wanted, whom.colleagues, ())
    return wanted


def _same(one: ReminderRule, other: ReminderRule) -> bool:
    columns = (
        "anchor", "direction", "amount", "unit", "fixed_on", "send_at", "repeat_amount", "to_responsible", "to_deputy",
        "to_participants", "to_everyone",
    )  # fmt: skip
    return all(getattr(one, name) == getattr(other, name) for name in columns)


def remind_again(
    session: Session, subject: Subject, officer_id: int, day: date, now: datetime
) -> ReminderRule:
    """Remind one colleague of this subject again, on a day."""
    return remind_of(session, subject, When(fixed_on=day), Whom(colleagues=frozenset({officer_id})), now)


def name_recipients(session: Session, rule: ReminderRule, also: Iterable[int], but: Iterable[int]) -> None:
    """Set whom a rule names in addition and whom it leaves out."""
    known_also, known_but = named_recipients(session, rule.key)
    also, but = set(also), set(but)
    for officer_id in sorted(also - known_also):
        session.add(RuleRecipient(rule_id=rule.key, officer_id=officer_id))
    for officer_id in sorted(but - known_but):
        session.add(RuleException(rule_id=rule.key, officer_id=officer_id))
    for recipient in session.exec(select(RuleRecipient).where(RuleRecipient.rule_id == rule.key)).all():
        if recipient.officer_id not in also:
            session.delete(recipient)
    for exception in session.exec(select(RuleException).where(RuleException.rule_id == rule.key)).all():
        if exception.officer_id not in but:
            session.delete(exception)
    session.flush()


def switch(rule: ReminderRule, on: bool, now: datetime) -> None:
    """Switch a rule on or off. What was reached while it was off is not made up for (T3)."""
    if on and not rule.is_on:
        begin_anew(rule, now)
    rule.is_on = on


def begin_anew(rule: ReminderRule, now: datetime) -> None:
    """From now on the rule counts differently, or counts at all: nothing about dates that have passed (T3)."""
    rule.effective_from = rule.queued_until = now


def counting(rule: ReminderRule) -> tuple[object, ...]:
    """What a rule counts from what; another time of day is no other counting."""
    return (
        rule.subject_kind, rule.anchor, rule.direction, rule.amount, rule.unit, rule.fixed_on, rule.repeat_amount,
        rule.repeat_unit, rule.repeat_max, rule.only_series, rule.only_words,
    )  # fmt: skip


def remove(rule: ReminderRule, now: datetime) -> None:
    """Take a rule away; it stays for the record of what went out."""
    rule.is_on, rule.removed_at = False, rule.removed_at or now
