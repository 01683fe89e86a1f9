"""The words of the standard for kinds of addresses and numbers, and what people call them."""

from collections.abc import Callable

from models.base import N_

# In the order in which they are said: "Office, fax".
WORDS = {
    "work": N_("Office"),
    "home": N_("Private"),
    "cell": N_("Mobile"),
    "fax": N_("Fax"),
    "main": N_("Switchboard"),
    "pager": N_("Pager"),
}


def label_of(label: str, types: tuple[str, ...], translate: Callable[[str], str]) -> str:
    """What stands beside an address or number: the label that somebody made up, else its kinds in words."""
    if label:
        return label
    words = [translate(word) for kind, word in WORDS.items() if kind in types]
    return ", ".join([*words, *(kind for kind in types if kind not in WORDS)])


def types_of(label: str, translate: Callable[[str], str]) -> tuple[str, ...]:
    """The standard's words for a label, if it consists of nothing else; so that other programs understand it too."""
    kinds = {translate(word).casefold(): kind for kind, word in WORDS.items()}
    found = [kinds.get(word.strip().casefold(), "") for word in label.split(",")]
    return tuple(found) if all(found) else ()
