"""Talks with people: when, what was said, when to talk again."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from models.base import NOTE
from models.contacts.people import Person
from models.database import check_version
from models.followups import had_contact
from models.language import day_text

SAID = 2_000  # characters of one talk


class NoteFullError(Exception):
    """The note of this person has no room for another talk."""


@dataclass(frozen=True)
class Talk:
    """A talk that took place. `next_on` is the day of the next contact, `what` the text of its follow-up."""

    held_on: date
    by: str
    said: str
    next_on: date | None
    what: str


def record_talk(session: Session, person: Person, talk: Talk) -> None:
    """Append what was said to the person's note, with day and officer; move the last talk; plan the next contact.

    A talk that is recorded late does not set back the last one. Raises NoteFullError.
    """
    session.refresh(person, with_for_update=True)  # two talks at the same time both stay
    check_version(session, person, person.version)  # who has the person's form open is told
    note = note_with(person.note, talk)
    if len(note) > NOTE:
        raise NoteFullError
    person.note = note
    person.last_talk_on = max(talk.held_on, person.last_talk_on or talk.held_on)
    had_contact(session, "person", person.key, talk.what, talk.held_on, talk.next_on)


def note_with(note: str, talk: Talk) -> str:
    """The note with the talk as its last line; sent twice, it is still one line."""
    if not talk.said:
        return note
    line = f"{day_text(talk.held_on, 'de')}, {talk.by}: {talk.said}"
    return note if note.endswith(line) else f"{note}\n{line}".lstrip("\n")
