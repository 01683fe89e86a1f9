"""The network's year, ready-made: what is to be done before and after every FABx, each confirmed by one click.

Nobody publishes these lead times: they are our own proposal (D), made from what the network says in public and from
how long a city council takes. The pages say so.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.application.phases import the_application
from models.base import N_
from models.calendar_days import add_months, local_day
from models.conferences.conferences import Conference, Series
from models.conferences.dating import is_coming
from models.contacts.people import Person, listed
from models.database import check_version
from models.followups import FollowUp, FollowUpKind
from models.reminders.asking import begin_anew, name_recipients
from models.reminders.planning import Planned, due_by, planned_by
from models.reminders.recipients import Surroundings
from models.reminders.rules import Anchor, Direction, HolidayPolicy, ReminderRule, SubjectKind, Unit

AHEAD = timedelta(days=2 * 365)
CHECK_MONTHS = 6  # entries of the network's own pages count as stale after six months
FIRST_CHECK = timedelta(days=14)
CHECK_CODE = "check-contacts"
CHECK_NAMES = {
    "de": "Angaben zu Ansprechpersonen und Organisationen prüfen",
    "en": "Check the data of contacts and organisations",
}


@dataclass(frozen=True)
class YearDuty:
    """One task of the year. `amount` months before the first day of a FABx, or after its last."""

    code: str
    name_de: str
    name_en: str
    amount: int
    meaning: str
    origin: str
    is_after: bool = False

    def title(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_de


DUTIES = (
    YearDuty(
        "year-submission",
        "Beitrittsunterlagen einreichen",
        "Hand in the papers for joining",
        6,
        N_("The alliance hands in what it promises, so that the city can be admitted at this conference."),
        N_(
            "From the network: cities are admitted at the yearly gathering. Until when the papers must be there is "
            "published nowhere; six months are our proposal."
        ),
    ),
    YearDuty(
        "year-travel",
        "Dienstreise genehmigen lassen",
        "Have the journey approved",
        5,
        N_("Who goes applies for the journey, and the cost is agreed before flights and rooms become dear."),
        N_("Our proposal. Your house has its own periods for journeys abroad."),
    ),
    YearDuty(
        "year-delegate",
        "Delegation benennen",
        "Name the delegates",
        3,
        N_("It is settled who speaks for the city, with a deputy, and entered as a participation."),
        N_("From the network: members take part in an official capacity. The three months are our proposal."),
    ),
    YearDuty(
        "year-declaration",
        "Absichtserklärung unterzeichnen lassen",
        "Have the declaration of intent signed",
        3,
        N_("The city's political declaration of intent is signed and can be handed over."),
        N_("From the council's resolution, which asks for a declaration. The three months are our proposal."),
    ),
    YearDuty(
        "year-press",
        "Presse vorbereiten",
        "Prepare the press",
        1,
        N_("Press release and pictures are agreed with the press office and the alliance."),
        N_("Our proposal."),
    ),
    YearDuty(
        "year-report",
        "Dem Stadtrat berichten",
        "Report to the council",
        2,
        N_("The council reads in short what came of the conference and what follows for the city."),
        N_("Our proposal. A duty to report was not found, neither of the network nor in the resolution."),
        is_after=True,
    ),
)


@dataclass(frozen=True)
class DutyState:
    """A task, its rule if it was confirmed, what would go at once, and the next reminder after that."""

    duty: YearDuty
    rule: ReminderRule | None
    at_once: tuple[Planned, ...]
    coming: Planned | None


def duty_by_code(code: str) -> YearDuty | None:
    """The task of this code."""
    return next((duty for duty in DUTIES if duty.code == code), None)


def year_states(session: Session, around: Surroundings, now: datetime) -> list[DutyState]:
    """Every task as it stands at this moment; what is not confirmed yet is judged as if it were, now."""
    until, found = local_day(now, around.zone) + AHEAD, []
    for duty in DUTIES:
        stored = _stored(session, duty)
        rule = stored if stored is not None and stored.removed_at is None else None
        judged = rule or _rule(duty, now, key=0)
        ahead = planned_by(session, judged, around, now, until)
        at_once = due_by(session, judged, around, now)
        found.append(DutyState(duty, rule, tuple(at_once), ahead[0] if ahead else None))
    return found


def confirm(session: Session, duty: YearDuty, now: datetime) -> ReminderRule:
    """Make the task a standing rule. Confirmed twice it is one; one that was removed comes back as it was made, under
    its own key, so that nobody is reminded again of what she was reminded of already."""
    rule = _stored(session, duty)
    if rule is not None and rule.removed_at is None:
        return rule
    made = _rule(duty, now)
    if rule is None:
        session.add(made)
        session.flush()
        return made
    check_version(session, rule, rule.version)
    for name, value in made.model_dump(exclude={"id", "version"}).items():
        setattr(rule, name, value)
    begin_anew(rule, now)
    name_recipients(session, rule, (), ())
    return rule


def _stored(session: Session, duty: YearDuty) -> ReminderRule | None:
    return session.exec(select(ReminderRule).where(ReminderRule.code == duty.code)).first()


def _rule(duty: YearDuty, now: datetime, key: int | None = None) -> ReminderRule:
    return ReminderRule(
        id=key,
        code=duty.code,
        name_de=duty.name_de,
        name_en=duty.name_en,
        subject_kind=SubjectKind.CONFERENCE,
        only_series=Series.FABX,
        anchor=Anchor.END if duty.is_after else Anchor.DATE,
        direction=Direction.AFTER if duty.is_after else Direction.BEFORE,
        amount=duty.amount,
        unit=Unit.MONTHS,
        holiday_policy=HolidayPolicy.PREVIOUS,
        to_responsible=True,
        to_lead=True,
        effective_from=now,
        queued_until=now,
    )


def coming_fabx(session: Session, today: date) -> list[Conference]:
    """The FABx that are still to take place, the earliest first; most have no date yet."""
    rows = session.exec(select(Conference).where(Conference.series == Series.FABX)).all()
    ahead = (row for row in rows if is_coming(row, today))
    return sorted(ahead, key=lambda row: (row.starts_on or date(row.year or 9999, 12, 31), row.key))


# The half-yearly check of contacts is no rule but a follow-up that comes again.


def contact_check(session: Session) -> FollowUp | None:
    """The open check of contacts, if it was confirmed."""
    found = select(FollowUp).where(
        FollowUp.subject_kind == "application",
        FollowUp.subject_id == the_application(session).key,
        FollowUp.repeat_months > 0,
        col(FollowUp.what).in_(CHECK_NAMES.values()),
        col(FollowUp.done_on).is_(None),
    )
    return session.exec(found.order_by(col(FollowUp.due_on), col(FollowUp.id))).first()


def stale_contacts(session: Session, today: date) -> int:
    """How many people's data were looked at more than half a year ago."""
    limit = add_months(today, -CHECK_MONTHS)
    stale = select(func.count()).select_from(Person).where(col(Person.source_on) < limit, listed())
    return session.exec(stale).one()


def first_check_on(session: Session, today: date) -> date:
    """When contacts are looked at first: soon if some are stale, else in half a year."""
    return today + FIRST_CHECK if stale_contacts(session, today) else add_months(today, CHECK_MONTHS)


def confirm_contact_check(session: Session, language: str, officer_id: int, today: date) -> FollowUp:
    """Set the check of contacts; twice it is one. It is the case lead's, else that of who asks for it."""
    known = contact_check(session)
    if known is not None:
        return known
    case = the_application(session)
    follow_up = FollowUp(
        kind=FollowUpKind.TASK,
        subject_kind="application",
        subject_id=case.key,
        what=CHECK_NAMES[language],
        due_on=first_check_on(session, today),
        responsible_id=case.case_lead_id or officer_id,
        deputy_id=case.deputy_id,
        repeat_months=CHECK_MONTHS,
    )
    session.add(follow_up)
    session.flush()
    return follow_up
