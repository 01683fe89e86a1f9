"""What a notice of Art. 14 GDPR speaks of: the city, the person, and which kinds of data are really stored of her."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, select
from sqlmodel import Session, col

from models.base import N_
from models.city import City
from models.comments import Comment
from models.contacts.interactions import Interaction, InteractionKind
from models.contacts.organisations import Organisation
from models.contacts.people import Person
from models.contacts.points import ContactPoint, PointKind
from models.contacts.roles import PersonRole
from models.contacts.tags import TagLink
from models.followups import FollowUp
from models.privacy.authority import authority_of


@dataclass(frozen=True)
class NoticeFacts:
    """`kinds`: msgids of the categories of data. `missing`: columns of the city that must be entered first."""

    person: Person
    organisation: str
    city: City
    kinds: tuple[str, ...]
    day: date

    @property
    def authority(self) -> str:
        return authority_of(self.city.state, self.city.privacy_authority)

    @property
    def missing(self) -> tuple[str, ...]:
        """What the city has not entered yet and a notice must say (Art. 14(1)(a), (b) and (2)(e))."""
        said = {
            "postal_address": self.city.postal_address,
            "privacy_officer": self.city.privacy_officer,
            "privacy_authority": self.authority,
        }
        return tuple(column for column, value in said.items() if not value)


def notice_facts(session: Session, person: Person, city: City, day: date) -> NoticeFacts:
    """As they stand on this day."""
    organisation = session.get(Organisation, person.organisation_id) if person.organisation_id else None
    return NoticeFacts(
        person, organisation.name if organisation else "", city, tuple(_kinds(session, person)), day
    )


def _kinds(session: Session, person: Person) -> list[str]:
    points, talked, wrote, roles, tagged, planned = _hanging(session, person.key)
    found = {
        N_("name"): True,
        N_("academic title"): bool(person.honorific),
        N_("organisation and function, present and former"): roles
        or bool(person.organisation_id or person.function),
        N_("city or region"): person.place_id is not None,
        N_("e-mail addresses"): bool(person.email) or PointKind.EMAIL in points,
        N_("phone numbers"): bool(person.phone) or PointKind.PHONE in points,
        N_("postal addresses"): PointKind.POSTAL in points,
        N_("websites"): PointKind.WEB in points,
        N_("languages"): bool(person.language or person.other_languages),
        N_("further details of a visiting card"): bool(person.other_properties),
        N_("calls, meetings and letters, with day and content"): talked or person.last_talk_on is not None,
        N_("notes about you"): bool(person.note) or wrote,
        N_("tags by which contacts are grouped"): tagged,
        N_("when and about what we want to get in touch with you"): planned,
        N_("your objection"): person.objected_on is not None or person.do_not_contact,
        N_("from where and since when we have the data"): True,
    }
    return [kind for kind, is_stored in found.items() if is_stored]


def _hanging(session: Session, key: int) -> tuple[set[PointKind], bool, bool, bool, bool, bool]:
    """Kinds of further addresses; whether there are talks, notes, further functions, tags, plans."""
    connection = session.connection()
    kinds = select(col(ContactPoint.kind)).where(col(ContactPoint.person_id) == key).distinct()
    points = set(connection.execute(kinds).scalars())
    with_her = col(Interaction.person_id) == key
    is_note = col(Interaction.kind) == InteractionKind.NOTE
    about = (col(Comment.subject_kind) == "person", col(Comment.subject_id) == key)
    asked = select(
        exists().where(with_her, ~is_note),
        exists().where(with_her, is_note) | exists().where(*about),
        exists().where(col(PersonRole.person_id) == key),
        exists().where(col(TagLink.subject_kind) == "person", col(TagLink.subject_id) == key),
        exists().where(col(FollowUp.subject_kind) == "person", col(FollowUp.subject_id) == key),
        func.count(),
    )
    talked, wrote, roles, tagged, planned, _one = connection.execute(asked).one()
    return points, bool(talked), bool(wrote), bool(roles), bool(tagged), bool(planned)
