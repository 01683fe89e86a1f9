"""Which columns may hold something about a person: all that can hold text, unless it is declared here that they cannot.

The default is the careful one: a new column is walked by erasure and access until somebody says why it need not be.
"""

from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Table,
    Time,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

_NO_TEXT = (Integer, Float, Numeric, Boolean, Date, DateTime, Time, Enum)

_TABLE = "name of a table"
_HASH = "hash"
_CODE = "code that the program gives"
_STARTER = "key of the starter data"
_LANGUAGE = "code of a language"
_COLLEAGUE = "the colleague's own account, which ends on the page of colleagues"

# (table, column) -> why nothing about a person can stand there.
IMPERSONAL: dict[tuple[str, str], str] = {
    ("audit_entry", "subject_kind"): _TABLE,
    ("calendar_entry", "subject_kind"): _TABLE,
    ("calendar_entry", "uid"): "made of a table's name, a key and the installation",
    ("calendar_entry", "fingerprint"): _HASH,
    ("city", "state"): "code of a federal state",
    ("city", "zone"): "name of a time zone",
    ("city", "installation"): _CODE,
    ("comment", "subject_kind"): _TABLE,
    ("conference", "slug"): _STARTER,
    ("conference", "country_code"): "code of a country",
    ("contact_merge", "moved"): "names of tables and columns, keys of rows",
    ("erasure", "counts"): "names of tables, numbers",
    ("evidence_revision", "sha256"): _HASH,
    ("evidence_revision", "media_type"): "kind of a file",
    ("follow_up", "subject_kind"): _TABLE,
    ("handbook_edition", "content_hash"): _HASH,
    ("import_batch", "sha256"): _HASH,
    ("import_batch", "file_format"): _CODE,
    ("import_change", "subject_kind"): _TABLE,
    ("interaction_file", "sha256"): _HASH,
    ("interaction_file", "media_type"): "kind of a file",
    ("job_run", "job"): _CODE,
    ("job_run", "slot"): "a moment",
    ("job_run", "failure"): "name of a kind of error",
    ("message", "language"): _LANGUAGE,
    ("message", "message_id"): "made of a key or hash, the installation and its domain",
    ("message", "calendar_request"): "UID and SEQUENCE of a calendar entry",
    ("message", "calendar_method"): "METHOD of a calendar entry",
    ("message", "fingerprint"): _HASH,
    ("officer", "name"): _COLLEAGUE,
    ("officer", "email"): _COLLEAGUE,
    ("officer", "language"): _LANGUAGE,
    ("officer", "password_hash"): "secret, no text",
    ("organisation", "slug"): _STARTER,
    ("organisation", "country_code"): "code of a country",
    ("place", "slug"): _STARTER,
    ("place", "country_code"): "code of a country",
    ("place", "starter_key"): _STARTER,
    ("person", "language"): _LANGUAGE,
    ("reminder", "subject_kind"): _TABLE,
    ("reminder", "occurrence"): "a day, or a number",
    ("reminder", "step"): _CODE,
    ("reminder", "person_kind"): "officer",
    ("reminder", "token"): _HASH,
    ("reminder_rule", "code"): _CODE,
    ("reminder_rule", "zone"): "name of a time zone",
    ("sign_in_attempt", "address_hash"): _HASH,
    ("sign_in_link", "secret_hash"): _HASH,
    ("starter_row", "file"): _STARTER,
    ("starter_row", "code"): _STARTER,
    ("tag_link", "subject_kind"): _TABLE,
    ("touched", "subject_kind"): _TABLE,
    ("user_session", "secret_hash"): _HASH,
}

# Derived from other columns of the row: they follow by themselves.
DERIVED = frozenset(
    {"search_text", "sort_key", "name_key", "value_key", "email_key", "phone_key", "given_key"}
)

# Public documents of the council, told after the published papers: a name in them is shown, never replaced.
PUBLIC = ("paper", "consultation", "consultation_meeting", "resolution")


def plain_type(column: Column[Any]) -> Any:
    """The column's type without the clothes that SQLModel puts on it."""
    kind = column.type
    while isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    return kind


def may_hold_text(column: Column[Any]) -> bool:
    """Whether the column's type lets anybody write words into it."""
    return not column.foreign_keys and not isinstance(plain_type(column), _NO_TEXT)


@cache
def walked(table: Table) -> tuple[Column[Any], ...]:
    """The columns of a table in which something about a person may stand."""
    return tuple(c for c in table.columns if may_hold_text(c) and (table.name, c.name) not in IMPERSONAL)


@cache
def walked_tables() -> tuple[Table, ...]:
    """Every table that has such a column, parents first."""
    return tuple(table for table in SQLModel.metadata.sorted_tables if walked(table))


def is_personal(column: Column[Any]) -> bool:
    """Whether the column is marked as personal data of whomever its row belongs to."""
    return bool(column.info.get("personal"))


def is_json(column: Column[Any]) -> bool:
    return isinstance(plain_type(column), JSON)


def is_bytes(column: Column[Any]) -> bool:
    return isinstance(plain_type(column), LargeBinary)


def limit_of(column: Column[Any]) -> int | None:
    """How many characters fit in; None where there is no limit."""
    kind = plain_type(column)
    return kind.length if isinstance(kind, String) else None


@cache
def is_unique(column: Column[Any]) -> bool:
    """Whether two rows may not hold the same, alone or together with other columns, or as what follows from it."""
    follows = [c for c in column.table.columns if c.name in DERIVED and c is not column]
    if column.name not in DERIVED and any(is_unique(c) for c in follows):
        return True
    together = [c for c in column.table.constraints if isinstance(c, UniqueConstraint)]
    indexes = [i for i in column.table.indexes if i.unique]
    named = [set(c.columns.keys()) for c in together] + [set(i.columns.keys()) for i in indexes]
    return bool(column.unique) or any(column.name in names for names in named)


def empty_value(column: Column[Any], value: Any) -> Any:
    """What stands there when nothing stands there."""
    if column.nullable:
        return None
    if is_json(column):
        return [] if isinstance(value, list) else {}
    return b"" if is_bytes(column) else ""
