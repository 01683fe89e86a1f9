"""Talks with people: when, what was said, when to talk again."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from models.contacts.interactions import Interaction, InteractionKind, record
from models.contacts.people import Person

SAID = 2_000  # characters of one talk


@dataclass(frozen=True)
class Talk:
    """A talk that took place. `next_on` is the day of the next contact, `what` the text of its follow-up."""

    held_on: date
    said: str
    next_on: date | None
    what: str
    kind: InteractionKind = InteractionKind.CALL


def record_talk(session: Session, person: Person, talk: Talk) -> Interaction:
    """Store what was said as an interaction of the officer who acts; move the last talk; plan the next contact.

    A talk that is recorded late does not set back the last one; one that is sent twice is stored once.
    """
    interaction = Interaction(
        kind=talk.kind,
        person_id=person.key,
        held_on=talk.held_on,
        body=talk.said,
        officer_id=session.info.get("officer_id"),
        written_at=session.info["now"],
    )
    return record(session, interaction, talk.next_on, talk.what)
