"""What joining costs: planned and actual, by year. What nobody knows is unknown, never nought."""

from sqlmodel import Field

from models.base import LINE, N_, NOTE, Labelled, Recorded, enum_column, text


class CostKind(Labelled):
    FEE = "fee", N_("Membership fee")
    TRAVEL = "travel", N_("Travel")
    HOURS = "hours", N_("Working hours")
    EVENTS = "events", N_("Events")
    OTHER = "other_cost", N_("Other costs")


class Cost(Recorded, table=True):
    """One position of a year. `planned` and `actual` are cents; for working hours hundredths of an hour."""

    __tablename__ = "cost"

    application_id: int = Field(foreign_key="application.id", ondelete="CASCADE", index=True)
    year: int = Field(index=True)
    kind: CostKind = enum_column(CostKind)
    what: str = text(LINE)
    planned: int | None = None
    actual: int | None = None
    conference_id: int | None = Field(
        default=None, foreign_key="conference.id", ondelete="SET NULL", index=True
    )
    source: str = text(NOTE)
    note: str = text(NOTE)

    def title(self, language: str) -> str:
        return f"{self.what} ({self.year})"
