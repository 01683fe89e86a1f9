"""The mail in which we ask for what somebody owes us: prepared in German and English, sent by the officer."""

from dataclasses import dataclass

from models.base import N_
from models.city import City
from models.followups import FollowUp
from models.language import LANGUAGES, day_text, translator
from webapp.mailto import mailto

_SUBJECT = N_("Asking again: {what}")
_GREETING = N_("Good day,")
_SINCE = N_("since {day} we have been waiting for: {what}.")
_WAITING = N_("we are waiting for: {what}.")
_ABOUT = N_("It is about “{about}”, on the way of {city} into the network “{network}”.")
_WHEN = N_("Could you please tell us by when we can expect it, or whom we should ask instead?")
_THANKS = N_("Thank you very much, and kind regards")


@dataclass(frozen=True)
class PreparedMail:
    language: str
    subject: str
    body: str
    address: str  # mailto:


def prepared_mails(
    follow_up: FollowUp, to: str, about: dict[str, str], network: str, city: City, sender: str
) -> list[PreparedMail]:
    """The same mail in every language of the program. `about`: the title of the subject in each language."""
    found = []
    for language in LANGUAGES:
        _ = translator(language)
        what = follow_up.title(language)
        since = follow_up.since_on
        first = (
            _(_SINCE).format(day=day_text(since, language), what=what)
            if since
            else _(_WAITING).format(what=what)
        )
        context = _(_ABOUT).format(about=about[language], city=city.name, network=network)
        regards = "\n".join((_(_THANKS), sender, f"{city.unit}, {city.name}"))
        body = "\n\n".join((_(_GREETING), f"{first}\n{context}", _(_WHEN), regards))
        subject = _(_SUBJECT).format(what=what)
        found.append(PreparedMail(language, subject, body, mailto(to, subject, body)))
    return found
