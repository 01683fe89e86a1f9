"""Reads calendar files with libical, which Evolution and GNOME use: a reader that is not ours.

Run by Debian's own Python (/usr/bin/python3), which has the binding (python3-gi, gir1.2-ical-3.0).
In: a JSON list of files, in the order in which they arrived. Out: one JSON list of events for each file.
`--version` names the library.
"""

import json
import re
import sys
from pathlib import Path

import gi

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib  # noqa: E402

UTC = ICalGLib.Timezone.get_utc_timezone()


def zones_of(calendar):
    """What the file itself explains: libical would fall back on its own zone data and hide a fault in ours."""
    zones = {}
    part = calendar.get_first_component(ICalGLib.ComponentKind.VTIMEZONE_COMPONENT)
    while part is not None:
        zone = ICalGLib.Timezone.new()
        zone.set_component(part.clone())
        zones[zone.get_tzid()] = zone
        part = calendar.get_next_component(ICalGLib.ComponentKind.VTIMEZONE_COMPONENT)
    return zones


def moment(event, kind, zones):
    found = event.get_first_property(kind)
    if found is None:
        return None
    time = found.get_dtstart() if kind == ICalGLib.PropertyKind.DTSTART_PROPERTY else found.get_dtend()
    if time.is_date():
        return f"{time.get_year():04}-{time.get_month():02}-{time.get_day():02}"
    named = found.get_first_parameter(ICalGLib.ParameterKind.TZID_PARAMETER)
    zone = zones[named.get_tzid()] if named else UTC
    time.set_timezone(zone)
    utc = time.convert_to_zone(UTC)
    day = f"{utc.get_year():04}-{utc.get_month():02}-{utc.get_day():02}"
    return f"{day}T{utc.get_hour():02}:{utc.get_minute():02}:{utc.get_second():02}Z"


def breaches(event):
    found = event.get_first_property(ICalGLib.PropertyKind.XLICERROR_PROPERTY)
    texts = []
    while found is not None:
        texts.append(found.get_value_as_string())
        found = event.get_next_property(ICalGLib.PropertyKind.XLICERROR_PROPERTY)
    return texts


def read(text):
    calendar = ICalGLib.Component.new_from_string(text)
    if calendar is None or not calendar.is_valid() or calendar.count_errors():
        raise SystemExit("libical cannot read the file")
    calendar.check_restrictions()  # the tables of RFC 5546: leaves an X-LIC-ERROR in the component for each breach
    zones, events = zones_of(calendar), []
    event = calendar.get_first_component(ICalGLib.ComponentKind.VEVENT_COMPONENT)
    while event is not None:
        starts = moment(event, ICalGLib.PropertyKind.DTSTART_PROPERTY, zones)
        events.append(
            {
                "method": calendar.get_method().value_name,
                "uid": event.get_uid(),
                "sequence": event.get_sequence(),
                "status": ICalGLib.Property.status_to_string(event.get_status()),
                "summary": event.get_summary() or "",
                "location": event.get_location() or "",
                "description": event.get_description() or "",
                "starts": starts,
                "ends": moment(event, ICalGLib.PropertyKind.DTEND_PROPERTY, zones) or starts,
                "breaches": breaches(event),
            }
        )
        event = calendar.get_next_component(ICalGLib.ComponentKind.VEVENT_COMPONENT)
    return events


if sys.argv[1:] == ["--version"]:
    loaded = re.search(r"/\S*/libical\.so\.\S+", Path("/proc/self/maps").read_text())
    print(loaded.group().rpartition(".so.")[2] if loaded else "")
else:
    print(json.dumps([read(text) for text in json.load(sys.stdin)]))
