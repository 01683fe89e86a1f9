"""What is missing now, and who must move: the first open things of every phase that can begin."""

from dataclasses import dataclass

from flask import url_for

from models.application.declarations import CONDITION_CODE, actors_condition
from models.application.phases import PhaseState
from models.overview import PhaseRow, next_items
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


def turns(rows: list[PhaseRow], is_first: bool) -> list[Turn]:
    """The next things to do. The labs' wish stands first as long as it is missing: nothing but the labs decides it."""
    found = [_wish(rows)] if is_first and not actors_condition(db(), today()).is_met else []
    open_rows = [row for row in rows if row.state is PhaseState.OPEN]
    items = next_items(db(), [row.phase.key for row in open_rows], today(), FOR_EACH)
    for row in open_rows:
        found += [
            Turn(
                item.title(language()),
                url_for("commitments.show", key=item.key),
                row.phase.title(language()),
                _who(label(item.who), item.responsible_id or row.phase.responsible_id),
                day(item.due_on or row.phase.due_on),
            )
            for item in items.get(row.phase.key, [])
            if item.code != CONDITION_CODE
        ]
        if row.phase.key not in items and not (row.phase.code == CONDITION_CODE and is_first):
            found.append(_closing(row))
    return [turn for turn in found if turn is not None]


def _who(who: str, responsible_id: int | None) -> str:
    name = officer_name(responsible_id)
    return f"{who} ({name})" if name else f"{who} ({_('nobody is responsible yet')})"


def _wish(rows: list[PhaseRow]) -> Turn | None:
    phase = next((row.phase for row in rows if row.phase.code == CONDITION_CODE), None)
    if phase is None or phase.closed_on is not None:
        return None
    condition = actors_condition(db(), today())
    what = _("{needed} lab actors must declare their wish to join; {have} have done so").format(
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
        officer_name(phase.responsible_id) or _("nobody is responsible yet"),
        day(phase.due_on),
    )
