"""Single cells of a list of places, as values: lenient in how people write, a fault in words where it is unclear."""

import re
from datetime import date
from functools import cache

from models.base import CODE, N_, NOTE
from models.documents.workbook_reading import Value
from models.folding import fold
from models.imports.values import CellFaultError, text_in
from models.language import LANGUAGES, country_codes, country_name
from models.places import FIRST_YEAR, LAST_YEAR, read_as_of

# As foreign lists write countries, beside their German and English names and codes.
_OTHER_NAMES = {
    "usa": "US", "united states of america": "US", "vereinigte staaten von amerika": "US", "uk": "GB", "england": "GB",
    "great britain": "GB", "grossbritannien": "GB", "south korea": "KR", "korea": "KR", "republic of korea": "KR",
    "czech republic": "CZ", "tschechische republik": "CZ", "holland": "NL", "the netherlands": "NL",
    "finnland": "FI", "viet nam": "VN", "russian federation": "RU", "tanzania, united republic of": "TZ",
    "turkey": "TR", "ivory coast": "CI", "cote d'ivoire": "CI", "macedonia": "MK", "swaziland": "SZ",
}  # fmt: skip


@cache
def _countries() -> dict[str, str]:
    """Every folded word by which a country is known -> its code."""
    found = dict(_OTHER_NAMES)
    for code in country_codes():
        for word in (code, *(country_name(code, language) for language in LANGUAGES)):
            found.setdefault(fold(word), code)
    return found


def country_in(value: Value) -> str:
    """A cell as a country's code, by its name in German or English, or by the code; empty where the cell is."""
    written = text_in(value, NOTE)
    if not written:
        return ""
    code = _countries().get(fold(written).replace(" & ", " und ")) or _countries().get(fold(written))
    if code is None:
        raise CellFaultError(
            N_("“{value}” is not known as a country. Write its name or its code of two letters."),
            value=written[:60],
        )
    return code


def as_of_in(value: Value) -> str:
    """A cell as "state as of": a day, month or year, as exact as it is written."""
    if isinstance(value, date):
        value = value.isoformat()[:10]  # looked at as if it was typed: its year may be none of ours
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    written = text_in(value, NOTE)
    if not written:
        return ""
    found = read_as_of(written)
    if found is None or len(found) > CODE:
        raise CellFaultError(
            N_("“{value}” is no day, month or year. Write it like 13.08.2025, 08/2025 or 2025."),
            value=written[:60],
        )
    return found


def year_in(value: Value) -> int | None:
    """A cell as a year of joining."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    written = text_in(value, NOTE)
    if not written:
        return None
    if not re.fullmatch(r"\d{4}", written, re.ASCII) or not FIRST_YEAR <= int(written) <= LAST_YEAR:
        raise CellFaultError(
            N_("“{value}” is no year from {first} to {last}."),
            value=written[:60],
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )
    return int(written)


def degrees_in(value: Value, most: float) -> float | None:
    """A cell as degrees, with point or comma, up to `most` on both sides of zero."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        found = float(value) if abs(value) <= most else most + 1  # a whole number may be beyond any float
    else:
        written = text_in(value, NOTE).replace(",", ".").replace("−", "-")
        if not written:
            return None
        found = float(written) if re.fullmatch(r"[+-]?\d{1,3}(\.\d{1,15})?", written, re.ASCII) else most + 1
    if not abs(found) <= most:
        raise CellFaultError(
            N_("“{value}” is no number from -{most} to {most}."), value=str(value)[:60], most=int(most)
        )
    return found
