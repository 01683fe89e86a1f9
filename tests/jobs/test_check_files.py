"""The nightly look at the files of evidence: a file that is missing or was changed is found, and found again."""

from datetime import timedelta
from threading import Event

import pytest
from sqlmodel import select

from jobs.__main__ import main
from jobs.check_files import check_files
from jobs.timetable import TIMETABLE, Desk, beat
from models.audit import AuditEntry
from models.commitments.proofs import link, proof_states
from models.evidence.disk import AT_ONCE, damaged
from models.evidence.evidence import (
    Evidence,
    EvidenceKind,
    EvidenceRevision,
    EvidenceState,
    FileState,
    add_revision,
)
from models.files import FileStore
from models.reminders.self_check import week_before
from tests.jobs.cases import clock_at, environ_of

(JOB,) = [entry for entry in TIMETABLE if entry.name == "check-files"]


@pytest.fixture
def store(settings):
    return FileStore(settings.files_dir)


def keep(database, store, now, *contents):
    """One piece of evidence for each content, the first proving item 1; answers the SHA-256 of each."""
    names = []
    with database.write(now) as session:
        for content in contents:
            kept = store.put([content], 1000)
            evidence = Evidence(name=content.decode())
            session.add(evidence)
            session.flush()
            revision = EvidenceRevision(
                evidence_id=0, kind=EvidenceKind.FILE, sha256=kept.sha256, size=kept.size, added_at=now
            )
            add_revision(session, evidence, revision)
            if not names:
                link(session, 1, evidence.key, now, None)
            names.append(kept.sha256)
        session.commit()
    return names


def file_states(database, now):
    with database.read(now) as session:
        return [r.file_state for r in session.exec(select(EvidenceRevision).order_by(EvidenceRevision.id))]


def test_what_is_missing_or_changed_is_found_and_when_it_is_back_that_is_found_too(
    database, store, now, today
):
    names = keep(database, store, now, b"eins", b"zwei", b"drei")
    store.path(names[0]).write_bytes(b"other")
    store.path(names[1]).unlink()
    checked = check_files(database, store, clock_at(now))
    assert (checked.files, checked.troubled, checked.changed) == (3, 2, 2)
    assert file_states(database, now) == [FileState.CHANGED, FileState.MISSING, FileState.INTACT]
    with database.read(now) as session:
        assert damaged(session) == 2
        assert proof_states(session, today) == {1: EvidenceState.DAMAGED}
        entries = session.exec(select(AuditEntry).where(AuditEntry.subject_kind == "evidence_revision")).all()
        assert ["intact", "changed_file"] in [entry.changes.get("file_state") for entry in entries]
    store.path(names[0]).write_bytes(b"eins")
    store.put([b"zwei"], 1000)
    later = now + timedelta(days=1)
    assert check_files(database, store, clock_at(later)).changed == 2
    assert set(file_states(database, later)) == {FileState.INTACT}
    with database.read(later) as session:
        assert damaged(session) == 0
        assert proof_states(session, today) == {1: EvidenceState.PRESENT}


def test_every_file_is_looked_at_once_in_a_run_and_a_stopped_run_goes_on_where_it_was(database, store, now):
    keep(database, store, now, *(f"Datei {n}".encode() for n in range(AT_ONCE + 3)))
    seen = []

    def is_stopping():
        seen.append(1)
        return len(seen) > 6

    assert 0 < check_files(database, store, clock_at(now), is_stopping=is_stopping).files < AT_ONCE
    later = now + timedelta(hours=1)
    assert check_files(database, store, clock_at(later)).files == AT_ONCE + 3
    assert check_files(database, store, clock_at(later)).files == 0


def test_a_file_named_by_many_revisions_is_read_once(database, store, now):
    keep(database, store, now, b"eins", b"eins")
    checked = check_files(database, store, clock_at(now))
    assert checked.files == 1
    assert FileState.MISSING not in file_states(database, now)


def test_it_beats_once_a_night_and_by_hand_says_what_it_found(database, settings, store, now, capsys):
    desk = Desk(database, settings, clock_at(now), Event())
    assert [beat(JOB, desk), beat(JOB, desk)] == [True, False]
    [name] = keep(database, store, now, b"eins")
    environ = environ_of(settings)
    assert main(["run", "check-files"], environ) == 0
    store.path(name).unlink()
    assert main(["run", "check-files"], environ) == 1
    assert "1 davon fehlen oder wurden verändert" in capsys.readouterr().out


def test_the_weekly_report_counts_them(database, settings, store, now):
    [name] = keep(database, store, now, b"eins")
    store.path(name).unlink()
    check_files(database, store, clock_at(now))
    with database.write(now) as session:
        week = week_before(session, now, settings.zone)
    assert week.damaged_files == 1
    assert week.is_troubled
