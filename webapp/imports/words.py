"""What a planned change is called on pages."""

from collections.abc import Iterable
from typing import Any

from models.commitments.sheet_columns import BY_NAME
from models.imports.plan import PlannedRow, Remark
from webapp.history_words import COLUMNS, change_word
from webapp.words import _

SHOWN = 300  # characters of a value; the whole of it stands in the file


def column_title(column: str) -> str:
    """A column's name as the checklist calls it."""
    if column in ("code", "proof"):
        return _("Key") if column == "code" else _("Proof")
    return (
        _(COLUMNS[column])
        if column in COLUMNS
        else _(BY_NAME[column].heading)
        if column in BY_NAME
        else column
    )


def remark_text(remark: Remark) -> str:
    """A remark in words, with the columns that it speaks of."""
    text = _(remark.text).format(**remark.values)
    return f"{column_names(remark.columns)}: {text}" if remark.columns else text


def column_names(columns: Iterable[str]) -> str:
    return ", ".join(column_title(column) for column in columns)


def _word(column: str, value: Any) -> str:
    written = change_word(column, value)
    return written if len(written) <= SHOWN else f"{written[:SHOWN]} …"


def change_lines(row: PlannedRow) -> list[tuple[str, str, str]]:
    """What changes: column, before, after."""
    lines = [
        (column_title(column), _word(column, row.before.get(column)), _word(column, value))
        for column, value in row.after.items()
    ]
    return [*lines, *((_("Proof"), "–", value[:SHOWN]) for value in row.attached.values())]
