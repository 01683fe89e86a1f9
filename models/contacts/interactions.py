"""What was said and written with people: calls, mails, meetings, letters, notes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, event, func, inspect, update
from sqlmodel import Field, Session, col, select

from models.base import CODE, LINE, N_, NAME, NOTE, Labelled, Recorded, Searchable, enum_column, text
from models.contacts.organisations import Organisation, place_of_organisation
from models.contacts.people import Person, place_of
from models.database import LotseSession, check_version
from models.followups import had_contact, plan_contact
from models.hanging import delete_with_hanging
from models.language import translator
from models.places import Place


class InteractionKind(Labelled):
    CALL = "call", N_("Call")
    MAIL = "mail", N_("E-mail")
    MEETING = "meeting", N_("Meeting")
    LETTER = "letter", N_("Letter")
    NOTE = "note", N_("Note")

    @property
    def is_talk(self) -> bool:
        """Whether somebody was in touch; a note is only ours."""
        return self is not InteractionKind.NOTE


class Interaction(Searchable, table=True):
    """One call, mail, meeting, letter or note. Organisation and place are those of the person at that time.
    `message_id` and `sender` are those of a mail that was taken in."""

    __tablename__ = "interaction"
    __table_args__ = (
        Index("ix_interaction_person", "person_id", "sort_key", "id"),
        Index("ix_interaction_organisation", "organisation_id", "sort_key", "id"),
        Index("ix_interaction_place", "place_id", "sort_key", "id"),
        Index("ix_interaction_newest", "sort_key", "id"),
    )

    kind: InteractionKind = enum_column(InteractionKind)
    person_id: int | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", ondelete="SET NULL")
    place_id: int | None = Field(default=None, foreign_key="place.id", ondelete="SET NULL")
    held_on: date
    subject: str = text(LINE, personal=True)
    body: str = text(NOTE, personal=True)
    sender: str = text(LINE, personal=True)
    message_id: str = text(LINE, personal=True, index=True)
    officer_id: int | None = Field(default=None, foreign_key="officer.id")
    written_at: datetime

    def title(self, language: str) -> str:
        return self.subject or " ".join(self.body.split())[:80] or translator(language)(self.kind.label)

    def about(self) -> tuple[str, int]:
        """Table and key of whom or what it was recorded with: the person, else the organisation, else the place."""
        for kind, key in (("person", self.person_id), ("organisation", self.organisation_id)):
            if key is not None:
                return kind, key
        return "place", self.place_id or 0

    def sort_name(self) -> str:
        return self.held_on.isoformat()

    def search_parts(self) -> list[str]:
        return [self.subject, self.body, self.sender]


class InteractionFile(Recorded, table=True):
    """A file that came with a mail and was wanted; its content lies in the file store under its SHA-256."""

    __tablename__ = "interaction_file"

    interaction_id: int = Field(foreign_key="interaction.id", ondelete="CASCADE", index=True)
    sha256: str = text(64, index=True)
    file_name: str = text(NAME, personal=True)
    media_type: str = text(CODE)
    size: int

    def title(self, language: str) -> str:
        return self.file_name


def record(
    session: Session, interaction: Interaction, next_on: date | None = None, what: str = ""
) -> Interaction:
    """Store what was said or written, with the organisation and place that its person has now.

    A talk moves the person's last talk, fulfils the planned contact and plans the next one on `next_on` (None: none),
    as `what`. The same sent twice is stored once: then the one that is here already is answered.
    """
    kind, key = interaction.about()
    tables: dict[str, type[Recorded]] = {"person": Person, "organisation": Organisation, "place": Place}
    subject = session.get(tables[kind], key)
    if subject is not None:
        session.flush()  # a refresh would forget what was not written yet
        session.refresh(subject, with_for_update=True)  # two at the same time follow each other
    person = subject if isinstance(subject, Person) else None
    _place(session, interaction, person)
    known = same_as(session, interaction)
    if known is not None:
        return known
    session.add(interaction)
    session.flush()
    if interaction.kind.is_talk:
        had_contact(session, kind, key, what, interaction.held_on, next_on)
        if person is not None and (person.last_talk_on is None or person.last_talk_on < interaction.held_on):
            _talked(session, person, interaction.held_on)
    elif next_on is not None:
        plan_contact(session, kind, key, what, next_on, interaction.held_on)
    return interaction


def _place(session: Session, interaction: Interaction, person: Person | None) -> None:
    """Organisation and place as they are now."""
    place = None
    if person is not None:
        interaction.organisation_id, place = person.organisation_id, place_of(session, person)
    elif interaction.organisation_id is not None:
        place = place_of_organisation(session, session.get_one(Organisation, interaction.organisation_id))
    if place is not None:
        interaction.place_id = place.key


@event.listens_for(LotseSession, "before_flush")
def place_what_had_none(session: LotseSession, _context: Any, _instances: Any) -> None:
    """What was said with somebody whose city nobody knew belongs to that city as soon as it is known."""
    for row in list(session.dirty):
        if isinstance(row, Person) and _is_changed(row, "place_id", "organisation_id"):
            whose, place = col(Interaction.person_id) == row.id, place_of(session, row)
        elif isinstance(row, Organisation) and _is_changed(row, "place_id", "city", "country_code"):
            whose, place = col(Interaction.organisation_id) == row.id, place_of_organisation(session, row)
        else:
            continue
        if place is not None:
            session.connection().execute(
                update(Interaction)
                .where(whose, col(Interaction.place_id).is_(None))
                .values(place_id=place.key)
            )


def _is_changed(row: Recorded, *columns: str) -> bool:
    attributes = inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in columns)


def same_as(session: Session, wanted: Interaction) -> Interaction | None:
    """The same mail, or the same words of the same day, that are here already. `wanted` need not be stored."""
    of_same = [
        col(Interaction.person_id) == wanted.person_id
        if wanted.person_id is not None
        else col(Interaction.person_id).is_(None)
    ]
    if wanted.message_id:
        of_same.append(col(Interaction.message_id) == wanted.message_id)
    else:
        of_same += [
            col(Interaction.organisation_id) == wanted.organisation_id,
            col(Interaction.place_id) == wanted.place_id,
            col(Interaction.sort_key) == wanted.held_on.isoformat(),
            col(Interaction.kind) == wanted.kind,
            col(Interaction.subject) == wanted.subject,
            col(Interaction.body) == wanted.body,
            col(Interaction.officer_id) == wanted.officer_id,
        ]
    return session.exec(select(Interaction).where(*of_same).order_by(col(Interaction.id))).first()


def changed(session: Session, interaction: Interaction, was_on: date) -> None:
    """An interaction that took place on `was_on` was changed: the last talk of its person follows."""
    session.flush()
    _follow(session, interaction.person_id, was_on)


def remove(session: Session, interaction: Interaction) -> set[str]:
    """Delete an interaction. Answers the SHA-256 of its files; the caller commits, and then removes from the store
    those that nothing names any more."""
    files = select(InteractionFile.sha256).where(InteractionFile.interaction_id == interaction.key)
    names, person_id, held_on = set(session.exec(files)), interaction.person_id, interaction.held_on
    delete_with_hanging(session, interaction)
    _follow(session, person_id, held_on)
    return names


def _follow(session: Session, person_id: int | None, was_on: date) -> None:
    """Set the last talk anew. A day that no interaction explains was typed by somebody, and stays."""
    person = session.get(Person, person_id) if person_id is not None else None
    if person is None:
        return
    talks = select(func.max(Interaction.held_on)).where(
        Interaction.person_id == person.key, Interaction.kind != InteractionKind.NOTE
    )
    newest: date | None = session.exec(talks).one()
    shown = person.last_talk_on
    if newest != shown and (shown is None or shown == was_on or (newest is not None and newest > shown)):
        _talked(session, person, newest)


def _talked(session: Session, person: Person, on: date | None) -> None:
    check_version(session, person, person.version)  # who has the person's form open is told
    person.last_talk_on = on
    session.flush()


def files_of(session: Session, interaction_id: int) -> list[InteractionFile]:
    """The files that came with a mail, in their order."""
    found = select(InteractionFile).where(InteractionFile.interaction_id == interaction_id)
    return list(session.exec(found.order_by(col(InteractionFile.id))))
