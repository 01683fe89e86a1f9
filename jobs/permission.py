"""Whether the sender may send: not while it is paused, and never from a restored database unseen."""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from jobs.clock import Clock
from jobs.restore_guard import RestoreGuard, Traces, catch_up
from models.database import Database
from models.reminders.messages import Sender, the_sender
from models.reminders.settling import next_ready
from settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SenderState:
    """The sender's row and the data folder, as they were a moment ago."""

    is_paused: bool
    is_restored: bool
    traces: Traces
    retry_at: datetime | None
    server_fault: str
    is_ready: bool


def look(database: Database, guard: RestoreGuard, now: datetime) -> SenderState:
    """How things stand at this moment."""
    traces = guard.traces()  # before the database
    with database.read(now) as session:
        sender = session.exec(select(Sender)).first() or Sender()
        is_ready = next_ready(session, now) is not None
        restored = guard.is_restored(sender, traces)
        is_paused = sender.paused_at is not None
        return SenderState(is_paused, restored, traces, sender.server_retry_at, sender.server_fault, is_ready)


def may_send(database: Database, settings: Settings, clock: Clock, *, as_of: bool) -> bool:
    """Whether the sender is not paused. A restored database pauses it here; a run as of another moment only looks."""
    guard = RestoreGuard(settings.data_dir)
    state = look(database, guard, clock())
    if as_of or not state.is_restored:
        return not state.is_paused
    with database.write(clock()) as session:
        sender = locked_sender(session)
        sender.paused_at = sender.paused_at or clock()
        catch_up(session, sender, state.traces)
        session.commit()
    guard.forget_marker()
    log.warning("the database was restored: sending is paused until an officer has looked at it")
    return False


def locked_sender(session: Session) -> Sender:
    """Everybody locks this row first, so that two processes never wait for each other's rows."""
    return session.exec(select(Sender).with_for_update()).first() or the_sender(session)
