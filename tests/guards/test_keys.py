"""A key belongs to one row for ever: reminders, history and calendar entries speak of rows by their key."""

from datetime import UTC, date, datetime
from pathlib import Path

from sqlmodel import Session, select

from models.audit import history_of
from models.backup import write_backup
from models.commitments.checklist import Commitment
from models.commitments.editions import the_edition
from models.database import Database
from models.files import FileStore
from models.hanging import delete_with_hanging
from models.reminders.messages import Reminder
from models.reminders.queueing import queue_due
from models.restore import restore_backup

LATER = datetime(2027, 3, 30, 6, 0, tzinfo=UTC)
DUE_ON = date(2027, 4, 1)


def add(session: Session, label: str) -> int:
    item = Commitment(edition_id=the_edition(session).key, code=label, label_de=label, due_on=DUE_ON)
    session.add(item)
    session.flush()
    return item.key


def test_what_is_new_is_reminded_of_though_something_else_was_deleted(
    database: Database, now: datetime
) -> None:
    with database.write(now) as session:
        first = add(session, "Erste")
        assert queue_due(session, LATER) > 0
        delete_with_hanging(session, session.get_one(Commitment, first))
        second = add(session, "Zweite")
        assert second != first
        assert queue_due(session, LATER) > 0
        reminded = {r.subject_id for r in session.exec(select(Reminder)) if r.subject_kind == "commitment"}
        assert reminded == {first, second}
        assert [entry.label for entry in history_of(session, "commitment", second)] == ["Zweite"]


def test_that_holds_after_a_restore_too(
    database: Database, empty_database_url: str, tmp_path: Path, now: datetime
) -> None:
    files = FileStore(tmp_path / "files")
    with database.write(now) as session:
        last = add(session, "Erste")
        delete_with_hanging(session, session.get_one(Commitment, last))
        session.commit()
    write_backup(database, files, tmp_path / "backup.zip", now)
    restored = Database(empty_database_url)
    restore_backup(restored, files, tmp_path / "backup.zip", now)
    with restored.write(now) as session:
        assert add(session, "Zweite") > last
    restored.close()
