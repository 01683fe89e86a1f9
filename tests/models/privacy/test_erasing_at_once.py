"""A colleague writes about somebody at the very moment in which she is erased."""

from datetime import date, datetime
from pathlib import Path
from threading import Thread

from sqlmodel import select

from models.contacts.people import Person
from models.contacts.points import ContactPoint, PointKind
from models.database import Database, OutdatedError
from models.files import FileStore
from models.followups import FollowUp, FollowUpKind
from models.privacy.erasing import erase
from models.privacy.records import ErasureReason


def test_what_a_colleague_adds_meanwhile_is_refused(
    database: Database, now: datetime, today: date, tmp_path: Path
) -> None:
    with database.write(now) as session:
        person = Person(given_name="Nele", family_name="Wüstenhöfer")
        session.add(person)
        session.commit()
        key = person.key
    refused: list[str] = []

    def add(row: ContactPoint | FollowUp) -> None:
        with database.write(now) as other:
            other.add(row)
            try:
                other.commit()
            except OutdatedError:
                refused.append(type(row).__name__)

    rows = (
        ContactPoint(person_id=key, kind=PointKind.EMAIL, value="nele@x.example"),
        FollowUp(kind=FollowUpKind.TASK, subject_kind="person", subject_id=key, what="Nele", due_on=today),
    )
    threads = [Thread(target=add, args=(row,)) for row in rows]
    with database.write(now) as session:
        found = session.get_one(Person, key)
        erase(session, found, ErasureReason.REQUEST, FileStore(tmp_path), now, today)
        for thread in threads:
            thread.start()  # waits for the erasure, or looks before it is committed
        session.commit()
    for thread in threads:
        thread.join()
    assert sorted(refused) == ["ContactPoint", "FollowUp"]
    with database.read(now) as session:
        assert session.exec(select(ContactPoint)).all() == []
        assert session.exec(select(FollowUp).where(FollowUp.subject_kind == "person")).all() == []
