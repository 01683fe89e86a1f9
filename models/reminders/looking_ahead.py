"""Ready mails that are looked at together before their turn comes: fifty cost little more than one.

What was found true then is true at a mail's turn if nobody has written to the database in between. SQLite can tell
(`Mark`), and the claim asks inside its own transaction, where nobody else can write. If anything was written, by
whomever, or if the database cannot tell (PostgreSQL), the mail is looked at once more by itself: `claiming.claim`.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from sqlite3 import Connection as SqliteConnection

from sqlmodel import Session, col, select

from models.reminders.about import read_together
from models.reminders.claiming import is_unchanged
from models.reminders.letters import MailSettings
from models.reminders.messages import MailAddress, Message, MessageState, Reminder, the_sender
from models.reminders.recipients import surroundings

AT_ONCE = 50
HOLDS = timedelta(minutes=1)  # who is away depends on the day, so nothing is known for long


@dataclass(frozen=True)
class Mark:
    """A moment in a database's life. Equal marks: no row was written in between, neither through another connection
    (`data_version`) nor by somebody else through this one (`changes`)."""

    connection: SqliteConnection
    data_version: int
    changes: int


def mark(session: Session) -> Mark | None:
    """The mark of this write transaction. None: the database knows no such thing."""
    raw: object = session.connection().connection.dbapi_connection
    return _mark_of(raw) if isinstance(raw, SqliteConnection) else None


def _mark_of(raw: SqliteConnection) -> Mark:
    (version,) = raw.execute("pragma data_version").fetchone()
    return Mark(raw, version, raw.total_changes)


class Ahead:
    """The next mails, found true: in the order of composing and without a gap, so the first one that needs a closer
    look ends them. None while the sender's own row says that it is paused, or that the server did not work."""

    def __init__(self, settings: MailSettings) -> None:
        self.settings = settings
        self.mails: deque[Message] = deque()
        self.mark: Mark | None = None
        self.looked_at: datetime | None = None
        self.counter = 0  # the sender's
        self.size = AT_ONCE
        self.is_possible = True

    @property
    def is_used_up(self) -> bool:
        """Whether it is time for another look."""
        return self.is_possible and not self.mails

    def look(self, session: Session, now: datetime, after: int) -> None:
        """Look at what comes after this id. The caller rolls back: a look changes nothing."""
        self.mails.clear()
        before = mark(session)
        if before is None:
            self.is_possible = False
            return
        sender = the_sender(session)
        if sender.paused_at is not None or sender.server_fault_at is not None:
            return
        ready = _ready(session, now, after, self.size)
        true = _true_until_the_first_that_is_not(session, ready, self.settings, now)
        session.expunge_all()
        if mark(session) != before:
            return  # it had to write something: that is for the mail's own turn
        self.mails.extend(true)
        self.mark, self.looked_at, self.counter = before, now, sender.counter
        if len(true) < len(ready):
            self._look_less_far()

    def next(self, connection: SqliteConnection, now: datetime) -> Message | None:
        """The next mail if it is certainly still true, inside the transaction that claims it."""
        if not self.mails or self.looked_at is None:
            return None
        if not self.looked_at <= now <= self.looked_at + HOLDS or _mark_of(connection) != self.mark:
            self._look_less_far()
            self.forget()
            return None
        mail = self.mails[0]
        return None if mail.send_before is not None and now > mail.send_before else mail

    def took(self, connection: SqliteConnection, counter: int) -> None:
        """The next mail was claimed: what this transaction wrote for that is known. Called right before its commit."""
        self.mails.popleft()
        self.mark, self.counter = _mark_of(connection), counter
        if not self.mails:
            self.size = min(AT_ONCE, self.size * 4)

    def forget(self) -> None:
        """Something was written that may matter."""
        self.mails.clear()

    def _look_less_far(self) -> None:
        """Where others write as well, or much has changed, looking far ahead is in vain."""
        self.size = max(1, self.size // 4)


def _ready(session: Session, now: datetime, after: int, limit: int) -> Sequence[Message]:
    waiting = col(Message.state).in_((MessageState.COMPOSED, MessageState.RETRYING))
    found = select(Message).where(waiting, Message.ready_at <= now, col(Message.id) > after)
    return session.exec(found.order_by(col(Message.id)).limit(limit)).all()


def _true_until_the_first_that_is_not(
    session: Session, mails: Sequence[Message], settings: MailSettings, now: datetime
) -> list[Message]:
    reminders = _reminders_of(session, mails)
    kept = read_together(session, [one for found in reminders.values() for one in found])
    known_addresses, around = _known_addresses(session, mails), surroundings(session)
    true: list[Message] = []
    for mail in mails:
        about = reminders.get(mail.key, [])
        if mail.to_address in known_addresses or not is_unchanged(
            session, mail, about, around, settings, now
        ):
            break
        true.append(mail)
    kept.clear()
    return true


def _reminders_of(session: Session, mails: Sequence[Message]) -> dict[int, list[Reminder]]:
    found: dict[int, list[Reminder]] = {}
    of_these = col(Reminder.message_id).in_([mail.key for mail in mails])
    for reminder in session.exec(select(Reminder).where(of_these).order_by(col(Reminder.id))):
        found.setdefault(reminder.message_id or 0, []).append(reminder)
    return found


def _known_addresses(session: Session, mails: Sequence[Message]) -> set[str]:
    """Addresses that were refused or blocked at any time: their mails are looked at one by one."""
    of_these = col(MailAddress.address).in_({mail.to_address for mail in mails})
    return set(session.exec(select(MailAddress.address).where(of_these)))
