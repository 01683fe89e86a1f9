"""The application and its phases. A phase is closed by hand; what comes before it says when it can begin."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, func, select

from models.application.states import ApplicationState
from models.base import CODE, LINE, N_, NAME, NOTE, URL, Labelled, Recorded, enum_column, in_language, text
from models.officers import duty

ACTORS_NEEDED = 2  # the resolution of 10.06.2020 says "several" lab actors; two is the least that can mean
PARTNERS_NEEDED = 3  # the handbook's join page: community, fab lab or makers, city


class ConsortiumForm(Labelled):
    """The handbook leaves the form free and advises an association."""

    UNDECIDED = "undecided", N_("not decided yet")
    ASSOCIATION = "association", N_("Association")
    AGREEMENT = "agreement", N_("Written agreement")
    INFORMAL = "informal", N_("Informal")
    OTHER = "other_form", N_("Another form")


class PhaseState(Labelled):
    """Shown, never stored: it follows from the dates and from what comes before."""

    BLOCKED = "blocked", N_("cannot begin yet")
    OPEN = "open", N_("can begin")
    CLOSED = "closed", N_("closed")


class Application(Recorded, table=True):
    """The case: one city, one network."""

    __tablename__ = "application"

    network: str = text(NAME)
    state: ApplicationState = enum_column(ApplicationState, ApplicationState.PREPARING)
    state_since: date | None = None
    case_lead_id: int | None = duty()
    deputy_id: int | None = duty()
    file_number: str = text(NAME)
    record_url: str = text(URL)
    handbook_url: str = text(URL)
    actors_needed: int = ACTORS_NEEDED
    partners_needed: int = PARTNERS_NEEDED
    consortium_form: ConsortiumForm = enum_column(ConsortiumForm, ConsortiumForm.UNDECIDED)
    note: str = text(NOTE)

    def title(self, language: str) -> str:
        return self.network


class Phase(Recorded, table=True):
    """One stage on the way; its items carry the proof, the phase carries who and when."""

    __tablename__ = "phase"
    __table_args__ = (UniqueConstraint("application_id", "code"),)

    application_id: int = Field(foreign_key="application.id", ondelete="CASCADE", index=True)
    code: str = text(CODE)
    position: int = 0
    label_de: str = text(LINE)
    label_en: str = text(LINE)
    responsible_id: int | None = duty(index=True)
    deputy_id: int | None = duty()
    due_on: date | None = Field(default=None, index=True)
    closed_on: date | None = None
    file_number: str = text(NAME)
    note: str = text(NOTE)

    def title(self, language: str) -> str:
        return in_language(language, self.label_de, self.label_en)


class PhaseOrder(SQLModel, table=True):
    """What comes before a phase."""

    __tablename__ = "phase_order"

    phase_id: int = Field(foreign_key="phase.id", ondelete="CASCADE", primary_key=True)
    before_id: int = Field(foreign_key="phase.id", ondelete="CASCADE", primary_key=True)


def the_application(session: Session) -> Application:
    """Leipzig's case: the first one. Raises LookupError before the starter data is loaded."""
    found = session.exec(select(Application).order_by(col(Application.id))).first()
    if found is None:
        raise LookupError("no starter data: run `python -m jobs migrate`")
    return found


def applications(session: Session) -> list[Application]:
    """The cases, one for each network, the first one first."""
    return list(session.exec(select(Application).order_by(col(Application.id))))


def phases(session: Session, application_id: int | None = None) -> list[Phase]:
    """The phases of a case, or of the first one, in their order."""
    first = select(func.min(col(Application.id))).scalar_subquery()
    case = first if application_id is None else application_id
    found = select(Phase).where(col(Phase.application_id) == case)
    return list(session.exec(found.order_by(col(Phase.position), col(Phase.id))))


def unfinished_before(session: Session) -> dict[int, list[Phase]]:
    """For each phase the phases that must be closed first and are not."""
    rows = session.exec(
        select(PhaseOrder.phase_id, Phase)
        .join(Phase, col(Phase.id) == col(PhaseOrder.before_id))
        .where(col(Phase.closed_on).is_(None))
        .order_by(col(Phase.position))
    )
    found: dict[int, list[Phase]] = {}
    for phase_id, before in rows:
        found.setdefault(phase_id, []).append(before)
    return found


def phase_state(phase: Phase, waiting_for: list[Phase]) -> PhaseState:
    """Closed by hand; otherwise it can begin once everything before it is closed."""
    if phase.closed_on is not None:
        return PhaseState.CLOSED
    return PhaseState.BLOCKED if waiting_for else PhaseState.OPEN


def next_phase(session: Session) -> Phase | None:
    """The first phase that is not closed and can begin."""
    waiting = unfinished_before(session)
    return next(
        (p for p in phases(session) if phase_state(p, waiting.get(p.key, [])) is PhaseState.OPEN), None
    )
