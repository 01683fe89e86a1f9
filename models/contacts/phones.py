"""Phone numbers: kept as they were typed, shown and dialled in their international form."""

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult

from models.base import CODE
from models.folding import fold

HOME_COUNTRY = "DE"  # where a number without a country code belongs


@lru_cache(maxsize=64)  # one number is asked for several times in a row: its key, its spellings, its address
def read_phone(typed: str) -> PhoneNumber | None:
    """The number, or None if it cannot be one. Words are no digits: "App. 12" would be dialled as 277 12."""
    try:
        number = phonenumbers.parse(typed, HOME_COUNTRY)
    except NumberParseException:
        return None
    if any(letter.isalpha() for letter in typed) and not number.extension:
        return None
    possible = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    return number if possible else None


def phone_text(typed: str) -> str:
    """+49 341 1234567; what cannot be read is shown as it stands."""
    number = read_phone(typed)
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL) if number else typed


def phone_address(typed: str) -> str:
    """tel:+49-341-1234567 (RFC 3966), or nothing."""
    number = read_phone(typed)
    return phonenumbers.format_number(number, PhoneNumberFormat.RFC3966) if number else ""


def phone_key(typed: str) -> str:
    """The number in one spelling (E.164, +493411234567), to find it in any other; words as they stand, folded."""
    number = read_phone(typed) if typed else None
    if number is None:
        return fold(typed)[:CODE]
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) + (number.extension or "")


def phone_spellings(typed: str) -> list[str]:
    """What a number is searched by: as it was typed, in one word, and as it is dialled at home."""
    if not typed:
        return []
    number = read_phone(typed)
    at_home = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL) if number else ""
    return [typed, phone_key(typed), re.sub(r"\D", "", at_home)]
