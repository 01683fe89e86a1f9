"""What is missing for the joining, who has to move, and until when: the first thing an outsider asks."""

from dataclasses import dataclass
from datetime import date

from models.application.consortium import CONSORTIUM_CODE
from models.application.declarations import CONDITION_CODE
from models.application.phases import PhaseState
from models.application.states import ApplicationState
from models.commitments.checklist import Who
from models.language import translations, translator
from models.reports.status_facts import Status
from models.task_list import PhaseRow


@dataclass(frozen=True)
class Gap:
    """One thing that is missing, in words; who has to move; until when, if a day is set."""

    what: str
    who: str
    due_on: date | None = None


def gaps(status: Status, language: str) -> list[Gap]:
    """What is missing, in the order of the way: the council's condition, partners, phases, proofs."""
    found = []
    if status.is_on_the_way:
        found += _condition(status, language) + _partners(status, language)
    found += _network(status, language)
    if status.is_on_the_way:
        found += _phases(status, language)
    return found + _proofs(status, language)


def movers(found: list[Gap]) -> list[str]:
    """Who has to move, each once, in the order of the gaps."""
    return list(dict.fromkeys(gap.who for gap in found))


def our_side(status: Status) -> str:
    """Who moves for the city where nobody is named: the case lead, or the unit."""
    return status.name(status.application.case_lead_id) or status.city.unit or status.city.name


def _condition(status: Status, language: str) -> list[Gap]:
    condition = status.condition
    if condition.is_met:
        return []
    lacking = condition.needed - condition.have
    said = translations(language).ngettext(
        "One more lab actor must declare the wish to join ({have} of {needed} have).",
        "{n} more lab actors must declare the wish to join ({have} of {needed} have).",
        lacking,
    )
    what = said.format(n=lacking, have=condition.have, needed=condition.needed)
    return [Gap(what, translator(language)(Who.LABS.label), _due(status, CONDITION_CODE))]


def _due(status: Status, code: str) -> date | None:
    return next((row.phase.due_on for row in status.phases if row.phase.code == code), None)


def _partners(status: Status, language: str) -> list[Gap]:
    _ = translator(language)
    who, due_on = our_side(status), _due(status, CONSORTIUM_CODE)
    missing = [filled.role.title(language) for filled in status.consortium.missing_roles]
    found = [Gap(_("Consortium: partner for the role “{role}”").format(role=r), who, due_on) for r in missing]
    if status.consortium.missing_others:
        said = _("Consortium: {have} of at least {needed} partners")
        what = said.format(have=status.consortium.have, needed=status.consortium.needed)
        found.append(Gap(what, who, due_on))
    return found


def _network(status: Status, language: str) -> list[Gap]:
    """What the state of the whole asks for."""
    _ = translator(language)
    state, network = status.application.state, status.application.network
    if state is ApplicationState.QUERY:
        return [Gap(_("Answer the network’s query"), our_side(status), status.query_due_on)]
    if state is ApplicationState.SUBMITTED:
        return [Gap(_("Answer to our submission"), network)]
    if state is ApplicationState.ACCEPTED:
        return [Gap(_("Announcement of the admission at the next conference"), network)]
    return []


def _phases(status: Status, language: str) -> list[Gap]:
    """Phases that can begin and are not closed, without those of which is told already what they lack."""
    _ = translator(language)
    told = {CONDITION_CODE} if not status.condition.is_met else set()
    if not status.consortium.is_met:
        told.add(CONSORTIUM_CODE)
    return [
        Gap(
            _what_next(status, row, language),
            status.name(row.phase.responsible_id) or our_side(status),
            row.phase.due_on,
        )
        for row in status.phases
        if row.state is PhaseState.OPEN and row.phase.code not in told
    ]


def _what_next(status: Status, row: PhaseRow, language: str) -> str:
    """The first items of a phase that are to be done; without any the phase itself is to be closed."""
    _ = translator(language)
    items = status.next_items.get(row.phase.key, [])
    if not items:
        return _("Close the phase “{phase}”").format(phase=row.phase.title(language))
    titles = "; ".join(item.title(language) for item in items)
    said = _("{phase}, next: {items}")
    return said.format(phase=row.phase.title(language), items=titles)


def _proofs(status: Status, language: str) -> list[Gap]:
    if not status.unproven:
        return []
    said = translations(language).ngettext(
        "Valid proof for one fulfilled commitment",
        "Valid proof for {n} fulfilled commitments",
        status.unproven,
    )
    return [Gap(said.format(n=status.unproven), our_side(status))]
