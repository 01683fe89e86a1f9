"""Somebody is erased while mails that name her wait, are being sent, or have gone: none goes out half empty,
and no text of them is left."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from jobs.safekeeping import back_up, restore
from jobs.timetable import TIMETABLE, Desk, beat
from models.contacts.people import Person, PersonState
from models.database import Database
from models.files import FileStore
from models.followups import FollowUp, FollowUpKind
from models.privacy.erasing import erase
from models.privacy.ledger import Ledger, erase_again
from models.privacy.records import Erasure, ErasureReason
from models.privacy.wiping import wipe
from models.reminders.messages import Message, MessageKind, MessageState, Reason, Reminder, ReminderState
from models.reminders.rules import SubjectKind
from models.reminders.settling import give_back
from tests.conftest import make_settings
from tests.jobs.cases import with_server
from tests.jobs.fault_server import FaultServer
from tests.jobs.scenes import add_items, add_rule, begin, changing, letters, there, tick

START = there(2027, 3, 1)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
DUE = date(2027, 3, 11)


@pytest.fixture
def server():
    with FaultServer() as running:
        yield running


@pytest.fixture
def nele(database, ben):
    """A contact whom Ben is to call, and who stands in the title of an item of his. Her key."""
    begin(database, START - DAY)
    add_rule(database, START - DAY, SubjectKind.COMMITMENT, 10, is_urgent=True)
    add_rule(database, START - DAY, SubjectKind.FOLLOW_UP, 10, is_urgent=True)
    with changing(database, START - DAY) as session:
        person = Person(given_name="Nele", family_name="Wüstenhöfer", email="nele@werkhof.example")
        session.add(person)
        session.flush()
        call = FollowUp(kind=FollowUpKind.CONTACT, subject_kind="person", subject_id=person.key, due_on=DUE,
                        what="Nele Wüstenhöfer anrufen", responsible_id=ben.key)  # fmt: skip
        session.add(call)
        key = person.key
    add_items(database, START - DAY, [("Vertrag mit Nele Wüstenhöfer", DUE), ("Freier Vertrag", DUE)], ben)
    return key


def erase_now(database, key, folder):
    with changing(database, START) as session:
        person = session.get_one(Person, key)
        return erase(session, person, ErasureReason.REQUEST, FileStore(folder), START, START.date())


def messages(database):
    with database.read(START) as session:
        return list(session.exec(select(Message).order_by(Message.id)))


@pytest.mark.parametrize("answer", ["451 later", "250 ok"])
def test_a_mail_that_is_being_sent_is_never_sent_half_empty(
    database, settings, server, nele, tmp_path, answer
):
    relay, waiting = with_server(settings, server), [nele]
    server.once = {"rcpt": [answer]}

    def journal(_what):
        if waiting:
            erase_now(database, waiting.pop(), tmp_path)

    server.journal = journal
    for minutes in (0, 1, 2, 6, 70):
        tick(database, relay, START + minutes * MINUTE)
    told = letters(server)
    assert not waiting
    assert all(mail.subject.startswith("Erinnerung") for mail in told), "none is empty"
    assert sum(mail.has("Wüstenhöfer") for mail in told) <= 1, "the one that was on its way"
    assert sum(mail.has("Vertrag mit [gelöschter Kontakt]") for mail in told) >= (answer[0] == "4")
    assert sum(mail.has("Freier Vertrag") for mail in told) == 1
    assert not [m for m in messages(database) if b"stenh" in m.body or "stenh" in m.subject]


def test_what_waits_is_composed_anew_and_what_went_is_emptied(
    database, settings, server, nele, tmp_path, ben
):
    relay = with_server(settings, server)
    tick(database, relay, START)
    went = [m for m in messages(database) if "stenh" in m.subject]
    assert [m.state for m in went] == [MessageState.SENT] * 2
    with changing(database, START) as session:
        for message in session.exec(select(Message)):
            if "Vertrag mit" in message.subject:
                message.state = MessageState.COMPOSED
                for reminder in session.exec(select(Reminder).where(Reminder.message_id == message.key)):
                    reminder.state = ReminderState.QUEUED
    erase_now(database, nele, tmp_path)
    left = {m.id: m for m in messages(database)}
    gone = next(m for m in went if "anrufen" in m.subject)
    kept = left[gone.id]
    assert (kept.subject, kept.body, kept.officer_id) == ("Kontakt, gelöscht am 01.03.2027", b"", ben.key)
    assert kept.settled_at == gone.settled_at
    tick(database, relay, START + MINUTE)
    again = letters(server)[-1]
    assert again.has("Vertrag mit [gelöschter Kontakt]")


@pytest.mark.parametrize("kind", [MessageKind.REMINDER, MessageKind.TEST])
def test_what_was_emptied_on_its_way_and_given_back_is_not_sent(
    database, settings, server, nele, tmp_path, kind
):
    relay = with_server(settings, server)
    tick(database, relay, START)
    sent = len(letters(server))
    with changing(
        database, START
    ) as session:  # an officer wanted these very words again, and it is being sent
        message = next(m for m in session.exec(select(Message)) if "Vertrag mit" in m.subject)
        message.state, message.send_before, message.kind = MessageState.CLAIMED, None, kind
        message.claimed_until = START + DAY
        key = message.key
    erase_now(database, nele, tmp_path)
    with changing(database, START) as session:
        message = session.get_one(Message, key)
        assert (message.state, message.body) == (MessageState.CLAIMED, b"")
        give_back(session, message)
    for minutes in (1, 2):
        tick(database, relay, START + minutes * MINUTE)
    later = letters(server)[sent:]
    assert all(mail.has("Vertrag mit [gelöschter Kontakt]") for mail in later)
    if kind is MessageKind.TEST:
        with database.read(START) as session:
            failed = session.get_one(Message, key)
            assert (failed.state, failed.reason) == (MessageState.FAILED, Reason.DELETED)


def test_whom_a_backup_brought_back_is_erased_again_and_nobody_else(database, settings, nele, tmp_path):
    ledger, store = Ledger(tmp_path), FileStore(tmp_path / "files")
    ledger.file.write_text("kaputt\nandere\t1\t2027-03-02T00:00:00+00:00\trequest\n", "utf-8")
    line = Erasure(person_id=nele, erased_at=START + DAY, reason=ErasureReason.OBJECTION)
    with changing(database, START) as session:
        ledger.write(session, line)
        ledger.write(session, Erasure(person_id=99_999, erased_at=START + DAY, reason=ErasureReason.REQUEST))
        assert erase_again(session, ledger, store, START + 2 * DAY, START) == [], "the backup is younger"
        assert len(erase_again(session, ledger, store, START, START + 3 * DAY)) == 1
        gone = session.get_one(Person, nele)
        assert (gone.state, gone.erased_on) == (PersonState.ERASED, (START + DAY).date())
        assert session.exec(select(Erasure)).one().reason is ErasureReason.OBJECTION
        assert erase_again(session, ledger, store, START, START + 3 * DAY) == []
        other = Person(given_name="Nela", family_name="Altmann")  # merged into Nele after the backup was made
        session.add(other)
        session.flush()
        ledger.write(session, line, [nele, other.key])
        assert len(erase_again(session, ledger, store, START, START + 3 * DAY)) == 1
        assert other.state is PersonState.ERASED


@pytest.mark.long
def test_a_backup_that_is_brought_back_brings_nobody_back(
    database, settings, nele, tmp_path, new_database_url, now
):
    clock = lambda: START  # noqa: E731
    other = Person(given_name="Uwe", family_name="Andersch")
    with changing(database, START) as session:
        session.add(other)
    back_up(database, settings, tmp_path / "backup.zip", clock)
    later = START + DAY
    with database.write(later) as session:
        person = session.get_one(Person, nele)
        erased = erase(
            session, person, ErasureReason.REQUEST, FileStore(settings.files_dir), later, later.date()
        )
        Ledger(settings.data_dir).write(session, erased.erasure)
        session.commit()
    fresh = Database(new_database_url(False))
    folder = make_settings(fresh.url, settings.data_dir)
    restore(fresh, folder, tmp_path / "backup.zip", lambda: later + DAY)
    with fresh.read(later) as session:
        gone = session.get_one(Person, nele)
        assert (gone.state, gone.erased_on, gone.family_name) == (PersonState.ERASED, later.date(), "")
        assert session.get_one(Person, other.key).family_name == "Andersch"
    fresh.close()


def test_the_night_after_an_erasure_writes_the_database_anew_and_no_other_night(
    database, settings, nele, tmp_path
):
    from threading import Event

    job = next(job for job in TIMETABLE if job.name == "wipe")
    assert not wipe(database, START)
    erase_now(database, nele, tmp_path)
    assert wipe(database, START + MINUTE)
    assert beat(job, Desk(database, settings, lambda: START + DAY, Event()))
    assert not wipe(database, START + DAY + MINUTE)
    if database.engine.dialect.name == "sqlite":
        content = Path(database.url.removeprefix("sqlite:///")).read_bytes().lower()
        assert "wüstenhöfer".encode() not in content
        assert b"nele" not in content
