"""The mails about something, or to somebody, on its own page."""

from dataclasses import dataclass

from flask import url_for

from models.reminders.mail_log import Wanted, find_mails
from models.reminders.messages import Message
from models.reminders.untold import count_untold
from webapp.database import db
from webapp.messages.looking import address_part

SHOWN = 5


@dataclass(frozen=True)
class Inline:
    """The last mails, where all of them are, and how many reminders did not lead to a mail."""

    mails: list[Message]
    all_address: str
    untold: int
    untold_address: str


def mails_about(kind: str, key: int) -> Inline:
    """Mails about a row and what hangs on it; `officer` stands for the mails to a colleague."""
    if kind == "officer":
        wanted, kept = Wanted(officer_id=key), {"an": str(key)}
    else:
        wanted, kept = Wanted(about=(kind, key)), {"zu": address_part(kind, key)}
    return Inline(
        find_mails(db(), wanted, None, SHOWN).rows,
        url_for("messages.index", **kept),  # type: ignore[arg-type]
        count_untold(db(), wanted),
        url_for("messages.untold", **kept),  # type: ignore[arg-type]
    )
