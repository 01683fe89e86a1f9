"""3,000 ready mails to a local sink, fully durable: the product, the bare bytes, and django-post_office.

"Only the bytes" = the same bytes through the same `jobs.smtp.Relay` over one persistent connection, without any
database. Sender and sink each have a core of their own. The three take turns of 500 mails, so that noise hits all
alike; of each one's turns the middle one counts.
"""

import os
import pickle
import shutil
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from statistics import median

from sqlmodel import col, select

import jobs.smtp
from jobs.deliver import deliver
from jobs.outcome import Kind
from jobs.send_reminders import send_reminders
from models.database import Database
from models.reminders.messages import Message
from models.reminders.rules import ReminderRule
from settings import SmtpServer
from tests.bench import rival
from tests.bench.apart import Apart, apart
from tests.bench.goals import Goal
from tests.bench.sink import Sink
from tests.bench.stand_in import DUE_ON, NOW, add_commitments, folder, found_city, settings_for

MAILS = 3000
A_TURN = 500
ROUNDS = 2  # each with the whole 3,000
OF_BARE_BYTES = 0.35


def send_bare(path: str, sender: str, port: int) -> Iterator[float]:
    """Seconds of each turn for the bytes alone."""
    mails = pickle.loads(Path(path).read_bytes())
    jobs.smtp.MAILS_A_CONNECTION = len(mails) + 1  # one persistent connection
    with jobs.smtp.Relay(SmtpServer("127.0.0.1", port)) as relay:
        for start in range(0, len(mails), A_TURN):
            began = time.perf_counter()
            for recipient, body in mails[start : start + A_TURN]:
                assert relay.send(sender, recipient, body).kind is Kind.DELIVERED
            yield time.perf_counter() - began


def send_product(data_dir: str, port: int) -> Iterator[float]:
    """Seconds of each turn for the product's own path: claims, restore guard, settling, every commit on the disk."""
    url = f"sqlite:///{data_dir}/lotse.sqlite3"
    database = Database(url, durable=True)
    settings = settings_for(url, Path(data_dir), port)
    with database.read(NOW) as session:
        assert session.connection().exec_driver_sql("pragma synchronous").scalar() == 2  # FULL
    for sent in range(A_TURN, MAILS + 1, A_TURN):
        questions = count()  # asked before each claim whether to stop
        began = time.perf_counter()
        report = deliver(database, settings, lambda: NOW, is_stopping=lambda: next(questions) >= A_TURN)  # noqa: B023
        seconds = time.perf_counter() - began
        assert report.outcomes == {Kind.DELIVERED: A_TURN}, report
        assert (Path(data_dir) / "sender-counter").read_text() == str(sent)
        yield seconds


def compose_all(data_dir: str, port: int) -> float:
    """A database with ready mails, written by the product. Answers the seconds of queueing and composing."""
    url = f"sqlite:///{data_dir}/lotse.sqlite3"
    officers = found_city(url)
    database = Database(url)
    with database.write(NOW) as session:
        rule = session.exec(select(ReminderRule).where(ReminderRule.code == "due-commitment")).one()
        rule.is_urgent = rule.with_calendar = (
            True  # one mail for each, with a calendar entry: nothing is bundled
        )
        add_commitments(session, [DUE_ON] * MAILS, officers)
        session.commit()
    questions = iter([False])  # the tick composes, and is asked to stop before the first mail
    began = time.perf_counter()
    report = send_reminders(
        database,
        settings_for(url, Path(data_dir), port),
        lambda: NOW,
        as_of=True,
        is_stopping=lambda: next(questions, True),
    )
    seconds = time.perf_counter() - began
    assert report.composed == MAILS, report
    with database.read(NOW) as session:
        found = session.exec(select(Message.to_address, Message.body).order_by(col(Message.id))).all()
    Path(data_dir, "mails").write_bytes(pickle.dumps([tuple(row) for row in found]))
    with database.engine.connect() as connection:
        connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
    database.close()
    return seconds


def cores() -> tuple[int | None, int | None, str]:
    """A core for the sender, one for the sink, and how to say so."""
    here = sorted(os.sched_getaffinity(0))
    if len(here) < 2:
        return None, None, "nur ein Kern da: Senke und Sender teilen ihn sich"
    return here[0], here[1], "Sender auf einem Kern, Senke in eigenem Prozess auf einem anderen"


def one_round(here: Path, sink: Sink, core: int | None) -> list[list[float]]:
    """Seconds of each turn: bare bytes, product, django-post_office."""
    ready = here / "ready"
    now = Path(shutil.copytree(ready, here / "now"))
    copy = Path(shutil.copytree(here / "rival", here / "rival-now"))
    with (
        Apart(send_bare, str(ready / "mails"), "lotse@leipzig.example", sink.port, core=core) as bare,
        Apart(send_product, str(now), sink.port, core=core) as product,
        Apart(rival.send, str(copy), A_TURN, sink.port, core=core) as other,
    ):
        seconds: list[list[float]] = [[], [], []]
        for _ in range(MAILS // A_TURN):
            for found, process in zip(seconds, (bare, product, other), strict=True):
                found.append(process.go().answer())
    taken = sink.taken()
    assert len(taken) == MAILS, len(taken)
    assert set(taken.values()) == {3}, "not every mail came once from each"
    shutil.rmtree(now)
    shutil.rmtree(copy)
    return seconds


def run() -> list[Goal]:
    mine, theirs, who_is_where = cores()
    turns: list[list[float]] = [[], [], []]
    with folder() as here, Sink(theirs) as sink:
        (here / "ready").mkdir()
        composing = apart(compose_all, str(here / "ready"), sink.port)
        apart(rival.fill, str(here / "rival"), str(here / "ready" / "mails"), "lotse@leipzig.example")
        for _ in range(ROUNDS):
            for found, seconds in zip(turns, one_round(here, sink, mine), strict=True):
                found += seconds
    bare, product, other = (median(seconds) / A_TURN * 1000 for seconds in turns)
    detail = (
        f"{ROUNDS} × {MAILS} E-Mails, SQLite mit synchronous=FULL; {who_is_where}; abwechselnd je {A_TURN}.\n"
        f"Je E-Mail: nur Bytes {bare:.2f} ms, Lotse {product:.2f} ms, django-post_office {other:.2f} ms"
    )
    fairness = (
        f"django-post_office setzt jede E-Mail beim Senden zusammen und beansprucht keine; "
        f"Lotse hat sie vorher verfasst ({composing / MAILS * 1000:.1f} ms je E-Mail mit Einreihen)"
    )
    share, ahead = bare / product, other / product
    return [
        Goal(
            "Versand, Anteil an „nur Bytes“",
            f"≥ {OF_BARE_BYTES}",
            f"{share:.2f}",
            share >= OF_BARE_BYTES,
            detail,
        ),
        Goal("Versand gegen django-post_office", "> 1 ×", f"{ahead:.2f} ×", ahead > 1, fairness),
    ]
