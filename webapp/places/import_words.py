"""What a list of places would change, in words."""

from typing import Any

from models.imports.columns import from_plain
from models.imports.plan import Remark
from models.place_list.columns import BY_NAME
from models.place_list.row_plan import Held, PlannedPlace
from models.places import Place, as_of_text
from webapp.filters import moment, officer_name
from webapp.words import _, language

SHOWN = 300  # characters of a value; the whole of it stands in the file
_UNSHOWN = ("slug", "source")  # of a new place


def column_word(name: str) -> str:
    """A column as the list calls it."""
    return _(BY_NAME[name].heading) if name in BY_NAME else name


def value_word(name: str, value: Any) -> str:
    """A plain value as the list writes it."""
    if value in (None, ""):
        return "–"
    written = BY_NAME[name].write(from_plain(Place, name, value), language())
    return written if len(written) <= SHOWN else f"{written[:SHOWN]} …"


def place_lines(row: PlannedPlace) -> list[tuple[str, str, str]]:
    """What a row changes: column, before, after. A source that only grows is told by what is added to it."""
    lines = []
    for name, value in row.after.items():
        before = str(row.before.get(name) or "")
        if row.is_new and (name in _UNSHOWN or value in (None, "")):
            continue
        if name == "source" and before and str(value).startswith(before):
            lines.append((column_word(name), "…", f"… {str(value)[len(before) :].removeprefix(' | ')}"))
        else:
            lines.append((column_word(name), value_word(name, row.before.get(name)), value_word(name, value)))
    return lines


def held_line(held: Held) -> str:
    """A value that an officer set by hand, and what the list offers instead."""
    said = _("{column}: “{mine}” was set by hand ({who}, {when}) and stays; the list says “{theirs}”.")
    return said.format(
        column=column_word(held.column),
        mine=value_word(held.column, held.before),
        theirs=value_word(held.column, held.offered),
        who=officer_name(held.edit.officer_id) or "–",
        when=moment(held.edit.at),
    )


def place_remark(remark: Remark) -> str:
    """A remark in words, with the columns that it speaks of."""
    values = dict(remark.values)
    if "as_of" in values:
        values["as_of"] = as_of_text(str(values["as_of"]), language())
    text = _(remark.text).format(**values)
    names = ", ".join(column_word(name) for name in remark.columns)
    return f"{names}: {text}" if names else text
