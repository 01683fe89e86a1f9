"""What is missing now, and who must move: the first open things of every phase that can begin."""

from dataclasses import dataclass

from flask import url_for

from models.application.answer_tasks import answer_tasks
from models.application.conditions import condition_of, missing_words
from models.application.declarations import CONDITION_CODE, actors_condition
from models.application.phases import Application, PhaseState, the_application
from models.application.states import ApplicationState
from models.application.submissions import submissions
from models.commitments.checklist import Commitment, CommitmentState, Who
from models.task_list import PhaseRow, next_items
from webapp.database import db, today
from webapp.filters import day, label, officer_name
from webapp.words import _, language

FOR_EACH = 3  # open items named for each phase; its page lists all


@dataclass(frozen=True)
class Turn:
    """One thing that is missing: where it is done, in which phase, whose turn it is, by when."""

    what: str
    address: str
    phase: str
    who: str
    due: str


def turns(rows: list[PhaseRow], is_first: bool, application: Application | None = None) -> list[Turn]:
    """The next things to do: what the network waits for or owes us, the labs' wish as long as it is missing (nothing
    but the labs decides it), then the first items of every phase that can begin."""
    wish = _wish(rows) if is_first else None
    open_rows = [row for row in rows if row.state is PhaseState.OPEN]
    items = next_items(db(), [row.phase.key for row in open_rows], today(), FOR_EACH)
    found = _letters(application or the_application(db())) + ([wish] if wish is not None else [])
    for row in open_rows:
        said = wish is not None and row.phase.code == CONDITION_CODE
        of_phase = [
            item for item in items.get(row.phase.key, []) if not (said and item.code == CONDITION_CODE)
        ]
        found += [_item(item, row) for item in of_phase]
        if not of_phase and not said:
            found.append(_closing(row))
    return found


def _item(item: Commitment, row: PhaseRow) -> Turn:
    phase, who = row.phase, item.who
    what = item.title(language())
    condition = condition_of(db(), item.code, today())
    if item.state is CommitmentState.FULFILLED:
        what = _("{item}: valid proof is missing").format(item=what)
    elif condition is not None and condition.is_met:  # the others have done their part; a colleague says so
        what, who = _("{item}: the condition is met, please enter the state").format(item=what), Who.CITY
    elif condition is not None and (missing := missing_words(condition, language())):
        what = _("{item}: {missing} is missing").format(item=what, missing=", ".join(missing))
    return Turn(
        what,
        url_for("commitments.show", key=item.key),
        phase.title(language()),
        _who(label(who), item.responsible_id or phase.responsible_id),
        day(item.due_on or phase.due_on),
    )


def _letters(application: Application) -> list[Turn]:
    """Our answer to a query, or theirs to the submission."""
    last = next((row for row in submissions(db(), application.key) if row.sent_on is not None), None)
    if last is None:
        return []
    address, title = url_for("submission.show", key=last.key), last.title(language())
    if application.state is ApplicationState.QUERY:
        task = next(iter(answer_tasks(db(), application)), None)
        responsible_id = task.responsible_id if task is not None else application.case_lead_id
        who = _colleague(responsible_id)
        due = day(task.due_on) if task is not None else ""
        return [Turn(_("Answer the query of the network"), address, title, who, due)]
    if application.state is ApplicationState.SUBMITTED:
        return [Turn(_("The network answers the submission"), address, title, application.network, "")]
    return []


def _who(who: str, responsible_id: int | None) -> str:
    return f"{who} ({_colleague(responsible_id)})"


def _colleague(responsible_id: int | None) -> str:
    """Who looks after it here: the colleague responsible, else the case lead, as in reminders and in the report."""
    name = officer_name(responsible_id) or officer_name(the_application(db()).case_lead_id)
    return name or _("nobody is responsible yet")


def _wish(rows: list[PhaseRow]) -> Turn | None:
    phase = next((row.phase for row in rows if row.phase.code == CONDITION_CODE), None)
    if phase is None or phase.closed_on is not None:
        return None
    condition = actors_condition(db(), today())
    if condition.is_met:
        return None
    what = _("{needed} lab actors must declare their wish to join; so far: {have}").format(
        have=condition.have, needed=condition.needed
    )
    who = _("Fab labs and makers")
    if phase.responsible_id:
        who = _who(who, phase.responsible_id)
    return Turn(
        what,
        url_for("application.show") + "#beitrittswunsch",
        phase.title(language()),
        who,
        day(phase.due_on),
    )


def _closing(row: PhaseRow) -> Turn:
    """Everything in the phase is done, or it has no items: somebody closes it by hand."""
    phase = row.phase
    what = _("Close the phase, once it is finished")
    address = url_for("application.show_phase", key=phase.key)
    return Turn(
        what,
        address,
        phase.title(language()),
        _colleague(phase.responsible_id),
        day(phase.due_on),
    )
