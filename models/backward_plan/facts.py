"""What the records say of each step; every fact is read where it was entered once."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from models.application.declarations import Condition, DeclarationKind, actors_condition, standing
from models.application.phases import phases, the_application
from models.application.states import ApplicationState
from models.backward_plan.lead_times import Step
from models.backward_plan.plan import Fact
from models.base import N_
from models.commitments.checklist import CommitmentState, commitments
from models.conferences.conferences import (
    Conference,
    ConferenceDeadline,
    Series,
    conferences,
    deadlines_of,
    participants_of,
)
from models.conferences.usual_window import why_no_plan
from models.council.papers import papers, resolutions
from models.folding import fold

# The phase that stands for a step, and the item of the checklist that does.
_PHASES = {
    "declaration": Step.INTENT, "consortium": Step.CONSORTIUM, "ecosystem_map": Step.MAP, "talks": Step.TALKS,
    "submitted": Step.SUBMISSION,
}  # fmt: skip
_ITEMS = {
    "declaration": Step.INTENT, "consortium": Step.CONSORTIUM, "ecosystem_map": Step.MAP,
    "submit": Step.SUBMISSION, "council_info": Step.COUNCIL,
}  # fmt: skip
# By these words in its name a deadline of the conference is known to be a step's.
_WORDS = {
    Step.SUBMISSION: ("beitritt", "pledge"),
    Step.TRAVEL: (
        "dienstreiseantrag", "dienstreisegenehmigung", "dienstreise genehm", "dienstreise beantrag",
        "genehmigung der dienstreise", "reisegenehmigung", "travel approval", "approval of the journey",
    ),
    Step.DELEGATE: ("delegation", "delegiert", "delegate"),
    Step.PRESS: ("presse", "press release", "press work"),
}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """The facts by step, and what the council's mandate hangs on."""

    facts: dict[Step, Fact]
    condition: Condition
    resolution_on: date | None


def known(session: Session, conference: Conference, today: date) -> Known:
    """What is done, not needed, or has a date of its own, before this conference."""
    adopted = [resolution.adopted_on for resolution in resolutions(session)]
    found: dict[Step, Fact] = {}
    for read in (_deadlines, _participation, _items, _phases, _application, _council, _declarations):
        found |= read(session, conference, today)
    return Known(found, actors_condition(session, today), max(adopted, default=None))


def _done(because: str, since: date | None) -> Fact:
    return Fact(because, is_done=True, since=since)


def _wishes(session: Session, today: date) -> list[date]:
    """On which day each lab actor whose declaration stands declared its wish, the earliest first."""
    first: dict[int, date] = {}
    for declaration in standing(session, DeclarationKind.WISH, today):
        first.setdefault(declaration.organisation_id, declaration.declared_on)
    return sorted(first.values())


def _met_on(session: Session, today: date) -> date | None:
    days, condition = _wishes(session, today), actors_condition(session, today)
    return days[max(condition.needed, 1) - 1] if condition.is_met and days else None


def _declarations(session: Session, _conference: Conference, today: date) -> dict[Step, Fact]:
    met_on = _met_on(session, today)
    return {Step.DECLARATIONS: _done(N_("the declarations stand"), met_on)} if met_on else {}


def _council(session: Session, _conference: Conference, today: date) -> dict[Step, Fact]:
    """A resolution counts once it could rely on the declarations; a paper, if it is newer than the last resolution."""
    met_on, found = _met_on(session, today), {}
    adopted = [resolution.adopted_on for resolution in resolutions(session)]
    newer = [
        p.dated_on for p in papers(session) if p.dated_on and p.dated_on > max(adopted, default=date.min)
    ]
    if newer:
        found[Step.PAPER] = _done(N_("a paper newer than the last resolution is recorded"), min(newer))
    after = [day for day in adopted if met_on is not None and day >= met_on]
    if after:
        found[Step.COUNCIL] = _done(N_("a resolution since the declarations is recorded"), min(after))
    return found


# States that an application has only once it was sent.
_SENT = (
    ApplicationState.SUBMITTED, ApplicationState.QUERY, ApplicationState.ACCEPTED, ApplicationState.DECLINED,
    ApplicationState.MEMBER, ApplicationState.INACTIVE,
)  # fmt: skip


def _application(session: Session, _conference: Conference, _today: date) -> dict[Step, Fact]:
    if the_application(session).state not in _SENT:
        return {}
    closed = next((phase.closed_on for phase in phases(session) if phase.code == "submitted"), None)
    return {Step.SUBMISSION: _done(N_("the application is submitted"), closed)}


def _phases(session: Session, _conference: Conference, _today: date) -> dict[Step, Fact]:
    return {
        _PHASES[phase.code]: _done(N_("the phase is closed"), phase.closed_on)
        for phase in phases(session)
        if phase.code in _PHASES and phase.closed_on is not None
    }


def _items(session: Session, _conference: Conference, _today: date) -> dict[Step, Fact]:
    found = {}
    for item in commitments(session):
        step = _ITEMS.get(item.code or "")
        if step is not None and item.state is CommitmentState.FULFILLED:
            found[step] = _done(N_("the item of the checklist is fulfilled"), item.checked_on)
        elif step is not None and item.state is CommitmentState.DROPPED:
            found[step] = Fact(N_("the item of the checklist does not apply"), is_needless=True)
    return found


def _participation(session: Session, conference: Conference, _today: date) -> dict[Step, Fact]:
    goes = any(row.officer_id is not None for row in participants_of(session, conference.key))
    return {Step.DELEGATE: _done(N_("it is entered who of us goes"), None)} if goes else {}


def _deadlines(session: Session, conference: Conference, _today: date) -> dict[Step, Fact]:
    """A deadline of the conference that names a step: done with it, and its last day wins over the computed one."""
    found: dict[Step, Fact] = {}
    rows = deadlines_of(session, conference.key)
    for step, words in _WORDS.items():
        named = [row for row in rows if any(word in fold(row.name) for word in map(fold, words))]
        done = [row.done_on for row in named if row.done_on is not None]
        if done:
            found[step] = _done(N_("the deadline of the conference is done"), min(done))
        elif named:
            found[step] = _own_day(named[0])
    return found


def _own_day(deadline: ConferenceDeadline) -> Fact:
    because = N_("the deadline entered for this conference")
    return Fact(because, due_on=deadline.due_on, deadline_id=deadline.key)


def next_gathering(session: Session, today: date) -> Conference | None:
    """The next FABx for which a plan can be made: the one by which everybody asks "can we still make it?"."""
    rows = conferences(session)
    possible = [c for c in rows if c.series is Series.FABX and why_no_plan(c, rows, today) is None]
    return min(possible, key=lambda c: (c.year or 0, c.starts_on or date.max, c.key), default=None)
