"""People who may be one and the same, and those who are known not to be."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import Row


class NotTheSame(Row, table=True):
    """Two people who look alike and are two: a colleague said so. `first_id` is the smaller one."""

    __tablename__ = "not_the_same"
    __table_args__ = (UniqueConstraint("first_id", "second_id", name="uq_not_the_same_pair"),)

    first_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    second_id: int = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    decided_at: datetime
    officer_id: int | None = Field(default=None, foreign_key="officer.id")
