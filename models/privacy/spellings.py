"""A name, an address, a number in all the spellings in which people write them: patterns for texts, and coarser ones
by which a database finds the rows worth a closer look."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

import phonenumbers

from models.contacts.phones import read_phone
from models.folding import fold

_SHORTEST_NUMBER = 6  # digits; fewer are no number that could be dialled from elsewhere
_TITLES = r"(?:(?:Prof|Dr|Dipl|Ing|Mag|med|phil|rer|nat|habil|h\. ?c)\b\.?[\s-]*)*"
_INITIAL = r"(?:[^\W\d_]\.\s*)?"
# What people and programs write between the words of a name: quoted lines, cells, dashes, marks that nobody sees. No
# full stop with a blank after it: "Das ist stark. Anna kommt."
_BETWEEN = r"(?:[\s,;_+\-\u2010-\u2015\u00ad\u200b-\u200d\u2060\ufeff>\"*|/(\\]|\.(?!\s)|\\n|%20|%2E|&nbsp;)+"
_GLUED = 8  # letters: Annagross is a name; a shorter one may be a word ("Mai", "Land")
_APOSTROPHES = "'’‘ʼ´`"
_BEFORE, _AFTER = r"(?<![^\W_])", r"(?:['’]?s)?(?![^\W_])"
_PARTICLES = re.compile(
    r"(?:(?:von|vom|van|de|der|den|dem|zu|zur|zum|del|da|di|du|la|le)\s+)+", re.IGNORECASE
)
_MARKS = "[\u0300-\u036f\u00ad]*"
_BETWEEN_DIGITS = r"[\s().\-/–\u00a0\u2011]{0,4}"
_PAIRS = {"ae": "ä", "oe": "ö", "ue": "ü", "ss": "ß"}
_APART = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}


@cache
def _letters() -> dict[str, str]:
    """Plain letter -> all letters that fold to it."""
    found: dict[str, str] = {}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        letter = chr(code)
        plain = fold(letter)
        if len(plain) == 1 and plain.isascii() and plain.isalpha():
            found[plain] = found.get(plain, "") + letter
    return found


def _letter(plain: str) -> str:
    return f"[{plain}{_letters().get(plain, '')}]{_MARKS}" if plain.isalpha() else re.escape(plain)


def word_pattern(word: str) -> str:
    """A pattern for one word of a name: Müller, Mueller, Muller, MÜLLER, with marks apart or together."""
    typed, found, at = unicodedata.normalize("NFC", word).casefold(), "", 0
    typed = unicodedata.normalize("NFC", word).lower() if "ß" in word.lower() else typed
    typed = "".join(c for c in typed if not unicodedata.combining(c))  # each letter may have marks
    while at < len(typed):
        pair, one = typed[at : at + 2], typed[at]
        if pair in _PAIRS:
            found += f"(?:{_letter(pair[0])}{_letter(pair[1])}|{_PAIRS[pair]}|{_PAIRS[pair][0]}\u0308)"
            at += 2
            continue
        if one in _APART:
            apart = "".join(map(_letter, _APART[one]))
            found += f"(?:{one}|{apart}|{_letter(fold(one)[0])})"
        elif one in _APOSTROPHES:
            found += f"[{_APOSTROPHES}]?"
        else:
            plain = fold(one)
            known = len(plain) == 1 and plain.isascii() and plain.isalpha()
            found += _letter(plain) if known else re.escape(one) + _MARKS
        at += 1
    return found


def _words(name: str, between: str) -> str:
    return between.join(word_pattern(word) for word in re.split(r"[\s\-]+", name) if word)


def name_pattern(given: str, family: str) -> str:
    """The full name in both orders, with titles and initials between. Never the family name alone."""
    plain = fold(given + family)
    between = _BETWEEN if len(plain) < _GLUED and plain.isascii() else f"(?:{_BETWEEN})?"
    first, last = _words(given, between), _words(family, between)
    forwards = f"{first}{between}{_INITIAL}{last}"
    backwards = f"{last}{between}{_TITLES}{first}"
    particles = _PARTICLES.match(family)  # "Au, Anna von der"
    if particles:
        alone, behind = _words(family[particles.end() :], between), _words(particles[0], between)
        backwards += f"|{alone}{between}{_TITLES}{first}{between}{behind}"
    return f"{_BEFORE}(?:{forwards}|{backwards}){_AFTER}"


def address_pattern(address: str) -> str:
    """An e-mail address, also as it stands in a link (%40)."""
    local, at, domain = address.partition("@")
    if not at:
        return f"{_BEFORE}{re.escape(address)}(?![^\\W_])"
    domains = {domain}
    for codec in ("idna", "punycode"):
        try:
            domains.add(domain.encode(codec).decode() if codec == "idna" else domain)
            domains.add(domain.encode("ascii").decode("idna"))
        except UnicodeError:
            continue
    written = "|".join(sorted(map(re.escape, domains)))
    return rf"(?<![\w.+]){re.escape(local)}(?:@|%40|\s*[\[(]at[\])]\s*)(?:{written})(?![\w])"


def digits_of(number: str) -> str:
    """The digits that all spellings of a number have in common: without country code and leading noughts. Empty for
    what is no number."""
    read = read_phone(number) if number else None
    if read is not None:
        return phonenumbers.national_significant_number(read)
    digits = "".join(c for c in number if c.isascii() and c.isdigit()).lstrip("0")
    return digits if len(digits) >= _SHORTEST_NUMBER else ""


def number_pattern(number: str) -> str:
    """A number with and without country code, its digits apart as people like it."""
    read = read_phone(number)
    code = str(read.country_code) if read is not None else r"\d{1,3}"
    digits = _BETWEEN_DIGITS.join(digits_of(number))
    before = rf"(?:(?:\+|00)?{_BETWEEN_DIGITS}{code}{_BETWEEN_DIGITS})?(?:\(?0\)?{_BETWEEN_DIGITS})?"
    return rf"(?<!\d){before}{digits}(?!\d)"


# What a database looks for: LIKE with ! as escape. A sieve with holes of the right size: nothing may slip past it.


_TELLING = 3  # letters that a pattern needs to keep most rows out


def _escaped(text: str) -> str:
    return re.sub(r"([!%_])", r"!\1", text)


def _cases(text: str) -> set[str]:
    """SQLite's LIKE knows upper and lower case of ASCII alone."""
    return {text} if text.isascii() else {text, text.lower(), text.upper(), text.title()}


def _sieve(word: str, marked: str) -> str:
    """Letters of `marked`, and those with marks, become any letter."""
    return "".join(
        "%" if c in _APOSTROPHES
        else "_" if (not c.isascii() and fold(c)[:1].isascii()) or c in marked
        else _escaped(c)
        for c in word
    )  # fmt: skip


def _with_marks_apart(apart: str) -> str:
    """Room for a mark after every vowel, and where the word has one itself."""
    return "".join(
        "%" if unicodedata.combining(c) or c in _APOSTROPHES else _escaped(c) + ("%" if c in "aeiouy" else "")
        for c in apart
    )


def word_sieves(word: str) -> set[str]:
    """LIKE patterns of which one fits wherever `word_pattern` does, in a text."""
    typed = unicodedata.normalize("NFC", word).lower()
    apart = unicodedata.normalize("NFD", typed)
    together = re.sub("ae|oe|ue|ss", lambda m: _PAIRS[m[0]], typed)
    spelled = "".join(_APART.get(c, c) for c in typed)
    found: set[str] = set()
    for one in {typed, together, spelled}:
        any_mark = _sieve(one, "aeiouycnsz")
        is_telling = sum(c != "_" for c in any_mark) >= _TELLING
        found |= {any_mark} if is_telling else {_sieve(one, "aeiouy"), _sieve(one, "cdglnrstz")}
    found.add(_with_marks_apart(apart))
    if not fold(typed).isascii():
        found = {case for one in (typed, apart) for case in map(_escaped, _cases(one))}
    return found


def loose_word_sieve(word: str) -> str:
    """A pattern that fits in JSON too, where letters with marks are written as \\u00fc. Bare consonants in a row."""
    typed = unicodedata.normalize("NFC", word).lower()
    kept = "".join(c if c.isascii() and c not in "aeiouy" and c.isalpha() else "%" for c in typed)
    return re.sub("%+", "%", f"%{re.sub('ss', '%', kept)}%")


def number_sieve(digits: str) -> str:
    """The last digits in their order, whatever stands between them."""
    return f"%{'%'.join(digits[-8:])}%"


def address_sieve(address: str) -> str:
    """Local part and the first label of the domain, whatever stands between them."""
    local, _at, domain = address.partition("@")
    label = domain.split(".")[0]
    return f"%{_escaped(local)}%{_escaped(label) if label.isascii() else ''}%"


def text_sieve(text: str) -> set[str]:
    """The text itself, in the cases that LIKE does not know."""
    return {f"%{_escaped(case)}%" for case in _cases(text)}


def compiled(patterns: Iterable[str]) -> re.Pattern[str] | None:
    """All of them as one; None for none."""
    found = sorted(set(patterns), key=len, reverse=True)
    return re.compile("|".join(f"(?:{p})" for p in found), re.IGNORECASE) if found else None
