"""Another network: a case of its own, with its own phases and its own, empty list of items in force."""

from datetime import date

from sqlmodel import Session, col, select

from models.application.phase_order import order_of
from models.application.phases import Application, Phase, PhaseOrder, phases
from models.commitments.editions import EditionState, HandbookEdition

FIRST_EDITION = "first"


def add_network(session: Session, network: str, today: date, phases_of: int | None = None) -> Application:
    """Add a case for another network. `phases_of`: the case whose phases are copied (without dates and people); None
    begins without phases. The case lead of the first case leads this one too, until somebody changes it."""
    first = session.exec(select(Application).order_by(col(Application.id))).first()
    application = Application(
        network=network,
        case_lead_id=first.case_lead_id if first else None,
        deputy_id=first.deputy_id if first else None,
    )
    session.add(application)
    session.flush()
    session.add(
        HandbookEdition(
            application_id=application.key,
            code=FIRST_EDITION,
            name=network,
            as_of=today.isoformat(),
            state=EditionState.CURRENT,
            adopted_on=today,
        )
    )
    if phases_of is not None:
        _copy_phases(session, phases_of, application.key)
    session.flush()
    return application


def _copy_phases(session: Session, source: int, target: int) -> None:
    made = {
        row.key: Phase(
            application_id=target,
            code=row.code,
            position=row.position,
            label_de=row.label_de,
            label_en=row.label_en,
        )
        for row in phases(session, source)
    }
    session.add_all(made.values())
    session.flush()
    for key, before in order_of(session, source).items():
        session.add_all(PhaseOrder(phase_id=made[key].key, before_id=made[one].key) for one in before)
