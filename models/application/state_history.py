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
    old: ApplicationState | None
    new: ApplicationState
    reason: str


def set_state(application: Application, state: ApplicationState, since: date) -> None:
    """The case stands like this since that day."""
    application.state, application.state_since = state, since


def state_changes(session: Session, application: Application) -> list[StateChange]:
    """Every change of the state of the whole, the newest first."""
    found = []
    for entry in history_of(session, "application", application.key):
        old, new = entry.changes.get("state", (None, None))
        if old is None or new is None:
            continue
        since = entry.changes.get("state_since", [None, None])[1]
        found.append(
            StateChange(
                entry.at,
                date.fromisoformat(since) if since else None,
                entry.officer_id,
                _state(old),
                ApplicationState(new),
                entry.reason,
            )
        )
    return found


def _state(value: str) -> ApplicationState | None:
    return next((state for state in ApplicationState if state.value == value), None)
