"""Where a person is mentioned in what is not hers: every text of every table, JSON and mail bytes included."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, ColumnElement, String, Table, and_, cast, func, or_, select
from sqlmodel import Session

from models.folding import fold
from models.privacy.columns import DERIVED, PUBLIC, is_bytes, is_json, walked, walked_tables
from models.privacy.gathering import namesakes
from models.privacy.identifiers import Identifiers
from models.privacy.mail_texts import texts_of_mail
from models.privacy.whose import Owned, table_named

Unit = tuple[str, int]  # the row that a mention is shown with: table and key

_AROUND = 60  # characters of context on each side


@dataclass
class Mention:
    """One row that mentions the person. `places`: column -> the text around. `by_name_only`: no address, no number."""

    table: str
    key: int
    unit: Unit
    places: dict[str, str] = field(default_factory=dict)
    by_name_only: bool = True
    is_derived: bool = False  # only in columns that follow others

    @property
    def is_public(self) -> bool:
        """In a paper of the council: shown, never replaced. Its history here is none of the council's papers."""
        return self.table in PUBLIC

    def told(self) -> dict[str, str]:
        """The places that a person is told: what is derived from others says nothing new."""
        return {column: text for column, text in self.places.items() if column not in DERIVED}


@dataclass
class Mentions:
    """`unsure`: units that may mean somebody else of the same name. `mails`: messages whose bytes, subject or recipient
    name her, by key."""

    rows: list[Mention] = field(default_factory=list)
    mails: dict[int, Mention] = field(default_factory=dict)
    unsure: set[Unit] = field(default_factory=set)

    def units(self) -> dict[Unit, list[Mention]]:
        """What is shown together and ticked together: a row, with what the history says of it."""
        found: dict[Unit, list[Mention]] = {}
        for mention in self.rows:
            if not mention.is_derived:
                found.setdefault(mention.unit, []).append(mention)
        return found


def find_mentions(session: Session, hers: Identifiers, owned: Owned) -> Mentions:
    """Every mention outside her own rows."""
    found = Mentions()
    if hers.pattern is None:
        return found
    same_name = namesakes(session, owned, hers)
    for table in walked_tables():
        # A mail about her may name her as its recipient as well; everything else of hers is known already.
        mine = owned.get(table.name, set()) if table.name != "message" else set()
        for row in _candidates(session, table, hers):
            mention = None if row["id"] in mine else _look(table, row, hers)
            if mention is None:
                continue
            if table.name == "message":
                found.mails[mention.key] = mention
            elif not _is_namesakes(mention, same_name):
                found.rows.append(mention)
                if same_name and mention.by_name_only:
                    found.unsure.add(mention.unit)
    sure = {one.unit for one in found.rows if not one.by_name_only}
    found.unsure -= sure
    return found


def _is_namesakes(mention: Mention, same_name: set[int]) -> bool:
    """Whether it is the name of somebody else, in that person's own row or its history."""
    return mention.by_name_only and mention.unit[0] == "person" and mention.unit[1] in same_name


def _candidates(session: Session, table: Table, hers: Identifiers) -> Iterator[dict[str, Any]]:
    """The rows that are worth a closer look."""
    columns = walked(table)
    wanted = [table.c.id, *columns]
    wanted += [table.c[name] for name in ("subject_kind", "subject_id") if name in table.c]
    connection = session.connection()
    # SQLite's LIKE takes upper and lower case as one, and is quicker so.
    operator = "like" if connection.dialect.name == "sqlite" else "ilike"
    query = select(*wanted).where(or_(*(_sieved(column, hers, operator) for column in columns)))
    result = connection.execute(query.execution_options(yield_per=500))
    for row in result:
        yield dict(row._mapping)


def _sieved(column: Column[Any], hers: Identifiers, operator: str) -> ColumnElement[bool]:
    if is_bytes(column):
        return func.length(column) > 0
    written: Any = cast(column, String) if is_json(column) else column
    groups = hers.loose_sieves if is_json(column) else hers.sieves
    fits = [
        and_(*(or_(*(getattr(written, operator)(one, escape="!") for one in sorted(p))) for p in group))
        for group in groups
    ]
    return or_(*fits)


def _look(table: Table, row: dict[str, Any], hers: Identifiers) -> Mention | None:
    unit = (table.name, row["id"])
    if table.name == "audit_entry":
        unit = (row["subject_kind"], row["subject_id"])
    mention = Mention(table.name, row["id"], unit, is_derived=True)
    for column in walked(table):
        for text in texts_in(row[column.name], column):
            hit = hers.search(text)
            if hit is None:
                continue
            mention.places.setdefault(column.name, around(text, hit))
            mention.is_derived &= column.name in DERIVED
            if hers.certain_pattern is not None and hers.certain_pattern.search(text):
                mention.by_name_only = False
        if is_json(column) and column.name not in mention.places and names_in_parts(row[column.name], hers):
            mention.places[column.name] = " ".join(sorted(hers.names)[0])
            mention.is_derived = False
    return mention if mention.places else None


def texts_in(value: Any, column: Column[Any] | None = None) -> Iterator[str]:
    """Every text in a value: JSON at any depth with its keys, mails with all their parts."""
    if isinstance(value, bytes | memoryview):
        yield from texts_of_mail(bytes(value))
    elif isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield str(key)
            yield from texts_in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts_in(one)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)


def names_in_parts(value: Any, hers: Identifiers) -> bool:
    """Whether given and family name stand apart in one object, as columns of a person do."""
    if isinstance(value, list):
        return any(names_in_parts(one, hers) for one in value)
    if not isinstance(value, dict):
        return False
    given, family = ({fold(t) for t in texts_in(value.get(n))} for n in ("given_name", "family_name"))
    if any(fold(one) in given and fold(other) in family for one, other in hers.names):
        return True
    return any(names_in_parts(one, hers) for one in value.values())


def around(text: str, hit: re.Match[str]) -> str:
    """The place in the text, with a little of what stands before and after it."""
    first, last = max(0, hit.start() - _AROUND), min(len(text), hit.end() + _AROUND)
    shown = " ".join(text[first:last].split())
    return ("… " if first else "") + shown + (" …" if last < len(text) else "")


def attachments_of(session: Session, mentions: Mentions) -> list[str]:
    """The names of files that came with mails to others which mention her. Nobody opens these either."""
    files = table_named("interaction_file")
    keys = [key for (kind, key) in mentions.units() if kind == "interaction"]
    found = select(files.c.file_name).where(files.c.interaction_id.in_(keys)).order_by(files.c.id)
    return [str(name) for name in session.connection().execute(found).scalars()]


def evidence_of(session: Session, mentions: Mentions) -> dict[int, str]:
    """Evidence of declarations and letters that name her: key -> name. Nobody opens these files but a person."""
    evidence = table_named("evidence")
    found: dict[int, str] = {}
    for name in ("declaration", "submission_reply"):
        table = table_named(name)
        keys = [key for (kind, key) in mentions.units() if kind == name]
        joined = select(evidence.c.id, evidence.c.name).join(table, table.c.evidence_id == evidence.c.id)
        found |= {int(k): str(n) for k, n in session.connection().execute(joined.where(table.c.id.in_(keys)))}
    return found
