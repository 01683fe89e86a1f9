"""Evidence is reminded of before it expires: to whom, when, in which words, and that a renewed one is no news."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from jobs.send_reminders import send_reminders
from models.evidence.evidence import Evidence, EvidenceKind, EvidenceRevision, add_revision
from models.officers import Officer
from models.reminders.messages import Message, Reminder
from models.reminders.rules import ReminderRule
from tests.jobs.cases import clock_at
from tests.jobs.scenes import read

# Twenty working days after Monday 23 November 2026.
VALID_UNTIL = date(2026, 12, 21)


def add(database, now, owner, valid_until=VALID_UNTIL, name="Absichtserklärung"):
    with database.write(now) as session:
        evidence = Evidence(name=name, owner_id=owner.key if owner else None)
        session.add(evidence)
        session.flush()
        renew(session, evidence, now, valid_until)
        session.commit()
        return evidence.key


def renew(session, evidence, now, valid_until):
    revision = EvidenceRevision(
        evidence_id=0, kind=EvidenceKind.NOTE, content="x", added_at=now, valid_until=valid_until
    )
    add_revision(session, evidence, revision)


@pytest.fixture
def early(database, now):
    """A moment before the first reminder is due; the rules count from here."""
    moment = now - timedelta(hours=1)
    with database.write(moment) as session:
        for rule in session.exec(select(ReminderRule)):
            rule.effective_from = rule.queued_until = moment
        session.commit()
    return moment


def mails(database, settings, moment):
    """What goes out at this moment: (to, mail)."""
    with database.read(moment) as session:
        before = set(session.exec(select(Message.id)))
    send_reminders(database, settings, clock_at(moment), as_of=False)
    with database.read(moment) as session:
        return [
            (row.to_address, read(row.body, row.to_address))
            for row in session.exec(select(Message).order_by(Message.id))
            if row.id not in before
        ]


def test_twenty_working_days_before_the_owner_is_told_until_when_it_is_valid(
    database, settings, early, now, ben
):
    add(database, early, ben)
    assert mails(database, settings, now - timedelta(minutes=30)) == []
    [(to, mail)] = mails(database, settings, now)
    assert to == ben.email
    assert "Absichtserklärung läuft ab am Montag, 21.12.2026" in mail.subject + mail.text
    assert "Nachweis" in mail.text
    assert mails(database, settings, now + timedelta(hours=1)) == []


def test_the_deputy_gets_it_while_the_owner_is_away_and_the_case_lead_where_nobody_owns_it(
    database, settings, early, now, anna, ben
):
    with database.write(early) as session:
        away = session.get_one(Officer, ben.key)
        away.absent_from, away.absent_until, away.stand_in_id = now.date(), now.date(), anna.key
        session.commit()
    add(database, early, ben, name="Von Ben")
    add(database, early, None, name="Von niemandem")
    told = mails(database, settings, now)
    assert {to for to, _mail in told} == {anna.email}
    text = " ".join(mail.text for _to, mail in told)
    assert "Von Ben" in text
    assert "Von niemandem" in text


def test_what_was_renewed_or_withdrawn_before_is_not_reminded_of(database, settings, early, now, ben):
    renewed, withdrawn = add(database, early, ben), add(database, early, ben)
    with database.write(early) as session:
        renew(session, session.get_one(Evidence, renewed), early, date(2028, 12, 31))
        session.get_one(Evidence, withdrawn).withdrawn_on = early.date()
        session.commit()
    assert mails(database, settings, now) == []


def test_a_renewed_proof_moves_its_date_and_nobody_gets_a_mail_about_that(
    database, settings, early, now, ben
):
    key = add(database, early, ben)
    assert len(mails(database, settings, now)) == 1
    later = now + timedelta(hours=2)
    with database.write(later) as session:
        renew(session, session.get_one(Evidence, key), later, date(2028, 12, 31))
        session.commit()
    assert mails(database, settings, later) == []
    with database.read(later) as session:
        assert len(session.exec(select(Reminder)).all()) == 1
