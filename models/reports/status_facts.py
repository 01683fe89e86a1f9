"""What the status report tells, read once from where it was entered: page and PDF say the same."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func
from sqlmodel import Session, col, select

from models.application.consortium import ConsortiumCondition, consortium_condition, partners
from models.application.costs import CostSummary, FeeState, cost_years, fee_state
from models.application.declarations import Condition, DeclarationKind, actors_condition, standing
from models.application.phases import Application, PhaseState, the_application
from models.application.states import ApplicationState
from models.application.submissions import ReplyKind, Submission, SubmissionReply
from models.backward_plan.facts import next_gathering
from models.city import City, the_city
from models.commitments.checklist import Commitment, CommitmentState, Progress
from models.commitments.editions import HandbookEdition, the_edition
from models.commitments.proofs import is_proven_on
from models.conferences.conferences import Conference
from models.contacts.organisations import Organisation
from models.council.papers import Paper, Resolution, papers, resolutions
from models.followups import FollowUp
from models.overview import Dated, officer_names, open_dates, waiting_for
from models.task_list import PhaseRow, next_items, phase_rows

AHEAD = timedelta(days=183)  # the next steps reach half a year ahead
COST_YEARS = 4
ITEMS_OF_A_PHASE = 1  # that are named in the report; the task list has all of them

# Before these the conditions of joining have to be met; afterwards they have been, or nobody works on them.
ON_THE_WAY = (
    ApplicationState.PREPARING,
    ApplicationState.SUBMITTED,
    ApplicationState.QUERY,
    ApplicationState.PAUSED,
)


@dataclass(frozen=True)
class Status:
    """Everything the report says, as of `today`. Names of colleagues and next items by their keys."""

    today: date
    city: City
    application: Application
    names: dict[int, str]
    motion: Paper | None
    papers: list[Paper]
    resolution: Resolution | None
    condition: Condition
    wishes: tuple[tuple[str, date], ...]
    consortium: ConsortiumCondition
    partners: tuple[str, ...]
    phases: list[PhaseRow]
    next_items: dict[int, list[Commitment]]
    edition: HandbookEdition
    progress: Progress
    unproven: int
    waiting: list[FollowUp]
    dates: list[Dated]
    gathering: Conference | None
    submission: Submission | None
    query_due_on: date | None
    costs: list[CostSummary]
    fee: FeeState

    def name(self, officer_id: int | None) -> str:
        return self.names.get(officer_id, "") if officer_id is not None else ""

    @property
    def steps(self) -> list[Dated]:
        """The open dates, without those on which we ask again: they are told with those for whom we wait."""
        asked = {follow_up.key for follow_up in self.waiting}
        return [d for d in self.dates if d.kind != "follow_up" or d.id not in asked]

    @property
    def is_changed(self) -> bool:
        """Whether something else was adopted than was moved."""
        if self.motion is None or self.resolution is None:
            return False
        return bool(self.resolution.adopted_as) and self.resolution.adopted_as != self.motion.reference

    @property
    def is_on_the_way(self) -> bool:
        return self.application.state in ON_THE_WAY


def status(session: Session, today: date) -> Status:
    """The state of the case as of today."""
    application = the_application(session)
    edition = the_edition(session)
    numbers, unproven = _progress(session, edition, today)
    adopted, all_papers = next(iter(resolutions(session)), None), papers(session)
    submission, query_due_on = _submission(session, application)
    rows = phase_rows(session, today)
    can_begin = [row.phase.key for row in rows if row.state is PhaseState.OPEN]
    return Status(
        today=today,
        city=the_city(session),
        application=application,
        names=officer_names(session),
        motion=_motion(all_papers, adopted),
        papers=all_papers,
        resolution=adopted,
        condition=actors_condition(session, today),
        wishes=_wishes(session, today),
        consortium=consortium_condition(session, today),
        partners=tuple(dict.fromkeys(row.organisation.name for row in partners(session, today))),
        phases=rows,
        next_items=next_items(session, can_begin, today, ITEMS_OF_A_PHASE),
        edition=edition,
        progress=numbers,
        unproven=unproven,
        waiting=waiting_for(session, application.key),
        dates=open_dates(session, today + AHEAD, application_id=application.key),
        gathering=next_gathering(session, today),
        submission=submission,
        query_due_on=query_due_on,
        costs=_costs(session, today),
        fee=fee_state(session),
    )


def _motion(found: list[Paper], adopted: Resolution | None) -> Paper | None:
    """The paper that was decided on; without a resolution the first one."""
    if adopted is None:
        return next(iter(found), None)
    return next((paper for paper in found if paper.key == adopted.paper_id), None)


def _wishes(session: Session, today: date) -> tuple[tuple[str, date], ...]:
    """Each actor once, with the first day on which it declared its wish."""
    first: dict[int, date] = {}
    for declaration in standing(session, DeclarationKind.WISH, today):
        first.setdefault(declaration.organisation_id, declaration.declared_on)
    rows = session.exec(select(Organisation).where(col(Organisation.id).in_(first)))
    names = {organisation.key: organisation.name for organisation in rows}
    return tuple((names.get(key, ""), day) for key, day in first.items())


def _progress(session: Session, edition: HandbookEdition, today: date) -> tuple[Progress, int]:
    """The two numbers, counted by the database, and how many fulfilled items have no valid proof."""
    counted = (
        select(Commitment.state, func.count(), func.sum(case((is_proven_on(today), 1), else_=0)))
        .where(Commitment.edition_id == edition.key)
        .group_by(col(Commitment.state))
    )
    found = {
        CommitmentState(state): (int(all_), int(proven)) for state, all_, proven in session.exec(counted)
    }
    total = sum(all_ for all_, _proven in found.values())
    fulfilled, proven = found.get(CommitmentState.FULFILLED, (0, 0))
    open_ones, _ = found.get(CommitmentState.OPEN, (0, 0))
    return Progress(total, total - open_ones, proven), fulfilled - proven


def _submission(session: Session, application: Application) -> tuple[Submission | None, date | None]:
    """The latest submission that was sent, and until when a query of the network is to be answered."""
    sent = select(Submission).where(
        Submission.application_id == application.key, col(Submission.sent_on).is_not(None)
    )
    found = session.exec(sent.order_by(col(Submission.sent_on).desc(), col(Submission.id).desc())).first()
    if found is None:
        return None, None
    letters = select(SubmissionReply).where(SubmissionReply.submission_id == found.key)
    order = (col(SubmissionReply.dated_on).desc(), col(SubmissionReply.id).desc())
    last = session.exec(letters.order_by(*order)).first()
    return found, last.answer_due_on if last is not None and last.kind is ReplyKind.QUERY else None


def _costs(session: Session, today: date) -> list[CostSummary]:
    """The last years that have a position."""
    found = [year for year in cost_years(session, today) if year.rows]
    return found[:COST_YEARS][::-1]
