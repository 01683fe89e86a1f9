"""Every page type, in German and English, is HTML without an error: the Nu checker reads them all in one call."""

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from models.database import Database
from models.officers import officers
from tests import services
from tests.conftest import signed_in
from tests.judge import JudgingClient, page_addresses

FAULTS = (
    "/staedte/neu", "/organisationen/neu", "/kontakte/neu", "/konferenzen/neu", "/konferenzen/1/fristen/neu",
    "/zusagen/neu", "/zusagen/1/nachweis", "/nachweise/neu", "/beitritt/erklaerungen/neu",
    "/wiedervorlagen/neu/commitment/1", "/erinnerungen/regeln/neu", "/erinnerungen/erinnern/conference/1",
    "/kolleginnen/neu", "/anmelden",
)  # fmt: skip
LISTS = (
    "/zusagen",
    "/staedte",
    "/organisationen",
    "/kontakte",
    "/konferenzen",
    "/wiedervorlagen",
    "/erinnerungen",
)


def _pages(client: JudgingClient, visitor: JudgingClient, app: Flask) -> Iterator[str]:
    """The text of every page: as it is, for paper, with faults, overtaken by a colleague, empty, for strangers."""
    for address in [*page_addresses(app), "/nirgends"]:
        response = client.get(address)
        if response.mimetype == "text/html" and response.status_code in (200, 404):
            yield response.text
    for address in LISTS:
        yield client.get(f"{address}?ansicht=druck").text
        yield client.get(f"{address}?suche=xyzxyz").text
    for address in FAULTS:
        response = (visitor if address == "/anmelden" else client).post(
            address, data={"name": "", "due_on": "x"}
        )
        assert response.status_code == 422, (address, response.status_code)
        yield response.text
    overtaken = client.post(
        "/zusagen/1/bearbeiten", data={"version": "0", "state": "open", "note": "Neu", "reason": "x"}
    )
    assert overtaken.status_code == 409
    yield overtaken.text
    for address in ("/anmelden", "/kennwort-vergessen", "/zugang/falsch"):
        yield visitor.get(address).text


def _java() -> str:
    try:
        if not services.VNU_JAR.exists():
            raise services.ServiceMissing("vnu-jar ist nicht installiert (npm ci)")
        return services.program("java", "java")
    except services.ServiceMissing as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))


@pytest.mark.parametrize("kind_of_database", ["sqlite"], indirect=True)
def test_no_page_has_an_error_in_its_html(
    demo: tuple[Flask, Database], tmp_path: Path, now: datetime
) -> None:
    java = _java()
    app, database = demo
    with database.read(now) as session:
        officer = officers(session)[0]
    folder = tmp_path / "pages"
    folder.mkdir()
    for language in ("de", "en"):
        client, visitor = signed_in(app, database, officer), app.test_client()
        assert isinstance(visitor, JudgingClient)
        for person in (client, visitor):
            person.post("/sprache", data={"language": language})
        for number, text in enumerate(_pages(client, visitor, app)):
            (folder / f"{language}-{number:03}.html").write_text(text)
    assert len(list(folder.iterdir())) > 200
    done = subprocess.run(
        [java, "-Xss8m", "-jar", str(services.VNU_JAR), "--errors-only", "--format", "json", str(folder)],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    found = [
        f"{Path(m.get('url', '')).name}:{m.get('lastLine')} {m['message']} … {m.get('extract', '')}"
        for m in json.loads(done.stderr)["messages"]
    ]
    assert found == [], "\n".join(found[:40])
    assert done.returncode == 0, done.stderr
