"""Stored values as a person reads them: enumerations and days in words, rows by their title."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, DateTime
from sqlmodel import Session, SQLModel

from models.base import N_, Labelled, Recorded
from models.contacts.people import language_name
from models.language import day_text, translator
from models.privacy.columns import is_json, plain_type
from models.privacy.replacing import class_of
from models.privacy.whose import table_named

_UNTOLD = ("subject_id", "subject_kind", "person_id", "written_at", "state")
_LANGUAGES = ("language", "other_languages")


@dataclass(frozen=True)
class Words:
    """Msgids: column -> its name, table -> its name, as the pages know them."""

    columns: Mapping[str, str]
    tables: Mapping[str, str]
    language: str

    def _say(self, msgid: str) -> str:
        return translator(self.language)(msgid) if msgid else ""

    def column(self, name: str) -> str:
        return self._say(self.columns.get(name, name))

    def table(self, name: str) -> str:
        return self._say(self.tables.get(name, name))

    def value(self, session: Session, table: str, name: str, value: Any) -> str:
        """A value in words; empty for what says nothing."""
        column = table_named(table).c[name]
        if value in (None, "", [], {}, 0):
            return ""
        if isinstance(value, bool):
            return self._say(N_("yes")) if value else ""
        kind = getattr(plain_type(column), "enum_class", None)
        if kind is not None and issubclass(kind, Labelled):
            return self._say(kind(value).label)
        if column.foreign_keys and isinstance(value, int):
            return self._title(session, column, value)
        if is_json(column):
            return self.deep(value)
        if name in _LANGUAGES:
            return ", ".join(language_name(code, self.language) for code in str(value).split())
        return self._day(column, value) if _is_day(column) else str(value)

    def _title(self, session: Session, column: Column[Any], key: int) -> str:
        parent = next(iter(column.foreign_keys)).column.table.name
        row = session.get(class_of(parent), key)
        return row.title(self.language) if isinstance(row, Recorded) else ""

    def _day(self, column: Column[Any], value: Any) -> str:
        is_moment = isinstance(plain_type(column), DateTime)
        day = datetime.fromisoformat(value).date() if is_moment else date.fromisoformat(value)
        return day_text(day, self.language)

    def changes(self, session: Session, table: str, changes: dict[str, Any]) -> list[str]:
        """What an entry of the history says, a line for each column: old and new."""
        known = SQLModel.metadata.tables.get(table)
        found = []
        for name, said in changes.items():
            is_pair = isinstance(said, list) and len(said) == 2
            if known is None or name not in known.c or name in _UNTOLD or not is_pair:
                found += [] if name in _UNTOLD else [f"{self.column(name)}: {self.deep(said)}"]
                continue
            old, new = (self.value(session, table, name, one) or "–" for one in said)
            found.append(
                f"{self.column(name)}: {old} → {new}" if old != "–" else f"{self.column(name)}: {new}"
            )
        return found

    def deep(self, value: Any) -> str:
        """What stands in JSON, one line for each name; changes as "old → new"."""
        if isinstance(value, dict):
            return "\n".join(
                f"{self.column(str(name))}: {said}" for name, one in value.items() if (said := self.deep(one))
            )
        if isinstance(value, list):
            if len(value) == 2 and not any(isinstance(one, dict | list) for one in value):
                return " → ".join("–" if one in (None, "") else str(one) for one in value)
            return "; ".join(said for one in value if (said := self.deep(one)))
        return "" if value is None else str(value)


def _is_day(column: Column[Any]) -> bool:
    return plain_type(column).python_type in (date, datetime)
