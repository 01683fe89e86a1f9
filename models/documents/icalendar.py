"""Calendar entries (RFC 5545, 5546): stable UID, a SEQUENCE that counts changes. What is sent when: docs/calendar.md"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from unicodedata import category
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from models.calendar_days import moment

PRODID = "-//Fab City Lotse//DE"
BERLIN = "Europe/Berlin"

# Written out with rules, as every reader understands them: what icalendar.add_missing_timezones() would write is read
# one hour late for every summer date by ical.js, Thunderbird's parser (T13).
_VTIMEZONE = """BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""


@dataclass(frozen=True)
class Entry:
    """One entry. `ends_on` is the last day itself, not the day after.

    Without `starts_at` it takes whole days. With it, both times are wall-clock times in `zone` (IANA); without
    `ends_at` it ends when the last day ends, or, on one day, is a moment.
    `changed_at` is when this SEQUENCE came to be (LAST-MODIFIED); without it the moment of writing.
    """

    uid: str
    sequence: int
    summary: str
    starts_on: date
    ends_on: date | None = None
    location: str = ""
    url: str = ""
    description: str = ""
    starts_at: time | None = None
    ends_at: time | None = None
    zone: str = BERLIN
    changed_at: datetime | None = None


def calendar_bytes(
    entry: Entry,
    now: datetime,
    *,
    organizer: str = "",
    attendee: tuple[str, str] | None = None,
    is_cancelled: bool = False,
) -> tuple[bytes, str]:
    """The calendar file and its METHOD.

    REQUEST invites an attendee (name, address) of an organizer (address), CANCEL takes the invitation back;
    PUBLISH informs everybody else, also of a cancellation (STATUS:CANCELLED).
    """
    is_invited = bool(attendee and organizer)
    method = ("CANCEL" if is_cancelled else "REQUEST") if is_invited else "PUBLISH"
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if entry.starts_at and entry.zone == BERLIN:
        calendar.add_component(Timezone.from_ical(_VTIMEZONE))
    event = Event()
    event.add("uid", _one_word(entry.uid))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now)
    event.add("last-modified", entry.changed_at or now)
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    _add_time(event, entry)
    event.add("transp", "OPAQUE" if entry.starts_at and is_invited and not is_cancelled else "TRANSPARENT")
    _add_texts(event, entry)
    if attendee and organizer:
        _add_people(event, organizer, attendee)
    calendar.add_component(event)
    return calendar.to_ical(), method


def _add_time(event: Event, entry: Entry) -> None:
    last = entry.ends_on or entry.starts_on
    if entry.starts_at is None:
        event.add("dtstart", entry.starts_on)
        event.add("dtend", last + timedelta(days=1))  # RFC 5545 3.6.1: the first day that is free again
        return
    event.add("dtstart", _written(entry.starts_on, entry.starts_at, entry.zone))
    if entry.ends_at:
        event.add("dtend", _written(last, entry.ends_at, entry.zone))
    elif last > entry.starts_on:
        event.add("dtend", _written(last + timedelta(days=1), time(0), entry.zone))


def _written(day: date, at: time, zone: str) -> datetime:
    """Berlin's wall-clock time, which the VTIMEZONE explains; any other zone's as UTC."""
    utc = moment(day, at, ZoneInfo(zone))
    return utc.astimezone(ZoneInfo(BERLIN)) if zone == BERLIN else utc.astimezone(UTC)


def _add_texts(event: Event, entry: Entry) -> None:
    texts = ("summary", entry.summary), ("location", entry.location), ("description", entry.description)
    for name, value in texts:
        if written := clean_text(value):
            event.add(name, written)
    if entry.url:
        event.add("url", _one_word(entry.url))


def _add_people(event: Event, organizer: str, attendee: tuple[str, str]) -> None:
    event.add("organizer", vCalAddress(f"mailto:{_one_word(organizer)}"))
    name, address = attendee
    person = vCalAddress(f"mailto:{_one_word(address)}")
    person.params["cn"] = vText(" ".join(clean_text(name).split()))
    person.params["role"] = vText("REQ-PARTICIPANT")
    person.params["partstat"] = vText("NEEDS-ACTION")
    person.params["rsvp"] = vText("FALSE")  # nobody reads the answers
    event.add("attendee", person, encode=False)


def clean_text(value: str) -> str:
    """What may stand in a TEXT (RFC 5545 3.3.11): line breaks of any kind as one, no other control characters."""
    value = re.sub("\r\n|[\r\x85\u2028\u2029]", "\n", value)
    return "".join(c for c in value if c in "\n\t" or category(c) not in ("Cc", "Cs"))


def _one_word(value: str) -> str:
    """An identifier or address, which is written without escaping: nothing in it may end the line."""
    return "".join(c for c in value if c.isprintable() and not c.isspace())
