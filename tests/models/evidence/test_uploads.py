"""What may come in as evidence: names without a trap, contents that are what the name says."""

import io
import zipfile
from pathlib import PureWindowsPath

import pytest

from models.evidence.contents import HAS_MACROS, OTHER_CONTENT, OTHER_KIND, UploadFaultError, checked_kind
from models.evidence.uploads import FILE_KINDS, NAME_BYTES, safe_name

WORD = "wordprocessingml.document.main+xml"
SHEET = "spreadsheetml.sheet.main+xml"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00"
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
OUTLOOK = OLE2 + bytes(65_000) + "__properties_version1.0".encode("utf-16-le")


def packed(**members: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("TYPES", "[Content_Types].xml"), content)
    return target.getvalue()


DOCX = packed(TYPES=f"<Types>{WORD}</Types>", word__document2="x")
ODT = packed(mimetype=FILE_KINDS["odt"], **{"content.xml": "x", "Basic__script-lc.xml": "x"})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Brief.PDF", b"%PDF-1.7\n..."),
        ("Brief.pdf", b"\xef\xbb\xbf\r\n%PDF-2.0\n"),
        ("Bild.png", PNG),
        ("Bild.jpeg", b"\xff\xd8\xff\xe0"),
        ("Brief.docx", DOCX),
        ("Liste.xlsx", packed(TYPES=f"<Types>{SHEET}</Types>")),
        ("Brief.odt", ODT),
        ("Mail.eml", b"Received: from a\r\nSubject: x\r\n\r\nHallo"),
        ("Mail.msg", OUTLOOK),
        ("MZ-Artikel.txt", "MZ vom 12. März: größer".encode()),
        ("Alt.txt", "Größe".encode("latin-1")),
        ("Editor.txt", "Größe".encode("utf-16")),
    ],
)
def test_a_file_that_is_what_it_says_is_taken(name: str, content: bytes) -> None:
    stream = io.BytesIO(content)
    assert checked_kind(name, stream) == FILE_KINDS[name.rsplit(".", 1)[-1].casefold()]
    assert stream.read() == content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("program.pdf", b"MZ\x90\x00" + b"%PDF-1.7"),
        ("program.pdf", b"\x7fELF" + bytes(900) + b"%PDF-1.7"),
        ("script.pdf", b"#!/bin/sh\n# %PDF-1.7"),
        ("page.pdf", b"<html>%PDF-1.7"),
        ("nothing.pdf", b"%PDF-"),
        ("picture.png", b"\x89PNG\r\n\x1a\nMZ"),
        ("picture.jpg", PNG),
        ("any-zip.docx", packed(**{"evil.exe": "MZ"})),
        ("sheet.docx", packed(TYPES=SHEET)),
        ("prefixed.docx", b"MZ\x90\x00" + DOCX),
        ("cut.docx", DOCX[:-30]),
        ("other.odt", packed(mimetype="application/zip", **{"content.xml": "x"})),
        ("word.odt", DOCX),
        ("old-word.msg", OLE2),
        ("binary.txt", b"text" * 20_000 + b"\x00"),
        ("program.txt", b"MZ\x90\x00"),
        ("script.txt", b"\xef\xbb\xbf#!/bin/sh"),
        ("page.txt", b" <!DOCTYPE html><script>"),
        ("odd.txt", b"\xff\xfe\x00\x00a"),
        ("page.eml", b"<a>no header</a>"),
    ],
)
def test_what_is_not_what_it_says_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(UploadFaultError) as fault:
        checked_kind(name, io.BytesIO(content))
    assert fault.value.reason == OTHER_CONTENT


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("makro.docm", DOCX),
        ("makro.xlsm", b"PK"),
        ("makro.docx", packed(TYPES=f"{WORD} vnd.ms-word.document.macroEnabled.main+xml")),
        ("makro.docx", packed(TYPES=WORD, **{"word__vbaProject.bin": "x"})),
        (
            "makro.odt",
            packed(mimetype=FILE_KINDS["odt"], **{"content.xml": "x", "Basic__Standard__Module1.xml": "x"}),
        ),
    ],
)
def test_a_file_with_macros_is_refused_and_it_is_said_why(name: str, content: bytes) -> None:
    with pytest.raises(UploadFaultError) as fault:
        checked_kind(name, io.BytesIO(content))
    assert fault.value.reason == HAS_MACROS


@pytest.mark.parametrize(
    "name", ["a.exe", "a.pdf.exe", "a", "a.html", "a.svg", "pdf", "...", "a.pdf\u202eexe.sh", ""]
)
def test_other_kinds_are_refused(name: str) -> None:
    with pytest.raises(UploadFaultError) as fault:
        checked_kind(name, io.BytesIO(b"%PDF-1.7"))
    assert fault.value.reason == OTHER_KIND


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../x", "x"),
        ("../../etc/Erklärung ü.pdf", "Erklärung ü.pdf"),
        ("C:\\Daten\\brief.pdf", "brief.pdf"),
        ("gepj.\u202eexe.pdf", "gepj.exe.pdf"),
        ("a\r\nX: y.pdf", "aX y.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("lpt1.tar.pdf", "_lpt1.tar.pdf"),
        ("....", "datei"),
        ("", "datei"),
        ("\x00\u200b", "datei"),
        (".pdf", "datei.pdf"),
        ("a.pdf. . ", "a.pdf"),
        ("u\u0308.pdf", "ü.pdf"),
    ],
)
def test_a_name_cannot_lead_astray(name: str, kept: str) -> None:
    assert safe_name(name) == kept


def test_a_very_long_name_keeps_its_ending_and_fits_every_file_system() -> None:
    for letter in ("x", "ü", "𝔘"):
        kept = safe_name(letter * 4000 + ".pdf")
        assert kept.endswith(f"{letter}.pdf")
        assert len(kept.encode()) <= NAME_BYTES
        assert PureWindowsPath(kept).name == kept
