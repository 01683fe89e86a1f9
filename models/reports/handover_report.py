"""The handover file as a document of a few pages: read from top to bottom, a successor knows what to do next."""

from datetime import date

from models.contacts.phones import phone_text
from models.documents.report import Block, Column, Facts, Heading, Link, Note, Paragraph, Report, Table, Value
from models.language import day_text, translations, translator
from models.reports.handover import Colleague, Contact, Handover, Task


def handover_report(handover: Handover) -> Report:
    """The document."""
    _, person = translator(handover.language), handover.person
    day = day_text(handover.made_at.date(), handover.language)
    return Report(
        title=_("Handover"),
        subtitle=person.name if person else _("the whole case"),
        language=handover.language,
        author=handover.city,
        letterhead=(handover.city, handover.unit),
        facts=((_("Case"), f"{handover.network}: {handover.state}"), (_("As of"), day)),
        blocks=(
            *_who(handover),
            *_dates(handover),
            *_undated(handover),
            *_promises(handover),
            *_contacts(handover),
            *_reminders(handover),
            *_files(handover),
        ),
        footer=_("Handover {name}, {day}. Contains personal data, for the successor only.").format(
            name=person.name if person else handover.network, day=day
        ),
    )


def _day(day: date | None, handover: Handover) -> str:
    return day_text(day, handover.language) if day else "–"


def _who(handover: Handover) -> list[Block]:
    _, person = translator(handover.language), handover.person
    rows: list[tuple[str, Value]] = [
        (_("Case lead"), _colleague(handover.case_lead, handover)),
        (_("Deputy"), _colleague(handover.deputy, handover)),
    ]
    if person is not None and person.key not in {c.key for c in (handover.case_lead, handover.deputy) if c}:
        rows.insert(0, (_("Handing over"), _colleague(person, handover)))
    away = [c for c in handover.colleagues if c.absent_from and (person is None or c.key == person.key)]
    rows += [(_("Absence"), _absence(one, handover)) for one in away]
    if person is None:
        rows.append((_("Colleagues"), "\n".join(_colleague(one, handover) for one in handover.colleagues)))
    return [Heading(_("Who")), Facts(tuple(rows))]


def _colleague(found: Colleague | None, handover: Handover) -> str:
    return f"{found.name}, {found.email}" if found else translator(handover.language)("nobody yet")


def _absence(found: Colleague, handover: Handover) -> str:
    _ = translator(handover.language)
    said = _("{name}: {first} to {last}").format(
        name=found.name, first=_day(found.absent_from, handover), last=_day(found.absent_until, handover)
    )
    deputy = _("deputy: {name}").format(name=found.stand_in)
    return f"{said}, {deputy}" if found.stand_in else said


def _dates(handover: Handover) -> list[Block]:
    _ = translator(handover.language)
    today = handover.made_at.date()
    overdue = [task for task in handover.dated if (task.ends_on or task.due_on or today) < today]
    columns = (
        Column(_("Day"), 1.2),
        Column(_("What"), 3.2),
        Column(_("Kind"), 1.4),
        Column(_("Responsible"), 1.7),
    )
    blocks: list[Block] = [Heading(_("Next dates"))]
    if overdue:
        ngettext = translations(handover.language).ngettext
        said = ngettext(
            "One is overdue; it stands at the top.", "{n} are overdue; they stand at the top.", len(overdue)
        )
        blocks.append(Note(said.format(n=len(overdue))))
    rows = tuple(_dated_row(task, handover) for task in handover.dated)
    return [*blocks, Table(columns, rows, empty=_("No dates are entered."))]


def _dated_row(task: Task, handover: Handover) -> tuple[Value, ...]:
    last = task.ends_on if task.ends_on and task.ends_on != task.due_on else None
    day = f"{_day(task.due_on, handover)} –\n{_day(last, handover)}" if last else _day(task.due_on, handover)
    return day, f"{task.title}\n{task.where}" if task.where else task.title, task.kind_word, task.role


def _undated(handover: Handover) -> list[Block]:
    _ = translator(handover.language)
    if not handover.undated:
        return []
    columns = Column(_("What"), 3.6), Column(_("Kind"), 1.4), Column(_("Responsible"), 1.7)
    rows = tuple((task.title, task.kind_word, task.role) for task in handover.undated)
    return [Heading(_("Open, without a date")), Table(columns, rows)]


def _promises(handover: Handover) -> list[Block]:
    _ = translator(handover.language)
    columns = (
        Column(_("What"), 2.6),
        Column(_("About"), 2.2),
        Column(_("Waiting for"), 1.8),
        Column(_("Since"), 1.1),
        Column(_("Ask again on"), 1.2),
    )
    rows = tuple(
        (
            promise.what,
            promise.about,
            "\n".join(part for part in (promise.who, promise.email) if part),
            _day(promise.since_on, handover),
            _day(promise.ask_on, handover),
        )
        for promise in handover.promises
    )
    return [Heading(_("Who owes us what")), Table(columns, rows, empty=_("We are waiting for nobody."))]


def _contacts(handover: Handover) -> list[Block]:
    _ = translator(handover.language)
    columns = (
        Column(_("Name"), 2),
        Column(_("Organisation"), 2.2),
        Column(_("Function"), 1.8),
        Column(_("Reach"), 2.6),
    )
    rows = tuple(_contact_row(contact, handover) for contact in handover.contacts)
    said = _("All of them are in the file with the contacts, which address books can read.")
    return [
        Heading(_("Partners and contacts")),
        *([Paragraph(said, is_small=True)] if rows else []),
        Table(columns, rows, empty=_("Nobody is entered.")),
    ]


def _contact_row(contact: Contact, handover: Handover) -> tuple[Value, ...]:
    organisation = "" if contact.is_organisation else contact.organisation
    phone = phone_text(contact.phone) if contact.phone else ""
    return (
        contact.name,
        "\n".join(part for part in (organisation, *contact.roles) if part),
        contact.function,
        "\n".join(part for part in (contact.email, phone) if part),
    )


def _reminders(handover: Handover) -> list[Block]:
    _ = translator(handover.language)
    if not handover.reminders:
        return []
    columns = Column(_("Reminder")), Column(_("About"))
    return [Heading(_("Reminders set up by hand")), Table(columns, tuple(handover.reminders))]


def _files(handover: Handover) -> list[Block]:
    _ = translator(handover.language)
    columns = Column(_("What"), 2.5), Column(_("File number"), 1.5), Column(_("Electronic file"), 2.5)
    rows = tuple(
        (
            place.title,
            place.file_number or "–",
            Link(place.record_url, place.record_url) if place.record_url else "–",
        )
        for place in handover.files
    )
    return [Heading(_("Where the files lie")), Table(columns, rows)]
