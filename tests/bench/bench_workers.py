"""Four PostgreSQL workers, each a process: nothing goes out twice, and together they are faster than one.

The cluster is a throw-away one with PostgreSQL's own settings: fsync on. The sink's list of Message-IDs judges.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool
from sqlmodel import select

from jobs.deliver import deliver
from jobs.outcome import Kind
from jobs.send_reminders import send_reminders
from models.database import Database
from models.reminders.rules import ReminderRule
from tests.bench.apart import Apart, apart
from tests.bench.goals import Goal
from tests.bench.sink import Sink
from tests.bench.stand_in import DUE_ON, NOW, add_commitments, folder, found_city, settings_for
from tests.services import durable_postgresql

MAILS = 1000
WORKERS = 4
ROUNDS = 3


def compose_all(url: str, data_dir: str, port: int) -> int:
    """Ready mails, written by the product."""
    officers = found_city(url)
    database = Database(url)
    with database.write(NOW) as session:
        rule = session.exec(select(ReminderRule).where(ReminderRule.code == "due-commitment")).one()
        rule.is_urgent = rule.with_calendar = True  # one mail for each: nothing is bundled
        add_commitments(session, [DUE_ON] * MAILS, officers)
        session.commit()
    questions = iter([False])  # the tick composes, and is asked to stop before the first mail
    settings = settings_for(url, Path(data_dir), port)
    report = send_reminders(
        database, settings, lambda: NOW, as_of=True, is_stopping=lambda: next(questions, True)
    )
    database.close()
    return report.composed


def work(url: str, data_dir: str, port: int) -> Iterator[int]:
    """One worker: first it connects, then it sends until nothing is ready; answers how many it sent."""
    database = Database(url, durable=True)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("select 1")
    yield 0
    report = deliver(database, settings_for(url, Path(data_dir), port), lambda: NOW)
    assert set(report.outcomes) <= {Kind.DELIVERED}, report
    assert not report.faults, report
    yield report.outcomes[Kind.DELIVERED]


def send_with(workers: int, url: str, data_dir: Path, sink: Sink) -> tuple[float, list[int], int]:
    """Seconds for all mails, how many each worker sent, and how many arrived more than once."""
    data_dir.mkdir()
    with ExitStack() as stack:
        found = [stack.enter_context(Apart(work, url, str(data_dir), sink.port)) for _ in range(workers)]
        for one in found:
            one.go().answer()
        began = time.perf_counter()
        for one in found:
            one.go()
        shares = [one.answer() for one in found]
        seconds = time.perf_counter() - began
    taken = sink.taken()
    assert len(taken) == MAILS, f"{MAILS - len(taken)} mails did not arrive"
    return seconds, shares, sum(number - 1 for number in taken.values())


def run() -> list[Goal]:
    one: list[float] = []
    four: list[float] = []
    shares: list[int] = []
    doubled = 0
    with folder() as here, durable_postgresql() as cluster, Sink() as sink:
        server = create_engine(cluster.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")

        def administer(statement: str) -> None:
            with server.connect() as connection:
                connection.exec_driver_sql(statement)

        administer("create database ready")
        ready = cluster.url.replace("/postgres", "/ready")
        (here / "ready").mkdir()
        composed = apart(compose_all, ready, str(here / "ready"), sink.port)
        assert composed == MAILS, composed
        for number in range(ROUNDS):
            for workers, seconds in ((1, one), (WORKERS, four)):
                name = f"round_{number}_{workers}"
                administer(f"create database {name} template ready")
                url = cluster.url.replace("/postgres", f"/{name}")
                found, shares, more = send_with(workers, url, here / name, sink)
                seconds.append(found)
                doubled += more
                administer(f"drop database {name} with (force)")
    faster = median(one) / median(four)
    detail = (
        f"{ROUNDS} × {MAILS} E-Mails, PostgreSQL mit fsync, Prozesse ohne festen Kern; je E-Mail "
        f"{median(one) / MAILS * 1000:.2f} ms mit einem, {median(four) / MAILS * 1000:.2f} ms mit vier "
        f"(zuletzt verteilt auf {', '.join(map(str, shares))})"
    )
    return [
        Goal(
            "Vier PostgreSQL-Prozesse: doppelt versandt",
            "0",
            str(doubled),
            doubled == 0,
            "geurteilt hat die Senke",
        ),
        Goal("Vier PostgreSQL-Prozesse gegen einen", "> 1 ×", f"{faster:.2f} ×", faster > 1, detail),
    ]
