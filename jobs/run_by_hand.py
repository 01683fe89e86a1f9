"""One job now, or the reminders as of another moment (reminders, point 14)."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from jobs.clock import Clock
from jobs.deliver import Report
from jobs.outcome import Kind
from jobs.send_reminders import preview, send_reminders
from models.database import Database
from models.language import Translate, moment_text
from models.reminders.restored import WouldSend
from settings import Settings

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?( ?(Z|[+-]\d\d:?\d\d))?")


def parse_moment(typed: str, zone: ZoneInfo) -> datetime:
    """The UTC moment: local time of the city unless it has an offset. Raises ValueError."""
    if not _MOMENT.fullmatch(typed.strip()):
        raise ValueError("not a moment")
    found = datetime.fromisoformat(re.sub(r" (?=[Z+-])", "", typed.strip()))
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def as_of(
    database: Database, settings: Settings, moment: datetime, *, for_real: bool, _: Translate
) -> tuple[int, list[str]]:
    """The exit code and what to print."""

    def clock() -> datetime:
        return moment

    when = moment_text(moment, settings.zone, "de")
    if not for_real:
        rows = preview(database, settings, clock)
        if not rows:
            return 0, [_("At {when} nothing would be sent.").format(when=when)]
        title = _("At {when} these mails would be sent. Nothing was sent or stored.").format(when=when)
        return 0, [title, "", *table(rows, settings.zone, _)]
    report = send_reminders(database, settings, clock, as_of=True)
    return summary(report, _)


def table(rows: list[WouldSend], zone: ZoneInfo, _: Translate) -> list[str]:
    """Who gets what, in columns."""
    head = (_("Due"), _("Kind"), _("Recipient"), _("Subject line"))
    lines = [
        (
            moment_text(row.due_at, zone, "de"),
            _(row.kind.label),
            f"{row.to_name} <{row.to_address}>",
            row.subject,
        )
        for row in rows
    ]
    widths = [max(len(line[n]) for line in (head, *lines)) for n in range(3)]
    rule = tuple("-" * width for width in (*widths, len(head[3])))
    return [
        "  ".join((*(c.ljust(w) for c, w in zip(line, widths, strict=False)), line[3]))
        for line in (head, rule, *lines)
    ]


def summary(report: Report, _: Translate) -> tuple[int, list[str]]:
    """What a run did, in numbers: 1 if something needs a person."""
    if report.is_paused:
        return 1, [
            _(
                "Sending is paused after a restore. An officer has to look at what would be sent. Nothing was sent."
            )
        ]
    names = {
        Kind.DELIVERED: _("delivered to the mail server"),
        Kind.FILED: _("put into the mail folder"),
        Kind.REFUSED: _("refused: the address is not accepted"),
        Kind.CONTENT: _("refused: the mail is not accepted"),
        Kind.TEMPORARY: _("put off by the mail server, will be tried again"),
        Kind.DROPPED: _("connection lost, will be tried again"),
        Kind.NO_ANSWER: _("not confirmed by the mail server: check delivery"),
    }
    lines = [f"{report.outcomes[kind]:>5}  {name}" for kind, name in names.items() if report.outcomes[kind]]
    if report.server_fault:
        lines.append(_("The mail server cannot be used: {reply}").format(reply=report.server_fault))
    if report.faults:
        lines.append(_("The program failed at {n} reminders or mails; see its log.").format(n=report.faults))
    troubled = (
        report.server_fault
        or report.faults
        or any(report.outcomes[k] for k in (Kind.REFUSED, Kind.CONTENT, Kind.NO_ANSWER))
    )
    return int(bool(troubled)), lines or [_("Nothing was due.")]


def now_by_hand(database: Database, settings: Settings, clock: Clock, _: Translate) -> tuple[int, list[str]]:
    """What is due now."""
    return summary(send_reminders(database, settings, clock, as_of=False), _)
