"""Text for a document: cleaned of what no page can hold, and of characters for which there is no font."""

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar, cast
from unicodedata import category, normalize

UNSHOWABLE = "\N{WHITE SQUARE}"  # stands for a character that no font of this machine can show

_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # would show a text backwards
_REPORTED = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_SHOWABLE_EVERYWHERE = re.compile("[^\n\x20-\x7e\xa0-\u017f\u2010-\u2027\u20ac]")


def clean_text(text: str) -> str:
    """Line breaks of any kind as one, composed letters, no control, private or unassigned characters."""
    text = _TURNS.sub("", normalize("NFC", _LINE_BREAKS.sub("\n", text).replace("\t", " ")))
    return "".join(c for c in text if c == "\n" or category(c) not in ("Cc", "Cs", "Co", "Cn")).strip()


T = TypeVar("T")


def with_texts(part: T, change: Callable[[str], str]) -> T:
    """The same values with every text changed, in tuples and data classes down to the last cell."""
    if isinstance(part, str):
        return cast(T, change(part))
    if isinstance(part, tuple):
        return cast(T, tuple(with_texts(inner, change) for inner in part))
    if is_dataclass(part) and not isinstance(part, type):
        return replace(part, **{f.name: with_texts(getattr(part, f.name), change) for f in fields(part)})
    return part


def boxes_for(unknown: set[str]) -> Callable[[str], str]:
    """A change that puts a box in the place of each of these characters."""
    table = {ord(character): UNSHOWABLE for character in unknown}
    return lambda text: text.translate(table)


def boxes_for_all_rare(text: str) -> str:
    """A box in the place of everything that is not plain European text."""
    return _SHOWABLE_EVERYWHERE.sub(UNSHOWABLE, text)


def unshowable(diagnostic: str) -> set[str]:
    """The characters for which typst found no font: PDF/UA forbids an empty box with nothing behind it."""
    found: set[str] = set()
    for quoted in _REPORTED.findall(diagnostic):
        found.update(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), quoted))
    return found - {UNSHOWABLE, "\\"}
