"""The checklist's items and the ten principles: state, who, when."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, UniqueConstraint, case
from sqlmodel import Field, Session, col, select

from models.base import CODE, LINE, N_, NAME, NOTE, URL, Labelled, Searchable, enum_column, in_language, text
from models.commitments.editions import EditionState, HandbookEdition, the_edition
from models.database import matches
from models.evidence.evidence import EvidenceState
from models.officers import duty


class CommitmentState(Labelled):
    OPEN = "open", N_("open")
    IN_PROGRESS = "in_progress", N_("in progress")
    FULFILLED = "fulfilled", N_("fulfilled")
    DROPPED = "dropped", N_("does not apply")


_STEPS = {CommitmentState.OPEN: 0, CommitmentState.IN_PROGRESS: 1}


def is_set_back(old: CommitmentState, new: CommitmentState) -> bool:
    """Whether an item that was further is open or in progress again: then somebody says why."""
    return _STEPS.get(new, 2) < _STEPS.get(old, 2)


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
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    edition_id: int = Field(foreign_key="handbook_edition.id", ondelete="CASCADE", index=True)
    code: str = text(CODE)
    is_own: bool = False
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
    record_url: str = text(URL)
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
        return not self.is_own


@dataclass(frozen=True)
class Progress:
    """Two numbers, never one: what was worked on, and what is fulfilled with valid proof."""

    total: int
    handled: int
    proven: int


def commitments(
    session: Session,
    query: str = "",
    state: CommitmentState | None = None,
    edition: HandbookEdition | None = None,
    *,
    phase_ids: Sequence[int] = (),
    limit: int | None = None,
    offset: int = 0,
) -> list[Commitment]:
    """Items of an edition (or of that in force) in the order of the checklist, found by words and state. With
    `phase_ids` first those of the first phase, then of the second; those of no phase last."""
    wanted = edition or the_edition(session)
    found = select(Commitment).where(Commitment.edition_id == wanted.key, *matches(Commitment, query))
    if state is not None:
        found = found.where(Commitment.state == state)
    order: list[Any] = [col(Commitment.position), col(Commitment.id)]
    if phase_ids:
        places = {key: place for place, key in enumerate(phase_ids)}
        order.insert(0, case(places, value=col(Commitment.phase_id), else_=len(places)))
    ordered = found.order_by(*order)
    return list(session.exec(ordered.offset(offset).limit(limit) if limit is not None else ordered))


def add_own(session: Session, item: Commitment) -> Commitment:
    """Store an item of the city's own; its key in files is made up."""
    item.is_own, item.code = True, f"own-{uuid.uuid4().hex[:8]}"
    session.add(item)
    session.flush()
    return item


def in_force() -> ColumnElement[bool]:
    """The condition under which an item belongs to an edition that is in force: only such items are duties."""
    current = select(HandbookEdition.id).where(HandbookEdition.state == EditionState.CURRENT)
    return col(Commitment.edition_id).in_(current)


def is_in_force(session: Session, item: Commitment) -> bool:
    """Whether this item belongs to an edition that is in force."""
    edition = session.get(HandbookEdition, item.edition_id)
    return edition is not None and edition.state is EditionState.CURRENT


def item_of_code(session: Session, code: str) -> Commitment | None:
    """The item in force with this key."""
    found = select(Commitment).where(Commitment.code == code, in_force())
    return session.exec(found.order_by(col(Commitment.id))).first()


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
