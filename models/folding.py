"""Folding text so that search and order are the same on SQLite and PostgreSQL."""

import unicodedata

# Letters that carry no combining mark in Unicode, so that NFD cannot split them.
_PLAIN = str.maketrans(
    {"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
# For str.translate: DEL, overrides and isolates of direction ("\u202efdp.exe" reads as "exe.pdf"), blanks of no width.
UNSEEN = dict.fromkeys((0x7F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0x2060, 0xFEFF))
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def fold(text: str) -> str:
    """Lower case without marks: 'São Müller' -> 'sao muller' (DIN 5007-1)."""
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFC", text).casefold().translate(_PLAIN)
    marks_apart = unicodedata.normalize("NFD", plain)
    return " ".join("".join([c for c in marks_apart if c < "\u0300" or not unicodedata.combining(c)]).split())


def search_text(parts: list[str]) -> str:
    """The folded parts, and the spelling with ae/oe/ue where it differs: Muller, Mueller and Müller all find."""
    joined = " ".join(part for part in parts if part)
    folded = fold(joined)
    spelled_out = fold(unicodedata.normalize("NFC", joined).casefold().translate(_UMLAUTS))
    return folded if spelled_out == folded else f"{folded} {spelled_out}"


def search_words(query: str) -> list[str]:
    """The folded words of a search box; all of them must be found."""
    return fold(query).split()
