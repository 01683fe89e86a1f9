"""100,000 reminders that fall due at the same moment: queued by one tick, quickly and in little memory."""

import time
from pathlib import Path

from sqlmodel import func, select

from jobs.send_reminders import send_reminders
from models.database import Database
from models.reminders.messages import Reminder
from tests.bench.apart import apart, memory
from tests.bench.goals import Goal
from tests.bench.stand_in import DUE_ON, NOW, add_commitments, folder, found_city, settings_for

REMINDERS = 100_000
SECONDS_AT_MOST = 10
MEGABYTES_AT_MOST = 300


def build(url: str) -> None:
    """A city in which everything falls due at NOW."""
    officers = found_city(url)
    database = Database(url)
    with database.write(NOW) as session:
        add_commitments(session, [DUE_ON] * REMINDERS, officers)
        session.commit()
    database.close()


def queue(url: str, data_dir: str) -> tuple[float, float, int, int]:
    """Seconds, seconds on the processor and additional bytes of the tick that queues; how many reminders there are."""
    database, settings = Database(url, durable=True), settings_for(url, Path(data_dir))
    with database.read(NOW) as session:
        session.exec(select(func.count()).select_from(Reminder)).one()  # what the first question costs, once
    before = memory("VmRSS")
    began, busy = time.perf_counter(), time.process_time()
    # Asked to stop before it composes.
    send_reminders(database, settings, lambda: NOW, as_of=False, is_stopping=lambda: True)
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    more = memory("VmHWM") - before
    with database.read(NOW) as session:
        count = session.exec(select(func.count()).select_from(Reminder)).one()
    database.close()
    return seconds, busy, more, count


def run() -> list[Goal]:
    with folder() as here:
        url = f"sqlite:///{here}/lotse.sqlite3"
        apart(build, url)
        seconds, busy, more, count = apart(queue, url, str(here))
    assert count == REMINDERS, count
    megabytes = more / 1_000_000
    return [
        Goal(
            "100.000 Erinnerungen auf einmal einreihen",
            f"< {SECONDS_AT_MOST} s",
            f"{seconds:.1f} s",
            seconds < SECONDS_AT_MOST,
            f"SQLite mit synchronous=FULL; davon {busy:.1f} s auf dem Prozessor",
        ),
        Goal(
            "… zusätzlicher Arbeitsspeicher",
            f"< {MEGABYTES_AT_MOST} MB",
            f"{megabytes:.0f} MB",
            megabytes < MEGABYTES_AT_MOST,
            "höchster Stand des Prozesses (VmHWM) gegen den davor",
        ),
    ]
