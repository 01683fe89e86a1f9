"""A tick with nothing due: it costs what falls due and what changed, not what there is.

The big city has 1,000,000 contacts and 100,000 subjects, spread evenly over five years to either side; the small one a
hundredth of the contacts and a tenth of the subjects. The default rules are on. One tick settles what is overdue; then
the middle of several ticks counts, a minute apart, at a time of day when nothing falls due.
"""

import time
from datetime import timedelta
from pathlib import Path
from statistics import median

from jobs.send_reminders import send_reminders
from models.database import Database
from tests.bench.apart import apart
from tests.bench.goals import Goal
from tests.bench.stand_in import NOW, add_people, add_subjects, folder, found_city, settings_for

BIG, SMALL = (1_000_000, 100_000), (10_000, 10_000)
TICKS = 15
AT_MOST = 0.050
TIMES_SMALL = 2
NOON = NOW + timedelta(hours=4)


def build(data_dir: str, people: int, subjects: int) -> None:
    """A city with so many contacts and subjects."""
    Path(data_dir).mkdir()
    url = f"sqlite:///{data_dir}/lotse.sqlite3"
    officers = found_city(url, NOON)
    database = Database(url)
    with database.write(NOON) as session:
        add_people(session, people)
        add_subjects(session, subjects, officers)
        session.commit()
    with database.engine.connect() as connection:
        connection.exec_driver_sql("analyze")
        connection.commit()
    database.close()


def ticks(data_dir: str) -> tuple[float, list[float], int]:
    """Seconds of the first tick and of each later one; how many reminders the later ones queued."""
    url = f"sqlite:///{data_dir}/lotse.sqlite3"
    database, settings = Database(url, durable=True), settings_for(url, Path(data_dir))
    seconds, queued = [], 0
    for minute in range(1, TICKS + 3):
        now = NOON + timedelta(minutes=minute)
        began = time.perf_counter()
        report = send_reminders(database, settings, lambda: now, as_of=False)  # noqa: B023
        seconds.append(time.perf_counter() - began)
        queued += report.queued if minute > 1 else 0
    database.close()
    return seconds[0], seconds[2:], queued  # the second may still finish what the first found


def run() -> list[Goal]:
    found = {}
    with folder() as here:
        for name, (people, subjects) in {"big": BIG, "small": SMALL}.items():
            apart(build, str(here / name), people, subjects)
            found[name] = apart(ticks, str(here / name))
    assert found["big"][2] == found["small"][2] == 0, "something fell due"
    big, small = median(found["big"][1]), median(found["small"][1])
    detail = (
        f"SQLite, 1.000.000 Kontakte und 100.000 Termine; der mittlere von {TICKS} Takten, der längste "
        f"{max(found['big'][1]) * 1000:.0f} ms, der erste {found['big'][0] * 1000:.0f} ms"
    )
    return [
        Goal(
            "Takt ohne Fälliges", f"< {AT_MOST * 1000:.0f} ms", f"{big * 1000:.1f} ms", big < AT_MOST, detail
        ),
        Goal(
            "Takt ohne Fälliges gegen 10.000 Termine",
            f"≤ {TIMES_SMALL} ×",
            f"{big / small:.2f} ×",
            big <= TIMES_SMALL * small,
            f"dort {small * 1000:.1f} ms",
        ),
    ]
