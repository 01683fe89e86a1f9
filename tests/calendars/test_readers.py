"""What becomes of our calendar entries in readers that are not ours; docs/calendar.md holds the results."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from models.documents.icalendar import Entry, calendar_bytes
from tests import services
from tests.calendars.readers import READERS, Reader, Seen, libical

JANUARY, FEBRUARY, MARCH = (datetime(2027, month, 4, 7, 0, tzinfo=UTC) for month in (1, 2, 3))
TEXT = "Größe, Übung; „Zürich“ \\ C:\\neu\nzweite Zeile: " + "Straßenbahn " * 20 + "🚲"
UNIT = "stadt@lotse.example"
ANNA = ("Anna Amt", "anna@lotse.example")
MEETING = Entry(
    uid="conference-7@abc.fab-city-lotse",
    sequence=0,
    summary="Treffen in Linz",
    starts_on=date(2027, 4, 10),
    ends_on=date(2027, 4, 12),
    location="Linz, Österreich",
    url="https://lotse.example/konferenzen/7",
)
MOVED = replace(MEETING, sequence=1, starts_on=date(2027, 4, 24), ends_on=date(2027, 4, 26))
GONE = replace(MOVED, sequence=2, summary="Abgesagt: Treffen in Linz")


@pytest.fixture(params=READERS)
def reader(request: pytest.FixtureRequest) -> Reader:
    return READERS[request.param]


@pytest.fixture(params=["invited", "informed", "informed by nobody"])
def people(request: pytest.FixtureRequest) -> dict[str, object]:
    """Whom the file names: organizer and attendee, the organizer alone, nobody."""
    invited = {"organizer": UNIT, "attendee": ANNA}
    return {"invited": invited, "informed": {"organizer": UNIT}, "informed by nobody": {}}[request.param]


def written(entry: Entry, now: datetime, people: dict[str, object], is_cancelled: bool = False) -> bytes:
    return calendar_bytes(entry, now, is_cancelled=is_cancelled, **people)[0]  # type: ignore[arg-type]


def only(seen: list[Seen]) -> Seen:
    [one] = seen
    return one


def test_the_first_mail_enters_all_its_days(reader: Reader, people: dict[str, object]) -> None:
    seen = only(reader([written(MEETING, JANUARY, people)]))
    assert seen.days() == ["2027-04-10", "2027-04-11", "2027-04-12"]
    assert (seen.uid, seen.summary, seen.location) == (MEETING.uid, "Treffen in Linz", "Linz, Österreich")
    assert not seen.is_cancelled


def test_the_second_mail_moves_the_entry(reader: Reader, people: dict[str, object]) -> None:
    seen = only(reader([written(MEETING, JANUARY, people), written(MOVED, FEBRUARY, people)]))
    assert seen.days() == ["2027-04-24", "2027-04-25", "2027-04-26"]
    assert not seen.is_cancelled


def test_the_third_mail_cancels_it(reader: Reader, people: dict[str, object]) -> None:
    mails = written(MEETING, JANUARY, people), written(MOVED, FEBRUARY, people)
    seen = only(reader([*mails, written(GONE, MARCH, people, is_cancelled=True)]))
    assert seen.is_cancelled
    assert seen.summary == "Abgesagt: Treffen in Linz"


def test_two_dates_stay_two_entries(reader: Reader) -> None:
    other = replace(MEETING, uid="deadline-7@abc.fab-city-lotse", starts_on=date(2027, 2, 1), ends_on=None)
    seen = reader([written(MEETING, JANUARY, {}), written(other, JANUARY, {})])
    assert sorted(one.uid for one in seen) == [MEETING.uid, other.uid]
    assert [one.days() for one in seen if one.uid == other.uid] == [["2027-02-01"]]


# Wall-clock times in Leipzig around both changes of 2027 and the UTC moments that they are, worked out by hand:
# +01:00 in winter, +02:00 in summer; 02:30 on 28 March does not exist (03:30), on 31 October it is the first of two.
AROUND_THE_CHANGES = {
    "2027-03-27T02:30": "2027-03-27T01:30:00Z",
    "2027-03-28T01:30": "2027-03-28T00:30:00Z",
    "2027-03-28T02:30": "2027-03-28T01:30:00Z",
    "2027-03-28T03:30": "2027-03-28T01:30:00Z",
    "2027-03-29T02:30": "2027-03-29T00:30:00Z",
    "2027-10-30T02:30": "2027-10-30T00:30:00Z",
    "2027-10-31T02:30": "2027-10-31T00:30:00Z",
    "2027-10-31T03:30": "2027-10-31T02:30:00Z",
    "2027-11-01T02:30": "2027-11-01T01:30:00Z",
}


def test_t13_nine_times_around_both_clock_changes_are_the_right_moments(reader: Reader) -> None:
    """Written with add_missing_timezones(), ical.js reads every summer time one hour late."""
    files = []
    for wall_clock in AROUND_THE_CHANGES:
        at = datetime.fromisoformat(wall_clock)
        entry = replace(MEETING, uid=wall_clock, starts_on=at.date(), ends_on=None, starts_at=at.time())
        files.append(written(replace(entry, ends_at=time(23, 0)), JANUARY, {}))
    assert {one.uid: one.starts for one in reader(files)} == AROUND_THE_CHANGES


def test_a_time_elsewhere_is_the_right_moment(reader: Reader) -> None:
    entry = replace(MEETING, starts_at=time(9, 0), ends_at=time(17, 30), zone="America/Santiago")
    seen = only(reader([written(entry, JANUARY, {})]))
    assert (seen.starts, seen.ends) == ("2027-04-10T13:00:00Z", "2027-04-12T21:30:00Z")


def test_a_sitting_lasts_from_its_beginning_to_its_end(reader: Reader, people: dict[str, object]) -> None:
    entry = replace(MEETING, ends_on=None, starts_at=time(16, 0), ends_at=time(21, 15))
    seen = only(reader([written(entry, JANUARY, people)]))
    assert (seen.starts, seen.ends) == ("2027-04-10T14:00:00Z", "2027-04-10T19:15:00Z")


def test_texts_arrive_as_they_were_typed(reader: Reader) -> None:
    entry = replace(MEETING, ends_on=None, summary="Größe, Übung; 100 % \\ „Zürich“", description=TEXT)
    seen = only(reader([written(replace(entry, location=TEXT), JANUARY, {})]))
    assert seen.summary == entry.summary
    assert seen.description == TEXT
    assert seen.location == TEXT


@pytest.mark.parametrize("is_cancelled", [False, True])
@pytest.mark.parametrize("people", [{"organizer": UNIT, "attendee": ANNA}, {"organizer": UNIT}])
def test_libical_finds_no_rule_of_rfc_5546_broken(people: dict[str, object], is_cancelled: bool) -> None:
    timed = replace(MEETING, starts_at=time(16, 0), ends_at=time(18, 0))
    for entry in (MEETING, timed):
        [[event]] = libical([written(entry, JANUARY, people, is_cancelled)])
        assert event["breaches"] == []


def test_libical_wants_an_organizer_in_what_is_published() -> None:
    """RFC 5546 3.2.1; readers take the entry without one, so this is said and not refused."""
    [[event]] = libical([written(MEETING, JANUARY, {})])
    assert "ORGANIZER" in event["breaches"][0]


@pytest.mark.parametrize("name", READERS)
def test_a_missing_reader_is_skipped_by_name_and_fails_on_the_bare_machine(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert name in services.versions()  # the closing line of ./test
    monkeypatch.setattr(services, "calendar_readers", lambda: dict.fromkeys(READERS))
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=name):
        READERS[name]([written(MEETING, JANUARY, {})])
    monkeypatch.setenv("CI", "true")
    with pytest.raises(services.ServiceMissing, match=name):
        READERS[name]([written(MEETING, JANUARY, {})])
