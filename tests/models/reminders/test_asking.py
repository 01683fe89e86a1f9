"""Asking for a reminder on one date, and what a day of its own means to the sender."""

from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes
from email.policy import default
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, select

from models.commitments.checklist import Commitment
from models.conferences.conferences import Conference, ConferenceStatus
from models.database import Database
from models.officers import Officer
from models.reminders.answering import Answered, again_in_a_week, mark_done
from models.reminders.asking import Outlook, Verdict, When, Whom, outlook, remind_of, switch
from models.reminders.claiming import claim, unsettled
from models.reminders.composing import compose, people_waiting
from models.reminders.letters import MailSettings
from models.reminders.messages import Message, MessageKind, Reminder, ReminderState
from models.reminders.planning import due_by, planned_by
from models.reminders.queueing import queue_due
from models.reminders.recipients import surroundings
from models.reminders.rules import Direction, ReminderRule, SubjectKind, Unit
from models.reminders.settling import settle_sent
from models.reminders.subjects import Subject, load_subject

MAIL = MailSettings("http://127.0.0.1:8000", "lotse@lotse.example")
DUE = date(2026, 12, 4)
ME = Whom(colleagues=frozenset({1}))


def _commitment(session: Session, due: date | None = DUE) -> Subject:
    item = session.exec(select(Commitment).order_by(col(Commitment.id))).first()
    assert item is not None
    item.due_on = due
    session.flush()
    found = load_subject(session, SubjectKind.COMMITMENT, item.key)
    assert found is not None
    return found


def _unannounced(session: Session) -> Subject:
    row = session.exec(select(Conference).where(Conference.status == ConferenceStatus.NOT_ANNOUNCED)).first()
    assert row is not None
    found = load_subject(session, SubjectKind.CONFERENCE, row.key)
    assert found is not None
    return found


def _tick(session: Session, now: datetime) -> list[Message]:
    """What the sender does, with a server that takes everything."""
    queue_due(session, now)
    for key in people_waiting(session):
        compose(session, key, MAIL, now)
    sent = []
    for message in unsettled(session):
        taken = claim(session, message.key, MAIL, now)
        if taken is not None:
            settle_sent(session, taken, now)
            sent.append(taken)
    session.flush()
    return sent


def _only(session: Session, rule: ReminderRule) -> None:
    """Switch every other rule off."""
    for other in session.exec(select(ReminderRule)):
        other.is_on = other.key == rule.key
    session.flush()


def _at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)


@pytest.mark.parametrize(
    ("when", "verdict", "due"),
    [
        (When(7), Verdict.AHEAD, date(2026, 11, 27)),
        (When(2, Unit.WORKING_DAYS), Verdict.AHEAD, date(2026, 12, 2)),
        (When(30), Verdict.AT_ONCE, date(2026, 11, 4)),
        (When(fixed_on=date(2026, 11, 24)), Verdict.AHEAD, date(2026, 11, 24)),
        (When(fixed_on=date(2026, 11, 23)), Verdict.AT_ONCE, date(2026, 11, 23)),
        (When(fixed_on=date(2026, 11, 22)), Verdict.OVER, None),
    ],
)
def test_the_moment_is_told_before_it_is_stored(
    database: Database, now: datetime, when: When, verdict: Verdict, due: date | None
) -> None:
    with database.write(now) as session:
        found: Outlook = outlook(
            _commitment(session), when, ME, surroundings(session), now + timedelta(hours=1)
        )
        assert found.verdict is verdict
        assert found.due_at == (_at(due, 8) if due else None)
        assert [officer.key for officer in found.officers] == [1]


def test_what_is_told_is_what_the_sender_does(database: Database, now: datetime, anna: Officer) -> None:
    with database.write(now) as session:
        subject = _commitment(session)
        when, whom = When(7), Whom(responsible=True)
        told = outlook(subject, when, whom, surroundings(session), now)
        rule = remind_of(session, subject, when, whom, now)
        _only(session, rule)
        assert told.due_at is not None
        assert _tick(session, told.due_at - timedelta(seconds=1)) == []
        [mail] = _tick(session, told.due_at)
        assert [mail.officer_id] == [officer.key for officer in told.officers] == [anna.key]


def test_t1_a_day_of_its_own_reminds_once_however_often_the_date_moves(
    database: Database, now: datetime, anna: Officer
) -> None:
    with database.write(now) as session:
        subject = _commitment(session)
        rule = remind_of(session, subject, When(fixed_on=date(2026, 11, 30)), ME, now)
        _only(session, rule)
        assert len(_tick(session, _at(date(2026, 11, 30)))) == 1
        for day in (date(2026, 12, 18), date(2027, 1, 15), None):
            _commitment(session, day)
            news = _tick(session, _at(date(2026, 12, 1)))
            assert [mail.kind for mail in news] == [MessageKind.MOVED], (
                "the new date is told, the day is not reminded again"
            )


def test_a_day_after_the_date_is_sent_too(database: Database, now: datetime, anna: Officer) -> None:
    with database.write(now) as session:
        subject = _commitment(session, date(2026, 11, 25))
        rule = remind_of(session, subject, When(fixed_on=date(2026, 12, 1)), ME, now)
        _only(session, rule)
        assert len(_tick(session, _at(date(2026, 12, 1)))) == 1


def test_a_day_of_its_own_is_sent_late_when_the_sender_was_down(
    database: Database, now: datetime, anna: Officer
) -> None:
    with database.write(now) as session:
        rule = remind_of(session, _unannounced(session), When(fixed_on=date(2026, 12, 24)), ME, now)
        _only(session, rule)
        assert len(_tick(session, _at(date(2026, 12, 28)))) == 1


def test_a_day_of_its_own_that_is_long_past_is_missed_and_seen(
    database: Database, now: datetime, anna: Officer
) -> None:
    with database.write(now) as session:
        rule = remind_of(session, _unannounced(session), When(fixed_on=date(2026, 12, 1)), ME, now)
        _only(session, rule)
        assert _tick(session, _at(date(2027, 1, 4))) == []
        assert session.exec(select(Reminder.state)).all() == [ReminderState.MISSED]


def test_a_mail_about_an_unannounced_date_does_not_name_one(
    database: Database, now: datetime, anna: Officer
) -> None:
    with database.write(now) as session:
        rule = remind_of(session, _unannounced(session), When(fixed_on=date(2026, 12, 1)), ME, now)
        _only(session, rule)
        [mail] = _tick(session, _at(date(2026, 12, 1)))
        read = message_from_bytes(mail.body, policy=default)
        body = read.get_body(("plain",))
        assert body is not None
        assert "01.12.2026" not in str(read["Subject"])
        assert "Dienstag" not in str(body.get_content())
        assert not any(part.get_content_type() == "text/calendar" for part in read.walk())


def test_a_rule_after_the_date_reminds_of_it(database: Database, now: datetime, anna: Officer) -> None:
    with database.write(now) as session:
        _commitment(session, date(2026, 11, 25))
        rule = ReminderRule(
            name_de="Überfällig", subject_kind=SubjectKind.COMMITMENT, direction=Direction.AFTER, amount=3,
            effective_from=now, queued_until=now,
        )  # fmt: skip
        session.add(rule)
        session.flush()
        _only(session, rule)
        assert [row.step.day for row in planned_by(session, rule, surroundings(session), now, DUE)] == [
            date(2026, 11, 28)
        ]
        assert len(_tick(session, _at(date(2026, 11, 28)))) == 1
        assert _tick(session, _at(date(2026, 12, 1))) == []


def test_t3_a_new_rule_after_the_date_says_nothing_about_dates_that_have_passed(
    database: Database, now: datetime, anna: Officer
) -> None:
    with database.write(now) as session:
        _commitment(session, date(2026, 11, 18))
        rule = ReminderRule(
            name_de="Überfällig", subject_kind=SubjectKind.COMMITMENT, direction=Direction.AFTER, amount=3, is_on=False,
            effective_from=now - timedelta(days=60), queued_until=now - timedelta(days=60),
        )  # fmt: skip
        session.add(rule)
        session.flush()
        switch(rule, True, now)
        _only(session, rule)
        assert due_by(session, rule, surroundings(session), now) == []
        assert _tick(session, now) == []
        assert session.exec(select(Reminder)).all() == []


def test_answers_given_twice_are_harmless(
    database: Database, now: datetime, today: date, anna: Officer
) -> None:
    with database.write(now) as session:
        subject = _commitment(session)
        remind_of(session, subject, When(30), ME, now)
        _tick(session, now)
        reminder = session.exec(select(Reminder)).one()
        for _ in range(2):
            assert again_in_a_week(session, reminder, subject, 1, now, today) is Answered.AGAIN
        rules = session.exec(
            select(ReminderRule).where(ReminderRule.fixed_on == today + timedelta(days=7))
        ).all()
        assert len(rules) == 1
        assert mark_done(session, reminder, subject, now, today) is Answered.DONE
        session.flush()
        subject = _commitment(session)
        assert mark_done(session, reminder, subject, now, today) is Answered.DONE_BEFORE
        assert again_in_a_week(session, reminder, subject, 1, now, today) is Answered.DONE_BEFORE
        assert mark_done(session, reminder, None, now, today) is Answered.GONE
