"""5,000 items with 50,000 revisions of evidence: what the server needs for the pages on which officers look at them."""

import statistics
import time
from pathlib import Path

from models.database import Database
from models.officers import Officer
from models.sign_in import start_session
from tests.bench.apart import apart
from tests.bench.goals import Goal
from tests.bench.stand_in import NOW, add_checklist, folder, found_city, settings_for
from tests.services import postgresql
from webapp import create_app
from webapp.access import COOKIE

ITEMS, EVIDENCE, REVISIONS = 5_000, 10_000, 5
MILLISECONDS_AT_MOST = 150
TIMES = 15
PAGES = {
    "/beitritt": "Aufgabenliste",
    "/zusagen": "Zusagen",
    "/beitritt/pruefung": "Prüfung vor der Einreichung",
    "/": "Übersicht",
    "/nachweise": "Nachweise",
    "/zusagen/1": "eine Zusage",
}


def build(url: str) -> None:
    """A city with a very long checklist."""
    officers = found_city(url)
    database = Database(url)
    with database.write(NOW) as session:
        add_checklist(session, ITEMS, EVIDENCE, REVISIONS, officers)
        session.commit()
    with database.engine.connect() as connection:  # as autovacuum does within a minute or so
        connection.exec_driver_sql("analyze")
        connection.commit()
    database.close()


def measure(url: str, data_dir: str) -> dict[str, float]:
    """Milliseconds of each page, the median, in a process of its own."""
    database = Database(url)
    with database.write(NOW) as session:
        secret = start_session(session, session.get_one(Officer, 1), NOW)
        session.commit()
    app = create_app(settings_for(url, Path(data_dir)), clock=lambda: NOW, db=database)
    client = app.test_client()
    client.set_cookie(COOKIE, secret, domain="127.0.0.1")
    found = {}
    for address in PAGES:
        taken = []
        for _ in range(TIMES):
            began = time.perf_counter()
            response = client.get(address, base_url="http://127.0.0.1")
            taken.append((time.perf_counter() - began) * 1000)
            assert response.status_code == 200, (address, response.status_code)
        found[address] = statistics.median(taken)
    database.close()
    return found


def _measured(kind: str, url: str, data_dir: str) -> list[Goal]:
    apart(build, url)
    found = apart(measure, url, data_dir)
    return [
        Goal(
            f"{kind}: {name} ({address})",
            f"< {MILLISECONDS_AT_MOST} ms",
            f"{found[address]:.0f} ms",
            found[address] < MILLISECONDS_AT_MOST,
            f"{ITEMS} Zusagen, {EVIDENCE * REVISIONS} Fassungen; Zeit des Servers, Mitte aus {TIMES} Aufrufen"
            if address == "/beitritt"
            else "",
        )
        for address, name in PAGES.items()
    ]


def run() -> list[Goal]:
    with folder() as here, postgresql() as server:
        return [
            *_measured("SQLite", f"sqlite:///{here}/lotse.sqlite3", str(here)),
            *_measured("PostgreSQL", server, str(here)),
        ]
