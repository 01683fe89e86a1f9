"""The declaration form: one page that says what it means, in both languages."""

from datetime import UTC, date, datetime

import pypdfium2
import pytest

from models.documents.report import pdf_bytes
from models.reports.declaration_form import Declaring, Return, declaration_form

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
UNIT = Return("Leipzig", "Referat Digitale Stadt", "digital@leipzig.de")
ADOPTED = ("VII-A-00726-VSP-01", date(2020, 6, 10))


def pages(pdf: bytes) -> list[str]:
    found = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)]
    return [" ".join(text.split()) for text in found]


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        (
            "de",
            (
                "Wir wünschen, dass Leipzig dem Fab City Network beitritt.",
                "Unser Wunsch zählt für den Ratsbeschluss VII-A-00726-VSP-01 vom 10.06.2020.",
                "Es entstehen keine rechtlichen Pflichten",
                "Es ist kein Formular des Fab City Network, sondern ein Vorschlag der Stadt.",
                "Gültig bis", "Ort, Datum Unterschrift", "Referat Digitale Stadt, Leipzig, digital@leipzig.de",
                "wird gespeichert bei: Referat Digitale Stadt", "Seite 1 von 1",
            ),
        ),
        (
            "en",
            (
                "We wish that Leipzig joins the Fab City Network.", "10 June 2020", "No legal obligation",
                "It is not a form of the Fab City Network", "Valid until", "Place, date Signature", "Page 1 of 1",
            ),
        ),
    ],
)  # fmt: skip
def test_it_is_one_page_that_says_what_it_means(language: str, wanted: tuple[str, ...]) -> None:
    [said] = pages(pdf_bytes(declaration_form(language, UNIT, Declaring(), ADOPTED), NOW))
    for text in wanted:
        assert text in said


def test_a_chosen_organisation_is_printed_and_long_names_still_fit_on_the_page() -> None:
    [said] = pages(pdf_bytes(declaration_form("de", UNIT, Declaring("Makerspace", "lab@example.org")), NOW))
    assert "Makerspace" in said
    assert "lab@example.org" in said
    assert "Ratsbeschluss" not in said  # nothing was adopted
    unit = Return(
        "Garmisch-Partenkirchen",
        "Referat für Digitalisierung, Stadtentwicklung und bürgerschaftliches Engagement",
        "digitalisierung.stadtentwicklung@garmisch-partenkirchen.de",
    )
    long = Declaring("Verein zur Förderung von " * 8, "x" * 80 + "@example.org")
    assert len(pages(pdf_bytes(declaration_form("de", unit, long, ADOPTED), NOW))) == 1
