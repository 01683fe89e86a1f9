"""Tables out to Excel and in again: what comes back is what went out, and no file that is sent can do harm."""

import io
import random
import time
import tracemalloc
import warnings
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from models.documents.workbook import Column, Notes, cell_text, write_workbook
from models.documents.workbook_parts import FILE_LIMIT, UnreadableError
from models.documents.workbook_reading import ErrorCell, read_book

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
NAMES = '<?xml version="1.0" encoding="UTF-8"?>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def written(rows: list[list[Any]], **head: Any) -> bytes:
    columns = [
        Column("Titel", 30),
        Column("Stand", 12, ("offen", "erfüllt")),
        Column("Frist"),
        Column("Zahl"),
    ]
    return write_workbook("Zusagen", columns, rows, Notes("Hinweise", ("So geht es.",)), NOW, **head)


def saved(fill: Callable[[Workbook], None]) -> bytes:
    book = Workbook()
    fill(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def repacked(content: bytes, **changed: Callable[[bytes], bytes] | bytes) -> bytes:
    """The archive with some of its parts changed; keys are the ends of their names."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            made: Any = next(
                (v for k, v in changed.items() if part.filename.split("/")[-1] == f"{k}.xml"), None
            )
            data = old.read(part)
            new.writestr(part.filename, data if made is None else made(data) if callable(made) else made)
    return target.getvalue()


def sheet_xml(rows: str, after: str = "") -> bytes:
    """A workbook whose one sheet holds these rows, as another tool might write it."""
    whole = f'{NAMES}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'
    return repacked(saved(lambda book: None), sheet1=whole.encode())


def only_rows(content: bytes, name: str = "liste.xlsx") -> list[list[Any]]:
    return [row for _number, row in read_book(content, name).sheet().rows]


def refused(content: bytes, name: str = "liste.xlsx") -> str:
    with pytest.raises(UnreadableError) as caught:
        read_book(content, name).sheet()
    return caught.value.msgid.format(**caught.value.values)


def test_what_was_written_is_read_again_with_real_days_and_numbers() -> None:
    note = "_x0041_ erste Zeile\nzweite Zeile – mit „Anführung“ & <Zeichen> 🛠"
    content = written([[note, "offen", date(2027, 5, 1), 3], ["", "erfüllt", None, 2.5]])
    book = read_book(content, "zusagen.xlsx")
    assert (book.names, book.created) == (["Zusagen", "Hinweise"], datetime(2026, 11, 23, 7, 0))
    assert only_rows(content) == [
        ["Titel", "Stand", "Frist", "Zahl"],
        [note, "offen", date(2027, 5, 1), 3],
        [None, "erfüllt", None, 2.5],
    ]
    assert [row for _n, row in book.sheet("Hinweise").rows] == [["So geht es."]]


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://x")', "+49 341 123", "-5", "@SUMME(A1)", "='x'!A1", "=1+1"]
)
def test_no_text_becomes_a_formula(text: str) -> None:
    content = written([[text, "", None, None]])
    cell = load_workbook(io.BytesIO(content))["Zusagen"]["A2"]
    assert (cell.data_type, cell.value, bool(cell.quotePrefix)) == ("s", text, True)
    assert only_rows(content)[1] == [text]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_the_sheet_is_comfortable_to_work_in() -> None:
    sheet = load_workbook(io.BytesIO(written([["a", "offen", None, None]] * 3)))["Zusagen"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:D4")
    assert sheet.column_dimensions["A"].width == 30
    [rule] = sheet.data_validations.dataValidation
    assert (rule.formula1, str(rule.sqref)) == ("'Listen'!$A$1:$A$2", "B2:B504")


def test_characters_that_no_cell_can_hold_are_left_out() -> None:
    assert cell_text("a\x00b\x0bc\r\nd\ud800\x7f") == "abc\nd"
    assert only_rows(written([["a\x00b\x0bc\r\nd\ud800\ufffe", "", None, None]]))[1] == ["abc\nd"]
    assert len(cell_text("x" * 40_000)) == 32_767


# From other tools


def test_missing_dimensions_inline_strings_and_missing_addresses_are_read() -> None:
    rows = '<row><c t="inlineStr"><is><t>Titel</t></is></c><c><v>4</v></c></row><row r="5"><c r="C5"><v>2</v></c></row>'
    assert read_book(sheet_xml(rows), "x.xlsx").sheet().rows == [(1, ["Titel", 4]), (5, [None, None, 2])]


def test_wrong_dimensions_hide_nothing() -> None:
    content = repacked(
        written([["a", "offen", None, None]]),
        sheet1=lambda xml: xml.replace(b"<sheetData>", b'<dimension ref="A1"/><sheetData>'),
    )
    assert only_rows(content)[1] == ["a", "offen"]


def test_values_come_from_the_cache_and_a_formula_without_one_is_no_empty_cell() -> None:
    rows = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c>'
        '<c r="B1" t="str"><f t="shared" ref="B1:B2" si="0">A1</f><v>x</v></c>'
        '<c r="C1"><f>HEUTE()</f></c><c r="D1" t="str"><f>""</f><v></v></c>'
        '<c r="E1" t="e"><f>A9</f><v>#REF!</v></c></row>'
        '<row r="2"><c r="B2" t="str"><f t="shared" si="0"/><v>y</v></c></row>'
    )
    first, second = only_rows(sheet_xml(rows))
    assert first == [2, "x", "#?", None, "#REF!"]
    assert [isinstance(value, ErrorCell) for value in first] == [False, False, True, False, True]
    assert second == [None, "y"]


def test_cells_merged_downwards_hold_for_each_row_and_hidden_rows_are_read_and_counted() -> None:
    def fill(book: Workbook) -> None:
        sheet = book.active
        for row in (
            ["Zusagen der Stadt"],
            ["Phase", "Titel"],
            ["Start", "a"],
            [None, "b"],
            [None, "c"],
            [None, "d"],
        ):
            sheet.append(row)
        sheet.merge_cells("A1:C1")
        sheet.merge_cells("A3:A5")
        sheet.row_dimensions[4].hidden = True

    sheet = read_book(saved(fill), "x.xlsx").sheet()
    assert [row for _n, row in sheet.rows] == [
        ["Zusagen der Stadt"], ["Phase", "Titel"], ["Start", "a"], ["Start", "b"], ["Start", "c"], [None, "d"]
    ]  # fmt: skip
    assert sheet.hidden == 1


def test_only_visible_sheets_are_offered_and_an_empty_one_has_no_rows() -> None:
    def fill(book: Workbook) -> None:
        book.active.title = "Leer"
        book.create_sheet("Liste").append(["a"])
        book.create_sheet("Versteckt").sheet_state = "hidden"

    book = read_book(saved(fill), "x.xlsx")
    assert book.names == ["Leer", "Liste"]
    assert (book.sheet().rows, book.sheet("Liste").rows) == ([], [(1, ["a"])])
    assert book.sheet("gibt es nicht").name == "Leer"


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_what_openpyxl_stumbles_over_elsewhere_does_not_matter() -> None:
    after = '<autoFilter ref="kaputt"/>'
    after += (
        '<dataValidations><dataValidation type="nie"/></dataValidations><extLst><ext uri="{x}"/></extLst>'
    )
    assert only_rows(sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>', after)) == [[1]]


def test_moments_times_and_truth_values_come_as_they_are() -> None:
    def fill(book: Workbook) -> None:
        book.active.append([datetime(2027, 1, 2, 9, 30), datetime(2027, 1, 2), True, " a_x000D_\nb "])

    assert only_rows(saved(fill)) == [[datetime(2027, 1, 2, 9, 30), date(2027, 1, 2), True, "a\nb"]]


# What is refused


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "(.xls)"),
        (b"%PDF-1.7", "not an Excel file"),
        (b"<html><table><tr><td>x", "not an Excel file"),
        (b"PK\x03\x04 and nothing more", "not an Excel file"),
        (b"x" * (FILE_LIMIT + 1), "10 MB"),
    ],
)
def test_what_is_no_workbook_is_refused_with_a_reason(content: bytes, said: str) -> None:
    assert said in refused(content)


def test_other_archives_are_no_workbook() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    assert "not an Excel file" in refused(target.getvalue())
    assert "not an Excel file" in refused(repacked(written([]), workbook=b"<broken"))
    assert "not an Excel file" in refused(repacked(written([]), sheet1=b"<worksheet><sheetData><row"))
    assert "Strict" in refused(
        repacked(
            written([]),
            workbook=lambda xml: xml.replace(
                b"schemas.openxmlformats.org/spreadsheetml/2006", b"purl.oclc.org/ooxml"
            ),
        )
    )


@pytest.mark.parametrize("part", ["sheet1", "workbook", "styles"])
def test_a_part_that_defines_entities_is_never_parsed(part: str) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x ['
    bomb += b'<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    assert "could do harm" in refused(repacked(written([]), **{part: bomb}))
    for hidden in (bomb.decode().encode("utf-16"), b'<?xml version="1.0" encoding="UTF-7"?>+ADw-!DOCTYPE x>'):
        assert "not an Excel file" in refused(repacked(written([]), **{part: hidden}))


def test_a_zip_bomb_is_refused_quickly() -> None:
    began = time.perf_counter()
    assert "holds too much" in refused(
        repacked(written([]), styles=b"<styleSheet>" + b" " * 65 * 1024 * 1024)
    )
    assert "holds too much" in refused(repacked(written([]), styles=b"<styleSheet>" + b"<xf/>" * 400_000))
    cells = b'<worksheet><sheetData><row r="1">' + b"<c/>" * 3_000_000
    assert "holds too much" in refused(repacked(written([]), sheet1=cells))
    assert time.perf_counter() - began < 20


@pytest.mark.parametrize("more", [b"", b" "])
def test_a_directory_that_lies_about_sizes_is_not_believed(more: bytes) -> None:
    whole, target = written([]), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data, lies = old.read(part), part.filename.endswith("sheet1.xml")
            new.writestr(part.filename, data + b" " * 50_000_000 if lies else data)
            if lies:  # the size of the harmless beginning, with a checksum that fits what would be read
                new.filelist[-1].file_size, new.filelist[-1].CRC = len(data), zlib.crc32(data + more)
    tracemalloc.start()
    try:
        assert ("holds too much" if more else "not an Excel file") in refused(target.getvalue())
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_no_part_is_parsed_that_was_not_looked_at() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "a">]><worksheet/>'
    hidden, target = written([["geheim", "", None, None]]), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(hidden)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name).replace(b"worksheets/sheet1.xml", b"worksheets/sheet1.png")
            new.writestr(
                name.replace("sheet1.xml", "sheet1.png"), bomb if name.endswith("sheet1.xml") else data
            )
    book = read_book(target.getvalue(), "x.xlsx")
    assert "Zusagen" not in book.names
    twice = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(hidden)) as old,
        zipfile.ZipFile(twice, "w") as new,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        for name in [*old.namelist(), "xl/styles.xml"]:
            new.writestr(name, old.read(name))
    assert "not an Excel file" in refused(twice.getvalue())


def test_a_sheet_that_is_too_long_or_too_wide_is_refused() -> None:
    long = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 20_002))
    assert "more than 20000 rows" in refused(sheet_xml(long))
    assert "holds too much" in refused(sheet_xml('<row r="1"><c r="XFD1"><v>1</v></c></row>'))
    far = '<row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    assert read_book(sheet_xml(far), "x.xlsx").sheet().rows == [(1048576, [1])]


@pytest.mark.filterwarnings("ignore")
def test_garbage_is_refused_and_never_breaks_anything() -> None:
    dice = random.Random(4)
    whole = written([["a", "offen", date(2027, 1, 1), 1]] * 3)
    unreadable = 0
    for _try in range(150):
        content = bytearray(whole)
        for _byte in range(dice.choice((1, 3, 40))):
            content[dice.randrange(len(content))] = dice.randrange(256)
        content = content[: dice.randrange(len(content))] if dice.random() < 0.2 else content
        try:
            read_book(bytes(content), "x.xlsx").sheet()
        except UnreadableError:
            unreadable += 1
    for _try in range(150):
        name = dice.choice(("x.xlsx", "x.csv"))
        try:
            read_book(dice.randbytes(dice.randrange(1, 300)), name).sheet()
        except UnreadableError:
            unreadable += 1
    assert unreadable > 100


# CSV


@pytest.mark.parametrize(
    "content",
    [
        "Titel;Stand;Frist\r\n\"Ä; \"\"b\"\"\";offen;1.5.27\r\n".encode("cp1252"),
        "\ufeffTitel;Stand;Frist\n\"Ä; \"\"b\"\"\";offen;1.5.27\n".encode(),
        "Titel\tStand\tFrist\n\"Ä; \"\"b\"\"\"\toffen\t1.5.27".encode("utf-16"),
        "Titel,Stand,Frist\n\"Ä; \"\"b\"\"\",offen,1.5.27".encode(),
    ],
)  # fmt: skip
def test_a_csv_file_comes_in_the_same_way(content: bytes) -> None:
    assert only_rows(content, "Liste.CSV") == [["Titel", "Stand", "Frist"], ['Ä; "b"', "offen", "1.5.27"]]


def test_a_csv_file_that_is_none_is_refused() -> None:
    assert "not an Excel file" in refused(b"a;b\n\x00\x01", "x.csv")
    assert "empty" in refused(b" \n", "x.csv")
    assert "holds too much" in refused(b"a\n" * 20_001, "x.csv")
    assert only_rows(b"'=1+1;'-5\n", "x.csv") == [["=1+1", "-5"]]
