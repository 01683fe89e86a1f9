"""A stored mail as its recipient sees it: read back from its bytes."""

from dataclasses import dataclass
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


@dataclass(frozen=True)
class CalendarPart:
    """The calendar entry of a mail."""

    content: bytes
    method: str
    summary: str
    starts_on: Any
    ends_on: Any  # the day after the last one
    location: str
    uid: str
    sequence: int


@dataclass(frozen=True)
class ReadMail:
    """What stands in a mail."""

    headers: tuple[tuple[str, str], ...]
    text: str
    has_html: bool
    calendar: CalendarPart | None


def read_mail(body: bytes) -> ReadMail:
    """Headers that matter, the text part, and the calendar part as facts."""
    mail = message_from_bytes(body, policy=default)
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return ReadMail(
        headers=tuple((label, str(mail[name])) for name, label in HEADERS.items() if mail[name]),
        text=str(text.get_content()) if text is not None else "",
        has_html=html is not None,
        calendar=_calendar(parts[0].get_payload(decode=True)) if parts else None,
    )


def _calendar(content: Any) -> CalendarPart | None:
    calendar = Calendar.from_ical(content)
    events = calendar.walk("VEVENT")
    if not events:
        return None
    event: Any = events[0]
    ends = event.get("DTEND")
    return CalendarPart(
        content=bytes(content),
        method=str(calendar.get("METHOD", "")),
        summary=str(event.get("SUMMARY", "")),
        starts_on=event["DTSTART"].dt,
        ends_on=ends.dt if ends is not None else None,
        location=str(event.get("LOCATION", "")),
        uid=str(event.get("UID", "")),
        sequence=int(event.get("SEQUENCE", 0)),
    )
