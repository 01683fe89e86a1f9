"""Editions of the handbook's list: one is current, older ones stay readable, drafts are worked on beside it."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, col, select

from models.base import CODE, N_, NAME, NOTE, URL, Labelled, Recorded, enum_column, text


class EditionState(Labelled):
    DRAFT = "draft_edition", N_("draft")
    CURRENT = "current", N_("in force")
    SUPERSEDED = "superseded", N_("superseded")


class HandbookEdition(Recorded, table=True):
    """One edition with its items. `as_of`: the state of the source as exactly as it is known (year, month or day);
    `content_hash`: SHA-256 of the items' wording as they came in."""

    __tablename__ = "handbook_edition"
    __table_args__ = (UniqueConstraint("application_id", "code"),)

    application_id: int = Field(foreign_key="application.id", ondelete="CASCADE", index=True)
    code: str = text(CODE)
    name: str = text(NAME)
    as_of: str = text(CODE)
    source: str = text(NOTE)
    source_url: str = text(URL)
    content_hash: str = text(64)
    state: EditionState = enum_column(EditionState, EditionState.DRAFT)
    adopted_on: date | None = None
    note: str = text(NOTE)

    def title(self, language: str) -> str:
        return self.name


def editions(session: Session) -> list[HandbookEdition]:
    """All editions, the newest first."""
    return list(session.exec(select(HandbookEdition).order_by(col(HandbookEdition.id).desc())))


def the_edition(session: Session) -> HandbookEdition:
    """The edition in force of the first application. Raises LookupError before the starter data is loaded."""
    found = session.exec(
        select(HandbookEdition)
        .where(HandbookEdition.state == EditionState.CURRENT)
        .order_by(col(HandbookEdition.application_id), col(HandbookEdition.id))
    ).first()
    if found is None:
        raise LookupError("no starter data: run `python -m jobs migrate`")
    return found
