"""The record of processing activities (Art. 30(1) GDPR), written from the settings and from the columns that are marked
as personal; what only the city can know is marked as missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlmodel import SQLModel

from models.base import N_
from models.city import City
from models.documents.report import Block, Bullets, Facts, Heading, Note, Report
from models.language import Translate, day_text, translator
from models.privacy.access_words import Words
from models.privacy.activities import ACTIVITIES, MEASURES, Activity
from models.privacy.authority import authority_of
from models.privacy.columns import DERIVED, is_json, is_personal

MISSING = N_("[to be filled in by the city]")
# Where the pages call a column of the same name something else.
_CALLED = {("mail_address", "address"): N_("Mail address")}


@dataclass(frozen=True)
class Field:
    """One thing that the record says of an activity: (what, said)."""

    name: str
    text: str


def record_of_processing(city: City, words: Words, day: date) -> Report:
    """The whole record in the language of `words`."""
    language = words.language
    _ = translator(language)
    return Report(
        title=_("Record of processing activities (Art. 30 GDPR)"),
        subtitle=_("Fab City Lotse: joining the network, contacts, reminders"),
        language=language,
        author=city.unit or city.name,
        letterhead=tuple(line for line in (city.name, city.unit) if line),
        facts=((_("State as of"), day_text(day, language)),),
        blocks=(
            *_controller(city, _),
            *(block for activity in ACTIVITIES for block in _activity(activity, city, words)),
            Heading(_("Technical and organisational measures (Art. 32 GDPR)")),
            Bullets(tuple(_(measure) for measure in MEASURES)),
            Facts(
                (
                    (
                        _("Measures of the city around it: rooms, network, encryption of disks and backups"),
                        _(MISSING),
                    ),
                )
            ),
            Note(
                _(
                    "The program writes this record from its own tables and settings. The legal assessment, and "
                    "everything marked, remain with the city."
                ),
                _("Please check"),
            ),
        ),
        footer=city.unit_email,
    )


def _controller(city: City, _: Translate) -> tuple[Block, ...]:
    address = "\n".join(line for line in (city.name, city.unit, city.postal_address, city.unit_email) if line)
    return (
        Heading(_("Who is responsible")),
        Facts(
            (
                (_("Controller"), address if city.postal_address else f"{address}\n{_(MISSING)}"),
                (_("Represented by (name, function)"), _(MISSING)),
                (_("Data protection officer"), city.privacy_officer or _(MISSING)),
                (_("Supervisory authority"), authority_of(city.state, city.privacy_authority) or _(MISSING)),
            )
        ),
    )


def _activity(activity: Activity, city: City, words: Words) -> tuple[Block, ...]:
    _ = translator(words.language)
    return (
        Heading(_(activity.name)),
        Facts(tuple((field.name, field.text) for field in fields_of(activity, city, words))),
    )


def fields_of(activity: Activity, city: City, words: Words) -> Iterator[Field]:
    """What the record says of one activity, in the order of Art. 30(1)."""
    _ = translator(words.language)
    yield Field(_("Purpose"), _(activity.purpose))
    yield Field(_("Legal basis"), _(activity.basis))
    yield Field(_("Whose data"), _(activity.people))
    yield Field(_("Which data"), "\n".join(_data(activity, words)))
    yield Field(_("Recipients"), _(activity.recipients))
    yield Field(_("Countries outside the European Union"), _("None by the program."))
    yield Field(_("Kept for how long"), activity.kept(city, _))


def _data(activity: Activity, words: Words) -> Iterator[str]:
    """Table and its personal columns in words."""
    for name in activity.tables:
        columns = dict.fromkeys(_word(name, column, words) for column in personal_columns(name))
        yield f"{words.table(name)}: {', '.join(columns)}" if columns else words.table(name)


def _word(table: str, column: str, words: Words) -> str:
    called = _CALLED.get((table, column))
    return translator(words.language)(called) if called else words.column(column)


def personal_columns(table: str) -> list[str]:
    """The columns of a table that are marked as personal, without those that only follow others or hold a copy."""
    columns = SQLModel.metadata.tables[table].columns
    return [c.name for c in columns if is_personal(c) and c.name not in DERIVED and not is_json(c)]


def table_of_record(city: City, words: Words) -> tuple[list[str], list[list[str]]]:
    """Headings and rows for CSV and Excel: one row for each activity."""
    _ = translator(words.language)
    rows = []
    for activity in ACTIVITIES:
        fields = list(fields_of(activity, city, words))
        heading = [_("Processing activity"), *(field.name for field in fields)]
        rows.append([_(activity.name), *(field.text for field in fields)])
    heading += [
        _("Technical and organisational measures (Art. 32 GDPR)"),
        _("Controller"),
        _("Data protection officer"),
    ]
    measures = "\n".join(_(measure) for measure in MEASURES)
    controller = ", ".join(part for part in (city.name, city.unit, *city.postal_address.split("\n")) if part)
    return heading, [[*row, measures, controller, city.privacy_officer or _(MISSING)] for row in rows]
