"""What sent mails said is not kept for ever: that one went to whom and when stays."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

import models.privacy.mail_retention
from jobs.tidy_up import forget_imported_contacts, forget_mail_texts
from models.audit import AuditEntry
from models.city import the_city
from models.contacts.people import DataOrigin, Person
from models.database import Database
from models.files import FileStore
from models.followups import FollowUp
from models.imports.batches import BatchState, ImportBatch, ImportKind
from models.officers import Officer
from models.privacy.reminding import keep_follow_ups
from models.reminders.messages import Message, MessageState
from models.reminders.noticed import take_note
from tests.judge import JudgingClient
from tests.webapp.mail_rows import add_mail, add_reminder

OPEN = {MessageState.COMPOSED, MessageState.CLAIMED, MessageState.RETRYING, MessageState.UNCERTAIN}


def test_the_text_of_settled_mails_goes_and_the_pages_cope(
    database: Database, client: JudgingClient, anna: Officer, now: datetime, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(models.privacy.mail_retention, "AT_ONCE", 2)
    old, young = now - timedelta(days=366), now - timedelta(days=364)
    filed = tmp_path / "mail" / "filed.eml"
    filed.parent.mkdir()
    filed.write_bytes(b"Text")
    with database.write(now) as session:
        by_state = {state: add_mail(session, anna, old, state=state).key for state in MessageState}
        by_state_young = [add_mail(session, anna, young, state=state).key for state in MessageState]
        session.get_one(Message, by_state[MessageState.FILED]).message_id = "<filed>"
        add_reminder(session, anna, "person", 1, old, session.get_one(Message, by_state[MessageState.SENT]))
        session.flush()
        take_note(session, [by_state[MessageState.FAILED]], anna.key, old)
        before = session.get_one(Message, by_state[MessageState.SENT])
        kept = before.model_dump(exclude={"subject", "body"})
        session.commit()
    assert forget_mail_texts(database, tmp_path / "mail", lambda: now) == 2
    assert forget_mail_texts(database, tmp_path / "mail", lambda: now) == 0
    assert not filed.exists()
    with database.read(now) as session:
        left = {state for state, key in by_state.items() if session.get_one(Message, key).body}
        assert left == OPEN
        assert all(session.get_one(Message, key).body for key in by_state_young)
        sent = session.get_one(Message, by_state[MessageState.SENT])
        assert (sent.subject, sent.body) == ("", b"")
        assert sent.model_dump(exclude={"subject", "body"}) == kept
        labels = session.exec(select(AuditEntry.label).where(AuditEntry.subject_kind == "message")).all()
        assert labels == ["E-Mail, deren Text nicht mehr aufbewahrt wird"]
    for address in ("/", "/nachrichten", "/nachrichten?suche=probe", "/erinnerungen", "/nachrichten.csv"):
        assert client.get(address).status_code == 200, address
    assert client.get("/nachrichten.csv").text.count("nicht mehr aufbewahrt") == 3
    for state, key in by_state.items():
        text = client.get(f"/nachrichten/{key}").text
        assert ("wird nicht mehr aufbewahrt" in text) == (state not in OPEN), state
        if state not in OPEN:
            assert client.get(f"/nachrichten/{key}/mail.eml").status_code == 404
    failed = by_state[MessageState.FAILED]
    with database.write(now, anna.key) as session:
        unseen = add_mail(session, anna, old, state=MessageState.FAILED, subject="", body=b"").key
        session.commit()
    assert client.post(f"/nachrichten/{unseen}/zur-kenntnis").status_code == 303
    assert "nicht mehr aufbewahrt" in client.get("/").text, "among the last changes, and as a link with words"
    assert f"/nachrichten/{failed}/erneut-senden" not in client.get(f"/nachrichten/{failed}").text
    client.post(f"/nachrichten/{failed}/erneut-senden")
    with database.read(now) as session:
        assert session.get_one(Message, failed).state is MessageState.FAILED


def test_the_file_of_an_import_of_contacts_goes_after_a_month(
    database: Database, now: datetime, tmp_path: Path
) -> None:
    files = FileStore(tmp_path)
    with database.write(now) as session:
        for kind, days, content in (
            (ImportKind.CONTACTS, 31, b"old"), (ImportKind.CONTACTS, 29, b"young"), (ImportKind.OWN_LIST, 31, b"list"),
        ):  # fmt: skip
            name = files.put([content], 10).sha256
            session.add(
                ImportBatch(
                    kind=kind, sha256=name, file_name=content.decode(), uploaded_at=now - timedelta(days=days),
                    state=BatchState.APPLIED,
                )
            )  # fmt: skip
        session.commit()
    assert (
        forget_imported_contacts(database, files, now),
        forget_imported_contacts(database, files, now),
    ) == (1, 0)
    with database.read(now) as session:
        found = {
            batch.file_name: files.is_intact(batch.sha256) for batch in session.exec(select(ImportBatch))
        }
    assert found == {"old": False, "young": True, "list": True}


def test_what_is_due_stands_on_the_list_once_and_names_nobody(
    database: Database, now: datetime, anna: Officer
) -> None:
    today = now.date()

    def open_ones(session, on=today):
        keep_follow_ups(session, "https://lotse.example", on)
        found = session.exec(
            select(FollowUp).where(FollowUp.subject_kind == "city", FollowUp.done_on.is_(None))
        )
        return {row.what: (row.due_on, row.responsible_id) for row in found}

    with database.write(now) as session:
        assert open_ones(session) == {}
        hers = {"given_name": "Verena", "origin": DataOrigin.PUBLIC, "function": "Leitung"}
        people = [
            Person(family_name="Früh", source_on=today - timedelta(days=2), **hers),
            Person(family_name="Spät", source_on=today, role_to=today - timedelta(days=800), **hers),
        ]
        session.add_all(people)
        letters = "Informationsschreiben nach Art. 14 DSGVO versenden: {n} offen, {until}"
        review = "Prüfen, ob Kontakte noch aufbewahrt werden dürfen: 1 offen"
        asked = today + timedelta(days=14), anna.key
        first = letters.format(n=2, until="das erste bis 21.12.2026")
        assert (
            open_ones(session)
            == open_ones(session)
            == {first: (today + timedelta(days=21), anna.key), review: asked}
        )
        people[0].notice_sent_on = today
        second = letters.format(n=1, until="das erste bis 23.12.2026")
        assert open_ones(session) == {second: (today + timedelta(days=23), anna.key), review: asked}
        for row in session.exec(select(FollowUp).where(FollowUp.what == second)):
            row.due_on = today + timedelta(days=1)  # somebody wants to be reminded earlier
        assert open_ones(session)[second][0] == today + timedelta(days=1)
        people[1].notice_waived = people[1].keep_reason = "Weiß es"
        people[1].keep_until = today
        assert open_ones(session) == {}
        assert len(session.exec(select(FollowUp).where(FollowUp.subject_kind == "city")).all()) == 2
        people[1].source_on, people[1].notice_waived = None, ""
        session.flush()
        assert [day for day, _who in open_ones(session).values()] == [today]
        assert the_city(session).title("de")
        assert all("Verena" not in what for what in open_ones(session))
