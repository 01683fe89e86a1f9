"""Whom a successor will speak with: partners of the consortium, labs that declared their wish, whom we follow up."""

from collections.abc import Iterable
from datetime import date

from sqlmodel import Session, col, or_, select

from models.application.consortium import partners
from models.application.declarations import Declaration
from models.contacts.organisations import Organisation
from models.contacts.people import Person, PersonState, listed
from models.followups import FollowUp
from models.language import translator
from models.reports.handover import Contact


def read_contacts(
    session: Session, language: str, today: date, follow_ups: Iterable[FollowUp]
) -> tuple[Contact, ...]:
    """The people of these organisations and those who are followed up, by name; organisations without a person stand
    for themselves. Who is a partner stands first."""
    roles, organisation_ids, person_ids = _wanted(session, language, today, follow_ups)
    at_home = col(Person.organisation_id).in_(organisation_ids)
    wanted = (
        select(Person, Organisation)
        .join(Organisation, col(Organisation.id) == col(Person.organisation_id), isouter=True)
        .where(col(Person.state) != PersonState.MERGED)
        .where(or_(col(Person.id).in_(person_ids), at_home & listed()))
        .order_by(col(Person.sort_key), col(Person.id))
    )
    people: list[tuple[Person, Organisation | None]] = list(session.exec(wanted))
    found = [_person(person, home, roles.get(home.key if home else 0, [])) for person, home in people]
    peopled = {person.organisation_id for person, _home in people}
    alone = select(Organisation).where(col(Organisation.id).in_(organisation_ids - peopled))
    for row in session.exec(alone.order_by(col(Organisation.sort_key), col(Organisation.id))):
        found.append(_organisation(row, roles.get(row.key, [])))
    return tuple(sorted(found, key=lambda contact: not contact.roles))


def _wanted(
    session: Session, language: str, today: date, follow_ups: Iterable[FollowUp]
) -> tuple[dict[int, list[str]], set[int], set[int]]:
    """Roles by organisation, the organisations, the people."""
    roles: dict[int, list[str]] = {}
    people: set[int] = set()
    for row in partners(session, today):
        roles.setdefault(row.organisation.key, []).append(row.role.title(language))
        if row.person is not None:
            people.add(row.person.key)
    _ = translator(language)
    word = _("Lab with a declared wish to join")
    declared = select(Declaration.organisation_id).where(col(Declaration.withdrawn_on).is_(None))
    organisations = set(roles)
    for organisation_id in session.exec(declared.distinct()):
        organisations.add(organisation_id)
        roles.setdefault(organisation_id, []).append(word)
    for follow_up in follow_ups:
        if follow_up.subject_kind == "person":
            people.add(follow_up.subject_id)
        elif follow_up.subject_kind == "organisation":
            organisations.add(follow_up.subject_id)
    return roles, organisations, people


def _person(row: Person, home: Organisation | None, roles: list[str]) -> Contact:
    return Contact(
        uid=f"person-{row.key}",
        name=row.title("de") or row.email,
        given_name=row.given_name,
        family_name=row.family_name,
        organisation=home.name if home else "",
        function=row.function,
        email=row.email,
        phone=row.phone,
        website=home.website if home else "",
        language=row.language,
        roles=tuple(roles),
    )


def _organisation(row: Organisation, roles: list[str]) -> Contact:
    return Contact(
        uid=f"organisation-{row.key}",
        name=row.name,
        given_name="",
        family_name="",
        organisation=row.name,
        function="",
        email=row.email,
        phone="",
        website=row.website,
        language="",
        roles=tuple(roles),
        is_organisation=True,
    )
