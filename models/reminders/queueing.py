"""From rules to reminders: what fell due since the last look, and what changed since; set by set (points 2, 3, 6).

A tick looks at the dates whose moment came, and at the subjects that were touched. Once an hour it looks at
everything, so that nothing rests on one noticed change alone.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache, partial
from itertools import islice
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from models.calendar_days import add_working_days, local_day
from models.reminders.changes import Person, notice_changes
from models.reminders.messages import (
    Occasion,
    Reason,
    Reminder,
    ReminderState,
    the_sender,
    token_of,
)
from models.reminders.occurrences import (
    Step,
    anchor_window,
    counts_after,
    dates_due_between,
    is_past,
    steps,
    strikes,
)
from models.reminders.recipients import Surroundings, recipients, surroundings
from models.reminders.rules import Anchor, Direction, ReminderRule, rules
from models.reminders.subjects import Subject, is_meant, load_subject, open_subjects
from models.reminders.touched import take_touched

LATE = timedelta(hours=24)  # more than this is called late, and collected (point 6)
SWEEP = timedelta(hours=1)
CHUNK = 2000
AT_ONCE = 5000  # parameters of one statement; both databases take some more

# What was left out for one of these reasons is due again when the reason is gone: moved back, opened again; a clock
# that went ahead was put right.
MAY_COME_BACK = (Reason.MOVED, Reason.DONE, Reason.RULE_OFF, Reason.PAST)


@dataclass(frozen=True)
class Look:
    """What one look covers. `touched` maps a table to keys; None: everything. `told` are those who get a mail about
    a change of date now: it says what a reminder at short notice would say."""

    now: datetime
    touched: Mapping[str, set[int]] | None = None
    told: frozenset[Person] = frozenset()

    def covers(self, rule: ReminderRule) -> bool:
        """Whether everything of this rule is to be looked at."""
        if self.touched is None:
            return True
        arrived = rule.also_latecomers and self.touched.get("officer")
        return bool(arrived) or rule.key in self.touched.get("reminder_rule", ())


@dataclass(frozen=True)
class Reached:
    """A due moment that was reached, and what it is worth."""

    subject: Subject
    anchor_on: date
    step: Step
    state: ReminderState
    occasion: Occasion


_Worth = tuple[date, Step, ReminderState, Occasion]  # what is Reached, without its subject


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
    worth = cache(partial(_worth_on, rule, around=around, now=look.now))  # thousands share a few dates
    while chunk := list(islice(subjects, CHUNK)):
        reached = [Reached(one, *row) for one in chunk for row in worth(anchor_of(rule, one))]
        if reached:
            added += _store(session, rule, reached, around, look)
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


def reached_steps(
    rule: ReminderRule, subject: Subject, around: Surroundings, now: datetime
) -> Iterator[Reached]:
    """The due moments of a rule on one subject that were reached by now, and what each is worth."""
    for row in _worth_on(rule, anchor_of(rule, subject), around, now):
        yield Reached(subject, *row)


def _worth_on(rule: ReminderRule, anchor: date | None, around: Surroundings, now: datetime) -> list[_Worth]:
    """The same of any subject with this date."""
    return list(_weighed(rule, anchor, around, now)) if anchor else []


def _weighed(rule: ReminderRule, anchor: date, around: Surroundings, now: datetime) -> Iterator[_Worth]:
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


def _store(
    session: Session, rule: ReminderRule, reached: list[Reached], around: Surroundings, look: Look
) -> int:
    named = around.named(rule.key)
    subjects = {row.subject.id for row in reached}
    known = set() if rule.also_latecomers else known_steps(session, rule, subjects)
    today, told = local_day(look.now, around.zone), _told_by(session, rule, reached)
    rows: list[dict[str, Any]] = []
    people: dict[tuple[object, ...], list[int]] = {}
    due: set[tuple[int, str, str]] = set()
    if any(row.step.is_escalation for row in reached):
        reached = _unanswered(session, rule, reached, subjects, around, look.now)
    for one in reached:
        occurrence = (rule.fixed_on or one.anchor_on).isoformat()
        name = (one.subject.id, occurrence, one.step.name)
        if one.state is ReminderState.QUEUED:
            due.add(name)
        if name not in known:
            whose = (one.subject.responsible_id, one.subject.deputy_id, one.subject.participant_ids, one.step)
            if whose not in people:  # a colleague's thousand dates are decided once
                step = replace(one.step, day=max(one.step.day, today))  # whoever is here when it goes out
                people[whose] = sorted(recipients(rule, one.subject, step, named, around))
            rows += [_row(rule, one, occurrence, person, look, told) for person in people[whose]]
    return _come_back(session, rule, due, subjects, look.now) + insert_reminders(session, rows)


def known_steps(session: Session, rule: ReminderRule, subjects: Iterable[int]) -> set[tuple[int, str, str]]:
    """Which steps of these subjects were told or left out already: (subject, occurrence, step)."""
    rows = select(Reminder.subject_id, Reminder.occurrence, Reminder.step).where(
        Reminder.rule_id == rule.key,
        Reminder.subject_kind == rule.subject_kind.value,  # the unique index begins with these three
        col(Reminder.reason).not_in(MAY_COME_BACK),
    )
    keys, found = sorted(subjects), set()
    for start in range(0, len(keys), AT_ONCE):
        some = col(Reminder.subject_id).in_(keys[start : start + AT_ONCE])
        found |= set(session.exec(rows.where(some).distinct()))
    return found


def _unanswered(
    session: Session, rule: ReminderRule, reached: list[Reached], subjects: set[int], around: Surroundings,
    now: datetime,
) -> list[Reached]:  # fmt: skip
    """Somebody else is asked only of what was told so many working days ago and not answered by anybody."""
    told = session.exec(
        select(Reminder).where(
            Reminder.rule_id == rule.key,
            Reminder.subject_kind == rule.subject_kind.value,
            col(Reminder.subject_id).in_(subjects),
            Reminder.state == ReminderState.SENT,
        )
    ).all()
    today, waiting, answered = local_day(now, around.zone), set(), set()
    for reminder in told:
        name = (reminder.subject_id, reminder.occurrence)
        asked_on = local_day(reminder.queued_at, around.zone)
        if add_working_days(asked_on, rule.escalate_after, around.state) <= today:
            waiting.add(name)
        if reminder.answered_at is not None:
            answered.add(name)
    open_ones = waiting - answered
    return [
        row
        for row in reached
        if not row.step.is_escalation
        or (row.subject.id, (rule.fixed_on or row.anchor_on).isoformat()) in open_ones
    ]


def _told_by(session: Session, rule: ReminderRule, reached: Iterable[Reached]) -> set[tuple[int, int]]:
    """Whom this rule has told before of what comes at short notice now: (subject, person)."""
    subjects = {one.subject.id for one in reached if one.occasion is Occasion.SHORT}
    if not subjects:
        return set()
    told = select(Reminder.subject_id, Reminder.person_id).where(
        Reminder.rule_id == rule.key,
        Reminder.subject_kind == rule.subject_kind.value,
        col(Reminder.subject_id).in_(subjects),
        Reminder.state == ReminderState.SENT,
    )
    return set(session.exec(told.distinct()))


def _says_nothing_new(
    rule: ReminderRule, one: Reached, person: int, look: Look, told: Collection[tuple[int, int]]
) -> bool:
    """Whether a reminder at short notice is needless: the mail about the change of date says the same (T1, T12). Not
    so a task, a text of its own or somebody's wish, unless it told this person before; nor what is due anyway."""
    if one.occasion is not Occasion.SHORT:
        return False
    was_told = (one.subject.id, person) in told
    has_news = (one.subject.kind.value, one.subject.id, person) in look.told
    is_plain = rule.subject_id is None and rule.text_id is None and not rule.is_task
    return (has_news and (is_plain or was_told)) or (was_told and counts_after(rule, one.anchor_on))


def _row(
    rule: ReminderRule, one: Reached, occurrence: str, person: int, look: Look, told: Collection[tuple[int, int]] = ()
) -> dict[str, Any]:  # fmt: skip
    subject, state, reason = one.subject, one.state, Reason.NONE
    if state is ReminderState.MISSED:
        reason = Reason.PAST
    elif state is ReminderState.QUEUED and _says_nothing_new(rule, one, person, look, told):
        state, reason = ReminderState.SUPERSEDED, Reason.TOLD
    return {
        "rule_id": rule.key, "subject_kind": subject.kind.value, "subject_id": subject.id,
        "occurrence": occurrence, "step": one.step.name, "person_kind": "officer", "person_id": person,
        "token": token_of(rule.key, subject.kind.value, subject.id, occurrence, one.step.name, "officer", person),
        "due_at": one.step.due_at, "queued_at": look.now, "state": state, "reason": reason, "occasion": one.occasion,
    }  # fmt: skip


def _come_back(
    session: Session, rule: ReminderRule, due: set[tuple[int, str, str]], subjects: set[int], now: datetime
) -> int:
    if not due:
        return 0
    left_out = select(Reminder).where(
        Reminder.rule_id == rule.key,
        Reminder.subject_kind == rule.subject_kind.value,
        col(Reminder.subject_id).in_(subjects),
        col(Reminder.state).in_((ReminderState.SKIPPED, ReminderState.SUPERSEDED, ReminderState.MISSED)),
        col(Reminder.reason).in_(MAY_COME_BACK),
        col(Reminder.message_id).is_(None),
    )
    back = [r for r in session.exec(left_out) if (r.subject_id, r.occurrence, r.step) in due]
    for reminder in back:
        reminder.state, reminder.reason, reminder.queued_at = ReminderState.QUEUED, Reason.NONE, now
    session.flush()
    return len(back)


def pass_on(
    session: Session, reminder: Reminder, rule: ReminderRule, subject: Subject, now: datetime
) -> None:
    """The recipient left or is away since it was queued: whoever is meant now gets it, unless reminded (T25)."""
    around = surroundings(session)
    step = Step(
        reminder.step, local_day(now, around.zone), reminder.due_at, reminder.occasion is Occasion.ESCALATION
    )
    anchor = anchor_of(rule, subject)
    if anchor is None:
        return
    one = Reached(subject, anchor, step, ReminderState.QUEUED, reminder.occasion)
    people = recipients(rule, subject, step, around.named(rule.key), around)
    rows = [_row(rule, one, reminder.occurrence, person, Look(now)) for person in sorted(people)]
    insert_reminders(session, rows)
    # Who was passed over before may be meant again: the deputy who stood in cannot be written to.
    again = select(Reminder).where(
        col(Reminder.token).in_([row["token"] for row in rows]),
        Reminder.state == ReminderState.SKIPPED,
        col(Reminder.reason).in_((Reason.AWAY, Reason.LEFT, Reason.REASSIGNED)),
        Reminder.id != reminder.id,
    )
    for back in session.exec(again).all():
        back.state, back.reason, back.queued_at = ReminderState.QUEUED, Reason.NONE, now


def pass_on_what_news_said(session: Session, news: Reminder, subject: Subject, now: datetime) -> None:
    """The news took the place of reminders, and its reader left before it went out: whoever is meant now gets them."""
    told = select(Reminder).where(
        Reminder.subject_kind == news.subject_kind,
        Reminder.subject_id == news.subject_id,
        Reminder.person_id == news.person_id,
        Reminder.reason == Reason.TOLD,
        Reminder.queued_at == news.queued_at,
    )
    for reminder in session.exec(told).all():
        pass_on(session, reminder, session.get_one(ReminderRule, reminder.rule_id), subject, now)


def was_answered(session: Session, reminder: Reminder) -> bool:
    """Whether anybody has answered what was told of the same date by the same rule."""
    answered = select(Reminder.id).where(
        Reminder.rule_id == reminder.rule_id,
        Reminder.subject_kind == reminder.subject_kind,
        Reminder.subject_id == reminder.subject_id,
        Reminder.occurrence == reminder.occurrence,
        col(Reminder.answered_at).is_not(None),
    )
    return session.exec(answered.limit(1)).first() is not None


def insert_reminders(session: Session, rows: list[dict[str, Any]]) -> int:
    """Insert what is not there yet; answers how many were new."""
    if not rows:
        return 0
    connection = session.connection()
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    # PostgreSQL's driver forgets the number otherwise.
    done = connection.execute(
        insert(Reminder).on_conflict_do_nothing(), rows, execution_options={"preserve_rowcount": True}
    )
    return done.rowcount
