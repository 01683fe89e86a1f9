"""Erasure of a contact (Art. 17 GDPR): in one transaction, everywhere. What stays says "contact, erased on …"."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Enum, delete
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session

from models.audit import Action, AuditEntry
from models.base import N_
from models.contacts.people import Person, PersonState, erased_title
from models.database import OutdatedError
from models.files import FileStore
from models.language import translator
from models.privacy.columns import DERIVED, PUBLIC, is_json, may_hold_text, plain_type
from models.privacy.mentions import Mention, Unit
from models.privacy.planning import STAY, Plan, plan_erasure
from models.privacy.records import Erasure, ErasureReason
from models.privacy.replacing import class_of, empty_row, replace_in_row, rows_of
from models.privacy.uploads import drop_uploads, unused_files
from models.privacy.whose import people_of_one, portions, table_named
from models.privacy.wiping import forget_in_search
from models.privacy.withdrawing import take_back_mails


@dataclass
class Erased:
    """What is left to do once the transaction is committed: files that nothing needs any more (SHA-256), and mails that
    may lie in the mail folder (Message-ID). `people`: her row and those merged into it."""

    erasure: Erasure
    people: list[int]
    files: list[str] = field(default_factory=list)
    message_ids: list[str] = field(default_factory=list)


def erase(
    session: Session,
    person: Person,
    reason: ErasureReason,
    files: FileStore,
    now: datetime,
    today: date,
    keep: Collection[Unit] = (),
) -> Erased:
    """Erase a person. `keep`: mentions that stay, because they mean somebody else. The caller commits, then removes the
    files. Raises OutdatedError for a person who is no longer listed."""
    rows_of(session, "person", people_of_one(session, person))  # locked: nobody adds anything meanwhile
    if person.state is not PersonState.ACTIVE:
        raise OutdatedError
    plan = plan_erasure(session, person, files)
    was = {name: session.info.get(name) for name in ("unrecorded", "erasing")}
    session.info.update(unrecorded=True, erasing=True)
    try:
        erased = _Work(session, plan, reason, now, today, set(keep)).done()
        session.flush()
    finally:
        session.info.update(was)
    session.expire_all()
    return erased


class _Work:
    """One erasure."""

    def __init__(
        self, session: Session, plan: Plan, reason: ErasureReason, now: datetime, today: date, keep: set[Unit]
    ) -> None:
        self.session, self.plan, self.reason, self.now, self.today = session, plan, reason, now, today
        self.phrase = erased_title(today, "de")
        self.mentions = [
            one for one in plan.mentions.rows if not one.is_public and (one.unit not in keep or one.unit[0] in PUBLIC)
        ]  # fmt: skip
        self.sha256s: set[str] = set()
        self.counts: dict[str, int] = {}

    def done(self) -> Erased:
        message_ids = take_back_mails(self.session, self.plan.mails, self.plan.hers, self.phrase, self.now)
        self._count("message", len(self.plan.mails))
        self._forget_addresses()
        self.sha256s |= set(drop_uploads(self.session, self.plan.uploads))
        self._count("import_batch", len(self.plan.uploads))
        self._delete()
        self._empty()
        self._replace()
        for row in rows_of(self.session, "person", self.plan.owned["person"]):
            self._entomb(row)
        self.session.flush()
        self._derive_anew()
        forget_in_search(self.session)
        return Erased(
            self._write_protocol(),
            sorted(self.plan.owned["person"]),
            unused_files(self.session, self.sha256s),
            message_ids,
        )

    def _count(self, table: str, number: int) -> None:
        if number:
            self.counts[table] = self.counts.get(table, 0) + number

    def _forget_addresses(self) -> None:
        """No mail can go to an address that nobody knows any more; so nothing is kept of it, on hold or not."""
        found = [one for one in self.mentions if one.table == "mail_address"]
        self.mentions = [one for one in self.mentions if one.table != "mail_address"]
        self._remove("mail_address", {one.key for one in found})

    def _remove(self, name: str, keys: set[int]) -> None:
        table = table_named(name)
        for portion in portions(keys):
            self.session.connection().execute(delete(table).where(table.c.id.in_(portion)))
        self._count(name, len(keys))

    def _delete(self) -> None:
        """Children first."""
        owned = {name: keys for name, keys in self.plan.owned.items() if name not in STAY}
        owned["follow_up"] = self.plan.open_follow_ups
        for row in rows_of(self.session, "interaction_file", owned.get("interaction_file", set())):
            self.sha256s.add(row.sha256)
        names = [table.name for table in reversed(class_of("person").metadata.sorted_tables)]
        for name in names:
            if owned.get(name):
                self._remove(name, owned[name])
        self.session.expire_all()

    def _empty(self) -> None:
        english = erased_title(self.today, "en")
        phrases = {
            "comment": {"body": self.phrase},
            "follow_up": {"what": self.phrase},
            "interaction": {"subject": self.phrase},
            "audit_entry": {"label": self.phrase},
            "reminder_rule": {"name_de": self.phrase, "name_en": english},
        }
        for name in sorted(STAY - {"person", "message"}):
            rows = rows_of(self.session, name, self.plan.owned.get(name, set()))
            for row in rows:
                told: dict[str, Any] = dict(phrases.get(name, {}))
                if name == "audit_entry":
                    told |= {
                        "changes": {column: [None, None] for column in _columns_of(row) & set(row.changes)}
                    }
                if name == "reminder_rule":
                    row.removed_at, row.is_on = row.removed_at or self.now, False
                empty_row(row, told)
            if name not in ("touched", "reminder", "calendar_entry"):
                self._count(name, len(rows))

    def _replace(self) -> None:
        for name in sorted({one.table for one in self.mentions}):
            some = {one.key: one for one in self.mentions if one.table == name and not one.is_derived}
            rows = rows_of(self.session, name, set(some))
            for row in rows:
                replace_in_row(row, list(some[row.id].places), self.plan.hers)
            self._count(name, len(rows))
        self._tell_histories()

    def _tell_histories(self) -> None:
        """The history of what was changed says that, and nothing of what stood there."""
        why = translator("de")(N_("The mention of a contact who was erased was taken out."))
        units = {
            one.unit for one in self.mentions if one.table == one.unit[0] and not one.is_derived
        }  # fmt: skip
        for kind, key in sorted(units):
            if "version" in table_named(kind).c:
                row = self.session.get(class_of(kind), key)
                if row is not None:
                    self._write_entry(kind, key, Action.CHANGED, _title(row), why)

    def _write_entry(self, kind: str, key: int, action: Action, label: str, reason: str) -> None:
        self.session.add(
            AuditEntry(
                at=self.now, officer_id=self.session.info.get("officer_id"), subject_kind=kind, subject_id=key,
                label=label, action=action, reason=reason,
            )
        )  # fmt: skip

    def _entomb(self, person: Person) -> None:
        """Nothing is left but the key, that it was erased, and when."""
        for column in table_named("person").columns:
            if column.name not in ("id", "version", "state", "erased_on") and column.name not in DERIVED:
                setattr(person, column.name, _nothing(column))
        person.state, person.erased_on = PersonState.ERASED, self.today
        person.version += 1

    def _derive_anew(self) -> None:
        """What follows from other rows, like the words by which somebody is found."""
        stale: dict[str, list[Mention]] = {}
        for one in self.mentions:
            if one.is_derived:
                stale.setdefault(one.table, []).append(one)
        for name, found in stale.items():
            for row in rows_of(self.session, name, {one.key for one in found}):
                flag_modified(row, sorted(next(m for m in found if m.key == row.id).places)[0])
        self.session.flush()

    def _write_protocol(self) -> Erasure:
        key = self.plan.person.key
        self._count("person", len(self.plan.owned["person"]))
        erasure = Erasure(
            person_id=key, erased_at=self.now, officer_id=self.session.info.get("officer_id"), reason=self.reason,
            counts=dict(sorted(self.counts.items())),
        )  # fmt: skip
        self.session.add(erasure)
        for one in sorted(self.plan.owned["person"]):
            self._write_entry("person", one, Action.DELETED, self.phrase, translator("de")(self.reason.label))
        return erasure


def _columns_of(entry: AuditEntry) -> set[str]:
    """The names of the columns that an entry of the history can speak of."""
    table = class_of("person").metadata.tables.get(entry.subject_kind)
    return set(table.c.keys()) if table is not None else set()


def _title(row: Any) -> str:
    return str(row.title("de"))[:500]


def _nothing(column: Any) -> Any:
    if column.nullable:
        return None
    if may_hold_text(column):
        return {} if is_json(column) else ""
    if isinstance(plain_type(column), Enum):
        return column.default.arg
    return False
