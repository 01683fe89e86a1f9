"""Translations outside any request: English msgids, German from the catalogue in models/locale/."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, dates
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

LANGUAGES = ("de", "en")
DEFAULT = "de"
CATALOGUES = Path(__file__).parent / "locale"

Translate = Callable[[str], str]


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language; English is the msgids themselves."""
    path = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
    if language == "en" or not path.exists():
        return NullTranslations()
    with path.open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def translator(language: str) -> Translate:
    """The function that mails and documents call `_`."""
    return translations(language).gettext


def known_language(code: str | None) -> str:
    """The code if there is such a language here, else the default."""
    return code if code in LANGUAGES else DEFAULT


def day_text(day: date, language: str) -> str:
    """10.06.2020 in German, 10 June 2020 in English."""
    return day.strftime("%d.%m.%Y") if language == "de" else f"{day.day} {day:%B} {day.year}"


def weekday_text(day: date, language: str) -> str:
    """The day with its weekday: Mittwoch, 10.06.2020."""
    return f"{dates.format_date(day, 'EEEE', locale=language)}, {day_text(day, language)}"


def month_text(year: int, month: int, language: str) -> str:
    """Juli 2023."""
    return f"{dates.get_month_names('wide', locale=language)[month]} {year}"


def moment_text(moment: datetime, zone: ZoneInfo, language: str) -> str:
    """A moment in the city's zone, on the 24-hour clock."""
    local = moment.astimezone(zone)
    return f"{day_text(local.date(), language)}, {local:%H:%M}"


def country_name(code: str, language: str) -> str:
    """The country's name by its ISO 3166 code; the code itself where it is unknown."""
    return str(Locale.parse(language).territories.get(code, code))


@cache
def country_codes() -> tuple[str, ...]:
    """The two-letter codes that can be chosen."""
    places = (str(code) for code in Locale.parse("de").territories)
    no_countries = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
    return tuple(
        sorted(code for code in places if len(code) == 2 and code.isalpha() and code not in no_countries)
    )
