"""The backward plan: for each step the last day, and whether an edition can still be reached. Pure: everything is
passed in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from models.backward_plan.lead_times import LEAD_TIMES, SLACK_WEEKS, LeadTime, Step
from models.base import N_, Labelled


class Verdict(Labelled):
    """The answer, for a step and for the whole; the worst one wins."""

    REACHABLE = "reachable", N_("reachable")
    TIGHT = "tight", N_("tight")
    TOO_LATE = "too_late", N_("too late")


_ORDER = list(Verdict)


@dataclass(frozen=True)
class Fact:
    """What the records say of a step: that it is done (`since`, if the day is known), that it is not needed, or that it
    has a last day of its own (`due_on`, of the conference deadline `deadline_id`)."""

    because: str = ""  # msgid
    is_done: bool = False
    is_needless: bool = False
    since: date | None = None
    due_on: date | None = None
    deadline_id: int | None = None

    @property
    def is_settled(self) -> bool:
        return self.is_done or self.is_needless


@dataclass(frozen=True)
class PlannedStep:
    """A step with its last day if the conference begins as early, or as late, as it can."""

    lead: LeadTime
    fact: Fact
    early: date
    late: date
    verdict: Verdict | None  # None: there is nothing left to do

    @property
    def step(self) -> Step:
        return self.lead.step

    def look_again_on(self, today: date) -> date | None:
        """The day to have oneself reminded of: the cautious last day, else the later one; None if both have passed."""
        if self.verdict is None:
            return None
        return next((day for day in (self.early, self.late) if day >= today), None)


@dataclass(frozen=True)
class Plan:
    """The steps, the earliest last day first, and the answer."""

    first: date
    last: date
    steps: list[PlannedStep]
    verdict: Verdict
    today: date

    @property
    def deciding(self) -> list[PlannedStep]:
        """The open steps on which the answer hangs, and none if it is reachable; where only a late start helps, those
        whose cautious last day has passed."""
        if self.verdict is Verdict.REACHABLE:
            return []
        found = [step for step in self.open if step.verdict is self.verdict]
        return [step for step in found if step.early < self.today] if self.needs_late_start else found

    @property
    def needs_late_start(self) -> bool:
        """Whether the last day of an open step has passed already, should the conference begin early."""
        return any(step.early < self.today for step in self.open)

    @property
    def open(self) -> list[PlannedStep]:
        return [step for step in self.steps if step.verdict is not None]


_OVERTAKEN = Fact(because=N_("a later step is done"), is_needless=True)


def plan(
    first: date,
    last: date,
    facts: Mapping[Step, Fact],
    today: date,
    state: str,
    leads: Iterable[LeadTime] = LEAD_TIMES,
    slack_weeks: int = SLACK_WEEKS,
) -> Plan:
    """Count back from the first and from the last day on which the conference can begin.

    `state` is whose public holidays count (two letters); `leads` name each step after the one it waits for. A day of
    its own wins over the computed one. What only prepares a step that is done is not needed any more.
    """
    planned: dict[Step, PlannedStep] = {}
    for lead in leads:
        after = planned[lead.before] if lead.before else None
        fact = facts.get(lead.step, Fact())
        if not fact.is_settled and after is not None and after.fact.is_settled:
            fact = _OVERTAKEN
        early, late = (after.early, after.late) if after else (first, last)
        days = fact.due_on or lead.latest(early, state), fact.due_on or lead.latest(late, state)
        verdict = None if fact.is_settled else _judge(*days, today, slack_weeks)
        planned[lead.step] = PlannedStep(lead, fact, *days, verdict)
    steps = sorted(planned.values(), key=lambda s: (s.early, list(Step).index(s.step)))
    return Plan(first, last, steps, _worst(steps, last, today), today)


def _judge(early: date, late: date, today: date, slack_weeks: int) -> Verdict:
    if late < today:
        return Verdict.TOO_LATE
    return Verdict.REACHABLE if early >= today + timedelta(weeks=slack_weeks) else Verdict.TIGHT


def _worst(steps: Iterable[PlannedStep], last: date, today: date) -> Verdict:
    if last < today:  # the usual time has passed, and nothing was announced
        return Verdict.TOO_LATE
    found = [step.verdict for step in steps if step.verdict is not None]
    return max(found, key=_ORDER.index, default=Verdict.REACHABLE)
