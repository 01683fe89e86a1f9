"""The evidence pack in the browser: the page says what will be in it, the download holds just that."""

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from models.commitments.checklist import commitments
from models.database import Database
from models.files import FileStore
from settings import Settings
from tests.judge import JudgingClient
from tests.models.reports.test_evidence_pack import keep, listed
from webapp.reports import pack_views


def test_the_page_says_what_is_in_the_pack_and_what_is_missing(
    client: JudgingClient, database: Database, settings: Settings, now: datetime
) -> None:
    empty = client.get("/zusagen/nachweispaket").text
    assert "0 von 23 bearbeitet, 0 erfüllt mit Nachweis" in empty
    assert "0 Dateien" in empty
    assert "älteren Fassungen" not in empty
    store = FileStore(settings.files_dir)
    with database.write(now) as session:
        items = listed(session)
        keep(session, store, items[0], "Erklärung", b"alt", b"neu" * 300)
        lost = keep(session, store, items[1], "Verloren", b"weg")
        session.commit()
        assert lost.key
    before = client.get("/zusagen/nachweispaket").text
    assert "beschädigt" not in before
    assert "2 Dateien, 903 Bytes" in before
    assert "Eine Datei mehr, 3 Bytes" in before
    for path in Path(settings.files_dir).rglob("*"):
        if path.is_file() and path.read_bytes() == b"weg":
            path.unlink()
    after = client.get("/zusagen/nachweispaket").text
    assert "Eine Datei ist beschädigt und wird im Paket fehlen" in after
    assert re.search(r"Verloren, Fassung 1 \([^)]*\): fehlt auf der Festplatte", after)
    assert "1 Datei, 900 Bytes" in after


def test_the_download_says_how_long_it_is_and_holds_what_was_chosen(
    client: JudgingClient, database: Database, settings: Settings, now: datetime
) -> None:
    with database.write(now) as session:
        keep(session, FileStore(settings.files_dir), commitments(session)[0], "Erklärung", b"alt", b"neu")
        session.commit()
    response = client.get("/zusagen/nachweispaket.zip?sprache=de")
    assert response.mimetype == "application/zip"
    assert response.content_length == len(response.data)
    assert (
        response.headers["Content-Disposition"] == "attachment; filename=nachweispaket-leipzig-2026-11-23.zip"
    )
    assert response.headers["Cache-Control"] == "no-store"
    assert len(zipfile.ZipFile(io.BytesIO(response.data)).namelist()) == 4
    response = client.get("/zusagen/nachweispaket.zip?sprache=en&fassungen=alle")
    names = zipfile.ZipFile(io.BytesIO(response.data)).namelist()
    assert "README.txt" in names
    assert len(names) == 5
    assert client.get("/zusagen/nachweispaket.zip?sprache=xx").status_code == 200


def test_while_the_pack_is_sent_the_database_is_free_and_nothing_stays_open(
    client: JudgingClient,
    database: Database,
    settings: Settings,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with database.write(now) as session:
        store = FileStore(settings.files_dir)
        keep(session, store, commitments(session)[0], "Erklärung", b"neu")
        session.commit()
    in_use = []
    really = pack_views.pack_archive

    def looking(*arguments: object) -> object:
        in_use.append(database.engine.pool.checkedout())  # type: ignore[attr-defined]
        return really(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(pack_views, "pack_archive", looking)
    response = client.get("/zusagen/nachweispaket.zip", buffered=False)
    chunks = iter(response.response)  # type: ignore[call-overload]
    while next(chunks) != b"neu":
        pass
    assert _open_files(settings.files_dir) == 1
    response.close()  # the browser is gone in the middle
    del chunks
    assert _open_files(settings.files_dir) == 0
    assert in_use == [0]
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def _open_files(folder: Path) -> int:
    """How many files below this folder the process has open."""
    found = 0
    for handle in Path("/proc/self/fd").iterdir():
        try:
            found += handle.readlink().is_relative_to(folder.resolve())
        except OSError:
            continue
    return found
