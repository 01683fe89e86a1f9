"""The weekly report to the technical contact. It goes the way of every reminder, so when it does not come, that is the
alarm. It counts; it names nobody and quotes no subject line."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.calendar_days import local_day
from models.city import City, the_city
from models.documents.mail import Letter
from models.evidence.disk import damaged
from models.language import DEFAULT, Translate, moment_text, translator
from models.reminders.letters import Mailbox, MailSettings, store_mail
from models.reminders.messages import Message, MessageKind, MessageState, Reminder, ReminderState, the_sender
from models.reminders.planning import planned

A_WEEK = timedelta(days=7)
OLDER = timedelta(days=6, hours=12)
AHEAD = timedelta(days=31)
_MONDAY = 0
_WAITING = (MessageState.COMPOSED, MessageState.CLAIMED, MessageState.RETRYING)


def is_self_check_due(last: datetime | None, now: datetime, zone: ZoneInfo) -> bool:
    """Asked each morning: on Mondays, and on any day when the last report is older than six and a half days or there
    was none. So a Monday on which the program was off delays it only, and the week after it is a Monday again. A last
    report in the future means that the clock was wrong then."""
    if last is None or now - last > OLDER or last - now > timedelta(days=1):
        return True
    return now.astimezone(zone).weekday() == _MONDAY and local_day(last, zone) < local_day(now, zone)


def last_self_check(session: Session) -> datetime | None:
    """When the last report was written."""
    return session.exec(
        select(func.max(Message.composed_at)).where(Message.kind == MessageKind.SELF_CHECK)
    ).one()


@dataclass(frozen=True)
class Machine:
    """What only the machine knows: the schema's revision, free bytes of the data folder, the last backup made by this
    program; None where it is not known."""

    version: str
    free_bytes: int | None = None
    backup_at: datetime | None = None


@dataclass(frozen=True)
class Week:
    """What became of mails in a week, and how things stand."""

    since: datetime
    counts: dict[MessageState, int]
    waiting: int
    missed: int
    last_tick_at: datetime | None
    next_due_at: datetime | None
    is_paused: bool
    has_server_fault: bool
    damaged_files: int = 0

    @property
    def is_troubled(self) -> bool:
        """Whether a person should look."""
        troubled = self.counts[MessageState.FAILED] or self.counts[MessageState.UNCERTAIN] or self.missed
        return bool(troubled or self.damaged_files) or self.is_paused or self.has_server_fault


def week_before(session: Session, now: datetime, zone: ZoneInfo) -> Week:
    """The seven days that end now."""
    since, sender = now - A_WEEK, the_sender(session)
    settled = (MessageState.SENT, MessageState.FILED, MessageState.FAILED, MessageState.UNCERTAIN)
    query = select(Message.state, func.count()).where(
        col(Message.settled_at) > since, col(Message.state).in_(settled)
    )
    found = dict(session.exec(query.group_by(col(Message.state))).all())
    waiting = select(func.count()).select_from(Message).where(col(Message.state).in_(_WAITING))
    missed = (
        select(func.count())
        .select_from(Reminder)
        .where(Reminder.state == ReminderState.MISSED, Reminder.due_at > since)
    )
    coming = planned(session, now, local_day(now + AHEAD, zone))
    return Week(
        since=since,
        counts={state: found.get(state, 0) for state in settled},
        waiting=session.exec(waiting).one(),
        missed=session.exec(missed).one(),
        last_tick_at=sender.last_tick_at,
        next_due_at=coming[0].step.due_at if coming else None,
        is_paused=sender.paused_at is not None,
        has_server_fault=bool(sender.server_fault),
        damaged_files=damaged(session),
    )


def compose_self_check(
    session: Session, machine: Machine, settings: MailSettings, now: datetime
) -> Message | None:
    """The report, ready to send; None where no technical contact is set. One that still waits has gone stale and is
    replaced."""
    city = the_city(session)
    if not city.technical_email:
        return None
    waiting = (MessageState.COMPOSED, MessageState.RETRYING)
    stale = select(Message).where(Message.kind == MessageKind.SELF_CHECK, col(Message.state).in_(waiting))
    for message in session.exec(stale):
        session.delete(message)
    session.flush()
    _ = translator(DEFAULT)
    week = week_before(session, now, city.time_zone)
    subject = _("Fab City Lotse: weekly report, please have a look") if week.is_troubled else ""
    message = Message(
        kind=MessageKind.SELF_CHECK,
        subject=subject or _("Fab City Lotse: weekly report"),
        ready_at=now,
        composed_at=now,
    )
    to = Mailbox(_("Technical contact"), city.technical_email, DEFAULT)
    return store_mail(session, message, to, _letter(week, machine, city, settings, now), city, settings)


def _letter(week: Week, machine: Machine, city: City, settings: MailSettings, now: datetime) -> Letter:
    _ = translator(DEFAULT)
    paragraphs = [
        _(
            "Fab City Lotse sends this mail to the technical contact every Monday at 7:00, on the way that every "
            "reminder takes."
        ),
        _(
            "If it does not come, that is the alarm: the automatic sending stands still, or mails do not arrive. "
            "Then please look whether “python -m jobs” is running. If the program was off on a Monday, it comes on "
            "the next morning."
        ),
    ]
    if week.is_troubled:
        paragraphs.append(
            _("This week something needs a person: see the lines that are not zero, and the mail log.")
        )
    return Letter(
        heading=_("Weekly report"),
        paragraphs=tuple(paragraphs),
        facts=(*_counts(week, city.time_zone, now, _), *_standing(week, machine, city.time_zone, _)),
        button=(_("See the state of the program"), f"{settings.base_url}/gesundheit"),
        closing=(f"Fab City Lotse · {city.unit}, {city.name}",),
    )


def _moment(moment: datetime | None, zone: ZoneInfo, unknown: str) -> str:
    return moment_text(moment, zone, DEFAULT) if moment is not None else unknown


def _counts(week: Week, zone: ZoneInfo, now: datetime, _: Translate) -> tuple[tuple[str, str], ...]:
    counts = week.counts
    return (
        (_("Time span"), f"{_moment(week.since, zone, '')} – {_moment(now, zone, '')}"),
        (_("Mails sent"), str(counts[MessageState.SENT])),
        (_("Mails filed, because no mail server is set up"), str(counts[MessageState.FILED])),
        (_("Mails failed"), str(counts[MessageState.FAILED])),
        (_("Mails with “check delivery”"), str(counts[MessageState.UNCERTAIN])),
        (_("Mails waiting"), str(week.waiting)),
        (_("Reminders missed"), str(week.missed)),
    )


def _standing(week: Week, machine: Machine, zone: ZoneInfo, _: Translate) -> tuple[tuple[str, str], ...]:
    found = [
        (_("Last run"), _moment(week.last_tick_at, zone, _("no run yet"))),
        (_("Next planned reminder"), _moment(week.next_due_at, zone, _("none within 31 days"))),
        (_("Automatic sending"), _("paused after a restore") if week.is_paused else _("not paused")),
        (_("Mail server"), _("cannot be used at the moment") if week.has_server_fault else _("no trouble")),
        (_("Evidence whose file is missing or was changed"), str(week.damaged_files)),
        (_("Last backup by this program"), _moment(machine.backup_at, zone, _("none within 14 days"))),
        (_("Version of the database"), machine.version),
    ]
    if machine.free_bytes is not None:
        free = f"{machine.free_bytes / 1e9:.1f}".replace(".", ",")
        found.append((_("Free space for data"), f"{free} GB"))
    return tuple(found)
