"""What was said and written with people: calls, mails, meetings, letters, notes."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field

from models.base import CODE, LINE, N_, NAME, NOTE, Labelled, Recorded, Searchable, enum_column, text


class InteractionKind(Labelled):
    CALL = "call", N_("Call")
    MAIL = "mail", N_("E-mail")
    MEETING = "meeting", N_("Meeting")
    LETTER = "letter", N_("Letter")
    NOTE = "note", N_("Note")


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
        return self.subject or " ".join(self.body.split())[:80]

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
