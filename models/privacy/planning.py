"""The dry run of an erasure: what goes, what stays as a bare fact, where else the person is mentioned."""

from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from models.contacts.people import Person
from models.files import FileStore
from models.folding import fold
from models.followups import FollowUp
from models.imports.batches import ImportBatch
from models.privacy.gathering import gather, namesakes
from models.privacy.identifiers import Identifiers
from models.privacy.mentions import Mentions, attachments_of, evidence_of, find_mentions
from models.privacy.uploads import uploads_about
from models.privacy.whose import Owned, belongings, portions

# Rows of hers that stay, without a word of what stood in them. All others are deleted.
STAY = frozenset(
    {
        "person", "interaction", "follow_up", "comment", "audit_entry", "message", "reminder", "reminder_rule",
        "calendar_entry", "touched",
    }
)  # fmt: skip
# What stays and is told: the rest says nothing to anybody.
_TOLD = ("interaction", "follow_up", "comment", "message", "audit_entry")


@dataclass
class Plan:
    """What an erasure would do. `deleted` and `emptied`: table -> number. `uploads`: files for an import.
    `evidence` (key -> name) and `attachments`: files that a person has to look at."""

    person: Person
    owned: Owned
    hers: Identifiers
    mentions: Mentions
    uploads: list[ImportBatch]
    evidence: dict[int, str]
    attachments: list[str] = field(default_factory=list)
    open_follow_ups: set[int] = field(default_factory=set)
    same_name: set[int] = field(default_factory=set)

    @property
    def deleted(self) -> dict[str, int]:
        """Rows that go."""
        found = {name: len(keys) for name, keys in self.owned.items() if name not in STAY}
        return {**found, "follow_up": len(self.open_follow_ups)} if self.open_follow_ups else found

    @property
    def emptied(self) -> dict[str, int]:
        """Rows that stay as bare facts."""
        found = {name: len(self.owned.get(name, ())) for name in _TOLD}
        found["follow_up"] -= len(self.open_follow_ups)
        found["message"] = len(self.mails)
        return {name: number for name, number in found.items() if number}

    @property
    def mails(self) -> set[int]:
        """Mails about her, and others that name her."""
        return self.owned.get("message", set()) | set(self.mentions.mails)


def plan_erasure(session: Session, person: Person, files: FileStore) -> Plan:
    """Look at everything."""
    session.flush()
    owned = belongings(session, person)
    hers = gather(session, owned)
    mentions = find_mentions(session, hers, owned)
    staged = {one.key for one in mentions.rows if one.table == "import_row"}
    uploads = uploads_about(session, hers, owned, staged, files)
    plan = Plan(person, owned, hers, mentions, uploads, evidence_of(session, mentions))
    plan.attachments = attachments_of(session, mentions)
    for portion in portions(owned.get("follow_up", ())):
        still = select(FollowUp.id).where(col(FollowUp.id).in_(portion), col(FollowUp.done_on).is_(None))
        plan.open_follow_ups |= {key for key in session.exec(still) if key is not None}
    plan.same_name = namesakes(session, owned, hers)
    return plan


def alike(session: Session, plan: Plan) -> list[Person]:
    """Other contacts with her name or address: perhaps the same person, to be merged first."""
    address, found = plan.person.email.casefold(), dict.fromkeys(plan.same_name, True)
    if address:
        for key in session.exec(select(Person.id).where(Person.email_key == address)):
            if key is not None and key not in plan.owned["person"]:
                found[key] = True
    people = [session.get_one(Person, key) for key in found]
    return sorted(people, key=lambda one: (fold(one.sort_name()), one.key))
