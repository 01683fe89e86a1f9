"""A backup holds everything, comes back on either database, and comes back wholly or not at all."""

import hashlib
import json
import shutil
import zipfile
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import func, inspect
from sqlalchemy import select as rows
from sqlmodel import SQLModel, select

from models import migrations
from models.audit import AuditEntry
from models.backup import BackupError, write_backup
from models.commitments.checklist import Commitment
from models.conferences.conferences import Conference
from models.database import Database
from models.evidence.evidence import Evidence, EvidenceKind, EvidenceRevision, add_revision
from models.files import FileStore
from models.officers import Officer
from models.reminders.letters import compose_test
from models.reminders.messages import Message, Sender, the_sender
from models.restore import restore_backup
from models.sign_in import LinkPurpose, SignInLink, UserSession, make_link, start_session
from settings import Settings

LEFT_OUT = {"user_session", "sign_in_link", "sign_in_attempt", "job_run"}


@pytest.fixture
def files(tmp_path):
    return FileStore(tmp_path / "files")


@pytest.fixture
def other_files(tmp_path):
    return FileStore(tmp_path / "other-files")


@pytest.fixture
def filled(database, settings: Settings, files, anna, now):
    """A database with a bit of everything that is hard to carry over."""
    stored = files.put([b"%PDF-", b"proof"], 1000)
    with database.write(now, anna.key) as session:
        officer = session.get_one(Officer, anna.key)
        item = session.exec(select(Commitment)).first()
        item.note = "Zeile 1\r\nZeile 2\t„Umlaute äöüß“ \U0001f3d9 \u2028"
        evidence = Evidence(name="Beleg")
        session.add(evidence)
        session.flush()
        revision = EvidenceRevision(
            evidence_id=0, kind=EvidenceKind.FILE, sha256=stored.sha256, size=stored.size, added_at=now
        )
        add_revision(session, evidence, revision)
        early, late = session.exec(select(Conference).order_by(Conference.id)).all()[:2]
        early.parent_id, late.parent_id = late.key, early.key  # names a row that comes later
        compose_test(session, officer, settings.mail, now)
        start_session(session, officer, now)
        make_link(session, officer, LinkPurpose.RESET, now)
        the_sender(session).counter = 7
        session.commit()
    return database


@pytest.fixture
def backup(filled, files, tmp_path, now):
    path = tmp_path / "backup.zip"
    write_backup(filled, files, path, now)
    return path


@pytest.fixture
def empty(empty_database_url):
    with closing(Database(empty_database_url)) as found:
        yield found


def content(database, now, *, but=()):
    """Every row of every table that is backed up, as plain values."""
    with database.read(now) as session:
        return {
            table.name: [
                dict(row)
                for row in session.connection()
                .execute(rows(table).order_by(*table.primary_key.columns))
                .mappings()
            ]
            for table in SQLModel.metadata.sorted_tables
            if table.name not in LEFT_OUT and table.name not in but
        }


def rewrite(path, change):
    """Write the ZIP anew, each part as `change(name, data)` says; None leaves it out."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            changed = change(name, data)
            if changed is not None:
                archive.writestr(name, changed)


def refusal(database, files, path, now):
    with pytest.raises(BackupError) as caught:
        restore_backup(database, files, path, now)
    return caught.value.msgid


def is_empty(database, files, now):
    with database.engine.connect() as connection:
        has_tables = "officer" in inspect(connection).get_table_names()
    nothing_stored = not [path for path in files.folder.rglob("*") if path.is_file()]
    return nothing_stored and (not has_tables or not any(content(database, now).values()))


def test_everything_comes_back(filled, backup, empty, other_files, now):
    restore_backup(empty, other_files, backup, now)
    assert content(empty, now, but=["sender"]) == content(filled, now, but=["sender"])
    with empty.read(now) as session:
        evidence = session.exec(select(EvidenceRevision)).one()
        assert b"".join(other_files.chunks(evidence.sha256)) == b"%PDF-proof"
        assert session.exec(select(Message)).one().body.startswith(b"Subject:")
        assert session.exec(select(AuditEntry).limit(1)).one().changes


def test_t4_the_sender_is_paused_after_a_restore(backup, empty, other_files, now):
    restore_backup(empty, other_files, backup, now)
    with empty.read(now) as session:
        sender = session.exec(select(Sender)).one()
        assert (sender.paused_at, sender.counter) == (now, 7)


def test_sessions_and_links_stay_behind(backup, empty, other_files, now):
    restore_backup(empty, other_files, backup, now)
    with empty.read(now) as session:
        assert session.exec(select(UserSession)).all() == []
        assert session.exec(select(SignInLink)).all() == []


def test_new_rows_get_new_numbers_after_a_restore(backup, empty, other_files, settings, anna, now):
    restore_backup(empty, other_files, backup, now)
    with empty.write(now) as session:
        highest = session.exec(select(func.max(Message.id))).one()
        compose_test(session, session.get_one(Officer, anna.key), settings.mail, now)
        session.add(Officer(name="Cem", email="cem@lotse.example"))
        session.commit()
        assert session.exec(select(func.max(Message.id))).one() == highest + 1


def test_from_sqlite_to_either_database(sqlite_template, tmp_path, empty, files, other_files, now):
    source = tmp_path / "small.sqlite3"
    shutil.copyfile(sqlite_template, source)
    with closing(Database(f"sqlite:///{source}")) as small:
        write_backup(small, files, tmp_path / "small.zip", now)
        restore_backup(empty, other_files, tmp_path / "small.zip", now)
        assert content(empty, now, but=["sender"]) == content(small, now, but=["sender"])


def test_a_migrated_database_without_rows_counts_as_empty(backup, empty, other_files, now):
    migrations.migrate(empty.url)
    restore_backup(empty, other_files, backup, now)
    assert migrations.current(empty.engine) == migrations.newest()


def test_a_database_that_holds_something_is_left_alone(filled, backup, other_files, now):
    before = content(filled, now)
    assert "not empty" in refusal(filled, other_files, backup, now)
    assert content(filled, now) == before


def test_it_is_the_state_of_one_moment(filled, files, tmp_path, anna, now, monkeypatch):
    """What is written while the backup runs is in it wholly or not at all."""
    real, done = files.is_intact, []

    def meanwhile(sha256):
        if not done:
            with filled.write(now) as session:
                session.add(Officer(name="Später", email="later@lotse.example"))
                session.commit()
            done.append(sha256)
        return real(sha256)

    monkeypatch.setattr(files, "is_intact", meanwhile)
    manifest = write_backup(filled, files, tmp_path / "moment.zip", now)
    assert done
    assert manifest.tables["officer"].rows == 2


def test_a_backup_is_for_its_owner_alone_and_overwrites_nothing(backup, filled, files, now):
    assert backup.stat().st_mode & 0o777 == 0o600
    before = backup.read_bytes()
    with pytest.raises(BackupError, match="exists already"):
        write_backup(filled, files, backup, now + timedelta(days=1))
    assert backup.read_bytes() == before
    assert not list(backup.parent.glob(".backup-*"))


def test_a_missing_file_is_named_and_the_rest_is_backed_up(filled, files, tmp_path, now):
    (stored,) = [path for path in files.folder.rglob("*") if path.is_file()]
    stored.write_bytes(b"changed on disk")
    manifest = write_backup(filled, files, tmp_path / "partly.zip", now)
    assert manifest.missing_files == [stored.name]
    assert manifest.tables["officer"].rows == 2


def test_an_interrupted_backup_leaves_nothing(filled, files, tmp_path, now, monkeypatch):
    def fail(_sha256):
        raise OSError("disk full")

    monkeypatch.setattr(files, "is_intact", fail)
    target = tmp_path / "new" / "backup.zip"
    target.parent.mkdir()
    with pytest.raises(OSError, match="disk full"):
        write_backup(filled, files, target, now)
    assert list(target.parent.iterdir()) == []


def changed_table(name, data):
    return data.replace(b"Leipzig", b"Dresden") if name == "tables/city.jsonl" else data


def changed_file(name, data):
    return b"other" if name.startswith("files/") else data


def missing_table(name, data):
    return None if name == "tables/officer.jsonl" else data


def broken_manifest(name, data):
    return data[:-20] if name == "manifest.json" else data


def other_format(name, data):
    return json.dumps({**json.loads(data), "format": 2}) if name == "manifest.json" else data


def newer_program(name, data):
    return json.dumps({**json.loads(data), "revision": "9999"}) if name == "manifest.json" else data


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (changed_table, "damaged"),
        (changed_file, "damaged"),
        (missing_table, "damaged"),
        (broken_manifest, "damaged"),
        (other_format, "format"),
        (newer_program, "newer version"),
    ],
)
def test_a_backup_that_cannot_be_trusted_restores_nothing(backup, empty, other_files, now, change, reason):
    rewrite(backup, change)
    assert reason in refusal(empty, other_files, backup, now)
    assert is_empty(empty, other_files, now)


def test_a_truncated_or_foreign_file_restores_nothing(backup, empty, other_files, tmp_path, now):
    whole = backup.read_bytes()
    for name, data in (("half.zip", whole[: len(whole) // 2]), ("text.zip", b"hello"), ("none.zip", b"")):
        path = tmp_path / name
        path.write_bytes(data)
        assert "damaged" in refusal(empty, other_files, path, now)
    damaged = bytearray(whole)
    damaged[len(whole) // 2] ^= 0xFF
    (tmp_path / "bit.zip").write_bytes(bytes(damaged))
    assert "damaged" in refusal(empty, other_files, tmp_path / "bit.zip", now)
    assert is_empty(empty, other_files, now)


def test_whichever_byte_is_damaged_it_is_said_plainly(backup, empty, other_files, tmp_path, now):
    """A table of contents that cannot be unpacked too, at whose bytes zlib itself gives up."""
    with zipfile.ZipFile(backup) as archive:
        entry = archive.getinfo("manifest.json")
    content, broken = backup.read_bytes(), tmp_path / "broken.zip"
    start = entry.header_offset + 30 + len(entry.filename)
    for at in range(start, start + entry.compress_size, 41):
        broken.write_bytes(content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :])
        with pytest.raises(BackupError):
            restore_backup(empty, other_files, broken, now)


def test_a_row_that_the_database_refuses_leaves_nothing_behind(backup, empty, other_files, now):
    """The checksums fit, a foreign key does not: the whole transaction is undone, and the files go again."""
    with zipfile.ZipFile(backup) as archive:
        lines = archive.read("tables/evidence_revision.jsonl").splitlines()
    orphan = {**json.loads(lines[0]), "evidence_id": 999_999}
    data = json.dumps(orphan).encode() + b"\n"

    def change(name, content):
        if name == "tables/evidence_revision.jsonl":
            return data
        if name != "manifest.json":
            return content
        manifest = json.loads(content)
        manifest["tables"]["evidence_revision"]["sha256"] = hashlib.sha256(data).hexdigest()
        return json.dumps(manifest)

    rewrite(backup, change)
    assert "damaged" in refusal(empty, other_files, backup, now)
    assert is_empty(empty, other_files, now)
