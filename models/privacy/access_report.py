"""Access (Art. 15 GDPR) as a document: what is stored, why, from where, who sees it, how long."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.base import N_
from models.documents.report import Block, Column, Facts, Heading, Note, Paragraph, Report, Table, Value
from models.language import day_text, translator
from models.privacy.access import Access
from models.privacy.access_words import Words

# Told by themselves: the person's own row as facts, what was said as a table by day.
_BY_DAY, _HISTORY = "interaction", "audit_entry"


def access_report(session: Session, found: Access, words: Words, now: datetime) -> Report:
    """The document in the language of `found`."""
    _ = translator(found.language)
    name = found.person.title(found.language)
    return Report(
        title=_("What is stored about you"),
        subtitle=_("Access under Art. 15 GDPR: {name}").format(name=name),
        language=found.language,
        author=found.city.name,
        letterhead=(found.city.name, found.city.unit),
        facts=((_("As of"), day_text(now.date(), found.language)),),
        blocks=(
            *_why(found, words),
            *_data(session, found, words),
            *_history(session, found, words),
            *_mails(found),
            *_mentions(found, words),
            *_rights(found),
        ),
        footer=_("Access of {name}, {day}").format(name=name, day=day_text(now.date(), found.language)),
    )


def _why(found: Access, words: Words) -> list[Block]:
    _, person, city = translator(found.language), found.person, found.city
    source = ", ".join(
        part
        for part in (
            _(person.origin.label), person.source,
            day_text(person.source_on, found.language) if person.source_on else "",
        )
        if part
    )  # fmt: skip
    rows: tuple[tuple[str, Value], ...] = (
        (_("Responsible"), "\n".join(p for p in (city.unit, city.name, city.postal_address, city.unit_email) if p)),
        (_("Data protection officer"), city.privacy_officer),
        (_("Purpose"), person.purpose or _("Work of the city in the network of Fab Cities")),
        (_("Legal basis"), _(person.legal_basis.label)),
        (_("Source"), source),
        (_("Recipients"), _("The {n} colleagues of {unit} who have an account in this program. Nobody else.").format(
            n=found.accounts, unit=city.unit)),
        (_("How long"), _how_long(found)),
        (_("Transfer to other countries"), _("none")),
        (_("Automated decisions, profiling"), _("none")),
    )  # fmt: skip
    return [Heading(_("Why and for how long")), Facts(rows)]


def _how_long(found: Access) -> str:
    _, person = translator(found.language), found.person
    if person.keep_until is not None:
        until = _("until {day}").format(day=day_text(person.keep_until, found.language))
        return ", ".join(part for part in (until, person.keep_reason) if part)
    return _("until {n} months after the last function has ended").format(n=found.city.contacts_keep_months)


def _data(session: Session, found: Access, words: Words) -> list[Block]:
    _ = translator(found.language)
    blocks: list[Block] = []
    for table, rows in found.rows.items():
        if not rows:
            continue
        if table == _BY_DAY:
            blocks += _by_day(rows, found, words, session)
            continue
        if table == _HISTORY:
            continue
        blocks.append(Heading(_("Your data") if table == "person" else words.table(table)))
        for row in rows:
            facts = _facts(session, table, row, words)
            if facts:
                blocks.append(Facts(facts))
    return blocks


def _facts(session: Session, table: str, row: dict[str, Any], words: Words) -> tuple[tuple[str, Value], ...]:
    told = ((name, words.value(session, table, name, value)) for name, value in row.items() if _is_told(name))
    return tuple((words.column(name), said) for name, said in told if said)


def _is_told(name: str) -> bool:
    """Keys of rows say nothing to a person; where they lead to is told by its title."""
    return name not in (
        "id",
        "subject_id",
        "subject_kind",
        "person_id",
        "batch_id",
        "row_number",
        "row_version",
    )


def _by_day(rows: list[dict[str, Any]], found: Access, words: Words, session: Session) -> list[Block]:
    _ = translator(found.language)
    columns = Column(_("Day"), 1), Column(_("Kind"), 1), Column(_("What was said"), 4)
    lines = tuple(
        (
            words.value(session, _BY_DAY, "held_on", row["held_on"]),
            words.value(session, _BY_DAY, "kind", row["kind"]),
            "\n".join(str(row[name]) for name in ("sender", "subject", "body") if row[name]),
        )
        for row in sorted(rows, key=lambda one: str(one["held_on"]))
    )
    return [Heading(words.table(_BY_DAY)), Table(columns, lines)]


def _history(session: Session, found: Access, words: Words) -> list[Block]:
    _ = translator(found.language)
    columns = Column(_("Day"), 1), Column(_("What"), 1.6), Column(_("Changes"), 3.4)
    rows = tuple(
        (
            words.value(session, _HISTORY, "at", row["at"]),
            f"{words.table(row['subject_kind'])}: {words.value(session, _HISTORY, 'action', row['action'])}",
            "\n".join(words.changes(session, row["subject_kind"], row["changes"])) or row["label"],
        )
        for row in found.rows.get(_HISTORY, ())
    )
    return [Heading(_("History of changes")), Table(columns, rows)] if rows else []


def _mails(found: Access) -> list[Block]:
    _ = translator(found.language)
    columns = Column(_("Day"), 1), Column(_("Sent to"), 1.4), Column(_("Subject line"), 3.6)
    rows = tuple(
        (day_text(one.at.date(), found.language), _(one.role) or _("a colleague who has left"), one.subject)
        for one in found.mails
    )
    return [Heading(_("Mails of this program that name you")), Table(columns, rows, empty=_("None."))]


def _mentions(found: Access, words: Words) -> list[Block]:
    _ = translator(found.language)
    columns = Column(_("Where"), 1.4), Column(_("Field"), 1.2), Column(_("What stands there"), 3.4)
    rows = tuple(
        (words.table(one.table), words.column(column), text)
        for one in found.mentions
        for column, text in one.told().items()
    )
    blocks: list[Block] = [
        Heading(_("Where else you are mentioned")),
        Table(columns, rows, empty=_("Nowhere.")),
    ]
    if found.files:
        blocks.append(Paragraph(_("Also in uploaded files: {names}").format(names=", ".join(found.files))))
    return blocks


def _rights(found: Access) -> list[Block]:
    _ = translator(found.language)
    said = _(
        "You may ask for your data to be corrected (Art. 16), erased (Art. 17) or restricted (Art. 18), object to "
        "their use (Art. 21), take back a consent at any time, and complain to a supervisory authority (Art. 77 GDPR)."
    )
    blocks: list[Block] = [Heading(_("Your rights")), Paragraph(said)]
    if found.city.privacy_authority:
        blocks.append(Note(found.city.privacy_authority, _("Supervisory authority")))
    return blocks


CHECK_FIRST = N_(
    "Read the free texts before you hand this out: they may name other people, whose data do not belong in it."
)
