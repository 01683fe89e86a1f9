"""What a person decided about each answer of an old edition: taken over into which item of the new one, or not."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import LINE, N_, Labelled, Recorded, enum_column, text


class Decision(Labelled):
    CONFIRMED = "confirmed", N_("taken over")
    REFUSED = "refused", N_("not taken over")


class CarryOver(Recorded, table=True):
    """One decision; `edition_id` is the new edition. Proposals are computed and never stored."""

    __tablename__ = "carry_over"
    __table_args__ = (UniqueConstraint("edition_id", "from_id"),)

    edition_id: int = Field(foreign_key="handbook_edition.id", ondelete="CASCADE", index=True)
    from_id: int = Field(foreign_key="commitment.id", ondelete="CASCADE", index=True)
    to_id: int | None = Field(default=None, foreign_key="commitment.id", ondelete="CASCADE", index=True)
    decision: Decision = enum_column(Decision)
    reason: str = text(LINE)
    decided_on: date
    decided_by_id: int | None = Field(default=None, foreign_key="officer.id")

    def title(self, language: str) -> str:
        return "Übernahme" if language == "de" else "Carry-over"
