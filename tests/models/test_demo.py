"""The demonstration is loaded once, only when it is asked for, and says of itself that it is invented."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel

from jobs.migrate import NotReadyError, check_ready, migrate
from models.application.declarations import Declaration, actors_condition
from models.audit import AuditEntry
from models.catalogue.demo import load_demo
from models.catalogue.invented import PASSWORD
from models.commitments.checklist import CommitmentState, commitments
from models.commitments.proofs import proof_states
from models.conferences.conferences import Conference
from models.contacts.organisations import Organisation
from models.contacts.people import Person
from models.database import Database, LotseSession
from models.evidence.evidence import EvidenceState
from models.officers import has_any_account, officers
from models.overview import open_dates
from models.reminders.messages import Message, MessageKind, MessageState, Reminder, ReminderState
from models.reminders.planning import planned
from models.sign_in import check_password
from settings import Settings
from tests.conftest import make_settings

on_sqlite = pytest.mark.parametrize("kind_of_database", ["sqlite"], indirect=True)


@pytest.fixture
def demo(
    empty_database_url: str, tmp_path: Path
) -> Iterator[Callable[[datetime], tuple[Database, Settings]]]:
    """A function that makes the demonstration at a moment, as `./run --demo` does."""
    made: list[Database] = []

    def start(now: datetime) -> tuple[Database, Settings]:
        database = Database(empty_database_url)
        made.append(database)
        settings = replace(make_settings(empty_database_url, tmp_path), is_demo=True)
        migrate(database, settings, now)
        return database, settings

    yield start
    for database in made:
        database.close()


def _rows(session: LotseSession) -> dict[str, int]:
    return {
        table.name: session.connection().execute(select(func.count()).select_from(table)).scalar_one()
        for table in SQLModel.metadata.sorted_tables
    }


def test_it_is_loaded_once(demo, now: datetime) -> None:
    database, settings = demo(now)
    with database.read(now) as session:
        first = _rows(session)
    migrate(database, settings, now + timedelta(days=30))
    with database.read(now) as session:
        assert _rows(session) == first
    check_ready(database, settings, now)


def test_without_being_asked_for_nothing_of_it_is_loaded(
    fresh_database: Database, tmp_path: Path, now: datetime
) -> None:
    real = make_settings(fresh_database.url, tmp_path)
    migrate(fresh_database, real, now)
    with fresh_database.read(now) as session:
        assert not has_any_account(session)
        rows = _rows(session)
    for table in ("officer", "person", "declaration", "evidence", "message", "reminder"):
        assert rows[table] == 0, table
    with pytest.raises(NotReadyError):
        migrate(fresh_database, replace(real, is_demo=True), now)


def test_everybody_in_it_can_sign_in_and_has_an_address_at_lotse_example(demo, now: datetime) -> None:
    database, _settings = demo(now)
    with database.write(now) as session:
        found = officers(session)
        assert len(found) == 4
        for officer in found:
            assert officer.email.endswith("@lotse.example")
            assert check_password(session, officer.email, PASSWORD, now) == officer
        recipients = set(session.connection().execute(select(Message.to_address)).scalars())
        assert recipients == {officer.email for officer in found}


def test_everything_in_it_is_marked_as_invented(fresh_database: Database, now: datetime) -> None:
    with fresh_database.write(now) as session:
        before = {
            kind: set(session.connection().execute(select(kind.id)).scalars())
            for kind in (Organisation, Conference)
        }
        load_demo(session, now, now.date(), "http://127.0.0.1:8000")
        session.flush()
        for kind, ids in before.items():
            new = session.connection().execute(select(kind.name).where(kind.id.not_in(ids))).scalars().all()
            assert new
            assert all("(erfunden)" in name for name in new)
        assert all(
            "rfunden" in item.note for item in commitments(session) if item.due_on or item.responsible_id
        )
        people = session.connection().execute(select(Person.note, Person.email, Person.source)).all()
        assert people
        for note, email, source in people:
            assert "Erfundene Person" in note
            assert email.endswith(("@example.org", ".example"))
            assert "erfunden" in source
        notes = session.connection().execute(select(Declaration.note)).scalars().all()
        assert len(notes) == 2
        assert all("Erfunden" in note for note in notes)


@on_sqlite
def test_it_shows_items_in_every_state_and_dates_on_both_sides_of_today(demo, now: datetime, today) -> None:
    database, _settings = demo(now)
    with database.read(now) as session:
        assert {item.state for item in commitments(session)} == set(CommitmentState)
        assert set(proof_states(session, today).values()) == {EvidenceState.PRESENT, EvidenceState.EXPIRED}
        assert actors_condition(session, today).is_met
        days = [row.day for row in open_dates(session, today + timedelta(days=60))]
        assert min(days) < today < max(days)
        conference = (
            session.connection()
            .execute(select(Conference.starts_on).where(Conference.name == "Beispieltreffen (erfunden)"))
            .scalar_one()
        )
        assert timedelta(days=80) < conference - today <= timedelta(days=90)
        assert planned(session, now, today + timedelta(days=60))


@on_sqlite
def test_its_history_was_made_by_its_colleagues_in_the_past(demo, now: datetime) -> None:
    database, _settings = demo(now)
    with database.read(now) as session:
        entries = session.connection().execute(select(AuditEntry.at, AuditEntry.officer_id)).all()
        ids = {officer.key for officer in officers(session)}
    assert {who for _at, who in entries if who is not None} == ids
    assert len({at.date() for at, _who in entries}) > 8
    assert all(now - timedelta(weeks=11) < at.replace(tzinfo=at.tzinfo or UTC) < now for at, _who in entries)


@on_sqlite
def test_its_mails_were_filed_and_can_be_read(demo, now: datetime) -> None:
    database, _settings = demo(now)
    with database.read(now) as session:
        rows = session.connection().execute(select(Message.kind, Message.state, Message.body)).all()
        assert {state for _kind, state, _body in rows} == {MessageState.FILED}
        bodies = [body for kind, _state, body in rows if kind is MessageKind.REMINDER]
        assert len(bodies) > 5
        for body in bodies:
            mail = message_from_bytes(bytes(body))
            assert mail["Auto-Submitted"] == "auto-generated"
            assert str(mail["To"]).endswith("@lotse.example>")
        reminders = session.connection().execute(select(Reminder.state, Reminder.answered_at)).all()
    assert {state for state, _answered in reminders} == {ReminderState.SENT}
    assert sum(answered is not None for _state, answered in reminders) == 2


@on_sqlite
@pytest.mark.parametrize("offset", [*range(7), 33, 150, 200])
def test_it_can_be_started_on_any_day(demo, now: datetime, offset: int) -> None:
    started = now + timedelta(days=offset, hours=-7 if offset % 2 else 12)  # at midnight and in the evening
    database, _settings = demo(started)
    with database.read(started) as session:
        answered = session.connection().execute(select(Reminder.answered_at)).scalars().all()
    assert sum(moment is not None for moment in answered) == 2
