"""Reading the evidence pack from the database: a fixed number of queries, however many items and proofs there are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from models.application.phases import phases, the_application
from models.calendar_days import local_day
from models.city import City
from models.commitments.checklist import Commitment, CommitmentState, commitments, progress
from models.commitments.editions import the_edition
from models.commitments.principles import principles
from models.commitments.proofs import CommitmentProof, proof_states
from models.documents.archive import Names, name_with_ending, plain_name
from models.evidence.evidence import Evidence, EvidenceKind, EvidenceRevision, EvidenceState
from models.language import translator
from models.reports.evidence_pack import Pack, PackItem, PackPrinciple, PackProof


def read_pack(
    session: Session, city: City, language: str, now: datetime, today: date, *, with_old: bool = False
) -> Pack:
    """The pack of the edition in force; `with_old` adds the revisions that were replaced. Proofs that were withdrawn
    or taken off their item stay out, and so do the officers' notes and comments."""
    _, case, edition = translator(language), the_application(session), the_edition(session)
    order = {phase.key: (place, phase.title(language)) for place, phase in enumerate(phases(session))}
    behind = (len(order), "")  # what belongs to no phase stands at the end
    rows = sorted(
        commitments(session, edition=edition), key=lambda row: order.get(row.phase_id or 0, behind)[0]
    )
    states = proof_states(session, today)
    register = _Register(city, language, {row.key: (number, row) for number, row in enumerate(rows, 1)})
    for row in _revisions(session, register.proven(session), with_old=with_old):
        register.enter(row)
    names = {key: name for key, (_place, name) in order.items()}
    return Pack(
        language=language,
        made_at=now.astimezone(city.time_zone),
        city=city.name,
        unit=city.unit,
        network=case.network,
        edition=edition.name,
        edition_as_of=edition.as_of,
        file_number=case.file_number,
        record_url=case.record_url,
        progress=progress(rows, states),
        items=tuple(_item(row, number, register, names, states) for number, row in enumerate(rows, 1)),
        proofs=tuple(register.proofs),
        principles=tuple(
            PackPrinciple(row.number, row.title(language), _(row.state.label), row.statement, row.gap)
            for row in principles(session)
        ),
    )


def _item(
    row: Commitment,
    number: int,
    register: "_Register",
    phase_names: Mapping[int, str],
    states: Mapping[int, EvidenceState],
) -> PackItem:
    language = register.language
    _ = translator(language)
    state = _(row.state.label)
    is_dropped = row.state is CommitmentState.DROPPED  # an item taken up again keeps the reason of then
    return PackItem(
        number=number,
        phase=phase_names.get(row.phase_id or 0, ""),
        title=row.title(language),
        state=f"{state}: {row.drop_reason}" if is_dropped and row.drop_reason else state,
        who=_(row.who.label),
        due_on=row.due_on,
        origin=_(row.origin.label),
        source=row.source(language),
        file_number=row.file_number,
        record_url=row.record_url,
        proof=_(states.get(row.key, EvidenceState.MISSING).label),
        proofs=tuple(register.by_item.get(row.key, ())),
    )


# What the register needs of a proof and its revision: fifty thousand of them are read as plain columns.
_COLUMNS: tuple[Any, ...] = (
    Evidence.id, Evidence.name, Evidence.file_number, Evidence.record_url, EvidenceRevision.number,
    EvidenceRevision.kind, EvidenceRevision.url, EvidenceRevision.content, EvidenceRevision.sha256,
    EvidenceRevision.file_name, EvidenceRevision.size, EvidenceRevision.dated_on, EvidenceRevision.valid_until,
    EvidenceRevision.added_at, EvidenceRevision.replaced_at,
)  # fmt: skip


def _revisions(session: Session, proven: Mapping[int, list[int]], *, with_old: bool) -> list[Any]:
    """The revisions of what proves something, as columns: by the first item, then the newest first."""
    query = (
        columns(*_COLUMNS)
        .join(EvidenceRevision, col(EvidenceRevision.evidence_id) == col(Evidence.id))
        .where(col(Evidence.withdrawn_on).is_(None))
    )
    if not with_old:
        query = query.where(col(EvidenceRevision.replaced_at).is_(None))
    place = {key: number for number, key in enumerate(proven)}
    found = [row for row in session.connection().execute(query) if row.id in place]
    return sorted(found, key=lambda row: (place[row.id], -row.number))


@dataclass
class _Register:
    """Gives every proof its number and every file its name in the pack. `items`: key -> number and row."""

    city: City
    language: str
    items: Mapping[int, tuple[int, Commitment]]
    proofs: list[PackProof] = field(default_factory=list)
    by_item: dict[int, list[str]] = field(default_factory=dict)
    _serves: dict[int, list[int]] = field(default_factory=dict)
    _numbers: dict[int, str] = field(default_factory=dict)
    _names: Names = field(default_factory=Names)

    def proven(self, session: Session) -> dict[int, list[int]]:
        """Evidence -> the items that it proves, both in the order of the list."""
        linked = select(CommitmentProof.commitment_id, CommitmentProof.evidence_id)
        pairs = session.exec(linked.where(col(CommitmentProof.unlinked_at).is_(None)))
        known = {(self.items[item][0], evidence, item) for item, evidence in pairs if item in self.items}
        for _number, evidence_id, item_id in sorted(known):
            self._serves.setdefault(evidence_id, []).append(item_id)
        return self._serves

    def enter(self, row: Any) -> None:
        """The next revision; those of one proof come one after the other and share its number."""
        serves = self._serves[row.id]
        if row.id not in self._numbers:
            _ = translator(self.language)
            self._numbers[row.id] = _("E{n}").format(n=len(self._numbers) + 1)
            for item_id in serves:
                self.by_item.setdefault(item_id, []).append(self._numbers[row.id])
        zone = self.city.time_zone
        self.proofs.append(
            PackProof(
                number=self._numbers[row.id],
                name=row.name,
                revision=row.number,
                kind=row.kind,
                dated_on=row.dated_on,
                valid_until=row.valid_until,
                added_on=local_day(row.added_at, zone),
                replaced_on=local_day(row.replaced_at, zone) if row.replaced_at else None,
                file_number=row.file_number,
                record_url=row.record_url,
                items=tuple(self.items[key][0] for key in serves),
                where=row.url if row.kind is EvidenceKind.LINK else row.content,
                path=self._path(row, serves[0]) if row.kind is EvidenceKind.FILE else "",
                sha256=row.sha256,
                size=row.size,
            )
        )

    def _path(self, row: Any, item_id: int) -> str:
        number, item = self.items[item_id]
        _ = translator(self.language)
        all_proofs = plain_name(_("proofs"))
        folder = f"{all_proofs}/{number:03}-{plain_name(item.title(self.language), 40)}"
        stem = f"{plain_name(row.name, 50)}-r{row.number}"
        return self._names.take(f"{folder}/{name_with_ending(row.file_name, stem)}")
