"""The register of evidence: found by words and by what is the matter with it, a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, case, exists, func, or_
from sqlalchemy import select as choose
from sqlmodel import Session, SQLModel, col, select

from models.base import N_, Labelled
from models.evidence.evidence import Evidence, EvidenceRevision, EvidenceState, FileState

PAGE = 200  # rows
SOON = timedelta(days=28)  # twenty working days before, a mail reminds of it: the list shows the same


class Matter(Labelled):
    """What is the matter with a piece of evidence."""

    EXPIRING = "expiring", N_("expires soon")
    EXPIRED = "expired", N_("expired")
    DAMAGED = "damaged", N_("the file is damaged")
    UNUSED = "unused", N_("proves nothing")
    WITHDRAWN = "withdrawn", N_("withdrawn")


@dataclass(frozen=True)
class Looked:
    """What the register is looked through for. Without a matter everything but what was withdrawn is listed."""

    words: str = ""
    matter: Matter | None = None


def _conditions(wanted: Looked, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [col(EvidenceRevision.replaced_at).is_(None)]
    columns = (Evidence.name, Evidence.file_number, EvidenceRevision.file_name)
    for word in wanted.words.split():
        # SQLite folds only the letters from a to z: "übersicht" is looked for as "Übersicht" too.
        spelt = {word, word.lower(), word.capitalize()}
        found.append(or_(*(col(c).icontains(w, autoescape=True) for c in columns for w in sorted(spelt))))
    if wanted.matter is Matter.WITHDRAWN:
        return [*found, col(Evidence.withdrawn_on).is_not(None)]
    found.append(col(Evidence.withdrawn_on).is_(None))
    if wanted.matter is not None:
        found.append(_matters(wanted.matter, today))
    return found


def _matters(matter: Matter, today: date) -> ColumnElement[bool]:
    valid_until = col(EvidenceRevision.valid_until)
    if matter is Matter.EXPIRING:
        return valid_until.between(today, today + SOON)
    if matter is Matter.EXPIRED:
        return valid_until < today
    if matter is Matter.DAMAGED:
        return col(EvidenceRevision.file_state) != FileState.INTACT
    return ~is_used()


def is_used() -> ColumnElement[bool]:
    """The condition under which something refers to a piece of evidence or to one of its revisions. Found by walking
    the metadata, so that a new noun with a proof is covered without being named here."""
    key: ColumnElement[Any] = SQLModel.metadata.tables["evidence"].c.id
    revision = SQLModel.metadata.tables["evidence_revision"]
    found: list[ColumnElement[bool]] = []
    for table in SQLModel.metadata.sorted_tables:
        in_force = [table.c.unlinked_at.is_(None)] if "unlinked_at" in table.c else []
        for foreign in table.foreign_keys:
            if foreign.column.table.name == "evidence" and table is not revision:
                found.append(exists(choose(1).where(foreign.parent == key, *in_force)))
            elif foreign.column.table is revision:
                of_it = choose(1).where(foreign.parent == revision.c.id, revision.c.evidence_id == key)
                found.append(exists(of_it.correlate(SQLModel.metadata.tables["evidence"])))
    return or_(*found)


def used_elsewhere(session: Session, evidence_id: int) -> list[tuple[str, int]]:
    """What else than items refers to a piece of evidence: (table, key), a submission for its attachment."""
    revision = SQLModel.metadata.tables["evidence_revision"]
    of_it = choose(revision.c.id).where(revision.c.evidence_id == evidence_id)
    found: list[tuple[str, int]] = []
    for table in SQLModel.metadata.sorted_tables:
        for foreign in table.foreign_keys:
            if "unlinked_at" in table.c or table is revision:
                continue
            parent = foreign.column.table
            if parent.name == "evidence":
                wanted = choose(table.c.id).where(foreign.parent == evidence_id)
            elif parent is revision:
                wanted = choose(table.c.id).where(foreign.parent.in_(of_it))
            else:
                continue
            found += [_whole(session, table, key) for key in session.connection().execute(wanted).scalars()]
    return sorted(set(found))


def _whole(session: Session, table: Table, key: int) -> tuple[str, int]:
    """The row that a part belongs to: an attachment and a letter belong to their submission."""
    if "submission_id" not in table.c:
        return table.name, key
    wanted = choose(table.c.submission_id).where(table.c.id == key)
    return "submission", session.connection().execute(wanted).scalar_one()


Row = tuple[Evidence, EvidenceRevision]


def evidence_rows(session: Session, wanted: Looked, today: date, page: int = 1) -> list[Row]:
    """One page of the register by name, each with its revision in force; at most `PAGE` and one more, which says that
    there is a next page."""
    return list(session.exec(_found(wanted, today).offset((page - 1) * PAGE).limit(PAGE + 1)).all())


def every_evidence(session: Session, wanted: Looked, today: date) -> Iterator[Row]:
    """The whole register, one after the other."""
    yield from session.execute(_found(wanted, today), execution_options={"yield_per": 500})


def _found(wanted: Looked, today: date) -> Any:
    joined = select(Evidence, EvidenceRevision).join(
        EvidenceRevision, col(EvidenceRevision.evidence_id) == col(Evidence.id)
    )
    return joined.where(*_conditions(wanted, today)).order_by(func.lower(Evidence.name), col(Evidence.id))


def matters(session: Session, today: date) -> dict[Matter, int]:
    """How many pieces of evidence each matter has, in one query; those with none are left out."""
    is_here = col(Evidence.withdrawn_on).is_(None)
    counts: list[ColumnElement[Any]] = [
        func.sum(case((and_(is_here, _matters(matter, today)), 1), else_=0))
        for matter in Matter
        if matter is not Matter.WITHDRAWN
    ]
    counts.append(func.count(col(Evidence.withdrawn_on)))
    joined = choose(*counts).join_from(
        Evidence, EvidenceRevision, col(EvidenceRevision.evidence_id) == col(Evidence.id)
    )
    row = session.connection().execute(joined.where(col(EvidenceRevision.replaced_at).is_(None))).one()
    return {matter: int(number) for matter, number in zip(Matter, row, strict=True) if number}


def state_of(revision: EvidenceRevision, today: date) -> EvidenceState:
    """Whether this revision proves anything today."""
    if revision.is_valid(today):
        return EvidenceState.PRESENT
    is_over = revision.valid_until is not None and revision.valid_until < today
    return EvidenceState.EXPIRED if is_over else EvidenceState.DAMAGED
