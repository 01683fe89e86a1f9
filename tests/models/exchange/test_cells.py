"""Several values in one cell come out as they went in; headings of other programs are understood."""

import pytest

from models.contacts.exchange.cells import points_cell, points_in, roles_cell, roles_in, tags_cell, tags_in
from models.contacts.exchange.foreign import foreign_record, layout_of
from models.contacts.exchange.languages import code_of, codes_of, names_of_codes
from models.contacts.exchange.meanings import Meaning, guess_meaning
from models.contacts.exchange.record import Point, Role
from models.contacts.points import PointKind
from models.documents.spreadsheet import cell
from models.documents.workbook_reading import read_book


def test_what_stands_in_a_cell_is_read_as_it_was() -> None:
    points = [
        Point(PointKind.POSTAL, "Weg 1\nHaus: 2", "x: y\\"),
        Point(PointKind.POSTAL, "a: b"),
        Point(PointKind.POSTAL, "http://a.b:80/", "Büro"),
    ]
    assert points_in(points_cell(points, PointKind.POSTAL), PointKind.POSTAL) == points
    roles = [Role("a|b", "c\\", "2020-01-01", "", "n"), Role("x"), Role("", "Org")]
    assert roles_in(roles_cell(roles).strip()) == roles
    assert tags_in(tags_cell(["a,b", "c\\", "d"])) == ["a,b", "c\\", "d"]
    assert names_of_codes("de hu") == "Deutsch, Ungarisch"
    assert codes_of("Deutsch, Ungarisch, Quatschisch") == "de hu"
    assert (code_of("German"), code_of("pt-BR"), code_of("")) == ("de", "pt", "")


@pytest.mark.parametrize("typed", ["=1+1", "'=1", "''-x", "+49 341", "@a", "'", "normal"])
def test_formulas_are_disarmed_in_csv_and_read_back(typed: str) -> None:
    written = cell(typed)
    assert not written.startswith(("=", "+", "-", "@"))
    book = read_book(f"A;B\r\n{written};x\r\n".encode(), "a.csv")
    assert book.sheet().rows[1][1][0] == typed


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("Nachname", Meaning.FAMILY), ("Last Name", Meaning.FAMILY), ("E-Mail-Adresse", Meaning.EMAIL),
        ("E-Mail: Angezeigter Name", None), ("E-mail 1 - Label", None), ("E-mail 2 - Value", Meaning.EMAIL),
        ("Telefon geschäftlich", Meaning.PHONE), ("Telefon privat", None), ("Fax geschäftlich", None),
        ("Firma", Meaning.ORGANISATION), ("Organization Title", Meaning.FUNCTION), ("Job Title", Meaning.FUNCTION),
        ("Title", Meaning.HONORIFIC), ("Ort geschäftlich", Meaning.CITY), ("Geburtstag", None),
        ("Kategorien", Meaning.TAGS), ("Labels", Meaning.TAGS), ("Ansprechpartner", Meaning.NAME),
        ("PLZ", Meaning.POSTCODE), ("", None),
    ],
)  # fmt: skip
def test_headings_of_other_programs_are_understood(heading: str, meaning: Meaning | None) -> None:
    assert guess_meaning(heading) is meaning


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Dr. Ute von der Öhe", ("Dr.", "Ute", "von der Öhe")),
        ("Müller, Anna", ("", "Anna", "Müller")),
        ("Prof. Dr. Kim Lee", ("Prof. Dr.", "Kim", "Lee")),
    ],
)
def test_a_whole_name_is_parted(written: str, names: tuple[str, str, str]) -> None:
    record = foreign_record(2, [written], layout_of({0: Meaning.NAME}, ["Name"]))
    assert record is not None
    assert tuple(record.values[name] for name in ("honorific", "given_name", "family_name")) == names
