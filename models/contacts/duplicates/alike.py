"""Whether two names may belong to one person: pure, over folded names.

Names come as the two keys that every person's row has: "family given" and "given family", folded.
"""

from dataclasses import dataclass

from models.base import N_, Labelled

# What people type before the given name, folded.
_TITLES = frozenset(
    {"dr", "dr.", "prof", "prof.", "professor", "dipl.-ing.", "herr", "frau", "mr.", "mrs.", "ms."}
)
SHORTEST = 4  # letters of a family name in which one other letter may be a slip; Bär and Ber are two


class Reason(Labelled):
    """Why two contacts may be one person; the strongest first. `weight` orders the pairs."""

    EMAIL = "email", N_("same e-mail address")
    PHONE = "phone", N_("same phone number")
    NAME = "name", N_("same name")
    SPELLING = "spelling", N_("same name, spelled differently")
    SWAPPED = "swapped", N_("given name and family name swapped")
    SHORTENED = "shortened", N_("same family name, given name abbreviated")
    ONE_LETTER = "one_letter", N_("family names that differ in one letter")
    ORGANISATION = "organisation", N_("same organisation")
    PLACE = "place", N_("same city")

    @property
    def weight(self) -> int:
        return _WEIGHTS[self]


_WEIGHTS = {
    Reason.EMAIL: 100, Reason.PHONE: 45, Reason.NAME: 60, Reason.SPELLING: 55, Reason.SWAPPED: 45,
    Reason.SHORTENED: 35, Reason.ONE_LETTER: 30, Reason.ORGANISATION: 20, Reason.PLACE: 10,
}  # fmt: skip


@dataclass(frozen=True)
class Keys:
    """The two folded keys of one name."""

    sort_key: str
    given_key: str

    def parts(self) -> tuple[str, str]:
        """Given and family name, without titles, with ä spelled as a."""
        words = self.sort_key.split()
        turned = self.given_key.split()
        cuts = (n for n in range(1, len(words)) if words[n:] + words[:n] == turned)
        cut = next(cuts, len(words))
        return _bare(words[cut:]), _bare(words[:cut])


def _bare(words: list[str]) -> str:
    return plain_spelling(" ".join([word for word in words if word not in _TITLES]))


def is_title(word: str) -> bool:
    """Whether a folded word is a title, and no name."""
    return word in _TITLES


def plain_spelling(folded: str) -> str:
    """Mueller as Muller: what the folding makes of Müller already."""
    return folded.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def likeness(one: Keys, other: Keys) -> Reason | None:
    """How two names are alike, or None."""
    if one == other:
        return Reason.NAME
    (given, family), (other_given, other_family) = one.parts(), other.parts()
    if (given, family) == (other_given, other_family):
        return Reason.SPELLING
    if given and (given, family) == (other_family, other_given):
        return Reason.SWAPPED
    if family == other_family and is_shortened(given, other_given):
        return Reason.SHORTENED
    long_enough = min(len(family), len(other_family)) >= SHORTEST
    if given and given == other_given and long_enough and one_edit_apart(family, other_family):
        return Reason.ONE_LETTER
    return None


def is_shortened(given: str, other: str) -> bool:
    """Whether one given name is the other one, shorter: "a." or "anna" for "anna maria", or none at all."""
    short, long = sorted((given.replace(".", ". ").split(), other.replace(".", ". ").split()), key=_length)
    return len(short) <= len(long) and all(_stands_for(a, b) for a, b in zip(short, long, strict=False))


def _length(words: list[str]) -> tuple[int, int]:
    return len(words), sum(len(word) for word in words)


def _stands_for(short: str, long: str) -> bool:
    if short == long:
        return True
    initial = short.rstrip(".")
    return len(initial) < len(long) and (short.endswith(".") or len(short) == 1) and long.startswith(initial)


def one_edit_apart(one: str, other: str) -> bool:
    """Whether one letter more, less or other, or two letters turned round, make one word of the other."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    start = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    turned = (
        short[start : start + 2] == long[start : start + 2][::-1] and short[start + 2 :] == long[start + 2 :]
    )
    return turned or short[start + 1 :] == long[start + 1 :]
