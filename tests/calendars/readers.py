"""Three readers that are not ours: ical.js, libical and khal; what stands in a calendar after some mails arrived.

ical.js and libical are parsers: which of several mails counts is decided here by RFC 5546 2.1.5 (highest SEQUENCE).
khal is a calendar with a store of its own; it parses with the icalendar package, as we write with it.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import services

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Seen:
    """An entry as a reader shows it: days as YYYY-MM-DD, the day after the last one as end; moments in UTC."""

    uid: str
    summary: str
    location: str
    description: str
    starts: str
    ends: str
    is_cancelled: bool

    def days(self) -> list[str]:
        first, behind = date.fromisoformat(self.starts), date.fromisoformat(self.ends)
        return [str(first + timedelta(days=n)) for n in range((behind - first).days)]


Reader = Callable[[list[bytes]], list[Seen]]


def or_skip(reader: str) -> str:
    """The version of a reader; without it the test is skipped by name, and fails on the bare machine."""
    version = services.calendar_readers()[reader]
    if version is None:
        if os.environ.get("CI"):
            raise services.ServiceMissing(f"{reader} ist nicht eingerichtet")
        pytest.skip(f"{reader} ist nicht eingerichtet")
    return version


def _parse(command: list[str], files: list[bytes]) -> list[list[dict[str, Any]]]:
    given = json.dumps([file.decode("utf-8") for file in files])
    done = subprocess.run([*command], input=given.encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    found: list[list[dict[str, Any]]] = json.loads(done.stdout)
    return found


def icaljs(files: list[bytes]) -> list[list[dict[str, Any]]]:
    """The events of each file, as ical.js reads them."""
    or_skip("ical.js")
    return _parse(["node", str(HERE / "read_icaljs.mjs")], files)


def libical(files: list[bytes]) -> list[list[dict[str, Any]]]:
    """The events of each file, as libical reads them; `breaches` are the rules of RFC 5546 that it finds broken."""
    or_skip("libical")
    return _parse([services.DEBIAN_PYTHON, str(HERE / "read_libical.py")], files)


def _calendar_of(parsed: list[list[dict[str, Any]]]) -> list[Seen]:
    newest: dict[str, dict[str, Any]] = {}
    for [event] in parsed:
        if event["sequence"] >= newest.get(event["uid"], event)["sequence"]:
            newest[event["uid"]] = event
    names = "uid", "summary", "location", "description", "starts", "ends"
    return [
        Seen(**{n: e[n] for n in names}, is_cancelled=e["status"] == "CANCELLED") for e in newest.values()
    ]


KHAL_SETTINGS = """
[calendars]
[[lotse]]
path = {folder}/calendar
[sqlite]
path = {folder}/khal.db
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M:%S
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%dT%H:%M:%SZ
longdatetimeformat = %Y-%m-%dT%H:%M:%SZ
[default]
default_calendar = lotse
"""


def khal(files: list[bytes]) -> list[Seen]:
    """What khal's calendar of 2027 holds after it imported the files one after the other."""
    or_skip("khal")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "calendar").mkdir()
        settings = Path(folder, "config")
        settings.write_text(KHAL_SETTINGS.format(folder=folder))
        program = [str(Path(sys.executable).with_name("khal")), "--config", str(settings)]
        surroundings = {**os.environ, "HOME": folder, "XDG_CONFIG_HOME": folder, "XDG_DATA_HOME": folder}

        def run(*arguments: str) -> str:
            done = subprocess.run([*program, *arguments], capture_output=True, text=True, env=surroundings)
            assert done.returncode == 0, done.stderr
            return done.stdout

        for number, file in enumerate(files):
            path = Path(folder, f"{number}.ics")
            path.write_bytes(file)
            run("import", "--batch", str(path))
        names = "uid", "title", "location", "description", "start", "end", "status", "all-day"
        asked = [part for name in names for part in ("--json", name)]
        listed = run("list", *asked, "2027-01-01", "365d")
        return _from_khal([json.loads(line) for line in listed.splitlines()])


def _from_khal(by_day: list[list[dict[str, str]]]) -> list[Seen]:
    """One list for each day from New Year on; whole days are taken from where khal shows the entry."""
    shown: dict[tuple[str, ...], list[date]] = {}
    for number, events in enumerate(by_day):
        for e in events:
            names = "uid", "title", "location", "description", "start", "end", "status", "all-day"
            known = shown.setdefault(tuple(e[n] for n in names), [])
            known.append(date(2027, 1, 1) + timedelta(days=number))
    seen = []
    for (uid, title, location, description, start, end, status, all_day), days in shown.items():
        if all_day == "True":
            assert [days[0] + timedelta(days=n) for n in range(len(days))] == days
            start, end = str(days[0]), str(days[-1] + timedelta(days=1))
        seen.append(Seen(uid, title, location, description, start, end, status.strip() == "CANCELLED"))
    return seen


READERS: dict[str, Reader] = {
    "ical.js": lambda files: _calendar_of(icaljs(files)),
    "libical": lambda files: _calendar_of(libical(files)),
    "khal": khal,
}
