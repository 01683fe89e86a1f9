"""Two rows of the same person become one, and two again if that was wrong."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from models.base import Row


def _kept_json(kind: type) -> Any:
    return Field(
        default_factory=kind, sa_type=JSON, nullable=False, sa_column_kwargs={"info": {"personal": True}}
    )


class ContactMerge(Row, table=True):
    """What a merge did, so that it can be undone: columns of the kept person before and after, as the history writes
    them, and the rows that were led over: [table, column, id]."""

    __tablename__ = "contact_merge"

    kept_id: int = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    gone_id: int = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    merged_at: datetime
    officer_id: int | None = Field(default=None, foreign_key="officer.id")
    undone_at: datetime | None = None
    before: dict[str, Any] = _kept_json(dict)
    after: dict[str, Any] = _kept_json(dict)
    moved: list[list[Any]] = Field(default_factory=list, sa_type=JSON, nullable=False)
