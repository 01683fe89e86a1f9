// Reads calendar files with ical.js, Thunderbird's parser: a reader that is not ours.
// In: a JSON list of files, in the order in which they arrived. Out: one JSON list of events for each file.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const moment = (time) => (time.isDate ? time.toString() : time.toJSDate().toISOString().replace(".000", ""));

function read(file) {
  ICAL.TimezoneService.reset(); // only what the file itself explains
  const calendar = new ICAL.Component(ICAL.parse(file));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  return calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    return {
      method: calendar.getFirstPropertyValue("method"),
      uid: event.uid,
      sequence: event.sequence,
      status: component.getFirstPropertyValue("status"),
      summary: event.summary ?? "",
      location: event.location ?? "",
      description: event.description ?? "",
      starts: moment(event.startDate),
      ends: moment(event.endDate),
    };
  });
}

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf-8")).map(read)));
