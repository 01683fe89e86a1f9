"""What somebody means by what she typed into the search box of the contacts; pure."""

import re
from dataclasses import dataclass

from models.folding import search_text

LONG = 3  # letters from which a word is looked for in the middle of a text; trigrams find nothing shorter
HOME_CODE = "49"  # how numbers here are dialled from abroad
_PHONE_PART = re.compile(r"[+\d()/.\-]*\d[+\d()/.\-]*", re.ASCII)
_TRUNK = "(0)"  # +49 (0) 341: dialled at home only
PHONE_DIGITS = 5  # so many look like a number that is dialled, and not like a house number

Words = tuple[str, ...]


@dataclass(frozen=True)
class Terms:
    """What must be found, all of it. A long term is a choice of spellings, and each spelling some words that must all
    stand in the text; a short one a choice of beginnings."""

    long: tuple[tuple[Words, ...], ...] = ()
    short: tuple[Words, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.long and not self.short


def read_terms(query: str) -> Terms:
    """The terms of a search box. "Müller" finds Müller, Muller and Mueller; "0341 / 123 45" and "+49 341 12345" find
    the number however it was typed."""
    long: list[tuple[Words, ...]] = []
    short: list[Words] = []
    for run in _runs(query.split()):
        number = _number(run)
        if number:
            apart = tuple(dict.fromkeys(word for word in _folded(run) if len(word) >= LONG))
            long.append(tuple(dict.fromkeys([*((one,) for one in number), *([apart] if apart else [])])))
            continue
        for word in run:
            spellings = tuple(dict.fromkeys(search_text([word]).split()))
            if spellings and len(spellings[0]) >= LONG:
                long.append(tuple((one,) for one in spellings))
            elif spellings:
                short.append(spellings)
    return Terms(tuple(dict.fromkeys(long)), tuple(dict.fromkeys(short)))


def _folded(words: list[str]) -> list[str]:
    return [one for word in words for one in search_text([word]).split()]


def _runs(words: list[str]) -> list[list[str]]:
    """Parts of one number stand together: 0341, /, 123 and 45."""
    found: list[list[str]] = []
    is_number = False
    for word in words:
        is_part = _PHONE_PART.fullmatch(word) is not None or (is_number and word in ("/", "-", _TRUNK))
        if is_part and is_number:
            found[-1].append(word)
        else:
            found.append([word])
        is_number = is_part
    return found


def _number(run: list[str]) -> list[str]:
    """The digits as they stand in the search text: dialled at home, or E.164. Nothing where it is no number."""
    together = "".join(run)
    digits = re.sub(r"\D", "", together.replace(_TRUNK, "") if together[:1] == "+" else together)
    is_number = all(_PHONE_PART.fullmatch(word) or word in ("/", "-") for word in run)
    if not is_number or len(digits) < PHONE_DIGITS:
        return []
    if digits.startswith("00"):
        return [digits[2:]]
    return [digits, HOME_CODE + digits[1:]] if digits.startswith("0") else [digits]
