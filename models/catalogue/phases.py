"""The phases that an edition names: read from the case, added to it where they are missing."""

from collections.abc import Iterable

from sqlmodel import Session, col, func, select

from models.application.phases import Phase, PhaseOrder, phases
from models.commitments.edition_text import PhaseText


def phase_ids(session: Session) -> dict[str, int]:
    """Code -> id of every phase of the case."""
    return {phase.code: phase.key for phase in phases(session)}


def phase_texts(session: Session) -> list[PhaseText]:
    """The phases of the case as an edition's file names them."""
    found = phases(session)
    codes = {phase.key: phase.code for phase in found}
    before: dict[int, list[str]] = {}
    orders = session.exec(select(PhaseOrder).order_by(col(PhaseOrder.before_id)))
    for order in orders:
        if order.before_id in codes:
            before.setdefault(order.phase_id, []).append(codes[order.before_id])
    return [
        PhaseText(phase.code, phase.label_de, phase.label_en, tuple(before.get(phase.key, ())))
        for phase in found
    ]


def add_phases(session: Session, application_id: int, texts: Iterable[PhaseText]) -> list[Phase]:
    """Add these phases behind those that are there, each after the ones it names."""
    places = select(func.coalesce(func.max(Phase.position), -1)).where(Phase.application_id == application_id)
    last, wanted = session.exec(places).one(), list(texts)
    made = [
        Phase(
            application_id=application_id,
            code=text.code,
            position=last + number,
            label_de=text.label_de,
            label_en=text.label_en,
        )
        for number, text in enumerate(wanted, start=1)
    ]
    session.add_all(made)
    session.flush()
    ids = phase_ids(session)
    for text in wanted:
        for before in text.after:
            if before in ids:
                session.add(PhaseOrder(phase_id=ids[text.code], before_id=ids[before]))
    session.flush()
    return made


def missing_phases(session: Session, texts: Iterable[PhaseText]) -> list[PhaseText]:
    """Those of the phases that the case does not have yet."""
    known = phase_ids(session)
    return [text for text in texts if text.code not in known]
