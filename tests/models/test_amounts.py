"""Amounts as people type and read them."""

import pytest

from models.application.amounts import MOST, AmountError, amount_text, read_amount, typed_text


@pytest.mark.parametrize(
    ("typed", "hundredths"),
    [
        ("1.250,50", 125_050),
        ("1250", 125_000),
        ("1.250", 125_000),
        ("12,5", 1_250),
        ("12.5", 1_250),
        ("1,250.50", 125_050),
        (" 1 250,00 € ", 125_000),
        ("€ 40", 4_000),
        ("1.234.567,8 EUR", 123_456_780),
        ("12,25 Std.", 1_225),
        ("300,-", 30_000),
        ("0", 0),
        ("0,05", 5),
        ("9.999.999,99", MOST),
        ("", None),
        ("   ", None),
    ],
)
def test_an_amount_is_read_as_germans_type_it(typed: str, hundredths: int | None) -> None:
    assert read_amount(typed) == hundredths


@pytest.mark.parametrize(
    "typed",
    [
        "viel", "-5", "1,250", "12:30", "1.25.0", "1..250", "1.2500", "12,345", "10.000.000", "€", ",5", "1e3", "٣",
        "9" * 400,
    ],
)  # fmt: skip
def test_what_is_no_amount_or_could_be_two_is_refused(typed: str) -> None:
    with pytest.raises(AmountError):
        read_amount(typed)


def test_an_amount_is_written_in_the_language_of_the_reader() -> None:
    assert amount_text(125_050, "de") == "1.250,50\u00a0€"
    assert amount_text(125_050, "en") == "€1,250.50"
    assert amount_text(0, "de") == "0,00\u00a0€"
    assert amount_text(1_250, "de", is_hours=True) == "12,5\u00a0Std."
    assert amount_text(1_200, "en", is_hours=True) == "12\u00a0h"


@pytest.mark.parametrize("hundredths", [None, 0, 5, 1_250, 125_050, MOST])
def test_what_stands_in_the_form_is_read_as_the_same(hundredths: int | None) -> None:
    assert read_amount(typed_text(hundredths)) == hundredths
