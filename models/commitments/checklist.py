"""The checklist's items and the ten principles: state, who, when."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Field, Session, col, select

from models.base import CODE, LINE, N_, NAME, NOTE, Labelled, Searchable, enum_column, in_language, text
from models.commitments.evidence import Evidence, EvidenceState, evidence_state
from models.database import matches
from models.officers import duty


class CommitmentState(Labelled):
    OPEN = "open", N_("open")
    IN_PROGRESS = "in_progress", N_("in progress")
    FULFILLED = "fulfilled", N_("fulfilled")
    DROPPED = "dropped", N_("does not apply")


class Origin(Labelled):
    """Where an item comes from, in words that need no explanation."""

    HANDBOOK = "handbook", N_("The network's handbook")
    NETWORK = "network", N_("Other pages of the network")
    COUNCIL = "council", N_("City council")
    MEMBERS = "members", N_("Reports of member cities")
    OWN = "own", N_("Our own proposal")


class ItemCertainty(Labelled):
    HIGH = "high", N_("read in the source itself")
    MEDIUM = "medium", N_("reported by one source")
    LOW = "low", N_("derived, not a rule of the network")


class Who(Labelled):
    LABS = "labs", N_("Fab labs and makers")
    CITY = "city", N_("City administration")
    ALL = "all", N_("All partners")
    CONSORTIUM = "consortium", N_("Consortium")
    MAYOR = "mayor", N_("Mayor")
    DELEGATE = "delegate", N_("The city's delegate")


class Timing(Labelled):
    BEFORE = "before", N_("before joining")
    OPTIONAL = "optional", N_("optional")
    AFTER = "after", N_("after joining")


class Commitment(Searchable, table=True):
    """One item of the checklist. Its state is set by a person, its proof is what lies there."""

    __tablename__ = "commitment"

    code: str | None = Field(default=None, unique=True, max_length=CODE)
    position: int = 0
    phase_id: int | None = Field(default=None, foreign_key="phase.id", ondelete="SET NULL", index=True)
    label_de: str = text(LINE)
    label_en: str = text(LINE)
    who: Who = enum_column(Who, Who.CITY)
    wanted_de: str = text(LINE)
    wanted_en: str = text(LINE)
    origin: Origin = enum_column(Origin, Origin.OWN)
    certainty: ItemCertainty = enum_column(ItemCertainty, ItemCertainty.LOW)
    source_de: str = text(LINE)
    source_en: str = text(LINE)
    timing: Timing = enum_column(Timing, Timing.BEFORE)
    state: CommitmentState = enum_column(CommitmentState, CommitmentState.OPEN)
    drop_reason: str = text(LINE)
    responsible_id: int | None = duty(index=True)
    deputy_id: int | None = duty()
    due_on: date | None = Field(default=None, index=True)
    file_number: str = text(NAME)
    note: str = text(NOTE)
    checked_on: date | None = None
    checked_by_id: int | None = Field(default=None, foreign_key="officer.id")

    def title(self, language: str) -> str:
        return in_language(language, self.label_de, self.label_en)

    def wanted(self, language: str) -> str:
        return in_language(language, self.wanted_de, self.wanted_en)

    def source(self, language: str) -> str:
        return in_language(language, self.source_de, self.source_en)

    def search_parts(self) -> list[str]:
        return [self.label_de, self.label_en, self.wanted_de, self.wanted_en, self.note, self.file_number]

    @property
    def is_open(self) -> bool:
        return self.state in (CommitmentState.OPEN, CommitmentState.IN_PROGRESS)

    @property
    def is_from_catalogue(self) -> bool:
        return self.code is not None


@dataclass(frozen=True)
class Progress:
    """Two numbers, never one: what was worked on, and what is fulfilled with valid proof."""

    total: int
    handled: int
    proven: int


def commitments(session: Session, query: str = "", state: CommitmentState | None = None) -> list[Commitment]:
    """Items in the order of the checklist, found by words and state."""
    found = select(Commitment).where(*matches(Commitment, query))
    if state is not None:
        found = found.where(Commitment.state == state)
    return list(session.exec(found.order_by(col(Commitment.position), col(Commitment.id))))


def proof_states(session: Session, today: date) -> dict[int, EvidenceState]:
    """The state of proof of every item that has any; an item without evidence is not in it (missing)."""
    grouped: dict[int, list[Evidence]] = {}
    for evidence in session.exec(select(Evidence)):
        grouped.setdefault(evidence.commitment_id, []).append(evidence)
    return {key: evidence_state(found, today) for key, found in grouped.items()}


def progress(items: list[Commitment], proofs: dict[int, EvidenceState]) -> Progress:
    """Handled = no longer open; proven = fulfilled with evidence that is valid today."""
    handled = [item for item in items if item.state is not CommitmentState.OPEN]
    proven = [
        item
        for item in handled
        if item.state is CommitmentState.FULFILLED and proofs.get(item.key) is EvidenceState.PRESENT
    ]
    return Progress(len(items), len(handled), len(proven))


def mark_checked(item: Commitment, officer_id: int, today: date) -> None:
    """Somebody looked at this item and found it as it stands."""
    item.checked_on, item.checked_by_id = today, officer_id
