"""What the check says of the consortium: number of partners, roles, who has not declared."""

from collections.abc import Iterator
from datetime import date

from sqlmodel import Session

from models.application.consortium import consortium_condition, partners
from models.application.declarations import DeclarationKind, standing
from models.base import N_
from models.commitments.checklist import Who
from models.readiness.finding import Finding, Line, Section

CITY_ROLE = "city"


def consortium_lines(session: Session, today: date) -> Iterator[Line]:
    """The handbook's conditions (join page: at least three partners, one in each role), the partners' declarations."""
    condition = consortium_condition(session, today)
    yield Line(
        Section.CONSORTIUM,
        Finding.COMPLETE if condition.have >= condition.needed else Finding.MISSING,
        N_("{have} partners, {needed} are needed")
        if condition.have > condition.needed
        else N_("{have} of {needed} partners"),
        N_("Number of partners"),
        values={"have": condition.have, "needed": condition.needed},
        who=Who.CONSORTIUM,
    )
    for filled in condition.roles:
        if filled.role.needed:
            yield Line(
                Section.CONSORTIUM,
                Finding.MISSING if filled.missing else Finding.COMPLETE,
                N_("found: {have}, needed: {needed}"),
                title_de=filled.role.title("de"),
                title_en=filled.role.title("en"),
                values={"have": filled.have, "needed": filled.role.needed},
                who=Who.CONSORTIUM,
            )
    yield from _declarations(session, today)


def _declarations(session: Session, today: date) -> Iterator[Line]:
    declared = {one.organisation_id for one in standing(session, DeclarationKind.CONSORTIUM, today)}
    for row in partners(session, today):
        if row.role.code == CITY_ROLE:
            continue  # the city's own word is its declaration of intent, an item of its own
        has = row.organisation.key in declared
        yield Line(
            Section.CONSORTIUM,
            Finding.COMPLETE if has else Finding.MISSING,
            N_("its declaration is there") if has else N_("no valid declaration yet"),
            title_de=row.organisation.name,
            subject=("partner", row.partner.key),
            who=Who.CONSORTIUM,
        )
