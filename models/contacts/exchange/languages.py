"""Languages as people write them in tables, and as the tables here hold them."""

from collections.abc import Iterable
from functools import cache

from babel import Locale

from models.contacts.people import LANGUAGES, language_name
from models.folding import fold


@cache
def _codes() -> dict[str, str]:
    found: dict[str, str] = {}
    others = (str(code) for code in Locale.parse("en").languages if len(str(code)) in (2, 3))
    for code in (*LANGUAGES, *others):
        for name in (code, language_name(code, "de"), language_name(code, "en")):
            found.setdefault(fold(name), code)
    return found


def code_of(written: str) -> str:
    """The code of a language by its name or code ("Deutsch", "de-DE"); empty where it is none."""
    word = fold(written)
    return _codes().get(word) or _codes().get(word.replace("_", "-").partition("-")[0], "")


def codes_of(written: str) -> str:
    """The codes of several languages, apart by blanks; what is unknown is left out."""
    found = (code_of(part) for part in written.replace(";", ",").split(","))
    return " ".join(dict.fromkeys(code for code in found if code))


def chosen_languages(written: Iterable[str]) -> tuple[str, str]:
    """The language to write in, the first of those that the form knows, and the codes of the others."""
    codes = list(dict.fromkeys(code for code in map(code_of, written) if code))
    first = next((code for code in codes if code in LANGUAGES), "")
    return first, " ".join(code for code in codes if code != first)


def name_of_code(code: str) -> str:
    """The German name, from which code_of() finds the code again."""
    name = language_name(code, "de")
    return name if code_of(name) == code else code


def names_of_codes(codes: str) -> str:
    """The German names of several codes."""
    return ", ".join(name_of_code(code) for code in codes.split())
