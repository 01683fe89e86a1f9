"""Messages: one mail each, with its bytes, from composing to the server's 250 (reminders, points 3 to 5)."""

import hashlib
from datetime import date, datetime, timedelta

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, select

from models.base import ADDRESS, CODE, LINE, N_, NAME, NOTE, Labelled, Row, enum_column, text
from models.language import translator

CLAIM_LENGTH = timedelta(minutes=10)
RETRY_PAUSES = tuple(timedelta(minutes=m) for m in (5, 15, 60, 240, 720))
RETRY_AT_MOST = timedelta(hours=72)
SERVER_PAUSE = timedelta(minutes=5)
REFUSALS_UNTIL_HOLD = 2


class ReminderState(Labelled):
    QUEUED = "queued", N_("due")
    SENT = "sent", N_("sent")
    SKIPPED = "skipped", N_("left out")
    MISSED = "missed", N_("missed")
    SUPERSEDED = "superseded", N_("overtaken by a change")


class MessageState(Labelled):
    COMPOSED = "composed", N_("ready to send")
    CLAIMED = "claimed", N_("being sent")
    SENT = "sent", N_("sent")
    FILED = "filed", N_("filed")
    RETRYING = "retrying", N_("will be tried again")
    FAILED = "failed", N_("failed")
    UNCERTAIN = "uncertain", N_("check delivery")


class MessageKind(Labelled):
    REMINDER = "reminder", N_("Reminder")
    TEST = "test", N_("Test mail")
    INVITATION = "invitation", N_("Invitation")
    RESET = "reset", N_("New password")
    DIGEST = "digest", N_("Collected reminders")
    MOVED = "moved", N_("Change of date")
    CANCELLED = "cancelled", N_("Cancellation")
    SELF_CHECK = "self_check", N_("Weekly report to the technical contact")

    @property
    def speaks_of_reminders(self) -> bool:
        """Whether it is written from reminders, and anew when what they speak of changes."""
        return self in (MessageKind.REMINDER, MessageKind.DIGEST, MessageKind.MOVED, MessageKind.CANCELLED)


class Occasion(Labelled):
    """Why a reminder is told now."""

    DUE = "due", N_("at its time")
    LATE = "late", N_("late, because the automatic sending had stood still")
    SHORT = "short", N_("at short notice")
    MOVED = "moved", N_("the date was changed")
    CANCELLED = "cancelled", N_("cancelled")
    ESCALATION = "escalation", N_("nobody has answered")


class Reason(Labelled):
    NONE = "", ""
    DONE = "done", N_("It was done in the meantime.")
    MOVED = "moved", N_("The date was changed in the meantime.")
    DELETED = "deleted", N_("It was deleted in the meantime.")
    RULE_OFF = "rule_off", N_("The reminder was switched off in the meantime.")
    LEFT = "left", N_("The recipient no longer works here.")
    AWAY = "away", N_("The recipient is away; the deputy gets it.")
    DO_NOT_CONTACT = "do_not_contact", N_("No mails are to go to this address.")
    REASSIGNED = "reassigned", N_("Somebody else is responsible now and gets it.")
    UNWANTED = "unwanted", N_("The recipient does not want informations.")
    TOLD = "told", N_("The mail about the change of date said it.")
    PAST = "past", N_("The date had passed before the mail could go out.")
    RESTORED = "restored", N_("Taken as sent after a restore.")
    REFUSED = "refused", N_("The mail server does not accept this address.")
    ON_HOLD = "on_hold", N_("The address was refused and is on hold.")
    CONTENT = "content", N_("The mail server does not accept this mail.")
    TEMPORARY = "temporary", N_("The mail server asked to try again later.")
    DROPPED = "dropped", N_("The connection ended before the mail was handed over.")
    NO_ANSWER = "no_answer", N_("The connection ended before the mail server confirmed the mail.")
    INTERRUPTED = "interrupted", N_("The program was interrupted while sending.")
    GAVE_UP = "gave_up", N_("Tried for too long without success.")
    FAULTY = "faulty", N_("The program could not prepare this mail. Please show its log to your IT.")
    BY_HAND = "by_hand", N_("Marked as delivered by hand.")


NO_LONGER_KEPT = N_("Mail whose text is no longer kept")


class Message(Row, table=True):
    """One mail. `body` is emptied once a mail with a sign-in link has gone out; it and `subject` when the time for
    keeping the texts of mails is over (models/privacy/mail_retention.py)."""

    __tablename__ = "message"

    kind: MessageKind = enum_column(MessageKind)
    officer_id: int | None = Field(default=None, foreign_key="officer.id", index=True)
    to_name: str = text(NAME, personal=True)
    to_address: str = text(ADDRESS, personal=True)
    language: str = text(CODE)
    subject: str = text(LINE, personal=True)
    body: bytes = Field(default=b"", sa_type=LargeBinary, sa_column_kwargs={"info": {"personal": True}})
    message_id: str = text(LINE)
    calendar_request: str = text(LINE)  # UID and SEQUENCE of the invitation that it carries or repeats
    calendar_method: str = text(CODE)  # METHOD of its calendar part
    fingerprint: str = text(64)
    state: MessageState = enum_column(MessageState, MessageState.COMPOSED, index=True)
    reason: Reason = enum_column(Reason, Reason.NONE)
    server_reply: str = text(NOTE, personal=True)
    attempts: int = 0
    send_before: datetime | None = None
    ready_at: datetime = Field(index=True)
    composed_at: datetime
    claimed_until: datetime | None = None
    settled_at: datetime | None = None

    def title(self, language: str) -> str:
        """How lists and pages call it: by its subject line, as long as that is kept."""
        return self.subject or translator(language)(NO_LONGER_KEPT)


class Reminder(Row, table=True):
    """This person is reminded of this occurrence: once, whatever happens (T1, T2, T18)."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint(
            "rule_id",
            "subject_kind",
            "subject_id",
            "occurrence",
            "step",
            "person_kind",
            "person_id",
            name="uq_reminder_once",
        ),
    )

    rule_id: int = Field(foreign_key="reminder_rule.id", index=True)
    subject_kind: str = text(CODE)
    subject_id: int = Field(index=True)
    occurrence: str = text(CODE)
    step: str = text(CODE)
    person_kind: str = text(CODE, default="officer")
    person_id: int
    occasion: Occasion = enum_column(Occasion, Occasion.DUE)
    token: str = text(CODE, unique=True)
    said_on: date | None = None  # the date that its mail names
    due_at: datetime
    queued_at: datetime = Field(index=True)
    state: ReminderState = enum_column(ReminderState, ReminderState.QUEUED, index=True)
    reason: Reason = enum_column(Reason, Reason.NONE)
    message_id: int | None = Field(default=None, foreign_key="message.id", ondelete="SET NULL", index=True)
    answered_at: datetime | None = None

    @property
    def anchor_on(self) -> date:
        return date.fromisoformat(self.occurrence)


def token_of(*natural_key: object) -> str:
    """The name by which a mail's link finds its reminder: made of what the reminder is, so that a preview's link is the
    link that will be sent. No secret: who opens it has to sign in."""
    return hashlib.sha256("|".join(str(part) for part in natural_key).encode()).hexdigest()[:20]


class CalendarEntry(Row, table=True):
    """What was last told of a subject, in mails and calendars: the UID stays, SEQUENCE counts changes (point 7)."""

    __tablename__ = "calendar_entry"
    __table_args__ = (UniqueConstraint("subject_kind", "subject_id", name="uq_calendar_entry_subject"),)

    subject_kind: str = text(CODE)
    subject_id: int
    uid: str = text(NAME, unique=True)
    sequence: int = 0
    fingerprint: str = text(64)
    starts_on: date | None = Field(default=None, index=True)
    is_cancelled: bool = False


class MailAddress(Row, table=True):
    """An address that a server refused, on hold after the second time; or to which nothing is to go."""

    __tablename__ = "mail_address"

    address: str = text(ADDRESS, personal=True, unique=True)
    refusals: int = 0
    on_hold_since: datetime | None = None
    blocked_on: date | None = None


class Sender(Row, table=True):
    """The state of the automatic sending of this installation: one row."""

    __tablename__ = "sender"

    counter: int = 0
    last_tick_at: datetime | None = None
    paused_at: datetime | None = None
    server_fault: str = text(NOTE)
    server_fault_at: datetime | None = None
    server_retry_at: datetime | None = None
    swept_at: datetime | None = None


def the_sender(session: Session) -> Sender:
    """The one row, made where it is missing, by however many processes at once."""
    found = session.exec(select(Sender)).first()
    if found is None:
        connection = session.connection()
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        connection.execute(insert(Sender).values(id=1, counter=0, server_fault="").on_conflict_do_nothing())
        found = session.exec(select(Sender)).one()
    return found
