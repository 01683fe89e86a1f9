"""What was reached becomes reminders, once for each person; and what was left out may come back (point 3)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from models.calendar_days import add_working_days, local_day
from models.reminders.changes import Person
from models.reminders.messages import Occasion, Reason, Reminder, ReminderState, token_of
from models.reminders.occurrences import Step, counts_after
from models.reminders.reaching import Reached, anchor_of
from models.reminders.recipients import Surroundings, recipients, surroundings
from models.reminders.rules import ReminderRule
from models.reminders.subjects import Subject

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


def store_reached(
    session: Session, rule: ReminderRule, reached: list[Reached], around: Surroundings, look: Look
) -> int:
    """Store what was reached for everybody it is for, unless it is known. Answers how many reminders are new."""
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
