"""Access of a person to her own data (Art. 15 GDPR): the same walk as an erasure, with everything it finds."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.audit import plain
from models.city import City, the_city
from models.contacts.people import Person
from models.files import FileStore
from models.officers import Officer
from models.privacy.columns import DERIVED
from models.privacy.gathering import gather
from models.privacy.identifiers import Identifiers
from models.privacy.mentions import Mention, Mentions, find_mentions
from models.privacy.uploads import uploads_about
from models.privacy.whose import Owned, belongings, entries_of_two, merges_of, portions, table_named

# What says how the program works and nothing about her.
_SKIPPED = frozenset({"version", "sha256", "position"})
# Mails are told with day, recipient's role and subject; other people's data are in them too.
_TOLD_APART = frozenset({"message", "reminder", "touched", "calendar_entry"})
# First who she is, then how to reach her, then what was said, then what the program noted.
_ORDER = (
    "person", "contact_point", "person_role", "tag_link", "interaction", "interaction_file", "follow_up", "comment",
)  # fmt: skip


@dataclass(frozen=True)
class MailTold:
    """A mail to a colleague that speaks of her: when, to which role, under which subject."""

    key: int
    at: datetime
    role: str  # a msgid
    subject: str


@dataclass
class Access:
    """Everything that is stored about a person. `rows`: table -> rows, column -> value. `files`: names of uploads."""

    person: Person
    city: City
    language: str
    owned: Owned
    hers: Identifiers
    rows: dict[str, list[dict[str, Any]]]
    found: Mentions
    mails: list[MailTold]
    accounts: int
    files: list[str] = field(default_factory=list)

    @property
    def mentions(self) -> list[Mention]:
        """Where else she stands; the history of a row that is named itself says it once more and is left out."""
        shown = {(one.table, one.key) for one in self.found.rows}
        return [
            one
            for one in self.found.rows
            if not one.is_derived and (one.table != "audit_entry" or one.unit not in shown)
        ]

    def places(self) -> Iterator["Place"]:
        """Every place where something of hers was found, by table and column."""
        for table, rows in self.rows.items():
            for row in rows:
                yield from (Place(table, column) for column, value in row.items() if value)
        for mention in (*self.found.rows, *self.found.mails.values()):
            yield from (Place(mention.table, column) for column in mention.places)


@dataclass(frozen=True)
class Place:
    table: str
    column: str


def access(session: Session, person: Person, language: str, files: FileStore | None = None) -> Access:
    """Look everywhere; without `files` uploads are left out."""
    session.flush()
    owned = belongings(session, person)
    hers = gather(session, owned)
    found = find_mentions(session, hers, owned)
    staged = {one.key for one in found.rows if one.table == "import_row"}
    uploads = uploads_about(session, hers, owned, staged, files) if files is not None else []
    accounts = select(func.count()).select_from(Officer).where(col(Officer.left_on).is_(None))
    return Access(
        person, the_city(session), language, owned, hers, _rows(session, owned), found,
        _mails(session, owned.get("message", set()) | set(found.mails)),
        int(session.connection().execute(accounts).scalar() or 0), [one.file_name for one in uploads],
    )  # fmt: skip


def _rows(session: Session, everything: Owned) -> dict[str, list[dict[str, Any]]]:
    # A merge that was undone took somebody else's data for hers; they are not told to her.
    undone = {one.key for one in merges_of(session, everything["person"]) if one.undone_at is not None}
    of_two = {"contact_merge": undone, "audit_entry": entries_of_two(session, everything["person"])}
    owned = {name: keys - of_two.get(name, set()) for name, keys in everything.items()}
    names = [name for name in (*_ORDER, *sorted(set(owned) - set(_ORDER))) if name in owned]
    return {name: _of_table(session, name, owned[name]) for name in names if name not in _TOLD_APART}


def _of_table(session: Session, name: str, keys: set[int]) -> list[dict[str, Any]]:
    """The rows without what is derived, and without who of the colleagues wrote them."""
    table = table_named(name)
    told = [
        column
        for column in table.columns
        if column.name not in _SKIPPED
        and column.name not in DERIVED
        and not any(key.column.table.name == "officer" for key in column.foreign_keys)
    ]
    found: list[dict[str, Any]] = []
    for portion in portions(keys):
        rows = session.connection().execute(select(*told).where(table.c.id.in_(portion)).order_by(table.c.id))
        found += [{str(column): plain(value) for column, value in row._mapping.items()} for row in rows]
    return found


def _mails(session: Session, keys: set[int]) -> list[MailTold]:
    message, officer = table_named("message"), table_named("officer")
    found: list[MailTold] = []
    for portion in portions(keys):
        rows = session.connection().execute(
            select(message.c.id, message.c.composed_at, officer.c.role, message.c.subject)
            .join_from(message, officer, message.c.officer_id == officer.c.id, isouter=True)
            .where(message.c.id.in_(portion))
        )
        found += [MailTold(key, at, role.label if role else "", subject) for key, at, role, subject in rows]
    return sorted(found, key=lambda one: (one.at, one.key))
