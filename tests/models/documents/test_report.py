"""PDF documents: tagged, in their language, whole, and safe for any text."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
import pytest

from models.documents.report import (
    Blanks,
    Block,
    Bullets,
    Column,
    Facts,
    Heading,
    Link,
    Note,
    PageBreak,
    Paragraph,
    Report,
    Signatures,
    Table,
    pdf_bytes,
)
from models.documents.report_text import clean_text  # fmt: skip

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
MARKUP = '#panic("x") *fett* _kursiv_ $x^2$ @quelle <marke> \\ // -- "so" [a] {b} = Titel `c` ~ 1. ${d}'


def report(*blocks: Block, **changed: Any) -> Report:
    values: dict[str, Any] = {
        "title": "Stand des Beitritts",
        "language": "de",
        "author": "Referat Digitale Stadt",
        "blocks": blocks,
    }
    return Report(**{**values, **changed})


def texts(pdf: bytes) -> str:
    """Every word in reading order, with lines and hyphens at their ends joined."""
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)]
    return " ".join(" ".join(pages).replace("\ufffe\r\n", "").replace("\ufffe", "").split())


def tags(pdf: bytes) -> Counter[str]:
    """How often each structure element stands in the document."""
    found: Counter[str] = Counter()
    opened = pikepdf.open(BytesIO(pdf))
    todo = [opened.Root.StructTreeRoot.K]
    while todo:
        node = todo.pop()
        if isinstance(node, pikepdf.Array):
            todo.extend(node)  # type: ignore[call-overload]
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            found[str(node.S)] += 1
            todo += [node.K] if "/K" in node else []
    return found


def reaches_beyond_the_page(pdf: bytes) -> list[str]:
    """Letters to the right of the text area, which ends 20 mm before the edge."""
    found = []
    for page in pypdfium2.PdfDocument(pdf):
        words = page.get_textpage()
        for i in range(words.count_chars()):
            left, _bottom, right, _top = words.get_charbox(i)
            letter = words.get_text_range(i, 1)
            if letter.strip() and right > page.get_width() - 56 and right > left:
                found.append(letter)
    return found


FULL = report(
    Note("Es fehlen zwei Erklärungen.", "Das Wichtigste"),
    Heading("Was wurde beantragt?"),
    Paragraph("Erste Zeile\nZweite Zeile"),
    Heading("Im Einzelnen", 2),
    Bullets(("Punkt eins", Link("Seite des Netzwerks", "https://fab.city/"))),
    Facts((("Zuständig", "Amt für Wirtschaftsförderung"), ("Leer gelassen", ""))),
    Table(
        (Column("Jahr", 1, True), Column("Was", 3)),
        (("2026", "Reise"), ("2027", Link("Beitrag", "mailto:info@fab.city"))),
        "Kosten",
    ),
    Table((Column("Niemals zu sehen"),), (), empty="Noch keine Partner."),
    PageBreak(),
    Blanks((("Organisation", "Makerspace Leipzig"), ("Anschrift", ""))),
    Signatures(("Ort, Datum", "Unterschrift")),
    subtitle="Bericht zum Beschluss",
    letterhead=("Stadt Leipzig", "Referat Digitale Stadt"),
    facts=(("Datum", "22.11.2026"), ("Aktenzeichen", "80.12/2026-0001")),
    footer="digital@leipzig.de",
)


def test_it_declares_itself_accessible() -> None:
    pdf = pikepdf.open(BytesIO(pdf_bytes(FULL, NOW)))
    assert pdf.Root.Lang == "de"
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert pdf.docinfo["/Title"] == "Stand des Beitritts"
    assert pdf.docinfo["/Author"] == "Referat Digitale Stadt"
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Stand des Beitritts"
    assert pikepdf.open(BytesIO(pdf_bytes(report(language="en"), NOW))).Root.Lang == "en"


def test_every_part_has_its_tag() -> None:
    found = tags(pdf_bytes(FULL, NOW))
    assert (found["/Title"], found["/H1"], found["/H2"]) == (1, 1, 1)
    assert (found["/Table"], found["/THead"], found["/TH"], found["/TD"]) == (1, 1, 2, 4)
    assert found["/L"] == 3  # facts under the title, bullets, facts
    assert found["/Link"] == 2


def test_every_text_stands_in_it() -> None:
    said = texts(pdf_bytes(FULL, NOW))
    for text in (
        "Stadt Leipzig", "Bericht zum Beschluss", "80.12/2026-0001", "Das Wichtigste", "Es fehlen zwei Erklärungen.",
        "Was wurde beantragt?", "Erste Zeile Zweite Zeile", "Im Einzelnen", "Punkt eins", "Seite des Netzwerks",
        "Amt für Wirtschaftsförderung", "Kosten", "2026 Reise", "Noch keine Partner.", "Makerspace Leipzig",
        "Anschrift", "Ort, Datum", "digital@leipzig.de", "Seite 1 von 2", "Seite 2 von 2",
    ):  # fmt: skip
        assert text in said
    assert "Leer gelassen" not in said
    assert "Niemals" not in said
    english = report(Paragraph("one"), PageBreak(), Paragraph("two"), language="en")
    assert "Page 1 of 2" in texts(pdf_bytes(english, NOW))


def test_the_same_report_at_the_same_moment_is_the_same_file() -> None:
    first = pdf_bytes(FULL, NOW)
    assert pdf_bytes(FULL, NOW) == first
    assert pdf_bytes(FULL, NOW + timedelta(days=1)) != first


@pytest.mark.parametrize("place", ["title", "subtitle", "footer", "block"])
def test_markup_stays_text(place: str) -> None:
    made = report(Paragraph(MARKUP)) if place == "block" else report(**{place: MARKUP})
    assert MARKUP in texts(pdf_bytes(made, NOW))


def test_markup_in_cells_labels_and_boxes_stays_text() -> None:
    made = report(
        Facts(((MARKUP, "Wert"), ("Name", MARKUP))),
        Table((Column(MARKUP), Column("B")), ((MARKUP, Link(MARKUP, "https://fab.city/")),), MARKUP),
        Note(MARKUP, MARKUP),
        Blanks(((MARKUP, MARKUP),)),
        Signatures((MARKUP,)),
        Bullets((MARKUP,)),
        letterhead=(MARKUP,),
        facts=((MARKUP, MARKUP),),
    )
    assert texts(pdf_bytes(made, NOW)).count('#panic("x")') >= 13


def test_only_web_and_mail_addresses_become_links() -> None:
    wild = ("https://", 'https://a b/%zz#\\ü<>"', "http://[", "mailto:", "https://" + "x" * 3000)
    cells = ("javascript:alert(1)", "file:///etc/passwd", "", *wild)
    made = report(Bullets(tuple(Link(f"Ziel {i}", url) for i, url in enumerate(cells))))
    pdf = pdf_bytes(made, NOW)
    assert tags(pdf)["/Link"] == len(wild)
    assert "Ziel 0" in texts(pdf)


def test_characters_without_a_font_are_boxes_and_spoil_nothing() -> None:
    strange = "vorher \u0007\ud800\u202e\x00\ue000\uffff \U000e0041 \U00013000 \U0001f980 中文 nachher"
    said = texts(pdf_bytes(report(Paragraph(strange), title="Titel \U00013000"), NOW))
    assert "vorher" in said
    assert "nachher" in said
    assert "Titel" in said


def test_letters_of_europe_are_shown_as_they_are() -> None:
    names = "Łódź, Žďár, Şişli, Ångström, Ñandú, Αθήνα, Київ, Reykjavík, 5 €, „so“ – ‚so‘ … ½ ²"
    assert names in texts(pdf_bytes(report(Paragraph(names)), NOW))


def test_text_is_cleaned_of_what_no_page_can_hold() -> None:
    assert clean_text(" a\r\nb\rc\u2028d\te\x00\ud800\ue000 ") == "a\nb\nc\nd e"
    assert clean_text("a\u0308") == "ä"


def test_no_column_reaches_beyond_the_page() -> None:
    names = ("Nr.", "Zuständigkeitsbereich", "Prüfsumme", "Datei", "E-Mail")
    cells = (
        LONG_WORD + " und Rechtsschutzversicherungsgesellschaften", HASH,
        "erklaerung_makerspace_leipzig_e_v_2026-11-22_unterschrieben.pdf", "vorname.nachname@stadtverwaltung.de",
    )  # fmt: skip
    rows = tuple((str(number), *cells) for number in range(1, 61))
    wild = ("W" * 90, "https://www.example.org/" + "pfad/" * 40 + "x" * 60, "a" * 70, "1" * 70, "Ж" * 50)
    made = report(
        Table(tuple(Column(name) for name in names), (*rows, wild)),
        Table((Column("A", 4), Column("B")), tuple(("", word) for word in wild)),
        Facts(((LONG_WORD, HASH * 3), ("Adresse", wild[1]))),
        Paragraph(" ".join(wild)),
        title=f"Bericht über die {LONG_WORD}",
    )
    pdf = pdf_bytes(made, NOW)
    assert reaches_beyond_the_page(pdf) == []
    assert texts(pdf).count("vorname.") == 60
    assert tags(pdf)["/TR"] == 62 + 6


def test_what_is_longer_than_a_page_goes_on_on_the_next_one() -> None:
    lines = "\n".join(f"Zeile {number}" for number in range(150))
    made = report(Facts((("Notiz", lines),)), Table((Column("Notiz"), Column("B")), ((lines, lines),)))
    pdf = pdf_bytes(made, NOW)
    assert len(pypdfium2.PdfDocument(pdf)) >= 4
    assert texts(pdf).count("Zeile 149") == 3


def test_a_hash_can_be_copied_out_of_the_page() -> None:
    pdf = pdf_bytes(report(Table((Column("Prüfsumme"), Column("B", 4)), ((HASH, ""),))), NOW)
    assert HASH in texts(pdf).replace(" ", "")
    assert "\u200b" not in texts(pdf)


def test_a_row_that_does_not_fit_its_table_is_refused() -> None:
    with pytest.raises(ValueError, match="1 cells in a table of 2 columns"):
        pdf_bytes(report(Table((Column("A"), Column("B")), (("nur eine",),))), NOW)
