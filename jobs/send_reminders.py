"""The tick: what is due is queued, composed, and handed over (reminders, points 3 to 6, 11, 14)."""

import logging
from collections.abc import Callable

from sqlmodel import Session

from jobs.clock import Clock
from jobs.deliver import Report, deliver, never
from jobs.permission import locked_sender, may_send
from models.database import Database
from models.reminders.composing import compose, note_fault, uncomposed
from models.reminders.messages import the_sender
from models.reminders.planning import queue_due, queue_rule, surroundings
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
    report.queued = _queue(database, clock, report)
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
            if not uncomposed(session):
                break
    return report


def _begin(database: Database, clock: Clock, *, as_of: bool) -> None:
    with database.write(clock()) as session:
        if not as_of:
            the_sender(session).last_tick_at = clock()
        lost = expire_claims(session, clock())
        session.commit()
    if lost:
        log.warning("%s mails were being sent when the program was interrupted: an officer decides", lost)


def _queue(database: Database, clock: Clock, report: Report) -> int:
    """All rules in one transaction; if one is faulty, each in its own, so that it stops no other (T15)."""
    now = clock()
    try:
        with database.write(now) as session:
            locked_sender(session)
            added = queue_due(session, now)
            session.commit()
        return added
    except Exception as error:
        log.error("%s while looking for what is due; trying rule by rule", type(error).__name__)
    with database.read(now) as session:
        keys = [rule.key for rule in rules(session) if rule.is_on]
    return sum(_guarded(database, clock, report, "rule", key, _queue_one) for key in keys)


def _queue_one(session: Session, key: int, clock: Clock) -> int:
    locked_sender(session)
    return queue_rule(session, key, surroundings(session), clock())


def _compose(database: Database, settings: Settings, clock: Clock, report: Report) -> int:
    """Each reminder in its own small transaction: a faulty one is passed over this time, and shown (T15)."""

    def one(session: Session, key: int, clock: Clock) -> int:
        return int(compose(session, key, settings.mail, clock()) is not None)

    with database.read(clock()) as session:
        keys = uncomposed(session)

    def noted(session: Session, key: int, clock: Clock) -> int:
        note_fault(session, key)
        return 0

    faults, made = report.faults, 0
    for key in keys:
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
