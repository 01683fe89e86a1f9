"""What belongs to a person, read from the metadata: her row and those merged into it, what refers to them, what speaks
of them, and so on; what was deleted long ago is found by its history."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, String, Table, and_, cast, false, or_, select, type_coerce
from sqlmodel import Session, SQLModel, col

from models.contacts.duplicates.merging import ContactMerge
from models.contacts.people import Person
from models.imports.batches import ImportBatch, ImportKind
from models.reminders.messages import Reminder

Owned = dict[str, set[int]]  # table -> keys

_AT_ONCE = 500
# What it speaks of stays somebody else's: a colleague's mails, an officer, the tag itself.
_NEVER_OWNED = frozenset({"officer", "organisation", "place", "tag", "city"})
# A reference to a person that makes the row hers. Others only name her, like a partner of the consortium.
_LEADS_ON = frozenset({"interaction"})
# Records about rows; nothing hangs on them in turn.
_SPEAKS_ONLY = frozenset(
    {"audit_entry", "reminder", "import_change", "touched", "tag_link", "calendar_entry"}
)


def table_named(name: str) -> Table:
    """The table of this name."""
    return SQLModel.metadata.tables[name]


def portions(keys: Iterable[int]) -> Iterator[list[int]]:
    """Keys in portions that a statement can hold."""
    found = sorted(keys)
    for start in range(0, len(found), _AT_ONCE):
        yield found[start : start + _AT_ONCE]


def people_of_one(session: Session, person: Person) -> set[int]:
    """The keys of a person and of all that were merged into her."""
    found, new = {person.key}, {person.key}
    while new:
        merged = select(col(Person.id)).where(col(Person.merged_into_id).in_(new))
        new = {key for key in session.connection().execute(merged).scalars() if key is not None} - found
        found |= new
    return found


def belongings(session: Session, person: Person) -> Owned:
    """Every row that is hers, by table; `person` itself included."""
    owned: Owned = {"person": people_of_one(session, person)}
    new = {name: set(keys) for name, keys in owned.items()}
    while new:
        found = _once_more(session, new)
        new = {name: keys - owned.get(name, set()) for name, keys in found.items()}
        new = {name: keys for name, keys in new.items() if keys}
        for name, keys in new.items():
            owned.setdefault(name, set()).update(keys)
    _add_mails(session, owned)
    _add_staged(session, owned)
    _add_undone(session, owned)
    return {name: keys for name, keys in owned.items() if keys}


def _once_more(session: Session, new: Owned) -> Owned:
    found: Owned = {}
    for table in SQLModel.metadata.sorted_tables:
        if table.name in _NEVER_OWNED or "id" not in table.c:
            continue
        keys: set[int] = set()
        for kind, parents in new.items():
            for portion in portions(parents) if kind not in _SPEAKS_ONLY else ():
                for condition in _conditions(table, kind, portion):
                    keys |= set(session.connection().execute(select(table.c.id).where(condition)).scalars())
        if keys:
            found[table.name] = keys
    for kind, keys in _gone(session, new).items():
        found.setdefault(kind, set()).update(keys)
    return found


def _conditions(table: Table, kind: str, keys: list[int]) -> list[ColumnElement[bool]]:
    """How rows of a table belong to these rows: by a reference that lets them go together, or by speaking of them."""
    found: list[ColumnElement[bool]] = []
    for foreign in table.foreign_keys:
        if foreign.column.table.name == kind and owns(table, foreign.ondelete or ""):
            found.append(foreign.parent.in_(keys))
    if "subject_kind" in table.c and "subject_id" in table.c:
        speaks = type_coerce(table.c.subject_kind, String) == kind
        found.append(and_(speaks, table.c.subject_id.in_(keys)))
    return found


def owns(table: Table, ondelete: str) -> bool:
    """Whether a reference makes the row part of what it refers to."""
    return ondelete == "CASCADE" or table.name in _LEADS_ON


def _gone(session: Session, new: Owned) -> Owned:
    """Rows that were deleted meanwhile and belonged to these: their history names the reference."""
    log, found = table_named("audit_entry"), Owned()
    written = cast(log.c.changes, String)
    named = [(kind, column) for kind in new for column in _columns_that_lead_to(kind)]
    for kind, column in named:
        for portion in portions(new[kind]):
            likely = or_(false(), *(_named_in(written, column, key) for key in portion))
            entries = select(log.c.subject_kind, log.c.subject_id, log.c.changes).where(
                log.c.subject_kind.in_(_parts_with_history(kind, column)), likely
            )
            for part, key, changes in session.connection().execute(entries):
                if _names(changes, column, kind, set(portion)) and not _is_anothers(
                    session, part, column, key
                ):
                    found.setdefault(part, set()).add(key)
    return found


def _is_anothers(session: Session, name: str, column: str, key: int) -> bool:
    """What exists belongs to whom it refers to today: an undone merge gave it back to somebody else."""
    table = table_named(name)
    refers = select(table.c[column]).where(table.c.id == key, table.c[column].is_not(None))
    return session.connection().execute(refers).first() is not None


def _columns_that_lead_to(kind: str) -> list[str]:
    """The columns by which rows with a history belong to rows of this table."""
    return sorted({column for table, column in _parts_of(kind) if "version" in table.c})


def _parts_with_history(kind: str, column: str) -> list[str]:
    return sorted({table.name for table, name in _parts_of(kind) if name == column and "version" in table.c})


def _parts_of(kind: str) -> list[tuple[Table, str]]:
    if kind in _SPEAKS_ONLY:
        return []
    tables = [table for table in SQLModel.metadata.sorted_tables if table.name not in _NEVER_OWNED]
    found = [
        (table, foreign.parent.name)
        for table in tables
        for foreign in table.foreign_keys
        if foreign.column.table.name == kind and owns(table, foreign.ondelete or "")
    ]
    speaking = [
        (table, "subject_id") for table in tables if {"subject_kind", "subject_id"} <= set(table.c.keys())
    ]
    return found + speaking


def _named_in(written: ColumnElement[str], column: str, key: int) -> ColumnElement[bool]:
    before = written.like(f'%"{column}": [{key}, %')
    return or_(before, written.like(f'%"{column}": [%, {key}]%'))


def _names(changes: Any, column: str, kind: str, keys: set[int]) -> bool:
    said = changes.get(column) if isinstance(changes, dict) else None
    if not isinstance(said, list) or not keys & {one for one in said if isinstance(one, int)}:
        return False
    return column != "subject_id" or kind in (changes.get("subject_kind") or [])


def _add_mails(session: Session, owned: Owned) -> None:
    """The mails that carry reminders about what is hers."""
    for portion in portions(owned.get("reminder", ())):
        mails = select(col(Reminder.message_id)).where(
            col(Reminder.id).in_(portion), col(Reminder.message_id).is_not(None)
        )
        carried = session.connection().execute(mails).scalars()
        owned.setdefault("message", set()).update(key for key in carried if key is not None)


def _add_staged(session: Session, owned: Owned) -> None:
    """Rows of contact files that were looked at and would change her."""
    staged = table_named("import_row")
    batches = select(col(ImportBatch.id)).where(col(ImportBatch.kind) == ImportKind.CONTACTS)
    about = select(staged.c.id).where(
        staged.c.subject_id.in_(owned["person"]), staged.c.batch_id.in_(batches)
    )
    owned.setdefault("import_row", set()).update(session.connection().execute(about).scalars())


def _add_undone(session: Session, owned: Owned) -> None:
    """What the history of somebody else says of the time in which both were one contact: hers stands in it. Merging and
    separating name both by their numbers."""
    both = _entries_of(session, merges_of(session, owned["person"]))
    owned.setdefault("audit_entry", set()).update(both)


def entries_of_two(session: Session, people: set[int]) -> set[int]:
    """The entries of merges that were undone: what stands in them is partly somebody else's."""
    return _entries_of(session, [one for one in merges_of(session, people) if one.undone_at is not None])


def _entries_of(session: Session, merges: Iterable[ContactMerge]) -> set[int]:
    log, found = table_named("audit_entry"), set[int]()
    for merge in merges:
        both = f"Nr. {merge.kept_id} und Nr. {merge.gone_id} "
        entries = select(log.c.id).where(log.c.reason.contains(both, autoescape=True))
        found |= set(session.connection().execute(entries).scalars())
    return found


def merges_of(session: Session, people: set[int]) -> list[ContactMerge]:
    """Merges of these rows, undone ones too."""
    one = or_(col(ContactMerge.kept_id).in_(people), col(ContactMerge.gone_id).in_(people))
    return list(session.scalars(select(ContactMerge).where(one)))
