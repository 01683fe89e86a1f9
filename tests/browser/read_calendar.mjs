// Reads a calendar file with ical.js, Thunderbird's parser: a reader that is not ours.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf-8")));
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid,
    sequence: event.sequence,
    summary: event.summary,
    starts: event.startDate.toString(),
    ends: event.endDate.toString(),
    isDate: event.startDate.isDate,
    location: event.location,
  };
});
console.log(JSON.stringify({ method: calendar.getFirstPropertyValue("method"), events }));
