"""From rules to reminders: what fell due since the last look, and what changed since; set by set (points 2, 3, 6).

A tick looks at the dates whose moment came, and at the subjects that were touched. Once an hour it looks at
everything, so that nothing rests on one noticed change alone.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache, partial
from itertools import islice

from sqlalchemy import update
from sqlmodel import Session, col

from models.calendar_days import local_day
from models.reminders.changes import notice_changes
from models.reminders.messages import (
    the_sender,
)
from models.reminders.occurrences import (
    anchor_window,
    dates_due_between,
    strikes,
)
from models.reminders.reaching import Reached, anchor_of, candidates, worth_on
from models.reminders.recipients import Surroundings, surroundings
from models.reminders.rules import ReminderRule, rules
from models.reminders.storing import Look, store_reached
from models.reminders.subjects import Subject, is_meant, load_subject
from models.reminders.touched import take_touched

SWEEP = timedelta(hours=1)
CHUNK = 2000


def queue_due(session: Session, now: datetime, *, everything: bool = False) -> int:
    """Store a reminder for every due moment that was reached and every person it is for. Answers how many are new.
    Any number of processes may do this at once: the unique key decides, the others' rows are ignored.
    `everything`: look at all, as if for the first time, and leave no trace of having looked (a made-up moment)."""
    around, sender = surroundings(session), the_sender(session)
    is_fresh = sender.swept_at is not None and timedelta() <= now - sender.swept_at < SWEEP
    touched = None if everything else take_touched(session)
    wanted = touched if is_fresh else None
    told = notice_changes(session, wanted, local_day(now, around.zone), now)
    look = Look(now, wanted, frozenset(told))
    added = len(told)
    for rule in rules(session):
        if rule.is_on:
            added += queue_rule(session, rule, around, look)
    if not everything:
        _has_looked(session, now, None)
        sender.swept_at = sender.swept_at if is_fresh else now
    return added


def queue_one_rule(session: Session, rule_id: int, now: datetime) -> int:
    """Everything of one rule: when another one is faulty, each is looked at by itself (T15)."""
    rule = session.get_one(ReminderRule, rule_id)
    added = queue_rule(session, rule, surroundings(session), Look(now))
    _has_looked(session, now, rule_id)
    return added


def queue_news(session: Session, now: datetime) -> int:
    """What became of dates people were told of, whatever is wrong with a rule (T15)."""
    take_touched(session)
    return len(notice_changes(session, None, local_day(now, surroundings(session).zone), now))


def _has_looked(session: Session, now: datetime, rule_id: int | None) -> None:
    """By one statement: no rule counts as changed by it. After a clock that went ahead it is taken back: what falls due
    until then is still to come."""
    looked = update(ReminderRule).where(col(ReminderRule.queued_until) != now)
    if rule_id is not None:
        looked = looked.where(col(ReminderRule.id) == rule_id)
    session.connection().execute(looked.values(queued_until=now))


def queue_rule(session: Session, rule: ReminderRule, around: Surroundings, look: Look) -> int:
    """What one rule has reached. Answers how many reminders are new."""
    added, subjects = 0, _to_look_at(session, rule, around, look)
    worth = cache(partial(worth_on, rule, around=around, now=look.now))  # thousands share a few dates
    while chunk := list(islice(subjects, CHUNK)):
        reached = [Reached(one, *row) for one in chunk for row in worth(anchor_of(rule, one))]
        if reached:
            added += store_reached(session, rule, reached, around, look)
    return added


def _to_look_at(session: Session, rule: ReminderRule, around: Surroundings, look: Look) -> Iterator[Subject]:
    seen: set[int] = set()
    if look.covers(rule):
        today, before = local_day(look.now, around.zone), local_day(rule.queued_until, around.zone)
        yield from candidates(session, rule, *anchor_window(rule, today, before))
        return
    if strikes(rule, rule.queued_until, look.now, around.zone):
        for subject in _whose_moment_came(session, rule, around, look.now):
            seen.add(subject.id)
            yield subject
    touched = look.touched.get(rule.subject_kind.value, set()) if look.touched else set()
    for key in sorted(touched - seen):
        if rule.subject_id in (None, key):
            found = load_subject(session, rule.subject_kind, key)
            if found is not None and found.is_open and (rule.subject_id or is_meant(rule, found)):
                yield found


def _whose_moment_came(
    session: Session, rule: ReminderRule, around: Surroundings, now: datetime
) -> Iterator[Subject]:
    if rule.subject_id is not None or rule.fixed_on is not None:
        yield from candidates(session, rule, date.min + timedelta(days=99), date.max)
        return
    for days in _stretches(dates_due_between(rule, rule.queued_until, now, around.zone, around.state)):
        wanted = set(days)
        for subject in candidates(session, rule, days[0], days[-1]):
            if anchor_of(rule, subject) in wanted:
                yield subject


def _stretches(days: list[date]) -> list[list[date]]:
    """Days cut where nothing lies for more than a week: a rule that repeats every year needs no subjects of the months
    between."""
    found: list[list[date]] = []
    for day in days:
        if not found or day - found[-1][-1] > timedelta(weeks=1):
            found.append([])
        found[-1].append(day)
    return found
