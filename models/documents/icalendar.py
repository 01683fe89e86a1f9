"""Calendar entries (RFC 5545/5546): all-day, stable UID, SEQUENCE that counts what changed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event, vCalAddress, vText

PRODID = "-//Fab City Lotse//DE"


@dataclass(frozen=True)
class Entry:
    """One all-day entry. `ends_on` is the last day itself, not the day after."""

    uid: str
    sequence: int
    summary: str
    starts_on: date
    ends_on: date | None = None
    location: str = ""
    url: str = ""
    description: str = ""


def calendar_bytes(
    entry: Entry, now: datetime, *, organizer: str = "", attendee: tuple[str, str] | None = None
) -> tuple[bytes, str]:
    """The calendar file and its METHOD: REQUEST for an attendee (name, address), PUBLISH for information."""
    method = "REQUEST" if attendee and organizer else "PUBLISH"
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now)
    event.add("summary", entry.summary)
    event.add("dtstart", entry.starts_on)
    event.add("dtend", (entry.ends_on or entry.starts_on) + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("status", "CONFIRMED")
    for name, value in (("location", entry.location), ("url", entry.url), ("description", entry.description)):
        if value:
            event.add(name, value)
    if method == "REQUEST" and attendee:
        event.add("organizer", vCalAddress(f"mailto:{organizer}"))
        person = vCalAddress(f"mailto:{attendee[1]}")
        person.params["cn"] = vText(attendee[0])
        person.params["partstat"] = vText("NEEDS-ACTION")
        person.params["rsvp"] = vText("FALSE")
        event.add("attendee", person, encode=False)
    calendar.add_component(event)
    return calendar.to_ical(), method
