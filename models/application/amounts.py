"""Amounts as people type and read them: hundredths of a euro, or of an hour. Never a float: 0,1 + 0,2 is 0,3."""

import re
from decimal import Decimal

from babel.numbers import format_decimal

MOST = 999_999_999  # hundredths: 9.999.999,99; fits into 32 bits, and no joining of a network costs more


class AmountError(ValueError):
    """What was typed is no amount, or too large a one."""


_UNITS = re.compile(r"(€|eur|euro|h|std\.?|stunden?|hours?)$", re.IGNORECASE)


def read_amount(typed: str) -> int | None:
    """Hundredths of "1.250,50", "1250", "12,5", "1,250.50" or "1 250 €"; None for nothing.

    The last separator is the decimal sign where one or two digits follow it; "1.250" is one thousand two hundred and
    fifty, as in German. Raises AmountError for all else: minus signs, "1,250" (three decimals?), "12:30".
    """
    text = re.sub(r"[\s\u00a0\u202f']", "", typed)
    text = _UNITS.sub("", text.removeprefix("€"))
    if not text:
        if typed.strip():
            raise AmountError(typed)
        return None
    shape = re.fullmatch(r"(?P<whole>[0-9.,]*?[0-9])(?:[.,](?P<part>[0-9]{1,2}|-{1,2}|–))?", text, re.ASCII)
    if shape is None:
        raise AmountError(typed)
    decimal_sign = text[len(shape["whole"]) : len(shape["whole"]) + 1]
    grouped = "." if decimal_sign in ("", ",") else ","
    if not re.fullmatch(rf"[0-9]+|[0-9]{{1,3}}(\{grouped}[0-9]{{3}})+", shape["whole"], re.ASCII):
        raise AmountError(typed)
    digits = shape["whole"].replace(grouped, "")
    part = (shape["part"] or "").strip("-–").ljust(2, "0")
    if len(digits) > 12 or (found := int(digits) * 100 + int(part)) > MOST:
        raise AmountError(typed)
    return found


def amount_text(hundredths: int, language: str, *, is_hours: bool = False) -> str:
    """1.250,50 € and 12,5 Std. in German; €1,250.50 and 12.5 h in English. Euros always with cents."""
    if is_hours:
        number = format_decimal(Decimal(hundredths) / 100, "#,##0.##", locale=language)
        return f"{number}\u00a0Std." if language == "de" else f"{number}\u00a0h"
    number = format_decimal(Decimal(hundredths) / 100, "#,##0.00", locale=language)
    return f"{number}\u00a0€" if language == "de" else f"€{number}"


def typed_text(hundredths: int | None) -> str:
    """An amount as it stands in a form: 1250,5 stays exact, without points between the thousands."""
    if hundredths is None:
        return ""
    whole, part = divmod(hundredths, 100)
    return f"{whole},{part:02d}" if part else str(whole)
