"""The task list's numbers come from the database: right, and with as many queries for any number of items."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event, insert
from sqlmodel import select

from models.application.phases import phases
from models.commitments.checklist import Commitment, CommitmentState
from models.commitments.editions import the_edition
from models.commitments.proofs import link
from models.database import Database
from models.evidence.evidence import Evidence, EvidenceKind, EvidenceRevision, add_revision
from models.task_list import next_items, phase_rows


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that run inside."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield found
    event.remove(database.engine, "before_cursor_execute", note)


def _prove(session: object, item: Commitment, now: datetime, valid_until: date | None = None) -> None:
    evidence = Evidence(name="Vermerk")
    session.add(evidence)  # type: ignore[attr-defined]
    session.flush()  # type: ignore[attr-defined]
    revision = EvidenceRevision(
        evidence_id=evidence.key,
        kind=EvidenceKind.LINK,
        url="https://x.example",
        added_at=now,
        valid_until=valid_until,
    )
    add_revision(session, evidence, revision)  # type: ignore[arg-type]
    link(session, item.key, evidence.key, now, None)  # type: ignore[arg-type]


def test_an_item_counts_when_it_is_fulfilled_and_its_proof_is_valid(
    database: Database, now: datetime, today: date
) -> None:
    with database.write(now) as session:
        first = phases(session)[0]
        items = session.exec(select(Commitment).where(Commitment.phase_id == first.key)).all()
        assert len(items) == 3
        _prove(session, items[0], now)
        _prove(session, items[0], now)  # twice proven is one item
        items[0].state = CommitmentState.FULFILLED
        _prove(session, items[1], now, today - timedelta(days=1))  # expired
        items[1].state = CommitmentState.FULFILLED
        items[2].state = CommitmentState.DROPPED
        session.flush()
        row = phase_rows(session, today)[0]
        assert (row.items, row.proven, row.dropped, row.unproven) == (3, 1, 1, 1)
        assert [item.key for item in next_items(session, [first.key], today, 2)[first.key]] == [items[1].key]


@pytest.mark.parametrize("kind_of_database", ["sqlite"], indirect=True)
def test_five_thousand_items_need_as_many_queries_as_twenty(
    database: Database, now: datetime, today: date
) -> None:
    with database.read(now) as session:
        ids = [phase.key for phase in phases(session)]
    with database.read(now) as session, counted(database) as few:
        phase_rows(session, today)
        next_items(session, ids, today, 2)
    with database.write(now) as session:
        edition = the_edition(session).key
        rows = [
            {
                "edition_id": edition, "code": f"big-{n}", "is_own": True, "position": n, "phase_id": ids[n % len(ids)],
                "label_de": "x", "label_en": "x", "who": "city", "wanted_de": "", "wanted_en": "", "origin": "own",
                "certainty": "low", "source_de": "", "source_en": "", "timing": "before", "state": "open",
                "drop_reason": "", "file_number": "", "record_url": "", "note": "", "version": 1, "search_text": "",
                "sort_key": "",
            }
            for n in range(5000)
        ]  # fmt: skip
        session.connection().execute(insert(Commitment), rows)
        session.commit()
    with database.read(now) as session, counted(database) as many:
        rows_ = phase_rows(session, today)
        found = next_items(session, ids, today, 2)
    assert sum(row.items for row in rows_) == 5021  # two items of the list belong to no phase
    assert {len(items) for items in found.values()} == {2}
    assert len(many) == len(few) <= 5
