"""The states that an application went through, read from the history: when, by whom, why."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from models.application.phases import Application
from models.application.states import ApplicationState
from models.audit import history_of


@dataclass(frozen=True)
class StateChange:
    """One change of state: noted at `at`, true since `since`."""

    at: datetime
    since: date | None
    officer_id: int | None
    old: ApplicationState
    new: ApplicationState
    reason: str


def set_state(application: Application, state: ApplicationState, since: date) -> None:
    """The case stands like this since that day."""
    application.state, application.state_since = state, since


def state_changes(session: Session, application: Application) -> list[StateChange]:
    """Every change of the state of the whole, the newest first."""
    found: list[StateChange] = []
    since: date | None = None
    for entry in reversed(history_of(session, "application", application.key)):
        _old, typed = entry.changes.get("state_since", (None, None))
        since = date.fromisoformat(typed) if typed else since
        old, new = (_state(value) for value in entry.changes.get("state", (None, None)))
        if old is not None and new is not None:
            found.append(StateChange(entry.at, since, entry.officer_id, old, new, entry.reason))
    return found[::-1]


def _state(value: str | None) -> ApplicationState | None:
    """The state of this value; None for what an older version of the program may have known."""
    return next((state for state in ApplicationState if state.value == value), None)
