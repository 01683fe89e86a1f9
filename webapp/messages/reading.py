"""A stored mail as its recipient sees it: read back from its bytes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

from icalendar import Calendar

from models.base import N_

# Header -> what it is called on the page. The date is shown by the page itself, in local time.
HEADERS = {
    "From": N_("From"), "To": N_("To"), "Reply-To": N_("Answers go to"), "Subject": N_("Subject line"),
    "Message-ID": N_("Message-ID"), "In-Reply-To": N_("Answer to"),
}  # fmt: skip


# METHOD of a calendar entry (RFC 5546) in words.
METHODS = {
    "REQUEST": N_("Invitation to the recipient"), "PUBLISH": N_("Information"), "CANCEL": N_("Cancellation"),
}  # fmt: skip


@dataclass(frozen=True)
class CalendarPart:
    """The calendar entry of a mail."""

    content: bytes
    method: str
    is_cancelled: bool
    summary: str
    starts_on: date | None  # of an entry without a time
    starts_at: datetime | None  # only of an entry with a time
    last_on: date | None
    location: str
    uid: str
    sequence: int


@dataclass(frozen=True)
class ReadMail:
    """What stands in a mail."""

    headers: tuple[tuple[str, str], ...]
    text: str
    has_html: bool
    calendars: tuple[CalendarPart, ...]


def read_mail(body: bytes) -> ReadMail:
    """Headers that matter, the text part, and the calendar parts as facts."""
    mail = message_from_bytes(body, policy=default)
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return ReadMail(
        headers=tuple((label, str(mail[name])) for name, label in HEADERS.items() if mail[name]),
        text=str(text.get_content()) if text is not None else "",
        has_html=html is not None,
        calendars=tuple(entry for part in parts if (entry := _calendar(part.get_payload(decode=True)))),
    )


def _calendar(content: Any) -> CalendarPart | None:
    calendar = Calendar.from_ical(content)
    events = calendar.walk("VEVENT")
    if not events:
        return None
    event: Any = events[0]
    starts, ends = (event[name].dt if name in event else None for name in ("DTSTART", "DTEND"))
    has_time = isinstance(starts, datetime)
    last_on = (
        ends - timedelta(days=1) if ends is not None and not has_time else None
    )  # DTEND is the day after
    return CalendarPart(
        content=bytes(content),
        method=str(calendar.get("METHOD", "")),
        is_cancelled=str(event.get("STATUS", "")) == "CANCELLED",
        summary=str(event.get("SUMMARY", "")),
        starts_on=starts if not has_time else None,
        starts_at=starts if has_time else None,
        last_on=last_on,
        location=str(event.get("LOCATION", "")),
        uid=str(event.get("UID", "")),
        sequence=int(event.get("SEQUENCE", 0)),
    )
