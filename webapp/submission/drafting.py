"""A first text for the submission, in German or English: to be changed by the officer before anything is sent."""

from models.base import N_
from models.city import City
from models.language import translator

_SUBJECT = N_("Joining of {city}: {network}")
_GREETING = N_("Dear Sir or Madam,")
# The council gave no mandate to apply: the actors wish to join, the city supports them (resolution of 10.06.2020).
_WISH = N_(
    "a local consortium of {city} wishes to join {network}; the city supports it with a declaration of intent."
)
_ENCLOSED = N_("Please find our documents attached.")
_ASK = N_("Please confirm that you have received this, and tell us what you still need from us and by when.")
_REGARDS = N_("Kind regards")


def subject_line(city: City, network: str, language: str) -> str:
    """The mail's subject."""
    return translator(language)(_SUBJECT).format(city=city.name, network=network)


def language_of(text: str) -> str:
    """The language in which a text was begun: German if it greets in German, else English."""
    return "de" if text.startswith(translator("de")(_GREETING)) else "en"


def first_text(city: City, network: str, sender: str, language: str) -> str:
    """A text to begin with."""
    _ = translator(language)
    wish = _(_WISH).format(city=city.name, network=network)
    regards = "\n".join((_(_REGARDS), sender, f"{city.unit}, {city.name}"))
    return "\n\n".join((_(_GREETING), f"{wish}\n{_(_ENCLOSED)}", _(_ASK), regards))
