"""What a person decides about single rows of a dry run: complete whom, add as new, or leave out."""

from typing import Any

from flask import request
from sqlmodel import col, select

from models.city import the_city
from models.contacts.exchange.known import neighbours, read_register
from models.contacts.exchange.record import record_from
from models.contacts.exchange.staging import Staging
from models.contacts.people import Person, listed
from models.imports.batches import ImportBatch
from models.imports.staged import ImportRow, RowChoice
from webapp.database import db, today
from webapp.words import _, language

PREFIX = "wahl-"
Option = tuple[str, str, bool]  # value, text, whether it is chosen


def options_of(row: ImportRow, names: dict[int, str]) -> list[Option]:
    """What can be done with a row; nothing where it has faults, or the person wants no contact."""
    if row.faults or row.values.get("untouched"):
        return []
    keys = [row.subject_id] if row.subject_id else []
    keys += [key for key in row.values.get("candidates", []) if key not in keys]
    found = [
        (f"update-{key}", _("complete {name}").format(name=names[key]),
         row.choice is RowChoice.UPDATE and key == row.subject_id)
        for key in keys if key in names
    ]  # fmt: skip
    return [
        *found,
        (RowChoice.NEW.value, _("add as new"), row.choice is RowChoice.NEW),
        (RowChoice.SKIP.value, _("leave out"), row.choice is RowChoice.SKIP),
    ]


def names_for(rows: list[ImportRow]) -> dict[int, str]:
    """The people whom these rows may mean, with what tells them apart."""
    keys = {row.subject_id for row in rows if row.subject_id}
    keys |= {key for row in rows for key in row.values.get("candidates", [])}
    people = db().exec(select(Person).where(col(Person.id).in_(keys), listed())) if keys else ()
    return {
        p.key: ", ".join(part for part in (p.title(language()), p.email or p.function) if part)
        for p in people
    }


def keep_choices(batch: ImportBatch) -> int:
    """Keep what the request chooses for rows of this batch, and answer how many it changed."""
    sent = {key.removeprefix(PREFIX): value for key, value in request.form.items() if key.startswith(PREFIX)}
    wanted = {
        int(key): value for key, value in sent.items() if key.isascii() and key.isdigit() and len(key) < 10
    }
    rows = db().exec(select(ImportRow).where(ImportRow.batch_id == batch.key, col(ImportRow.id).in_(wanted)))
    return sum(_choose(batch, row, wanted[row.key]) for row in list(rows))


def _choose(batch: ImportBatch, row: ImportRow, value: str) -> bool:
    names = names_for([row])
    offered = {option: is_chosen for option, _text, is_chosen in options_of(row, names)}
    if offered.get(value, True):  # unknown, or so already
        return False
    if value.startswith("update-"):
        return _complete(batch, row, int(value.removeprefix("update-")))
    row.choice = RowChoice(value)
    if row.choice is RowChoice.NEW and row.subject_id:
        row.values = {**row.values, "candidates": [row.subject_id]}
    db().add(row)
    return True


def _complete(batch: ImportBatch, row: ImportRow, key: int) -> bool:
    """Compare the row with the person who was chosen; she is found by her own name in the row's neighbourhood."""
    record = record_from(row.number, row.values["record"])
    city = the_city(db())
    register = read_register(db())
    staging = Staging(register, city.installation, batch.mapping.get("facts", {}), today().isoformat())
    around = neighbours(db(), [record], city.installation, also=[key])
    person = around.people.get(key)
    if person is None:
        return False
    found: dict[str, Any] | None = staging.compared(record, person, around, "")
    candidates = row.values.get("candidates", [])
    if found is None:  # nothing of her would change
        row.choice, row.subject_id = RowChoice.SKIP, key
    else:
        row.choice, row.subject_id, row.row_version = found["choice"], key, found["row_version"]
        row.before, row.values = found["before"], {**found["values"], "candidates": candidates}
    db().add(row)
    return True
