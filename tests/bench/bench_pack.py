"""The evidence pack of 200 MB: how much memory a real web process needs to send it, and how soon it begins.

gunicorn runs as ./run starts it; a browser's part is played by http.client, which reads in pieces and keeps nothing.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from random import Random
from zipfile import ZipFile

from models.commitments.checklist import commitments
from models.commitments.proofs import link
from models.database import Database
from models.evidence.evidence import Evidence, EvidenceKind, EvidenceRevision, add_revision
from models.files import FileStore
from models.officers import Officer
from models.sign_in import start_session
from tests.bench.apart import ROOT
from tests.bench.goals import Goal
from tests.bench.stand_in import folder, found_city
from tests.services import free_port
from webapp.access import COOKIE
from webapp.clock import system_clock

MEGABYTE = 10**6
FILES = 100
SIZE = 2 * MEGABYTE
PIECE = 1 << 18
AT_MOST = 100 * MEGABYTE
AT_ONCE = 4
ADDRESS = "/zusagen/nachweispaket.zip?sprache=de"


def fill(url: str, data_dir: Path) -> str:
    """A city with 200 MB of evidence; answers the cookie of a colleague who is signed in."""
    [first, *_rest] = found_city(url)
    database, store, now = Database(url), FileStore(data_dir / "files"), system_clock()
    with database.write(now) as session:
        items = commitments(session)
        for number in range(FILES):
            content = Random(number).randbytes(MEGABYTE)
            stored = store.put((content for _ in range(SIZE // MEGABYTE)), SIZE)
            evidence = Evidence(name=f"Nachweis {number}")
            session.add(evidence)
            session.flush()
            file = {"file_name": "scan.pdf", "sha256": stored.sha256, "size": stored.size}
            add_revision(
                session,
                evidence,
                EvidenceRevision(evidence_id=0, kind=EvidenceKind.FILE, added_at=now, **file),
            )
            link(session, items[number % len(items)].key, evidence.key, now, None)
        secret = start_session(session, session.get_one(Officer, first), now)
        session.commit()
    database.close()
    return f"{COOKIE}={secret}"


@dataclass(frozen=True)
class Web:
    """A running gunicorn; `worker` is the process that answers."""

    port: int
    cookie: str
    worker: int

    def get(self, address: str) -> HTTPResponse:
        """An answer whose body was not read yet."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", address, headers={"Cookie": self.cookie})
        answer = connection.getresponse()
        assert answer.status == 200, (address, answer.status)
        return answer

    def memory(self, name: str) -> int:
        """VmRSS or VmHWM of the worker in bytes."""
        told = Path(f"/proc/{self.worker}/status").read_text()
        return int(re.findall(rf"{name}:\s+(\d+) kB", told)[0]) * 1024


@contextmanager
def web(url: str, data_dir: Path, cookie: str) -> Iterator[Web]:
    """gunicorn as ./run starts it, until the block ends."""
    port = free_port()
    surroundings = {
        "LOTSE_DATABASE_URL": url,
        "LOTSE_DATA_DIR": str(data_dir),
        "LOTSE_SECRET_KEY": "only for measuring, long enough for all",
        "LOTSE_BASE_URL": f"http://127.0.0.1:{port}",
    }
    command = [
        "--config",
        "webapp/gunicorn.py",
        "--bind",
        f"127.0.0.1:{port}",
        "webapp:create_app_from_environment()",
    ]
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("gunicorn")), *command], cwd=ROOT, env=os.environ | surroundings
    )
    try:
        yield Web(port, cookie, _answering(process.pid, port))
    finally:
        process.terminate()
        process.wait()


def _answering(master: int, port: int) -> int:
    """The worker's process, as soon as it answers."""
    for _ in range(600):
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/gesundheit")
            connection.getresponse().read()
            return int(Path(f"/proc/{master}/task/{master}/children").read_text().split()[0])
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("gunicorn does not answer")


def _download(answer: HTTPResponse, target: Path | None = None) -> int:
    received = 0
    with (target or Path(os.devnull)).open("wb") as file:
        while piece := answer.read(PIECE):
            received += file.write(piece)
    return received


def _is_intact(path: Path) -> bool:
    """Whether every file of the archive has the checksum that SHA256SUMS names."""
    with ZipFile(path) as archive:
        lines = archive.read("SHA256SUMS").decode().splitlines()
        named = dict(reversed(line.split("  ", 1)) for line in lines)
        return len(named) == FILES + 2 and all(
            sha256(archive.read(name)).hexdigest() == digest for name, digest in named.items()
        )


def run() -> list[Goal]:
    with folder() as here:
        url = f"sqlite:///{here / 'lotse.sqlite3'}"
        cookie = fill(url, here)
        with web(url, here, cookie) as server:
            server.get("/").read()
            before = server.memory("VmRSS")
            began = time.perf_counter()
            answer = server.get(ADDRESS)
            first = time.perf_counter() - began
            told = int(answer.headers["Content-Length"])
            received = _download(answer, here / "pack.zip")
            seconds = time.perf_counter() - began
            more = server.memory("VmHWM") - before
            intact = _is_intact(here / "pack.zip")
            for open_answer in [server.get(ADDRESS) for _ in range(AT_ONCE)]:
                _download(open_answer)
            together = server.memory("VmHWM") - before
            server.get("/zusagen/nachweispaket").read()
            page = server.memory("VmHWM") - before
    detail = (
        f"{FILES} Dateien, {received / MEGABYTE:.0f} MB; vorher {before / MEGABYTE:.0f} MB; erstes Byte nach "
        f"{first:.2f} s (bis dahin ist jede Datei geprüft), alles in {seconds:.2f} s; "
        f"{AT_ONCE} zugleich {together / MEGABYTE:.0f} MB, danach die Seite {page / MEGABYTE:.0f} MB"
    )
    limit = f"< {AT_MOST / MEGABYTE:.0f} MB"
    return [
        Goal("Nachweispaket: Speicher mehr", limit, f"{more / MEGABYTE:.0f} MB", more < AT_MOST, detail),
        Goal(
            "Nachweispaket: vorher genannte Länge",
            "genau",
            f"{received - told} Byte daneben",
            received == told,
            "Content-Length gegen Empfangenes: so zeigt der Browser den Fortschritt",
        ),
        Goal(
            "Nachweispaket: Prüfsummen",
            "alle",
            "alle" if intact else "nicht alle",
            intact,
            "gegen SHA256SUMS",
        ),
    ]
