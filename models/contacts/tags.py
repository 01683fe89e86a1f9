"""Tags: words of the unit's own by which people and organisations are grouped."""

from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, col, select

from models.base import CODE, NAME, Recorded, Row, hidden, text
from models.folding import fold


class Tag(Recorded, table=True):
    """One tag; `name_key` is its folded name, so that "Holz" and "holz" are one."""

    __tablename__ = "tag"

    name: str = text(CODE)
    name_key: str = hidden(default="", nullable=False, max_length=NAME, unique=True)

    def title(self, language: str) -> str:
        return self.name

    def derive(self) -> None:
        """Fill the key."""
        self.name_key = fold(self.name)


class TagLink(Row, table=True):
    """A tag on a row: `subject_kind` is its table, "person" or "organisation"."""

    __tablename__ = "tag_link"
    __table_args__ = (UniqueConstraint("subject_kind", "subject_id", "tag_id", name="uq_tag_link_once"),)

    tag_id: int = Field(foreign_key="tag.id", ondelete="CASCADE", index=True)
    subject_kind: str = text(CODE)
    subject_id: int


def tag_names(session: Any, subject_kind: str, subject_id: int) -> list[str]:
    """The tags on a row, in German order."""
    named = select(Tag.name).join(TagLink, col(TagLink.tag_id) == col(Tag.id))
    on_it = named.where(TagLink.subject_kind == subject_kind, TagLink.subject_id == subject_id)
    return list(session.execute(on_it.order_by(col(Tag.name_key))).scalars())
