"""10,000 contacts through the pages: read in the background, imported, taken out again; on both databases.

The web application and the job that reads run as in use, one in each process; a colleague's browser keeps writing
meanwhile. Memory is what each process needed at most beyond what it had before the file came.
"""

import io
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlmodel import Session, func, select

from jobs.read_imports import read_imports
from models.contacts.people import Person, listed
from models.database import Database
from models.files import FileStore
from models.officers import Officer
from models.sign_in import start_session
from tests.bench.apart import Apart, apart, memory
from tests.bench.goals import Goal
from tests.bench.stand_in import NOW, folder, found_city, settings_for
from tests.services import postgresql
from webapp import create_app
from webapp.access import COOKIE
from webapp.contact_import import views

CARDS = 10_000
BROKEN = CARDS // 2
IN_ALL, AT_ONCE, OUT, WORKBOOK, MEGABYTES = 20, 2, 2, 8, 150
BASE = "http://127.0.0.1"
GIVEN = ["Anna", "Ben", "Çelik", "Dörte", "Émile", "Fatma", "Gül", "Håkon", "Inês", "Jürgen"]
FAMILY = ["Müller", "Øster", "Šimić", "Weiß", "Özdemir", "García", "Łuczak", "Groß", "Schmidt", "Huber"]
FACTS = {
    "origin": "third_party",
    "source": "Messung",
    "source_on": "20.11.2026",
    "legal_basis": "public_task",
}


def card(n: int) -> str:
    """A card as an address book writes it; the one in the middle has an address that is none."""
    name, city = f"{FAMILY[n % 10]}{n}", f"stadt-{n % 60}"
    address = "keine Adresse" if n == BROKEN else f"p{n}@{city}.example"
    return "\r\n".join((
        "BEGIN:VCARD", "VERSION:3.0", f"UID:card-{n}", f"N:{name};{GIVEN[n // 10 % 10]};;;",
        f"FN:{GIVEN[n // 10 % 10]} {name}", f"ORG:{city}", "TITLE:Referentin", f"EMAIL;TYPE=WORK:{address}",
        f"TEL;TYPE=CELL:+49 341 {100000 + n}", f"TEL;TYPE=WORK:0341 2{100000 + n}",
        f"ADR;TYPE=WORK:;;Markt {n};Hamburg;;20095;Deutschland", f"CATEGORIES:Fab City,Gruppe {n % 10}",
        f"NOTE:Kennengelernt am Stand {n}", "END:VCARD", "",
    ))  # fmt: skip


def _client(database: Database, data_dir: str) -> tuple[FlaskClient, str]:
    """A browser that is signed in, and a token for what it sends."""
    with database.write(NOW) as session:
        secret = start_session(session, session.get_one(Officer, 1), NOW)
        session.commit()
    client = create_app(
        settings_for(database.url, Path(data_dir)), clock=lambda: NOW, db=database
    ).test_client()
    client.set_cookie(COOKIE, secret, domain="127.0.0.1")
    page = client.get("/kontakte/einfuhr", base_url=BASE).text
    found = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', page)
    assert found is not None
    return client, found[1]


def read(url: str, data_dir: str) -> Iterator[list[float]]:
    """The background process: waits for the file, then reads it. Seconds and additional bytes."""
    database, store = Database(url), FileStore(settings_for(url, Path(data_dir)).files_dir)
    read_imports(database, store, lambda: NOW)  # nothing waits yet; what the first look costs, once
    yield []
    before, began = memory("VmRSS"), time.perf_counter()
    assert read_imports(database, store, lambda: NOW) == 1
    yield [time.perf_counter() - began, memory("VmHWM") - before]


def pages(url: str, data_dir: str) -> Iterator[dict[str, Any]]:
    """The web process: uploads, imports, takes out; a colleague writes meanwhile."""
    database = Database(url)
    client, token = _client(database, data_dir)
    content = "".join(card(n) for n in range(CARDS)).encode()
    before = memory("VmRSS")
    began = time.perf_counter()
    data = {**FACTS, "purpose": "Messung", "csrf_token": token, "file": (io.BytesIO(content), "karten.vcf")}
    answer = client.post("/kontakte/einfuhr", data=data, base_url=BASE, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.status_code
    address, uploading = answer.headers["Location"], time.perf_counter() - began
    yield {"uploading": uploading}  # the other process reads
    yield _import_and_export(database, client, token, address, before)


def _import_and_export(
    database: Database, client: FlaskClient, token: str, address: str, before: int
) -> dict[str, Any]:
    page = client.get(address, base_url=BASE).text
    assert f"Karte </span>{BROKEN + 1}" in page, "the broken one is named by its number"
    writing: list[float] = []
    original = views.apply_prepared

    def timed(session: Session, *rest: Any) -> Any:
        writing.append(time.perf_counter())
        return original(session, *rest)

    views.apply_prepared = timed
    stop, waits = threading.Event(), [0.0]
    colleague = threading.Thread(target=_keep_writing, args=(database, stop, waits))
    colleague.start()
    began = time.perf_counter()
    answer = client.post(f"{address}/uebernehmen", data={"csrf_token": token}, base_url=BASE)
    ended = time.perf_counter()
    stop.set()
    colleague.join()
    assert answer.status_code == 303
    with database.read(NOW) as session:
        number = session.exec(select(func.count()).select_from(Person).where(listed())).one()
    assert number == CARDS - 1, number
    importing = memory("VmHWM") - before
    out = {}
    for ending in ("vcf", "csv", "xlsx"):
        began_out = time.perf_counter()
        with client.get(f"/kontakte/ausgabe.{ending}", base_url=BASE) as sent:
            size = sum(len(part) for part in sent.iter_encoded())
        out[ending] = time.perf_counter() - began_out
        assert size > 100_000
    return {
        "applying": ended - began, "writing": ended - writing[0], "longest_wait": max(waits), **out,
        "importing_bytes": importing, "bytes": memory("VmHWM") - before,
    }  # fmt: skip


def _keep_writing(database: Database, stop: threading.Event, waits: list[float]) -> None:
    """A colleague who saves something every 20 ms; how long each saving took."""
    while not stop.wait(0.02):
        began = time.perf_counter()
        with database.write(NOW) as session:
            session.get_one(Officer, 2).name = f"Kollegin {len(waits)}"
            session.commit()
        waits.append(time.perf_counter() - began)


def _measured(kind: str, url: str, data_dir: str) -> list[Goal]:
    apart(found_city, url)
    with Apart(read, url, data_dir) as reader, Apart(pages, url, data_dir) as web:
        reader.go().answer()
        uploading = web.go().answer()["uploading"]
        reading, read_bytes = reader.go().answer()
        found = web.go().answer()
    in_all = uploading + reading + found["applying"]
    megabytes = max(read_bytes, found["bytes"]) / 1_000_000
    rows = (
        (f"{kind}: {CARDS} Visitenkarten einlesen und übernehmen", IN_ALL, in_all,
         f"hochladen {uploading:.1f} s, lesen {reading:.1f} s, übernehmen {found['applying']:.1f} s; eine ist kaputt"),
        (f"{kind}: davon eine Transaktion", AT_ONCE, found["writing"], ""),
        (f"{kind}: längste Wartezeit einer Kollegin, die schreibt", AT_ONCE, found["longest_wait"], ""),
        (f"{kind}: ausgeben als vCard", OUT, found["vcf"], f"als CSV {found['csv']:.1f} s"),
        (f"{kind}: ausgeben als XLSX", WORKBOOK, found["xlsx"], ""),
    )  # fmt: skip
    goals = [Goal(name, f"< {most} s", f"{took:.2f} s", took < most, said) for name, most, took, said in rows]
    said = f"lesen {read_bytes / 1_000_000:.0f} MB; Seiten {found['importing_bytes'] / 1_000_000:.0f} MB bis dahin"
    return [
        *goals,
        Goal(
            f"{kind}: Speicher mehr", f"< {MEGABYTES} MB", f"{megabytes:.0f} MB", megabytes < MEGABYTES, said
        ),
    ]


def run() -> list[Goal]:
    with folder() as here, postgresql() as server:
        return [
            *_measured("SQLite", f"sqlite:///{here}/lotse.sqlite3", str(here)),
            *_measured("PostgreSQL", server, str(here)),
        ]
