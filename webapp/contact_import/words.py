"""What the dry run of an import is called on pages."""

from typing import Any

from models.contacts.exchange.fields import BY_NAME
from models.contacts.exchange.meanings import Meaning
from models.contacts.points import PointKind
from models.imports.plan import Left, Remark
from models.imports.staged import ImportRow, remarks_from
from webapp.history_words import COLUMNS, change_word
from webapp.words import _, language

SHOWN = 300  # characters of a value


def column_title(name: str) -> str:
    """A column as our own table calls it."""
    if name in BY_NAME:
        return _(BY_NAME[name].heading)
    if name in [meaning.value for meaning in Meaning]:
        return _(Meaning(name).label)
    return _(COLUMNS[name]) if name in COLUMNS else name


def said(remark: Remark) -> str:
    """A remark in words, with the columns that it speaks of."""
    text = _(remark.text).format(**remark.values)
    titles = ", ".join(column_title(name) for name in remark.columns)
    return f"{titles}: {text}" if titles else text


def faults_of(row: ImportRow) -> list[str]:
    """What is wrong with a row."""
    return [said(remark) for remark in remarks_from(row.faults)]


def remarks_of(row: ImportRow) -> list[str]:
    """What is to be said of a row."""
    return [said(remark) for remark in remarks_from(row.remarks)]


def left_said(left: Left) -> str:
    """Why a row was left."""
    return said(left.remark)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]} …"


def lines_of(row: ImportRow) -> list[tuple[str, str, str]]:
    """What a row would change: column, before ("" for what is added), after."""
    change = row.values.get("change")
    if not change:
        return _summary(row.values["record"])
    lines = [
        (
            column_title(name),
            _short(change_word(name, row.before.get(name))),
            _short(change_word(name, value)),
        )
        for name, value in change["after"].items()
    ]
    if change["organisation"]:
        lines.append((_("Organisation"), "", change["organisation"]))
    lines += [
        (_(PointKind(kind).label), "", _labelled(value, label)) for kind, value, label in change["points"]
    ]
    lines += [(_("Function"), "", ", ".join(filter(None, role[:2]))) for role in change["roles"]]
    return [*lines, *((_("Tag"), "", tag) for tag in change["tags"])]


def _labelled(value: str, label: str) -> str:
    return _short(f"{label}: {value}" if label else value)


def _summary(record: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Who would be added, in a few lines."""
    values = record["values"]
    first = [(name, values.get(name, "")) for name in ("function", "email", "phone", "note")]
    where = [("organisation", record["organisation"]), ("city", record["city"])]
    lines = [
        (column_title(name), "", _short(str(value)))
        for name, value in (*first[:1], *where, *first[1:])
        if value
    ]
    more = [_labelled(value, label) for _kind, value, label in record["points"]]
    lines += [(_("Further addresses and numbers"), "", _short(" · ".join(more)))] if more else []
    return [*lines, *([(_("Tags"), "", ", ".join(record["tags"]))] if record["tags"] else [])]


def grouped(number: int) -> str:
    """A whole number with its thousands apart: 10.000 in German, 10,000 in English."""
    written = f"{number:,}"
    return written.replace(",", ".") if language() == "de" else written
