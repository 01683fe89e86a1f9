"""The weekly report on its way: beat, claim, mail server; and by hand."""

from datetime import timedelta
from threading import Event

import pytest
from sqlmodel import select

from jobs.__main__ import main
from jobs.deliver import deliver
from jobs.safekeeping import back_up
from jobs.self_check import Report, self_check
from jobs.timetable import TIMETABLE, Desk, beat
from models.city import the_city
from models.reminders.messages import Message, MessageKind, MessageState, the_sender
from tests.jobs.cases import at, clock_at, environ_of, with_server
from tests.jobs.fault_server import FaultServer

(JOB,) = [entry for entry in TIMETABLE if entry.name == "self-check"]
MONDAY = at(6)  # 7:00 in Leipzig


@pytest.fixture
def contact(database, now):
    with database.write(now) as session:
        the_city(session).technical_email = "it@lotse.example"
        session.commit()


def reports(database, now):
    with database.read(now) as session:
        return session.exec(select(Message).where(Message.kind == MessageKind.SELF_CHECK)).all()


def test_the_beat_is_at_seven_each_day(settings):
    found = JOB.trigger(settings.zone).get_next_fire_time(None, at(7).astimezone(settings.zone))
    assert found.isoformat() == "2026-11-24T07:00:00+01:00"
    assert JOB.slot == timedelta(days=1)


def test_several_beats_on_several_days_write_one_a_week(database, settings, now, contact):
    for day in range(8):
        for _ in range(2):
            beat(JOB, Desk(database, settings, clock_at(MONDAY + timedelta(days=day)), Event()))
        if day == 0:
            deliver(database, settings, clock_at(MONDAY))
    assert [mail.composed_at for mail in reports(database, now)] == [MONDAY, MONDAY + timedelta(days=7)]


def test_nothing_is_written_without_a_contact(database, settings, now):
    assert self_check(database, settings, clock_at(MONDAY)) == (Report.NO_CONTACT, None)
    assert reports(database, now) == []


def test_it_takes_the_way_of_every_mail(database, settings, contact):
    with FaultServer() as server:
        there = with_server(settings, server)
        self_check(database, there, clock_at(MONDAY))
        deliver(database, there, clock_at(MONDAY))
        (mail,) = reports(database, MONDAY)
        assert mail.state is MessageState.SENT
        assert [one.recipients for one in server.accepted] == [["it@lotse.example"]]


def test_a_paused_sender_holds_it_back(database, settings, contact):
    with database.write(MONDAY) as session:
        the_sender(session).paused_at = MONDAY
        session.commit()
    self_check(database, settings, clock_at(MONDAY))
    deliver(database, settings, clock_at(MONDAY))
    assert [mail.state for mail in reports(database, MONDAY)] == [MessageState.COMPOSED]


def test_by_hand_it_says_what_it_did(database, settings, now, capsys):
    environ = environ_of(settings)
    assert main(["run", "self-check"], environ) == 1
    assert "keine technische Ansprechperson" in capsys.readouterr().out
    with database.write(now) as session:
        the_city(session).technical_email = "it@lotse.example"
        session.commit()
    for _ in range(2):  # wanted twice, written twice
        assert main(["run", "self-check"], environ) == 0
        assert "abgelegt" in capsys.readouterr().out
    assert len(reports(database, now)) == 2


def test_the_last_backup_is_known(database, settings, contact, tmp_path):
    made_at = MONDAY - timedelta(days=2)
    back_up(database, settings, tmp_path / "backup.zip", clock_at(made_at))
    self_check(database, settings, clock_at(MONDAY))
    (mail,) = reports(database, MONDAY)
    assert "21.11.2026, 07:00" in mail.body.decode()
