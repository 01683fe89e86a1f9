"""Long checklists: the pages ask the database as often for 400 items as for 20, and each page stays short."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from sqlalchemy import event

from models.commitments.checklist import commitments, progress
from models.commitments.editions import the_edition
from models.commitments.proofs import is_proven, progress_of, proof_states
from models.database import Database
from models.officers import Officer
from tests.bench.stand_in import add_checklist
from tests.judge import JudgingClient

PAGES = (
    "/beitritt",
    "/zusagen",
    "/beitritt/pruefung",
    "/",
    "/nachweise",
    "/nachweise/am",
    "/zusagen/1",
    "/nachweise/1",
)


@contextmanager
def queries(database: Database) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine, "before_cursor_execute", note)


def grow(database: Database, now: datetime, officer: Officer, items: int, name: str) -> None:
    with database.write(now) as session:
        add_checklist(session, items, items, 3, [officer.key], name=name)
        session.commit()


def count(client: JudgingClient, database: Database) -> dict[str, int]:
    found = {}
    for path in PAGES:
        client.get(path)  # what is asked only once
        with queries(database) as sent:
            assert client.get(path).status_code == 200, path
        found[path] = len(sent)
    return found


def test_the_number_of_queries_does_not_grow_with_the_number_of_items(
    client: JudgingClient, database: Database, now: datetime, anna: Officer
) -> None:
    grow(database, now, anna, 20, "wenige")
    few = count(client, database)
    grow(database, now, anna, 400, "viele")
    assert count(client, database) == few
    assert max(few.values()) < 60, few


def test_both_numbers_are_the_same_counted_by_the_database_and_by_hand(
    client: JudgingClient, database: Database, now: datetime, anna: Officer
) -> None:
    grow(database, now, anna, 50, "einige")
    with database.read(now) as session:
        edition, today = the_edition(session), now.date()
        items, proofs = commitments(session), proof_states(session, today)
        by_hand = progress(items, proofs)
        assert progress_of(session, edition, today) == by_hand
        assert 0 < by_hand.proven < by_hand.handled < by_hand.total == 73
        assert sum(is_proven(item, proofs) for item in items) > by_hand.proven
    said = f"{by_hand.handled} von 73 bearbeitet, {by_hand.proven} erfüllt mit Nachweis"
    assert said in client.get("/zusagen").text


@pytest.mark.parametrize("path", ["/beitritt", "/zusagen", "/beitritt/pruefung"])
def test_a_page_stays_short_enough_to_be_read(
    client: JudgingClient, database: Database, now: datetime, anna: Officer, path: str
) -> None:
    grow(database, now, anna, 400, "viele")
    assert len(client.get(path).data) < 400_000
