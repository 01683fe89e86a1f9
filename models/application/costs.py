"""What joining costs: planned and actual, by year. What nobody knows is unknown, never nought."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Field, Session, select

from models.application.amounts import amount_text
from models.application.phases import the_application
from models.base import LINE, N_, NOTE, Labelled, Recorded, enum_column, text
from models.followups import FollowUp, follow_ups_of
from models.language import translator

NETWORK_OFFICE = "Fab City Foundation"  # runs the network's office
FEE_QUESTION = {
    "de": "Mitgliedsbeitrag: Gibt es einen, wie hoch ist er, wann ist er fällig?",
    "en": "Membership fee: is there one, how much is it, when is it due?",
}
_FEE_WORDS = ("mitgliedsbeitrag", "membership fee")


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

    @property
    def is_hours(self) -> bool:
        return self.kind is CostKind.HOURS

    @property
    def is_known(self) -> bool:
        """Whether it has an amount, planned or actual; 0 is one."""
        return self.planned is not None or self.actual is not None


@dataclass(frozen=True)
class Total:
    """A sum of hundredths over some positions: how much is known, of how many, and how many nobody knows."""

    amount: int = 0
    known: int = 0
    unknown: int = 0

    def plus(self, value: int | None) -> "Total":
        if value is None:
            return Total(self.amount, self.known, self.unknown + 1)
        return Total(self.amount + value, self.known + 1, self.unknown)

    def words(self, language: str, *, is_hours: bool = False) -> str:
        """1.250,50 €; at least that much where a position is unknown; unknown; empty without any position."""
        translate = translator(language)
        if not self.known:
            return translate(N_("unknown")) if self.unknown else ""
        written = amount_text(self.amount, language, is_hours=is_hours)
        return translate(N_("at least {amount}")).format(amount=written) if self.unknown else written


@dataclass(frozen=True)
class CostSummary:
    """What one year costs. Euros and hours stand side by side and are never added together. `fee_is_known` says
    whether the year has a membership fee with an amount; where it has none, the fee is not in the sums."""

    year: int
    rows: tuple[Cost, ...]
    planned: Total
    actual: Total
    hours_planned: Total
    hours_actual: Total
    fee_is_known: bool

    @property
    def has_hours(self) -> bool:
        return any(row.is_hours for row in self.rows)

    @property
    def has_money(self) -> bool:
        return not all(row.is_hours for row in self.rows)

    def by_kind(self) -> list[tuple[CostKind, list[Cost], Total, Total]]:
        """The kinds that have a position, in their order: positions, planned, actual."""
        found = []
        for kind in CostKind:
            rows = [row for row in self.rows if row.kind is kind]
            if rows:
                found.append((kind, rows, _total(r.planned for r in rows), _total(r.actual for r in rows)))
        return found


def costs(session: Session) -> list[Cost]:
    """All positions, by year and kind."""
    order = {kind: position for position, kind in enumerate(CostKind)}
    return sorted(session.exec(select(Cost)), key=lambda row: (row.year, order[row.kind], row.key))


def cost_summary(session: Session, year: int) -> CostSummary:
    """The costs of one year; of a year without positions everything is empty."""
    return summed(year, [row for row in costs(session) if row.year == year])


def cost_years(session: Session, today: date) -> list[CostSummary]:
    """This year and the next one, and every other year that has a position; the latest first."""
    rows = costs(session)
    years = {row.year for row in rows} | {today.year, today.year + 1}
    return [summed(year, [row for row in rows if row.year == year]) for year in sorted(years, reverse=True)]


def summed(year: int, rows: Sequence[Cost]) -> CostSummary:
    """The sums over a year's positions."""
    money = [row for row in rows if not row.is_hours]
    hours = [row for row in rows if row.is_hours]
    return CostSummary(
        year,
        tuple(rows),
        _total(row.planned for row in money),
        _total(row.actual for row in money),
        _total(row.planned for row in hours),
        _total(row.actual for row in hours),
        any(row.kind is CostKind.FEE and row.is_known for row in rows),
    )


def _total(values: Iterable[int | None]) -> Total:
    total = Total()
    for value in values:
        total = total.plus(value)
    return total


# The network's fee. The motion of 2020 names none, and no source read since says whether there is one.


@dataclass(frozen=True)
class FeeState:
    """What is known of the fee: the latest position with an amount, the open question, and when one was answered."""

    latest: Cost | None
    question: FollowUp | None
    answered_on: date | None


def fee_state(session: Session) -> FeeState:
    """Whether the fee is known, and if not, whether somebody has been asked: a follow-up on the application that
    speaks of the membership fee, in either language."""
    known = [row for row in costs(session) if row.kind is CostKind.FEE and row.is_known]
    asked = follow_ups_of(session, "application", the_application(session).key)
    about = [row for row in asked if any(word in row.what.casefold() for word in _FEE_WORDS)]
    return FeeState(
        known[-1] if known else None,
        next((row for row in about if row.is_open), None),
        max((row.done_on for row in about if row.done_on is not None), default=None),
    )
