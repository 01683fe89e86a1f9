"""The calendar file itself: what RFC 5545, RFC 5546 and Outlook's documents ask of its bytes.

"MS-OXCICAL" is Microsoft's own description of how Outlook and Exchange read such files; Outlook itself was not tried.
"""

import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, time
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from models.documents.icalendar import Entry, calendar_bytes
from models.documents.mail import Envelope, Letter, mail_bytes
from tests.calendars import readers

NOW = datetime(2027, 1, 4, 7, 0, tzinfo=UTC)
LATER = datetime(2027, 2, 4, 7, 0, tzinfo=UTC)
UNIT = "stadt@lotse.example"
ANNA = ("Anna Amt", "anna@lotse.example")
DAY = Entry(uid="conference-7@abc.fab-city-lotse", sequence=0, summary="Treffen", starts_on=date(2027, 4, 10))
SITTING = replace(DAY, starts_at=time(16, 0), ends_at=time(18, 0))


def event(entry: Entry, **options: object) -> Event:
    calendar = Calendar.from_ical(calendar_bytes(entry, NOW, **options)[0])  # type: ignore[arg-type]
    [found] = calendar.walk("VEVENT")  # Outlook refuses some updates with several (nextcloud/calendar#4727)
    assert isinstance(found, Event)
    return found


def lines(entry: Entry, **options: object) -> list[str]:
    """The file line by line, unfolded."""
    written = calendar_bytes(entry, NOW, **options)[0].decode("utf-8")  # type: ignore[arg-type]
    return written.replace("\r\n ", "").split("\r\n")


def line(name: str, entry: Entry, **options: object) -> str:
    """The one line of the event that has this name."""
    of_event = lines(entry, **options)
    of_event = of_event[of_event.index("BEGIN:VEVENT") :]
    [found] = [one for one in of_event if one.startswith((f"{name}:", f"{name};"))]
    return found


# --- who gets which METHOD ---


@pytest.mark.parametrize("is_cancelled", [False, True])
@pytest.mark.parametrize(
    ("people", "at_first", "at_last"),
    [
        ({"organizer": UNIT, "attendee": ANNA}, "REQUEST", "CANCEL"),
        ({"organizer": UNIT}, "PUBLISH", "CANCEL"),
        ({}, "PUBLISH", "PUBLISH"),
        ({"attendee": ANNA}, "PUBLISH", "PUBLISH"),
    ],
)
def test_the_method_is_said_in_the_file_and_to_the_caller(
    people: dict[str, object], at_first: str, at_last: str, is_cancelled: bool
) -> None:
    written, method = calendar_bytes(DAY, NOW, is_cancelled=is_cancelled, **people)  # type: ignore[arg-type]
    assert method == (at_last if is_cancelled else at_first)
    assert str(Calendar.from_ical(written)["METHOD"]) == method
    assert str(event(DAY, is_cancelled=is_cancelled, **people)["STATUS"]) == (
        "CANCELLED" if is_cancelled else "CONFIRMED"
    )


def test_the_method_stands_in_the_content_type_of_the_mail_too() -> None:
    """RFC 6047 2.4; Exchange takes the part for an invitation by it."""
    envelope = Envelope("Stadt", UNIT, "", *ANNA, "Treffen", "<1@lotse.example>", NOW, "de")
    for is_cancelled in (False, True):
        part = calendar_bytes(DAY, NOW, organizer=UNIT, attendee=ANNA, is_cancelled=is_cancelled)
        mail = BytesParser(policy=policy.default).parsebytes(mail_bytes(envelope, Letter("x", ()), part))
        assert isinstance(mail, EmailMessage)
        [found] = [p for p in mail.walk() if p.get_content_type() == "text/calendar"]
        assert (found.get_param("method"), found.get_param("charset")) == (part[1], "utf-8")


def test_what_is_published_names_no_attendee() -> None:
    """RFC 5546 3.2.1."""
    for is_cancelled in (False, True):
        assert "ATTENDEE" not in event(DAY, organizer=UNIT, is_cancelled=is_cancelled)
        assert "ORGANIZER" in event(DAY, organizer=UNIT, is_cancelled=is_cancelled)
        assert "ORGANIZER" not in event(DAY, is_cancelled=is_cancelled)


def test_a_cancellation_names_the_same_entry_and_the_same_people() -> None:
    """RFC 5546 3.2.5: otherwise it is a stranger's, and readers leave the entry where it is."""
    invited = event(DAY, organizer=UNIT, attendee=ANNA)
    cancelled = event(replace(DAY, sequence=1), organizer=UNIT, attendee=ANNA, is_cancelled=True)
    for name in ("UID", "ORGANIZER", "ATTENDEE", "DTSTART", "DTEND", "SUMMARY"):
        assert cancelled[name].to_ical() == invited[name].to_ical()
    assert int(cancelled["SEQUENCE"]) > int(invited["SEQUENCE"])


def test_nobody_is_invited_by_their_own_address() -> None:
    """Outlook looks for an organizer's meeting in their calendar and says that it cannot be found."""
    own = ("Stadt", UNIT.upper())
    written, method = calendar_bytes(DAY, NOW, organizer=UNIT, attendee=own)
    assert method == "PUBLISH"
    assert b"ORGANIZER" not in written
    assert b"ATTENDEE" not in written


def test_the_attendee_is_exactly_this_person_and_is_not_asked_to_answer() -> None:
    person = event(DAY, organizer=UNIT, attendee=ANNA)["ATTENDEE"]
    assert str(person) == "mailto:anna@lotse.example"
    assert dict(person.params) == {
        "CN": "Anna Amt", "PARTSTAT": "NEEDS-ACTION", "ROLE": "REQ-PARTICIPANT", "RSVP": "FALSE",
    }  # fmt: skip


# --- when ---


def test_a_new_mail_about_the_same_entry_is_newer_in_dtstamp() -> None:
    """RFC 5546 2.1.5: with the same SEQUENCE the later DTSTAMP wins."""
    first, second = (
        Calendar.from_ical(calendar_bytes(DAY, now)[0]).walk("VEVENT")[0] for now in (NOW, LATER)
    )
    assert first["DTSTAMP"].dt < second["DTSTAMP"].dt
    assert line("DTSTAMP", DAY) == "DTSTAMP:20270104T070000Z"


def test_last_modified_is_when_the_entry_changed_and_both_moments_are_utc() -> None:
    changed = datetime(2027, 1, 1, 9, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert line("LAST-MODIFIED", replace(DAY, changed_at=changed)) == "LAST-MODIFIED:20270101T083000Z"
    assert line("LAST-MODIFIED", DAY) == "LAST-MODIFIED:20270104T070000Z"
    here = calendar_bytes(DAY, NOW.astimezone(ZoneInfo("Europe/Berlin")))
    assert here == calendar_bytes(DAY, NOW)


def test_t14_whole_days_have_no_time_and_no_zone() -> None:
    three = replace(DAY, ends_on=date(2027, 4, 12))
    assert line("DTSTART", three) == "DTSTART;VALUE=DATE:20270410"
    assert line("DTEND", three) == "DTEND;VALUE=DATE:20270413"
    assert line("DTEND", DAY) == "DTEND;VALUE=DATE:20270411"
    assert "BEGIN:VTIMEZONE" not in lines(three)


def test_a_time_of_day_names_berlin_and_the_file_explains_it_by_rules() -> None:
    written = lines(SITTING)
    assert line("DTSTART", SITTING) == "DTSTART;TZID=Europe/Berlin:20270410T160000"
    assert line("DTEND", SITTING) == "DTEND;TZID=Europe/Berlin:20270410T180000"
    assert written.count("BEGIN:VTIMEZONE") == 1
    assert written.index("BEGIN:VTIMEZONE") < written.index("BEGIN:VEVENT")
    assert sum(one.startswith("RRULE:FREQ=YEARLY") for one in written) == 2
    assert not any(one.startswith("RDATE") for one in written)  # what add_missing_timezones() would write


@pytest.mark.parametrize(
    ("entry", "starts", "ends"),
    [
        (replace(SITTING, zone="Asia/Tokyo"), "DTSTART:20270410T070000Z", "DTEND:20270410T090000Z"),
        (  # begins in the hour that exists twice: the first of them
            replace(SITTING, starts_on=date(2027, 10, 31), starts_at=time(2, 30)),
            "DTSTART:20271031T003000Z",
            "DTEND:20271031T170000Z",
        ),
        (  # ends in it
            replace(SITTING, starts_on=date(2027, 10, 31), starts_at=time(0), ends_at=time(2, 30)),
            "DTSTART:20271030T220000Z",
            "DTEND:20271031T003000Z",
        ),
    ],
)
def test_what_berlins_clock_cannot_say_is_written_in_utc(entry: Entry, starts: str, ends: str) -> None:
    assert (line("DTSTART", entry), line("DTEND", entry)) == (starts, ends)
    assert "BEGIN:VTIMEZONE" not in lines(entry)


def test_an_end_is_never_before_its_start() -> None:
    pushed = replace(SITTING, starts_on=date(2027, 3, 28), starts_at=time(2, 30), ends_at=time(3, 15))
    for entry in (pushed, replace(SITTING, ends_at=time(15, 0)), replace(DAY, ends_on=date(2027, 4, 1))):
        found = event(entry)
        assert found["DTEND"].dt >= found["DTSTART"].dt


def test_without_an_end_a_time_is_a_moment_and_several_days_end_with_the_last() -> None:
    assert "DTEND" not in event(replace(SITTING, ends_at=None))
    several = replace(SITTING, ends_at=None, ends_on=date(2027, 4, 12))
    assert line("DTEND", several) == "DTEND;TZID=Europe/Berlin:20270413T000000"


@pytest.mark.parametrize(
    ("entry", "people", "transparency"),
    [
        (DAY, {}, "TRANSPARENT"),
        (DAY, {"organizer": UNIT, "attendee": ANNA}, "TRANSPARENT"),
        (SITTING, {}, "TRANSPARENT"),
        (SITTING, {"organizer": UNIT, "attendee": ANNA}, "OPAQUE"),
        (SITTING, {"organizer": UNIT, "attendee": ANNA, "is_cancelled": True}, "TRANSPARENT"),
    ],
)
def test_only_who_is_invited_to_an_hour_is_busy(
    entry: Entry, people: dict[str, object], transparency: str
) -> None:
    """MS-OXCICAL 2.1.3.1.1.20.25: TRANSP becomes "free" or "busy" where no X-MICROSOFT-CDO-BUSYSTATUS stands;
    2.1.3.1.1.20.28: X-MICROSOFT-CDO-ALLDAYEVENT should not be written."""
    assert str(event(entry, **people)["TRANSP"]) == transparency
    assert not any(one.startswith("X-") for one in lines(entry, **people))


# --- texts ---


def test_no_line_is_longer_than_75_octets_and_no_letter_is_cut() -> None:
    entry = replace(DAY, summary="Größe " * 40, location="🚲" * 90, description="ß" * 400)
    written = calendar_bytes(entry, NOW, organizer=UNIT, attendee=("Ä" * 90, "anna@lotse.example"))[0]
    assert written.endswith(b"END:VCALENDAR\r\n")
    for one in written.split(b"\r\n"):
        assert len(one) <= 75
        assert b"\n" not in one
        one.decode("utf-8")
    assert str(event(entry)["LOCATION"]) == entry.location


def test_t21_no_value_becomes_a_line_of_its_own() -> None:
    evil = "x\r\nATTENDEE:mailto:eve@evil.example\r\nX-EVIL:1\n\x85\u2028X-EVIL:2"
    entry = replace(DAY, uid=evil, summary=evil, location=evil, description=evil, url=f"http://a/{evil}")
    written = lines(
        entry, organizer=f"{UNIT}\r\nX-EVIL:3", attendee=(evil + '"', f"anna@lotse.example{evil}")
    )
    assert not any(one.startswith("X-EVIL") for one in written)
    assert sum(one.startswith("ATTENDEE") for one in written) == 1


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=300)


def shown(text: str) -> str:
    """What is left of a text: any line break is one, other control characters are gone."""
    for brk in ("\r\n", "\r", "\x85", "\u2028", "\u2029"):
        text = text.replace(brk, "\n")
    return "".join(c for c in text if c in "\t\n" or unicodedata.category(c) not in ("Cc", "Cs"))


@given(texts=st.lists(st.tuples(ANY_TEXT, ANY_TEXT), min_size=1, max_size=40))
@settings(max_examples=25, deadline=None)
def test_any_title_and_place_are_read_back_without_their_control_characters(
    texts: list[tuple[str, str]],
) -> None:
    files = [calendar_bytes(replace(DAY, summary=a, location=b), NOW)[0] for a, b in texts]
    expected = [(shown(a), shown(b)) for a, b in texts]
    parsed = [Calendar.from_ical(file).walk("VEVENT")[0] for file in files]
    assert [(str(e.get("SUMMARY", "")), str(e.get("LOCATION", ""))) for e in parsed] == expected
    elsewhere = readers.icaljs(files)
    assert [(e["summary"], e["location"]) for [e] in elsewhere] == expected
