"""The handover file in its three forms, and all of them in one archive."""

from collections.abc import Callable, Mapping
from datetime import date

from sqlmodel import Session, col, select

from models.contacts.phones import phone_address, phone_text
from models.documents.archive import Archive, entry_of, plain_name
from models.documents.icalendar import Entry, calendar_file
from models.documents.report import pdf_bytes
from models.documents.vcard import Card, Point, Role
from models.documents.vcard_writing import cards_bytes
from models.language import translator
from models.reminders.messages import CalendarEntry
from models.reports.handover import Contact, Handover, Task
from models.reports.handover_report import handover_report

# The address of a row on the pages, by table and key; empty where it has none.
AddressOf = Callable[[str, int], str]
Known = Mapping[tuple[str, int], CalendarEntry]


def known_entries(session: Session, handover: Handover) -> Known:
    """What calendars already know by mail, so that the file moves these entries and doubles none. One query."""
    kinds, keys = {task.kind for task in handover.dated}, {task.key for task in handover.dated}
    found = select(CalendarEntry).where(
        col(CalendarEntry.subject_kind).in_(kinds), col(CalendarEntry.subject_id).in_(keys)
    )
    return {(entry.subject_kind, entry.subject_id): entry for entry in session.exec(found)}


def stem(handover: Handover) -> str:
    """uebergabe-anna-amt"""
    _ = translator(handover.language)
    name = handover.person.name if handover.person else _("the whole case")
    what = plain_name(_("Handover"))
    return f"{what}-{plain_name(name)}"


def document(handover: Handover) -> bytes:
    """The PDF."""
    return pdf_bytes(handover_report(handover), handover.made_at)


def cards(handover: Handover) -> bytes:
    """The contacts, for an address book."""
    return cards_bytes(_card(contact, handover) for contact in handover.contacts)


def calendar(handover: Handover, known: Known, address_of: AddressOf) -> bytes:
    """The dates, for a calendar: whole days, told without an invitation."""
    entries = [
        _entry(task, task.due_on, handover, known, address_of) for task in handover.dated if task.due_on
    ]
    return calendar_file(entries, handover.made_at, organizer=handover.unit_email)


def archive(handover: Handover, known: Known, address_of: AddressOf) -> Archive:
    """All three together."""
    name = stem(handover)
    parts = (
        (f"{name}.pdf", document(handover)),
        (f"{name}.vcf", cards(handover)),
        (f"{name}.ics", calendar(handover, known, address_of)),
    )
    return Archive([entry_of(*part) for part in parts], handover.made_at)


def _entry(task: Task, day: date, handover: Handover, known: Known, address_of: AddressOf) -> Entry:
    told = known.get((task.kind, task.key))
    uid = f"{task.kind}-{task.key}@{handover.installation}.fab-city-lotse"
    return Entry(
        uid=told.uid if told else uid,
        sequence=told.sequence if told else 0,
        summary=task.title,
        starts_on=day,
        ends_on=task.ends_on,
        location=task.where,
        url=address_of(task.kind, task.key),
        description=f"{task.kind_word}; {task.role}",
    )


def _card(contact: Contact, handover: Handover) -> Card:
    return Card(
        uid=f"{contact.uid}@{handover.installation}.fab-city-lotse",
        name=contact.name,
        given_name=contact.given_name,
        family_name=contact.family_name,
        roles=(Role(contact.organisation, contact.function),),
        emails=(Point(contact.email),) if contact.email else (),
        phones=(Point(phone_text(contact.phone), uri=phone_address(contact.phone)),) if contact.phone else (),
        websites=(Point(contact.website),) if contact.website else (),
        languages=(contact.language,) if contact.language else (),
        note=", ".join(contact.roles),
        is_organisation=contact.is_organisation,
        changed_at=handover.made_at,
    )
