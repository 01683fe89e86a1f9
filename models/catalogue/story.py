"""A past that is played: each step at its moment, by its colleague, and every morning what the sender would do."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from models.calendar_days import local_day, moment, nearest_working_day
from models.officers import Officer
from models.reminders.claiming import claim, unsettled
from models.reminders.composing import compose, people_waiting
from models.reminders.letters import MailSettings
from models.reminders.messages import Message, Reminder
from models.reminders.queueing import queue_due
from models.reminders.rules import MORNING
from models.reminders.settling import settle_sent

WORK_BEGINS = time(9, 30)
BETWEEN_STEPS = timedelta(minutes=11)


class Story:
    """Plays steps in the order of their days. Mails are filed, never sent: a demonstration has no mail server."""

    def __init__(
        self, session: Session, now: datetime, zone: ZoneInfo, state: str, begins: date, mail: MailSettings
    ) -> None:
        self.session, self.now, self.zone, self.state, self.mail = session, now, zone, state, mail
        self.today = local_day(now, zone)
        self.at = moment(begins, time(7), zone)

    def day(self, offset: int) -> date:
        """The working day that lies so many days from today, or the one before it."""
        return nearest_working_day(self.today + timedelta(days=offset), self.state, backward=True)

    @contextmanager
    def step(self, day: date, officer: Officer | None) -> Iterator[datetime]:
        """One step of a colleague on a day that is over; what it changes is in the history with moment and name."""
        at = max(moment(day, WORK_BEGINS, self.zone), self.at + BETWEEN_STEPS)
        if at > self.now:
            raise ValueError(f"{day} is not over yet")
        self.play_until(at)
        self._as(at, officer)
        yield at
        self.session.flush()

    def play_until(self, at: datetime) -> None:
        """Every morning on the way the reminders that are due then are filed."""
        day = local_day(self.at, self.zone)
        while (morning := moment(day, MORNING, self.zone)) <= at:
            if morning > self.at:
                self._as(morning, None)
                queue_due(self.session, morning)
                self.file_mails(morning)
            day += timedelta(days=1)
        self.at = at

    def file_mails(self, at: datetime) -> None:
        """Compose what is queued and file what is ready."""
        for officer_id in people_waiting(self.session):
            compose(self.session, officer_id, self.mail, at)
        for waiting in unsettled(self.session):
            message = claim(self.session, waiting.key, self.mail, at)
            if message is not None:
                settle_sent(self.session, message, at, filed=True)
        self.session.flush()

    def reminder_about(self, kind: str, key: int) -> Reminder | None:
        """The latest reminder of a subject that was filed."""
        found = select(Reminder).join(Message, col(Message.id) == col(Reminder.message_id))
        found = found.where(Reminder.subject_kind == kind, Reminder.subject_id == key)
        return self.session.exec(found.order_by(col(Reminder.id).desc())).first()

    def _as(self, at: datetime, officer: Officer | None) -> None:
        self.session.flush()  # what was changed before belongs to the step before
        self.session.info.update(now=at, officer_id=officer.key if officer else None)
