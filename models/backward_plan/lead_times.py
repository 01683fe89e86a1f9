"""The steps before a city is admitted, and how long before what each must be done: data, each with its source."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from models.base import N_, Labelled
from models.calendar_days import add_months, add_working_days, nearest_working_day


class Step(Labelled):
    """What must be done before a city is admitted."""

    DECLARATIONS = "declarations", N_("At least two lab actors declare their wish to join")
    PAPER = "paper", N_("The paper lies before the mayor’s conference")
    COUNCIL = "council", N_("Council meeting: information or resolution")
    INTENT = "intent", N_("Political declaration of intent signed")
    CONSORTIUM = "consortium", N_("Consortium of at least three partners stands")
    MAP = "map", N_("Ecosystem mapped")
    TALKS = "talks", N_("Talks with the network and a member city held")
    SUBMISSION = "submission", N_("Pledge submitted to the network")
    TRAVEL = "travel", N_("Journey approved")
    DELEGATE = "delegate", N_("Delegate named")
    PRESS = "press", N_("Press work prepared")


class LeadUnit(StrEnum):
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True)
class LeadTime:
    """A step must be done so long before another step, or before the first day of the conference (`before` None)."""

    step: Step
    before: Step | None
    amount: int
    unit: LeadUnit
    source: str  # msgid
    as_of: str = "2026-11-22"

    def latest(self, before: date, state: str) -> date:
        """The last working day for the step, if what comes after it must be done, or begins, on `before`."""
        if self.unit is LeadUnit.WORKING_DAYS and self.amount:
            return add_working_days(before, -self.amount, state)
        if self.unit is LeadUnit.MONTHS:
            before = add_months(before, -self.amount)
        elif self.unit is LeadUnit.WEEKS:
            before -= timedelta(weeks=self.amount)
        return nearest_working_day(before, state, backward=True)


# So much time must be left until each last day (for an early start) before the plan is called reachable (our proposal).
SLACK_WEEKS = 4

_NETWORKS_YEAR = N_("Our own proposal for the year before a conference; the network names no last day.")
_PHASE = N_(
    "The phases of joining: closed before the pledge is submitted. Our own order, after the network’s handbook."
)

# Each one after what it waits for: the last step first.
LEAD_TIMES = (
    LeadTime(Step.PRESS, None, 1, LeadUnit.MONTHS, _NETWORKS_YEAR),
    LeadTime(Step.DELEGATE, None, 3, LeadUnit.MONTHS, _NETWORKS_YEAR),
    LeadTime(Step.TRAVEL, None, 5, LeadUnit.MONTHS, _NETWORKS_YEAR),
    LeadTime(Step.SUBMISSION, None, 6, LeadUnit.MONTHS, _NETWORKS_YEAR),
    LeadTime(Step.TALKS, Step.SUBMISSION, 0, LeadUnit.WORKING_DAYS, _PHASE),
    LeadTime(Step.MAP, Step.SUBMISSION, 0, LeadUnit.WORKING_DAYS, _PHASE),
    LeadTime(Step.CONSORTIUM, Step.SUBMISSION, 0, LeadUnit.WORKING_DAYS, _PHASE),
    LeadTime(
        Step.INTENT, Step.SUBMISSION, 5, LeadUnit.WORKING_DAYS,
        N_("Our own proposal: the signed paper goes along with the pledge."),
    ),
    LeadTime(
        Step.COUNCIL, Step.INTENT, 5, LeadUnit.WORKING_DAYS,
        N_("Our own proposal: time for the minutes and the signature."),
    ),
    LeadTime(
        Step.PAPER, Step.COUNCIL, 6, LeadUnit.WEEKS,
        N_(
            "The way of VII-A-00726-VSP-01: 40 days from the mayor’s conference of 14.02.2020 to the council meeting "
            "planned for 25.03.2020."
        ),
    ),
    LeadTime(
        Step.DECLARATIONS, Step.PAPER, 5, LeadUnit.WORKING_DAYS,
        N_("Our own proposal: the paper can only rely on declarations that are there (condition of the resolution)."),
    ),
)  # fmt: skip
