"""Calendar entries (RFC 5545, 5546): stable UID, a SEQUENCE that counts changes. What is sent when: docs/calendar.md"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
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
    """The calendar file and its METHOD (RFC 5546).

    REQUEST invites an attendee (name, address) of an organizer (address), PUBLISH informs everybody else.
    CANCEL takes back what an organizer sent, by REQUEST (3.2.5) or by PUBLISH (4.1.3); what was published without
    one is published again with STATUS:CANCELLED. Both must be the same as in the mail before.
    """
    if attendee and organizer.casefold() == attendee[1].casefold():
        organizer = ""  # Outlook looks for an organizer's own meeting in the calendar instead of entering it
    invited = attendee if organizer else None
    method = "CANCEL" if is_cancelled and organizer else "REQUEST" if invited else "PUBLISH"
    event = _event(entry, now, is_cancelled)
    is_busy = invited and entry.starts_at is not None and not is_cancelled
    event.add("transp", "OPAQUE" if is_busy else "TRANSPARENT")  # Outlook: busy, free (MS-OXCICAL, TRANSP)
    _add_people(event, organizer, invited)
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if "TZID" in event["dtstart"].params:
        calendar.add_component(Timezone.from_ical(_VTIMEZONE))
    calendar.add_component(event)
    return calendar.to_ical(), method


def calendar_file(entries: Iterable[Entry], now: datetime, *, organizer: str = "") -> bytes:
    """Entries to be imported by hand, told and not invited to (METHOD:PUBLISH); they leave the day free."""
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    events = [_event(entry, now, False) for entry in entries]
    if any("TZID" in event["dtstart"].params for event in events):
        calendar.add_component(Timezone.from_ical(_VTIMEZONE))
    for event in events:
        event.add("transp", "TRANSPARENT")
        _add_people(event, organizer, None)
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _event(entry: Entry, now: datetime, is_cancelled: bool) -> Event:
    event = Event()
    event.add("uid", _one_word(entry.uid))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now)
    event.add("last-modified", entry.changed_at or now)
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    starts, ends = _span(entry)
    event.add("dtstart", starts)
    if ends is not None:
        event.add("dtend", ends)
    texts = ("summary", entry.summary), ("location", entry.location), ("description", entry.description)
    for name, value in texts:
        if written := clean_text(value):
            event.add(name, written)
    if entry.url:
        event.add("url", _one_word(entry.url))
    return event


def _span(entry: Entry) -> tuple[date, date | None]:
    """DTSTART and DTEND: days, Berlin's wall-clock time, which the VTIMEZONE explains, or UTC.

    UTC for any other zone, and for the hour that Berlin has twice in October: ical.js, libical and khal take it for
    the second, although RFC 5545 3.3.5 says the first.
    No reader takes an end before its start; the end is then the start.
    """
    last = max(entry.starts_on, entry.ends_on or entry.starts_on)
    if entry.starts_at is None:
        return entry.starts_on, last + timedelta(days=1)  # RFC 5545 3.6.1: the first day that is free again
    zone = ZoneInfo(entry.zone)
    times = [moment(entry.starts_on, entry.starts_at, zone)]
    if entry.ends_at is not None:
        times.append(max(times[0], moment(last, entry.ends_at, zone)))
    elif last > entry.starts_on:
        times.append(moment(last + timedelta(days=1), time(0), zone))
    local = [at.astimezone(zone) for at in times]
    is_clear = all(at.utcoffset() == at.replace(fold=1).utcoffset() for at in local)
    written = local if is_clear and entry.zone == BERLIN else times
    return written[0], written[1] if len(written) > 1 else None


def _add_people(event: Event, organizer: str, invited: tuple[str, str] | None) -> None:
    if organizer:
        event.add("organizer", vCalAddress(f"mailto:{_one_word(organizer)}"))
    if invited is None:
        return
    name, address = invited
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
