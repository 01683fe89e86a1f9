"""Hands ready mails over, one by one: claimed, committed, sent, settled, committed (reminders, points 4, 5)."""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from jobs.clock import Clock
from jobs.mail_folder import MailFolder
from jobs.outcome import Carrier, Kind, Outcome, ServerFault
from jobs.permission import locked_sender, look, may_send
from jobs.restore_guard import RestoreGuard
from jobs.settling import settle
from jobs.smtp import Relay
from models.database import Database
from models.quick_writes import QuickWrites
from models.reminders.claiming import claim
from models.reminders.looking_ahead import Ahead
from models.reminders.messages import Message, MessageState
from models.reminders.settling import (
    count_turn,
    give_back,
    next_ready,
    pause_for_server,
    put_off,
    server_works,
)
from settings import Settings

log = logging.getLogger(__name__)


@dataclass
class Report:
    """What one run did: numbers only."""

    queued: int = 0
    composed: int = 0
    faults: int = 0  # rules, reminders and mails at which the program failed; each is left for later
    outcomes: Counter[Kind] = field(default_factory=Counter)
    is_paused: bool = False
    server_fault: str = ""


@dataclass(frozen=True)
class _Sent:
    mail: Message
    outcome: Outcome

    @property
    def is_plain(self) -> bool:
        """Whether it changes nothing that other mails depend on."""
        return self.outcome.kind in (Kind.DELIVERED, Kind.FILED)

    @property
    def is_answered(self) -> bool:
        """Whether the server answered to the mail itself."""
        return self.outcome.kind not in (Kind.DROPPED, Kind.NO_ANSWER)


def never() -> bool:
    """Nobody asks the job to end."""
    return False


def open_carrier(settings: Settings) -> Carrier:
    """The city's relay, or the mail folder where there is none."""
    if settings.smtp is None or not settings.sends_mail:
        return MailFolder(settings.mail_dir)
    return Relay(settings.smtp)


def deliver(
    database: Database,
    settings: Settings,
    clock: Clock,
    *,
    as_of: bool = False,
    is_stopping: Callable[[], bool] = never,
) -> Report:
    """Send what is ready. `database` is durable; `as_of` leaves counter and server pause alone."""
    report = Report()
    state = look(database, RestoreGuard(settings.data_dir), clock())
    if not state.is_ready:
        return report
    if not may_send(database, settings, clock, as_of=as_of):
        report.is_paused = True
        return report
    if not as_of and state.retry_at is not None and clock() < state.retry_at:
        report.server_fault = state.server_fault
        return report
    batch = _Batch(database, settings, clock, report, as_of)
    try:
        with open_carrier(settings) as carrier:
            batch.run(carrier, is_stopping)
    except ServerFault as fault:
        batch.note_fault(fault)
    return report


class _Batch:
    """One pass over the ready mails."""

    def __init__(
        self, database: Database, settings: Settings, clock: Clock, report: Report, as_of: bool
    ) -> None:
        self.database, self.settings, self.clock, self.report, self.as_of = (
            database,
            settings,
            clock,
            report,
            as_of,
        )
        self.guard = RestoreGuard(settings.data_dir)
        self.after = 0  # ids up to here had their turn
        self.ahead = Ahead(settings.mail)
        self.counter = 0  # the sender's, as of the last claim
        self.quick: QuickWrites | None = None  # while there are mails that were looked at ahead

    def run(self, carrier: Carrier, is_stopping: Callable[[], bool]) -> None:
        """Until nothing is ready, or somebody asks to stop."""
        try:
            self._one_by_one(carrier, is_stopping)
        finally:
            self._no_longer_quick()

    def _one_by_one(self, carrier: Carrier, is_stopping: Callable[[], bool]) -> None:
        sent: _Sent | None = None
        while True:
            mail = self._settle_and_claim(sent, is_last=is_stopping())
            if mail is None:
                return
            sent = self._send(carrier, mail)
            if sent is None:
                return

    def _settle_and_claim(self, sent: _Sent | None, *, is_last: bool) -> Message | None:
        """Settle the last mail and claim the next in one transaction. A mail that cannot be claimed is passed over."""
        while True:
            now, before = self.clock(), self.after
            try:
                mail = None if is_last else self._quickly(sent, now)
                if mail is None:
                    mail = self._thoroughly(sent, now, is_last=is_last)
            except Exception as error:
                log.error("mail %s: %s while claiming or settling", self.after, type(error).__name__)
                self.ahead.forget()
                if sent is not None:
                    if not self._settle_alone(sent):
                        return None  # no more than this one is left uncertain
                    sent = None
                elif self.after == before:  # not one mail's fault: the database cannot be used
                    raise
                if self.after != before:
                    self._put_off(self.after)
                continue
            if mail is not None and not self.as_of and not self._trace(mail):
                return None
            return mail

    def _look_ahead(self, now: datetime) -> None:
        with self.database.write(now) as session:
            try:
                self.ahead.look(session, now, self.after)
            except Exception as error:  # whichever mail it was: its own turn tells
                log.info("%s while looking ahead", type(error).__name__)
                self.ahead.forget()
            session.rollback()

    def _quickly(self, sent: _Sent | None, now: datetime) -> Message | None:
        """Settle and claim without a closer look. None: nothing was written, for whatever reason."""
        if sent is not None and not sent.is_plain:
            return None
        if self.ahead.is_used_up:
            self._no_longer_quick()
            self._look_ahead(now)
        if not self.ahead.mails:
            return None
        self.quick = self.quick or self.database.quick_writes()
        try:
            with self.quick.transaction():
                return self._quick_turn(self.quick, sent, now)
        except Exception as error:  # the thorough turn, which comes next, tells what it is
            log.info("%s in a quick turn", type(error).__name__)
            return None

    def _quick_turn(self, quick: QuickWrites, sent: _Sent | None, now: datetime) -> Message | None:
        """What `_turn` does, for a mail that was looked at before; the sender's row, too, is as it was then."""
        known = self.ahead.next(quick.raw, now)
        if known is None:
            return None
        counter = self.ahead.counter
        if not self.as_of:
            counter += 1
            count_turn(quick, counter, now)
        if sent is not None:
            settle(quick, sent.mail, sent.outcome, now)
        mail = claim(quick, known.key, self.settings.mail, now, known)
        if mail is not None:
            self.ahead.took(quick.raw, counter)
            quick.commit()
            self.after, self.counter = known.key, counter
        return mail

    def _no_longer_quick(self) -> None:
        if self.quick is not None:
            self.quick.close()
            self.quick = None

    def _thoroughly(self, sent: _Sent | None, now: datetime, *, is_last: bool) -> Message | None:
        self.ahead.forget()
        self._no_longer_quick()
        with self.database.write(now) as session:
            mail = self._turn(session, sent, now, is_last=is_last)
            session.commit()
        return mail

    def _turn(self, session: Session, sent: _Sent | None, now: datetime, *, is_last: bool) -> Message | None:
        """Settle the last mail, claim the next, and raise the counter for it."""
        sender = locked_sender(session)
        if sent is not None:
            settle(session, sent.mail, sent.outcome, now)
            if sent.is_answered:
                server_works(session)
        mail = None if is_last or sender.paused_at is not None else self._claim_next(session, now)
        if mail is not None and not self.as_of:
            sender.counter += 1
            sender.last_tick_at = now  # a long batch is no silence
        self.counter = sender.counter
        return mail

    def _claim_next(self, session: Session, now: datetime) -> Message | None:
        while (key := next_ready(session, now, self.after)) is not None:
            self.after = key
            mail = claim(session, key, self.settings.mail, now)
            session.flush()
            if mail is not None:
                return mail
        return None

    def _trace(self, mail: Message) -> bool:
        try:
            self.guard.write(self.counter)
        except OSError as error:
            self._give_back(mail, ServerFault(f"{self.guard.file}: {error.strerror}"))
            return False
        return True

    def _send(self, carrier: Carrier, mail: Message) -> _Sent | None:
        """None: the server is at fault and the batch ends."""
        try:
            outcome = carrier.send(self.settings.mail_from, mail.to_address, mail.body)
        except ServerFault as fault:
            self._give_back(mail, fault)
            return None
        except Exception as error:  # nobody knows how far it came
            log.error("mail %s: %s while sending", mail.key, type(error).__name__)
            outcome = Outcome(Kind.NO_ANSWER)
        log.info("mail %s: %s", mail.key, outcome.kind.value)
        self.report.outcomes[outcome.kind] += 1
        return _Sent(mail, outcome)

    def _settle_alone(self, sent: _Sent) -> bool:
        """Once more, without the next claim. If this fails too, the claim runs out and an officer decides."""
        try:
            with self.database.write(self.clock()) as session:
                settle(session, sent.mail, sent.outcome, self.clock())
                session.commit()
            return True
        except Exception as error:
            log.error("mail %s: %s, its outcome could not be stored", sent.mail.key, type(error).__name__)
            return False

    def _put_off(self, key: int) -> None:
        """A mail at which the program fails is tried later, and seen meanwhile; it calls the server no more."""
        self.report.faults += 1
        try:
            with self.database.write(self.clock()) as session:
                put_off(session, session.get_one(Message, key), self.clock())
                session.commit()
        except Exception as error:
            log.error("mail %s: %s, it could not be put off either", key, type(error).__name__)

    def _give_back(self, mail: Message, fault: ServerFault) -> None:
        with self.database.write(self.clock()) as session:
            locked_sender(session)
            claimed = session.get(Message, mail.key)
            if claimed is not None and claimed.state is MessageState.CLAIMED:
                give_back(session, claimed)
            session.commit()
        self.note_fault(fault)

    def note_fault(self, fault: ServerFault) -> None:
        """The sender waits and a banner tells; mails stay as they are."""
        self.report.server_fault = fault.reply
        log.error("the mail server cannot be used; trying again in some minutes")
        if not self.as_of:
            with self.database.write(self.clock()) as session:
                locked_sender(session)
                pause_for_server(session, fault.reply, self.clock())
                session.commit()
