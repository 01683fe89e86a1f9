"""The evidence pack: what is in it, what is named as missing, and that it verifies without this program."""

import hashlib
import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from sqlmodel import Session

from models.application.phases import phases
from models.city import the_city
from models.commitments.checklist import Commitment, CommitmentState, commitments
from models.commitments.principles import principles
from models.commitments.proofs import link, unlink
from models.database import Database
from models.evidence.evidence import Evidence, EvidenceKind, EvidenceRevision, FileState, add_revision
from models.files import FileStore
from models.reports.evidence_pack import Pack
from models.reports.evidence_pack_archive import archive_name, pack_archive
from models.reports.evidence_pack_files import look_at, size_text
from models.reports.evidence_pack_reading import read_pack
from tests.webapp.mail_rows import statements


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


@pytest.fixture
def session(database: Database, now: datetime) -> Iterator[Session]:
    with database.write(now) as session:
        yield session


def keep(
    session: Session,
    store: FileStore,
    item: Commitment,
    name: str,
    *contents: bytes,
    file_name: str = "Scan.PDF",
) -> Evidence:
    """A proof whose revisions are these files."""
    now: datetime = session.info["now"]
    evidence = Evidence(name=name)
    session.add(evidence)
    session.flush()
    for number, content in enumerate(contents):
        stored = store.put([content], 1000)
        values = {"file_name": file_name, "sha256": stored.sha256, "size": stored.size}
        at = now + timedelta(days=number)
        revision = EvidenceRevision(evidence_id=0, kind=EvidenceKind.FILE, added_at=at, **values)
        add_revision(session, evidence, revision)
    link(session, item.key, evidence.key, now, None)
    return evidence


def say(session: Session, item: Commitment, kind: EvidenceKind, **values: str) -> Evidence:
    """A proof that is a link or a note."""
    now: datetime = session.info["now"]
    evidence = Evidence(name=f"Als {kind}")
    session.add(evidence)
    session.flush()
    add_revision(session, evidence, EvidenceRevision(evidence_id=0, kind=kind, added_at=now, **values))
    link(session, item.key, evidence.key, now, None)
    return evidence


def listed(session: Session) -> list[Commitment]:
    """The items of the first phase: those that the pack begins with."""
    first = phases(session)[0].key
    return [item for item in commitments(session) if item.phase_id == first]


def read(session: Session, today: date, language: str = "de", *, with_old: bool = False) -> Pack:
    return read_pack(session, the_city(session), language, session.info["now"], today, with_old=with_old)


def unpack(pack: Pack, store: FileStore, folder: Path) -> dict[str, bytes]:
    """The pack as somebody finds it who unpacked it."""
    archive = pack_archive(pack, look_at(store, pack.files), store)
    content = b"".join(archive.chunks())
    assert len(content) == archive.length
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        assert found.testzip() is None
        found.extractall(folder)
        return {name: found.read(name) for name in found.namelist()}


def words_of(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pages).split())


def test_a_pack_holds_the_files_and_verifies_without_us(
    session: Session, store: FileStore, today: date, tmp_path: Path
) -> None:
    first, second, *_rest = listed(session)
    first.state, first.due_on = CommitmentState.FULFILLED, today
    principles(session)[0].statement = "Leipzig repariert."
    shared = keep(session, store, second, "Bündnis: Erklärung", b"alt", b"neu")
    link(session, first.key, shared.key, session.info["now"], None)
    keep(session, store, second, "Bündnis: Erklärung", b"ein anderer Nachweis")
    say(session, second, EvidenceKind.LINK, url="https://example.org/beschluss")
    say(session, second, EvidenceKind.NOTE, content="Am Telefon zugesagt.")
    pack = read(session, today)
    files = unpack(pack, store, tmp_path / "out")

    folder = next(name for name in files if name.endswith("-r2.pdf")).rsplit("/", 1)[0]
    assert folder.startswith("nachweise/001-")
    assert list(files)[:3] == ["LIESMICH.txt", "SHA256SUMS", "nachweispaket.pdf"]
    packed = {name: content for name, content in files.items() if name.startswith("nachweise/")}
    assert sorted(packed.values()) == [b"ein anderer Nachweis", b"neu"]  # the old revision stays at home
    assert all(len(name) <= 120 and name.isascii() for name in files)

    sums = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().splitlines())
    assert set(sums) == set(files) - {"SHA256SUMS"}
    assert all(hashlib.sha256(files[name]).hexdigest() == digest for name, digest in sums.items())
    if shutil.which("sha256sum"):
        check = ["sha256sum", "--strict", "-c", "SHA256SUMS"]
        subprocess.run(check, cwd=tmp_path / "out", check=True, capture_output=True)
        (tmp_path / "out" / folder / "buendnis-erklaerung-r2.pdf").write_bytes(b"gefaelscht")
        said = subprocess.run(check, cwd=tmp_path / "out", check=False, capture_output=True)
        assert said.returncode != 0

    words = words_of(files["nachweispaket.pdf"])
    for wanted in (
        "Leipzig", "1 von 23 bearbeitet, 1 erfüllt mit Nachweis", first.label_de[:20], "23.11.2026",
        hashlib.sha256(b"neu").hexdigest(), "https://example.org/beschluss", "Am Telefon zugesagt.",
        "belegt Zusage 1, 2", "Leipzig repariert.", "Fassung 2",
    ):  # fmt: skip
        assert wanted in words, wanted
    assert hashlib.sha256(b"alt").hexdigest() not in words
    with pikepdf.open(io.BytesIO(files["nachweispaket.pdf"])) as document:
        assert document.Root.MarkInfo.Marked
        assert document.Root.Lang == "de"
    readme = files["LIESMICH.txt"].decode()
    assert "certutil -hashfile nachweispaket.pdf SHA256" in readme
    assert "sha256sum -c SHA256SUMS" in readme


def test_older_revisions_come_on_wish_and_in_english(
    session: Session, store: FileStore, today: date, tmp_path: Path
) -> None:
    keep(session, store, commitments(session)[0], "Erklärung", b"alt", b"neu", file_name="ohne Endung")
    pack = read(session, today, "en", with_old=True)
    files = unpack(pack, store, tmp_path)
    packed = {name.rsplit("/", 1)[1]: content for name, content in files.items() if "/" in name}
    assert packed == {"erklaerung-r2": b"neu", "erklaerung-r1": b"alt"}
    assert {proof.number for proof in pack.proofs} == {"E1"}
    assert [(p.revision, p.is_current) for p in pack.proofs] == [(2, True), (1, False)]
    assert "replaced on 24" in words_of(files["evidence-pack.pdf"])
    assert "proofs" in files["README.txt"].decode()
    assert archive_name(pack) == "evidence-pack-leipzig-2026-11-23.zip"


def test_what_is_missing_or_changed_is_named_and_never_packed(
    session: Session, store: FileStore, today: date, tmp_path: Path
) -> None:
    items = listed(session)
    keep(session, store, items[0], "Verschwunden", b"weg")
    keep(session, store, items[1], "Verändert", b"echt")
    keep(session, store, items[2], "Gut", b"gut")
    store.path(hashlib.sha256(b"weg").hexdigest()).unlink()
    store.path(hashlib.sha256(b"echt").hexdigest()).write_bytes(b"fals")
    pack = read(session, today)
    found = look_at(store, pack.files)
    assert [(p.name, found.state(p)) for p in found.damaged(pack.files)] == [
        ("Verschwunden", FileState.MISSING),
        ("Verändert", FileState.CHANGED),
    ]
    files = unpack(pack, store, tmp_path)
    assert [content for name, content in files.items() if "/" in name] == [b"gut"]
    words = words_of(files["nachweispaket.pdf"])
    assert "Dateien fehlen" in words
    assert "N1 Verschwunden (Fassung 1)" in words
    assert "N1 (nicht im Paket)" in words
    assert "N2 Verändert (Fassung 1)" in words
    assert hashlib.sha256(b"weg").hexdigest() in words  # so that it can be told when it is found again


def test_what_proves_nothing_any_more_stays_out(session: Session, store: FileStore, today: date) -> None:
    item, other, *_rest = listed(session)
    now: datetime = session.info["now"]
    taken_off = keep(session, store, item, "Abgehängt", b"a")
    unlink(session, item.key, taken_off.key, now, None)
    keep(session, store, item, "Zurückgezogen", b"b").withdrawn_on = today
    session.add(Evidence(name="Nie angehängt"))
    twice = keep(session, store, other, "Zweimal angehängt", b"c")
    unlink(session, other.key, twice.key, now, None)
    link(session, other.key, twice.key, now, None)
    pack = read(session, today)
    assert [proof.name for proof in pack.proofs] == ["Zweimal angehängt"]
    assert [item.proofs for item in pack.items[:2]] == [(), ("N1",)]


def test_a_pack_is_read_in_as_many_queries_however_much_there_is(
    database: Database, session: Session, store: FileStore, today: date
) -> None:
    def count() -> int:
        session.flush()
        session.expire_all()
        with statements(session.get_bind()) as seen:  # type: ignore[arg-type]
            read(session, today, with_old=True)
        return len(seen)

    items = commitments(session)
    keep(session, store, items[0], "Einer", b"1")
    few = count()
    for number, item in enumerate(items):
        keep(session, store, item, f"Nachweis {number}", b"x", b"y", b"z")
    assert count() == few
    assert few <= 12


def test_a_pack_without_any_proof_is_a_pack(
    session: Session, store: FileStore, today: date, tmp_path: Path
) -> None:
    files = unpack(read(session, today), store, tmp_path)
    assert list(files) == ["LIESMICH.txt", "SHA256SUMS", "nachweispaket.pdf"]
    assert "Es ist noch kein Nachweis hinterlegt." in words_of(files["nachweispaket.pdf"])


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (12_400, "12 kB"), (4_249_999, "4,2 MB"), (3 * 10**9, "3,0 GB")],
)
def test_sizes_are_told_in_words(size: int, text: str) -> None:
    assert size_text(size, "de", str) == text


def test_why_an_item_did_not_apply_once_is_not_said_of_one_that_does_again(
    session: Session, now: datetime
) -> None:
    item = commitments(session)[0]
    item.state, item.drop_reason = CommitmentState.DROPPED, "zu teuer"
    session.flush()

    def states() -> set[str]:
        return {row.state for row in read_pack(session, the_city(session), "de", now, now.date()).items}

    assert states() == {"offen", "entfällt: zu teuer"}
    item.state = CommitmentState.FULFILLED
    session.flush()
    assert states() == {"offen", "erfüllt"}
