"""The evidence pack: what the city promised, how far it is, and the proof; as plain values, in one language.

`evidence_pack_reading` makes a Pack from the database; what checks, writes and sends it needs no database any more.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from models.commitments.checklist import Progress
from models.evidence.evidence import EvidenceKind


@dataclass(frozen=True)
class PackItem:
    """One item in words; `number` counts from 1 through the list, `proofs` are numbers of the register."""

    number: int
    phase: str
    title: str
    state: str
    who: str
    due_on: date | None
    origin: str
    source: str
    file_number: str
    record_url: str
    proof: str
    proofs: tuple[str, ...]


@dataclass(frozen=True)
class PackProof:
    """One revision of a proof in the register. A file has a `path` in the pack, `sha256` and `size` (bytes); `where` is
    the address of a link or the wording of a note. `items` are the numbers of what it proves."""

    number: str
    name: str
    revision: int
    kind: EvidenceKind
    dated_on: date | None
    valid_until: date | None
    added_on: date
    replaced_on: date | None
    file_number: str
    record_url: str
    items: tuple[int, ...]
    where: str = ""
    path: str = ""
    sha256: str = ""
    size: int = 0

    @property
    def is_file(self) -> bool:
        return self.kind is EvidenceKind.FILE

    @property
    def is_current(self) -> bool:
        return self.replaced_on is None


@dataclass(frozen=True)
class PackPrinciple:
    """One principle: the city's own statement, and what is missing."""

    number: int
    title: str
    state: str
    statement: str
    gap: str


@dataclass(frozen=True)
class Pack:
    """All that the pack says. `made_at` is a moment in the city's zone. Nobody has looked at the files yet."""

    language: str
    made_at: datetime
    city: str
    unit: str
    network: str
    edition: str
    edition_as_of: str
    file_number: str
    record_url: str
    progress: Progress
    items: tuple[PackItem, ...]
    proofs: tuple[PackProof, ...]
    principles: tuple[PackPrinciple, ...]

    @cached_property
    def files(self) -> tuple[PackProof, ...]:
        """The proofs that are files, in the order of the register."""
        return tuple(proof for proof in self.proofs if proof.is_file)

    @property
    def phases(self) -> list[tuple[str, list[PackItem]]]:
        """The items by phase, in the order of the list."""
        found: dict[str, list[PackItem]] = {}
        for item in self.items:
            found.setdefault(item.phase, []).append(item)
        return list(found.items())
