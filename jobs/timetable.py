"""Every schedule, as data, and what one beat of it does. APScheduler is the clock only: any number of processes may
run this timetable, and a row per job and slot decides who does it (reminders, point 9)."""

import logging
import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from jobs.check_files import check_files
from jobs.clock import Clock
from jobs.deliver import deliver
from jobs.read_imports import read_imports
from jobs.self_check import self_check
from jobs.send_reminders import send_reminders
from jobs.tidy_up import (
    forget_abandoned_imports,
    forget_imported_contacts,
    forget_letters,
    forget_mail_texts,
    tidy_up,
    today_there,
)
from models.database import Database
from models.documents.mail import mail_file_name
from models.files import FileStore
from models.job_runs import claim_slot, finish_run
from models.privacy.reminding import keep_follow_ups
from models.privacy.wiping import filed_and_empty, wipe
from settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Desk:
    """What a job works with. `stopping` is set when the process was asked to end."""

    database: Database
    settings: Settings
    clock: Clock
    stopping: Event


@dataclass(frozen=True)
class Job:
    """One job. `slot` is the length of its slots: one run per slot, whoever is first; None: every beat runs."""

    name: str
    trigger: Callable[[ZoneInfo], BaseTrigger]
    slot: timedelta | None
    work: Callable[[Desk], object]
    at_start: bool = False


class PassedOverError(Exception):
    """The run did its work, but something had to be left for later; the pages tell of it."""


def _send_reminders(desk: Desk) -> object:
    report = send_reminders(
        desk.database, desk.settings, desk.clock, as_of=False, is_stopping=desk.stopping.is_set
    )
    if report.faults:
        raise PassedOverError
    return report


def _deliver(desk: Desk) -> object:
    return deliver(desk.database, desk.settings, desk.clock, is_stopping=desk.stopping.is_set)


def _self_check(desk: Desk) -> object:
    return self_check(desk.database, desk.settings, desk.clock)


def _tidy_up(desk: Desk) -> object:
    now, files = desk.clock(), FileStore(desk.settings.files_dir)
    forget_letters(desk.settings.data_dir, now)
    with desk.database.write(now) as session:
        tidy_up(session, now)
        forget_abandoned_imports(session, files, now)
        session.commit()
    forget_imported_contacts(desk.database, files, now)
    forget_mail_texts(desk.database, desk.settings.mail_dir, desk.clock, desk.stopping.is_set)
    with desk.database.write(now) as session:
        keep_follow_ups(session, desk.settings.base_url, today_there(session, now))
        session.commit()
    return None


def _check_files(desk: Desk) -> object:
    store = FileStore(desk.settings.files_dir)
    return check_files(desk.database, store, desk.clock, is_stopping=desk.stopping.is_set)


def _read_imports(desk: Desk) -> object:
    store = FileStore(desk.settings.files_dir)
    return read_imports(desk.database, store, desk.clock, is_stopping=desk.stopping.is_set)


def _wipe(desk: Desk) -> object:
    with desk.database.read(desk.clock()) as session:
        for message_id in filed_and_empty(session):
            (desk.settings.mail_dir / mail_file_name(message_id)).unlink(missing_ok=True)
    return wipe(desk.database, desk.clock())


# Nothing between 01:30 and 03:30: on two days a year these times are missing or come twice.
TIMETABLE = (
    Job(
        "send-reminders",
        lambda zone: CronTrigger(minute="*", timezone=zone),
        timedelta(minutes=1),
        _send_reminders,
        at_start=True,  # started at 10:42:01, nobody should read until 10:43 that nothing runs
    ),
    Job("deliver", lambda zone: IntervalTrigger(seconds=5, timezone=zone), None, _deliver),
    Job("read-imports", lambda zone: IntervalTrigger(seconds=2, timezone=zone), None, _read_imports),
    Job(
        "self-check",
        lambda zone: CronTrigger(hour=7, minute=0, timezone=zone),
        timedelta(days=1),
        _self_check,
    ),
    Job(
        "check-files",
        lambda zone: CronTrigger(hour=3, minute=45, timezone=zone),
        timedelta(days=1),
        _check_files,
    ),
    Job("wipe", lambda zone: CronTrigger(hour=4, minute=15, timezone=zone), timedelta(days=1), _wipe),
    Job("tidy-up", lambda zone: CronTrigger(hour=4, minute=30, timezone=zone), timedelta(days=1), _tidy_up),
)


def slot_of(job: Job, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The beginning of the slot that this moment lies in; days begin at local midnight."""
    if job.slot is None:
        return None
    if job.slot >= timedelta(days=1):
        return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return now - timedelta(seconds=now.timestamp() % job.slot.total_seconds())


def beat(job: Job, desk: Desk) -> bool:
    """One beat: do the job unless another process has this slot. False if it has."""
    slot = slot_of(job, desk.clock(), desk.settings.zone)
    if slot is None:
        job.work(desk)
        return True
    return run_recorded(job, desk, slot)


def run_recorded(job: Job, desk: Desk, slot: datetime) -> bool:
    """Do the job for a slot and write down how it ended. False if the slot is taken."""
    now = desk.clock()
    with desk.database.write(now) as session:
        run_id = claim_slot(session, job.name, slot, now)
        session.commit()
    if run_id is None:
        return False
    failure = ""
    try:
        job.work(desk)
    except Exception as error:
        failure = type(error).__name__
        raise
    finally:
        with desk.database.write(desk.clock()) as session:
            finish_run(session, run_id, desk.clock(), failure)
            session.commit()
    return True


def run_by_hand(name: str, desk: Desk) -> None:
    """Do the job of this name now, whoever has the slot."""
    job = next(job for job in TIMETABLE if job.name == name)
    run_recorded(job, desk, desk.clock())


def where_it_failed(error: BaseException) -> str:
    """Kind and place of an error; never its text, which may name people."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({os.path.basename(frames[-1].filename)}:{frames[-1].lineno})" if frames else ""
    return type(error).__name__ + place


def make_scheduler(desk: Desk) -> BackgroundScheduler:
    """The timetable, wound up but not started."""
    zone = desk.settings.zone
    defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    scheduler = BackgroundScheduler(timezone=zone, job_defaults=defaults)
    for job in TIMETABLE:
        first = {"next_run_time": desk.clock()} if job.at_start else {}
        scheduler.add_job(beat, job.trigger(zone), args=(job, desk), id=job.name, name=job.name, **first)

    def listen(event: JobExecutionEvent) -> None:
        log.error("%s failed: %s", event.job_id, where_it_failed(event.exception))

    scheduler.add_listener(listen, EVENT_JOB_ERROR)
    return scheduler


def next_run(job: Job, now: datetime, zone: ZoneInfo) -> datetime:
    """When the job is due next."""
    found: datetime = job.trigger(zone).get_next_fire_time(None, now.astimezone(zone))
    return found
