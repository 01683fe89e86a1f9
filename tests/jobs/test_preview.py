"""The preview of a rule is the mail, byte by byte (T20)."""

from datetime import date, datetime, timedelta

from sqlmodel import select

from jobs.send_reminders import send_reminders
from models.conferences.conferences import (
    Conference,
    ConferenceStatus,
    DatePrecision,
    Participation,
    Series,
)
from models.database import Database
from models.reminders.messages import Message
from models.reminders.planning import due_by, planned_by
from models.reminders.preview import preview_mail
from models.reminders.queueing import queue_due
from models.reminders.recipients import surroundings
from models.reminders.rules import ReminderRule, SubjectKind, Unit
from tests.jobs.cases import at, clock_at, make_due, with_server
from tests.jobs.fault_server import FaultServer


def conference_rule(database: Database, now: datetime, going: int, *, is_on: bool = True) -> tuple[int, int]:
    """A rule 30 days before a conference on 23 December 2026 to everybody; answers their ids."""
    with database.write(now) as session:
        conference = Conference(
            name="Treffen <b>in</b> Linz", series=Series.RELATED, year=2026, starts_on=date(2026, 12, 25),
            date_precision=DatePrecision.DAY, status=ConferenceStatus.ANNOUNCED, city="Linz", country_code="AT",
        )  # fmt: skip
        session.add(conference)
        session.flush()
        session.add(Participation(conference_id=conference.key, officer_id=going))
        rule = ReminderRule(
            subject_kind=SubjectKind.CONFERENCE, amount=30, unit=Unit.DAYS, to_everyone=True, with_calendar=True,
            name_de="30 Tage vorher", name_en="30 days before", is_on=is_on, effective_from=now, queued_until=now,
        )  # fmt: skip
        session.add(rule)
        session.commit()
        return rule.key, conference.key


def previewed(database, settings, now, rule_id, officer_id):
    """The bytes of every mail that the rule plans for a colleague; nothing of it is stored."""
    with database.write(now) as session:
        around, rule = surroundings(session), session.get_one(ReminderRule, rule_id)
        rows = [
            *due_by(session, rule, around, now),
            *planned_by(session, rule, around, now, date(2027, 11, 1)),
        ]
        session.rollback()
    found = []
    for row in rows:
        with database.write(now) as session:
            message = preview_mail(
                session, rule_id, row.subject.id, row.step.name, officer_id, settings.mail, now
            )
            found.append(message.body if message is not None else None)
            session.rollback()
    return found


def test_t20_the_mail_of_a_chosen_person_is_byte_equal_to_what_is_sent(database, settings, now, anna, ben):
    rule_id, _conference = conference_rule(database, now, anna.key, is_on=False)
    before = {who.email: previewed(database, settings, now, rule_id, who.key) for who in (anna, ben)}
    with database.write(now) as session:
        assert session.exec(select(Message)).all() == [], "a preview stores nothing"
        session.get_one(ReminderRule, rule_id).is_on = True
        session.commit()
    make_due(database, now, 2, due_on=date(2026, 11, 30))  # others are sent meanwhile
    with FaultServer() as server:
        relay = with_server(
            settings,
            server,
        )
        relay = type(relay)(**{**vars(relay), "mail_from": settings.mail_from})
        for moment in (now, at(7, day=25), at(7, day=26)):
            send_reminders(database, relay, clock_at(moment), as_of=False)
    sent = {mail.recipients[0]: mail.data for mail in server.accepted if b"Linz" in mail.data}
    assert sent.keys() == before.keys() == {anna.email, ben.email}
    for address, bodies in before.items():
        assert bodies == [sent[address]]
    assert b'method="REQUEST"' in sent[anna.email]
    assert b'method="PUBLISH"' in sent[ben.email]


def test_t20_what_is_collected_with_others_is_shown_collected(database, settings, now, anna):
    make_due(database, now, 3, due_on=date(2026, 11, 30), apart=False)  # reminded on Thursday, the 26th
    with database.read(now) as session:
        rule_id = session.exec(select(ReminderRule.id).where(ReminderRule.code == "due-commitment")).one()
    before = previewed(database, settings, now, rule_id, anna.key)
    assert len(before) == 3
    assert len(set(before)) == 1
    moment = at(7, day=26)
    with FaultServer() as server:
        relay = with_server(settings, server)
        relay = type(relay)(**{**vars(relay), "mail_from": settings.mail_from})
        for when in (now, moment):
            send_reminders(database, relay, clock_at(when), as_of=False)
    assert [mail.data for mail in server.accepted] == [before[0]]


def test_t20_what_is_late_when_a_rule_is_switched_on_is_shown_as_late(database, settings, now, anna):
    rule_id, _conference = conference_rule(database, now, anna.key, is_on=False)
    later = at(9, day=28)
    [body] = previewed(database, settings, later, rule_id, anna.key)
    assert b"Subject: Kurzfristig: Treffen" in body


def test_a_plan_does_not_name_what_a_later_run_sent_already(database, settings, now, anna):
    make_due(database, now, 1, due_on=date(2026, 11, 30))
    with FaultServer() as server:
        report = send_reminders(database, with_server(settings, server), clock_at(at(7, day=26)), as_of=True)
    assert report.queued == 1
    with database.write(now) as session:
        around = surroundings(session)
        rule = session.exec(select(ReminderRule).where(ReminderRule.code == "due-commitment")).one()
        assert planned_by(session, rule, around, now, date(2026, 12, 31)) == []
        assert queue_due(session, now + timedelta(minutes=1)) == 0
