"""What the check says of the consortium: number of partners, roles, who has not declared."""

from collections.abc import Iterator
from datetime import date

from sqlmodel import Session, col, select

from models.application.consortium import Partner, consortium_roles
from models.application.declarations import DeclarationKind, standing
from models.application.phases import the_application
from models.base import N_
from models.commitments.checklist import Who
from models.contacts.organisations import Organisation
from models.readiness.finding import Finding, Line, Section


def consortium_lines(session: Session, today: date) -> Iterator[Line]:
    """The handbook's conditions (join page: at least three partners, one in each role), the partners' declarations."""
    application = the_application(session)
    partners = _partners(session, application.key, today)
    number = len({partner.organisation_id for partner, _name in partners})
    yield Line(
        Section.CONSORTIUM,
        Finding.COMPLETE if number >= application.partners_needed else Finding.MISSING,
        N_("{have} of {needed} partners"),
        N_("Number of partners"),
        values={"have": number, "needed": application.partners_needed},
        who=Who.CONSORTIUM,
    )
    for role in consortium_roles(session, application.key):
        have = len({p.organisation_id for p, _name in partners if p.role_id == role.key})
        if role.needed:
            yield Line(
                Section.CONSORTIUM,
                Finding.COMPLETE if have >= role.needed else Finding.MISSING,
                N_("{have} of {needed} partners"),
                title_de=role.title("de"),
                title_en=role.title("en"),
                values={"have": have, "needed": role.needed},
                who=Who.CONSORTIUM,
            )
    yield from _declarations(session, partners, today)


def _partners(session: Session, application_id: int, today: date) -> list[tuple[Partner, str]]:
    found = (
        select(Partner, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(Partner.organisation_id))
        .where(Partner.application_id == application_id)
        .order_by(col(Organisation.sort_key), col(Partner.id))
    )
    return [(p, name) for p, name in session.exec(found) if p.left_on is None or p.left_on > today]


def _declarations(session: Session, partners: list[tuple[Partner, str]], today: date) -> Iterator[Line]:
    declared = {
        one.organisation_id
        for kind in (DeclarationKind.CONSORTIUM, DeclarationKind.WISH)
        for one in standing(session, kind, today)
    }
    for partner, name in partners:
        has = partner.organisation_id in declared
        yield Line(
            Section.CONSORTIUM,
            Finding.COMPLETE if has else Finding.MISSING,
            N_("its declaration is there") if has else N_("no valid declaration yet"),
            title_de=name,
            subject=("partner", partner.key),
            who=Who.CONSORTIUM,
        )
