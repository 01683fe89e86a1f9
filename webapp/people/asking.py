"""The mail by which we ask somebody whether she still does what we think: prepared, and sent by the officer."""

from dataclasses import dataclass

from models.base import N_
from models.contacts.people import Person
from models.language import translator
from webapp.mailto import fits, mailto

_SUBJECT = N_("Are you still our contact?")
_GREETING = N_("Dear {name},")
_KNOWN_AS = N_("in our address book you stand as our contact: {function}. Is that still right?")
_KNOWN = N_("in our address book you stand as our contact. Is that still right?")
_ELSE = N_("If somebody else does this now, please tell us whom we may turn to.")
_NO_MORE = N_("If you no longer want to hear from us, a short answer is enough.")
_THANKS = N_("Thank you very much, and kind regards")


@dataclass(frozen=True)
class Question:
    """The prepared mail. `address` opens it in a mail program; `is_whole` says whether the text travels with it."""

    language: str
    subject: str
    body: str
    address: str
    is_whole: bool


def question_to(person: Person, organisation: str, sender: str, unit: str) -> Question:
    """In the language in which we write to the person: German, else English."""
    language = "de" if person.language == "de" else "en"
    _ = translator(language)
    does = ", ".join(part for part in (person.function, organisation) if part)
    known = _(_KNOWN_AS).format(function=does) if does else _(_KNOWN)
    parts = (
        _(_GREETING).format(name=person.title(language)),
        known,
        f"{_(_ELSE)} {_(_NO_MORE)}",
        "\n".join((_(_THANKS), sender, unit)),
    )
    subject, body = _(_SUBJECT), "\n\n".join(parts)
    return Question(
        language, subject, body, mailto(person.email, subject, body), fits(person.email, subject, body)
    )
