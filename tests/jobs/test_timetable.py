"""The timetable: when what runs, and that a slot is done once."""

from datetime import UTC, datetime, time, timedelta
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from jobs import timetable
from jobs.tidy_up import tidy_up
from jobs.timetable import TIMETABLE, Desk, Job, PassedOverError, beat, make_scheduler, slot_of
from models.application.phases import Phase
from models.job_runs import JobRun, last_runs
from models.overview import sending
from models.reminders.rules import ReminderRule
from models.sign_in import LinkPurpose, SignInAttempt, SignInLink, UserSession
from tests.jobs.cases import at, clock_at

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def desk(database, settings, now):
    return Desk(database, settings, clock_at(now), Event())


def job(work, slot=timedelta(minutes=1)):
    return Job("test", TIMETABLE[0].trigger, slot, work)


def beats(trigger, day):
    moment, end = day, day + timedelta(days=1)
    while (moment := trigger.get_next_fire_time(moment, moment + timedelta(microseconds=1))) and moment < end:
        yield moment


@pytest.mark.parametrize("day", ["2027-03-28", "2027-10-31", "2026-11-23"])
def test_t13_what_has_a_time_of_day_lies_outside_the_hours_that_summer_time_moves(day):
    start = datetime.fromisoformat(day).replace(tzinfo=BERLIN)
    for entry in TIMETABLE:
        if entry.slot is not None and entry.slot >= timedelta(days=1):
            (beat_at,) = beats(entry.trigger(BERLIN), start)
            assert not time(1, 30) <= beat_at.timetz().replace(tzinfo=None) <= time(3, 30)


def test_names_are_unique_and_ticks_are_slotted():
    names = [entry.name for entry in TIMETABLE]
    assert len(names) == len(set(names))
    assert {entry.name for entry in TIMETABLE if entry.slot is None} == {"deliver", "read-imports"}


def test_a_late_beat_still_runs_once(desk):
    scheduler = make_scheduler(desk)
    scheduler.start(paused=True)
    for entry in scheduler.get_jobs():
        assert (entry.coalesce, entry.max_instances, entry.misfire_grace_time) == (True, 1, None)
    scheduler.shutdown()


def test_slots(now):
    minute, day = job(None), job(None, timedelta(days=1))
    assert slot_of(minute, now.replace(second=59, microsecond=7), BERLIN) == now
    assert slot_of(day, now, BERLIN) == datetime(2026, 11, 23, tzinfo=BERLIN)
    assert slot_of(job(None, None), now, BERLIN) is None


def test_t10_the_second_beat_in_a_slot_does_nothing(desk):
    done = []
    assert beat(job(done.append), desk)
    assert not beat(job(done.append), desk)
    assert len(done) == 1


def test_t15_a_run_that_had_to_leave_something_is_written_down_as_failed_until_the_next(desk, database, now):
    (ticks,) = [entry for entry in TIMETABLE if entry.name == "send-reminders"]
    with database.write(now) as session:
        rule = session.exec(select(ReminderRule).where(ReminderRule.code == "due-phase")).one()
        rule.zone = "No/Where"
        session.exec(select(Phase)).first().due_on = (now + timedelta(days=2)).date()
        session.commit()
    with pytest.raises(PassedOverError):
        beat(ticks, desk)
    with database.write(now) as session:
        assert sending(session, now).has_failed
        session.exec(select(ReminderRule).where(ReminderRule.code == "due-phase")).one().zone = ""
        session.commit()
    later = now + timedelta(minutes=1)
    assert beat(ticks, Desk(database, desk.settings, clock_at(later), Event()))
    with database.read(later) as session:
        assert not sending(session, later).has_failed


def test_a_failed_run_is_written_down_without_its_words(desk, database, now):
    def fail(_desk):
        raise RuntimeError("Anna Amt <anna@lotse.example>")

    with pytest.raises(RuntimeError):
        beat(job(fail), desk)
    with database.read(now) as session:
        assert last_runs(session)["test"].failure == "RuntimeError"


def test_the_log_says_what_failed_and_where_and_names_nobody(desk, caplog, monkeypatch):
    failed = Event()

    def fail(_desk):
        failed.set()
        raise RuntimeError("Anna Amt <anna@lotse.example>")

    soon = Job("soon", lambda zone: timetable.IntervalTrigger(seconds=1, timezone=zone), None, fail)
    monkeypatch.setattr(timetable, "TIMETABLE", (soon,))
    monkeypatch.setattr("logging.Logger.disabled", False, raising=False)
    timetable.logging.getLogger("apscheduler").setLevel("CRITICAL")
    scheduler = make_scheduler(desk)
    scheduler.start()
    assert failed.wait(10)
    scheduler.shutdown(wait=True)
    assert "soon failed: RuntimeError (test_timetable.py:" in caplog.text
    assert "Amt" not in caplog.text


def test_tidying_up(database, anna, now):
    def ago(**length):
        return now - timedelta(**length)

    with database.write(now) as session:
        for n, ends in enumerate((ago(hours=1), now + timedelta(hours=1))):
            session.add(
                UserSession(secret_hash=f"s{n}", officer_id=anna.key, created_at=ago(days=1), expires_at=ends)
            )
        for n, ends in enumerate((ago(days=31), ago(days=29))):
            link = SignInLink(
                secret_hash=f"l{n}", purpose=LinkPurpose.RESET, created_at=ago(days=60), expires_at=ends
            )
            session.add(link)
        session.add_all(
            [SignInAttempt(address_hash="x", at=ago(days=2)), SignInAttempt(address_hash="y", at=now)]
        )
        session.add_all([JobRun(job="a", slot=str(n), started_at=ago(days=n)) for n in (15, 13)])
        session.flush()
        tidy_up(session, now)
        session.commit()
    with database.read(now) as session:
        assert session.exec(select(UserSession.secret_hash)).all() == ["s1"]
        assert session.exec(select(SignInLink.secret_hash)).all() == ["l1"]
        assert session.exec(select(SignInAttempt.address_hash)).all() == ["y"]
        assert session.exec(select(JobRun.slot)).all() == ["13"]


def test_the_last_run_of_each_job(database, now):
    with database.write(now) as session:
        for name, hour in (("a", 1), ("b", 2), ("a", 3)):
            session.add(JobRun(job=name, slot=str(hour), started_at=at(hour).astimezone(UTC)))
            session.flush()
        session.commit()
    with database.read(now) as session:
        assert {name: run.slot for name, run in last_runs(session).items()} == {"a": "3", "b": "2"}
