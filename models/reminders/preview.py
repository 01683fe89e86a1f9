"""The real mail of a chosen person, before it is sent: the sender's own steps at that moment (T20)."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from models.calendar_days import local_day
from models.reminders.asking import switch
from models.reminders.composing import compose
from models.reminders.letters import MailSettings
from models.reminders.messages import Message, Reminder, ReminderState
from models.reminders.planning import due_by, planned_by
from models.reminders.queueing import queue_rule
from models.reminders.recipients import surroundings
from models.reminders.rules import ReminderRule, rules
from models.reminders.storing import Look

A_YEAR = timedelta(days=366)


def preview_mail(
    session: Session,
    rule_id: int,
    subject_id: int,
    step_name: str,
    officer_id: int,
    settings: MailSettings,
    now: datetime,
) -> Message | None:
    """The mail by which a colleague will be told of this step, as if the rule were switched on, byte by byte (only
    Date and DTSTAMP are those of the planned moment). None if that is not planned for this person. In a write session
    that the caller rolls back."""
    rule = session.get_one(ReminderRule, rule_id)
    if not rule.is_on:
        switch(rule, True, now)
        session.flush()
    _forget_what_waits(session)
    moment = _moment(session, rule, subject_id, step_name, now)
    if moment is None:
        return None
    _queue_at(session, rule, moment, now)
    found = session.exec(
        select(Reminder).where(
            Reminder.rule_id == rule_id,
            Reminder.subject_id == subject_id,
            Reminder.step == step_name,
            Reminder.person_id == officer_id,
        )
    ).first()
    if found is None:
        return None
    compose(session, officer_id, settings, moment)
    session.refresh(found)
    return session.get(Message, found.message_id) if found.message_id else None


def _forget_what_waits(session: Session) -> None:
    """What waits now will have gone out by then."""
    waiting = update(Reminder).where(col(Reminder.state) == ReminderState.QUEUED)
    session.connection().execute(waiting.values(state=ReminderState.SKIPPED))
    session.expire_all()


def _moment(
    session: Session, rule: ReminderRule, subject_id: int, step_name: str, now: datetime
) -> datetime | None:
    """When the sender will do it: at the due moment, or now if that has passed."""
    around = surroundings(session)
    until = local_day(now, around.zone) + A_YEAR
    rows = [*due_by(session, rule, around, now), *planned_by(session, rule, around, now, until)]
    found = [row for row in rows if row.subject.id == subject_id and row.step.name == step_name]
    return max(found[0].step.due_at, now) if found else None


def _queue_at(session: Session, rule: ReminderRule, moment: datetime, now: datetime) -> None:
    """What falls due at just that moment, of all rules; of this one also what is late already."""
    around = surroundings(session)
    if moment == now:
        queue_rule(session, rule, around, Look(now))
        return
    for each in rules(session):
        if each.is_on:
            each.queued_until = max(each.queued_until, moment - timedelta(seconds=1))
            session.flush()
            queue_rule(session, each, around, Look(moment, touched={}))
