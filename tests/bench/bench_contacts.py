"""100,000 people and 300,000 interactions over HTTP: list, pages, search, filters, on both databases.

gunicorn runs as ./run starts it, one connection is kept alive. Beside every page stands a bare one: the same base page
with the same session query and the same rows, ready-made. Both, and the same page among a tenth of the people, are
asked in turns, so that what else the machine does falls on all of them.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from tests.bench.apart import ROOT, apart
from tests.bench.contact_rows import RARE, fill
from tests.bench.goals import Goal
from tests.bench.stand_in import folder
from tests.services import free_port, postgresql

PEOPLE, TENTH = 100_000, 10_000
ROUNDS = 80
MILLISECONDS, TIMES_BARE, TIMES_TENTH = 50, 3.0, 1.5

CASES = {
    "Liste": "/kontakte",
    "nächste Seite": "/kontakte?nach={first_page}",
    "Seite weit hinten": "/kontakte?nach={deep}",
    "zurück von dort": "/kontakte?vor={deep}",
    "Suche: seltenes Wort": f"/kontakte?suche={RARE}",
    "Suche: häufiges Wort": "/kontakte?suche=hamburg",
    "Suche: Wortmitte": "/kontakte?suche=bauer",
    "Suche: zwei Buchstaben": "/kontakte?suche=jo",
    "Suche: ein Name": "/kontakte?suche=zimmermann",
    "Suche: zwei Wörter": "/kontakte?suche=sabine+grünfeld",
    "Suche: zwei häufige Wörter": "/kontakte?suche=hamburg+vorstand",
    "Suche: nichts gefunden": "/kontakte?suche=qzqzqz",
    "Suche beim Tippen": "/kontakte?suche=grünf&teil=liste",
    "Filter: Ort": "/kontakte?ort=1",
    "Filter: Schlagwort": "/kontakte?schlagwort={tag}",
    "Filter: Organisation und Wort": "/kontakte?organisation={organisation}&suche=anna",
    "Filter: überfällig": "/kontakte?kontakt=overdue",
}


@dataclass
class Web:
    """A running gunicorn and one connection to it."""

    port: int
    cookie: str
    tag: int
    known: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=60)

    def get(self, address: str) -> tuple[float, str]:
        """Milliseconds and the page."""
        began = time.perf_counter()
        self.connection.request("GET", address, headers={"Cookie": self.cookie})
        answer = self.connection.getresponse()
        body = answer.read()
        taken = (time.perf_counter() - began) * 1000
        assert answer.status == 200, (address, answer.status)
        return taken, body.decode()

    def learn(self) -> None:
        """Whom the pages of the cases begin with."""
        first = self.people("/kontakte")
        deep = self.people("/kontakte?suche=waldw")
        office = re.findall(r"/organisationen/(\d+)", self.get("/kontakte?suche=waldw")[1])[0]
        self.known = {"first_page": first[-1], "deep": deep[0], "organisation": office, "tag": str(self.tag)}

    def people(self, address: str) -> list[str]:
        return re.findall(
            r'<th scope="row"><a class="kern-link" href="/kontakte/(\d+)"', self.get(address)[1]
        )

    def address(self, case: str) -> str:
        return quote(CASES[case].format(**self.known), safe="/?=&+")


@contextmanager
def web(url: str, data_dir: Path, cookie: str, tag: int) -> Iterator[Web]:
    """gunicorn as ./run starts it, with the bare page, until the block ends."""
    port = free_port()
    surroundings = {
        "LOTSE_DATABASE_URL": url,
        "LOTSE_DATA_DIR": str(data_dir),
        "LOTSE_SECRET_KEY": "only for measuring, long enough for all",
        "LOTSE_BASE_URL": f"http://127.0.0.1:{port}",
        "PYTHONPATH": str(ROOT),
    }
    gunicorn = str(Path(sys.executable).with_name("gunicorn"))
    command = [
        "--config",
        "webapp/gunicorn.py",
        "--bind",
        f"127.0.0.1:{port}",
        "tests.bench.contact_app:create()",
    ]
    process = subprocess.Popen([gunicorn, *command], cwd=ROOT, env=os.environ | surroundings)
    try:
        _wait_for(port)
        found = Web(port, cookie, tag)
        found.learn()
        yield found
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    for _ in range(600):
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/gesundheit")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("gunicorn does not answer")


@dataclass
class Measured:
    """Milliseconds of one case: among all people, the bare page, among a tenth."""

    page: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    tenth: list[float] = field(default_factory=list)

    @property
    def p95(self) -> float:
        return quantiles(self.page, n=20)[-1]

    @property
    def times_bare(self) -> float:
        return median(self.page) / median(self.bare)

    @property
    def times_tenth(self) -> float:
        return median(self.page) / median(self.tenth)


def measure(case: str, many: Web, few: Web) -> Measured:
    """In turns; the first three are not counted."""
    for server in (many, few):
        server.connection.close()  # it opens again: gunicorn has closed what was idle for a while
    found, here, there = Measured(), many.address(case), few.address(case)
    bare = f"/messung/kahl?wie={quote(here.replace('&teil=liste', ''))}"
    for number in range(ROUNDS + 3):
        one, two, three = many.get(here)[0], many.get(bare)[0], few.get(there)[0]
        if number >= 3:
            found.page.append(one)
            found.bare.append(two)
            found.tenth.append(three)
    return found


def _goals(kind: str, case: str, found: Measured) -> list[Goal]:
    name = f"{kind}: {case}"
    page, bare, tenth = (median(part) for part in (found.page, found.bare, found.tenth))
    detail = f"Mitte {page:.1f} ms, kahl {bare:.1f} ms, ein Zehntel {tenth:.1f} ms"
    p95, bare, tenth = found.p95, found.times_bare, found.times_tenth
    return [
        Goal(f"{name}, p95", f"< {MILLISECONDS} ms", f"{p95:.1f} ms", p95 < MILLISECONDS),
        Goal(f"{name}, gegen kahl", f"≤ {TIMES_BARE:.0f} ×", f"{bare:.2f} ×", bare <= TIMES_BARE),
        Goal(
            f"{name}, zehnmal so viele", f"≤ {TIMES_TENTH} ×", f"{tenth:.2f} ×", tenth <= TIMES_TENTH, detail
        ),
    ]


def _measured(kind: str, urls: tuple[str, str], here: Path) -> list[Goal]:
    with ExitStack() as stack:
        servers = []
        for url, people in zip(urls, (PEOPLE, TENTH), strict=True):
            data_dir = here / f"{kind}-{people}"
            data_dir.mkdir()
            cookie, tag = apart(fill, url, people)
            servers.append(stack.enter_context(web(url, data_dir, cookie, tag)))
        return [goal for case in CASES for goal in _goals(kind, case, measure(case, *servers))]


def run() -> list[Goal]:
    with folder() as here, postgresql() as server:
        engine = create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for name in ("many", "few"):
                connection.exec_driver_sql(f"create database {name}")
        engine.dispose()
        base = server.rsplit("/", 1)[0]
        return [
            *_measured("SQLite", (f"sqlite:///{here}/many.sqlite3", f"sqlite:///{here}/few.sqlite3"), here),
            *_measured("PostgreSQL", (f"{base}/many", f"{base}/few"), here),
        ]
