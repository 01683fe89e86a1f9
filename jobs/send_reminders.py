"""The tick: what is due is queued, composed, and handed over (reminders, points 3 to 6, 11, 14)."""

import logging
from collections.abc import Callable, Iterable

from sqlmodel import Session

from jobs.clock import Clock
from jobs.deliver import Report, deliver, never
from jobs.permission import locked_sender, may_send
from models.database import Database
from models.reminders.clock_set_back import put_right, was_set_back
from models.reminders.composing import compose, faulty_waiting, note_fault, people_waiting, waiting_of
from models.reminders.messages import Reminder, the_sender
from models.reminders.queueing import queue_due, queue_news, queue_one_rule
from models.reminders.restored import WouldSend, would_send
from models.reminders.rules import rules
from models.reminders.settling import expire_claims
from settings import Settings

log = logging.getLogger(__name__)


def send_reminders(
    database: Database,
    settings: Settings,
    clock: Clock,
    *,
    as_of: bool,
    is_stopping: Callable[[], bool] = never,
) -> Report:
    """Do what is due at this moment. `as_of`: the moment is made up, so heartbeat and restore counter stay alone."""
    _begin(database, clock, as_of=as_of)
    report = Report()
    if not may_send(database, settings, clock, as_of=as_of):
        report.is_paused = True
        return report
    report.queued = _queue(database, clock, report, as_of=as_of)
    for _ in range(2):  # a mail whose subject changed since it was composed is composed anew at once
        if is_stopping():
            break
        report.composed += _compose(database, settings, clock, report)
        sent = deliver(database, settings, clock, as_of=as_of, is_stopping=is_stopping)
        report.faults += sent.faults
        report.outcomes += sent.outcomes
        report.is_paused = report.is_paused or sent.is_paused
        report.server_fault = report.server_fault or sent.server_fault
        with database.read(clock()) as session:
            if not people_waiting(session):
                break
    return report


def _begin(database: Database, clock: Clock, *, as_of: bool) -> None:
    with database.write(clock()) as session:
        if not as_of:
            sender = the_sender(session)
            if was_set_back(sender, clock()):
                log.warning(
                    "the clock of this machine was set back: nothing waits for moments that are to come again"
                )
                put_right(session, sender, clock())
            sender.last_tick_at = clock()
        lost = expire_claims(session, clock())
        session.commit()
    if lost:
        log.warning("%s mails were being sent when the program was interrupted: an officer decides", lost)


def _queue(database: Database, clock: Clock, report: Report, *, as_of: bool) -> int:
    """All rules in one transaction; if one is faulty, each in its own, so that it stops no other (T15)."""
    now = clock()
    try:
        with database.write(now) as session:
            locked_sender(session)
            added = queue_due(session, now, everything=as_of)
            session.commit()
        return added
    except Exception as error:
        log.error("%s while looking for what is due; trying rule by rule", type(error).__name__)
    _guarded(database, clock, report, "news of dates", 0, _queue_news)
    with database.read(now) as session:
        keys = [rule.key for rule in rules(session) if rule.is_on]
    return sum(_guarded(database, clock, report, "rule", key, _queue_one) for key in keys)


def _queue_news(session: Session, _key: int, clock: Clock) -> int:
    locked_sender(session)
    return queue_news(session, clock())


def _queue_one(session: Session, key: int, clock: Clock) -> int:
    locked_sender(session)
    return queue_one_rule(session, key, clock())


def _compose(database: Database, settings: Settings, clock: Clock, report: Report) -> int:
    """Each colleague's mails in one transaction; where one reminder is faulty, each by itself, so that it stops no
    other, and is shown (T15)."""

    def all_of(session: Session, key: int, clock: Clock) -> int:
        return len(compose(session, key, settings.mail, clock(), without=faulty))

    with database.read(clock()) as session:
        people, faulty = people_waiting(session), faulty_waiting(session)
    made = 0
    for key in people:
        faults = report.faults
        made += _guarded(database, clock, report, "mails of officer", key, all_of)
        if report.faults > faults:
            report.faults = faults
            with database.read(clock()) as session:
                alone = waiting_of(session, key)
            made += _compose_alone(database, settings, clock, report, set(alone) - set(faulty))
    return made + _compose_alone(database, settings, clock, report, faulty)


def _compose_alone(
    database: Database, settings: Settings, clock: Clock, report: Report, keys: Iterable[int]
) -> int:
    def one(session: Session, key: int, clock: Clock) -> int:
        reminder = session.get_one(Reminder, key)
        return len(compose(session, reminder.person_id, settings.mail, clock(), only={key}))

    def noted(session: Session, key: int, clock: Clock) -> int:
        note_fault(session, key)
        return 0

    faults, made = report.faults, 0
    for key in sorted(keys):
        made += _guarded(database, clock, report, "reminder", key, one)
        if report.faults > faults:
            _guarded(database, clock, report, "reminder", key, noted)
            faults = report.faults
    return made


def _guarded(
    database: Database,
    clock: Clock,
    report: Report,
    what: str,
    key: int,
    work: Callable[[Session, int, Clock], int],
) -> int:
    try:
        with database.write(clock()) as session:
            answer = work(session, key, clock)
            session.commit()
        return answer
    except Exception as error:
        log.error("%s %s: %s, left for the next time", what, key, type(error).__name__)
        report.faults += 1
        return 0


def preview(database: Database, settings: Settings, clock: Clock) -> list[WouldSend]:
    """What would be sent at this moment: the same steps, and nothing of it stored."""
    with database.write(clock()) as session:
        try:
            return would_send(session, settings.mail, clock(), ready_only=True)
        finally:
            session.rollback()
