"""What comes again after the admission: who is named, what the network shows of us, what we report, whether we count.

The network writes down one of these periods only (its city template); the others are our own proposal, and the page
says so. Each duty is a follow-up on the application that comes again; nothing but the list below is fixed here.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from models.application.city_profile import the_profile
from models.application.phases import Application, the_application
from models.base import N_
from models.calendar_days import add_months
from models.documents.city_faults import STALE_MONTHS
from models.followups import FollowUp, FollowUpKind

FIRST_LOOK = timedelta(days=14)  # when something was never looked at: soon, but not today


@dataclass(frozen=True)
class Duty:
    """One recurring duty: every so many months, with what it asks for and where that comes from (msgids)."""

    code: str
    name_de: str
    name_en: str
    months: int
    meaning: str
    origin: str

    def title(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_de

    @property
    def names(self) -> tuple[str, str]:
        return (self.name_de, self.name_en)


CITY_DATA = Duty(
    "city-data",
    "Stadtprofil des Netzwerks prüfen",
    "Check the city's profile in the network",
    STALE_MONTHS,
    N_("What the network shows of the city is still true: description, partners, projects, news, address."),
    N_(
        "From the network: its city template of 2026 says that content older than six months looks abandoned."
    ),
)

DUTIES = (
    Duty(
        "contact",
        "Ansprechperson und Vertretung gegenüber dem Netzwerk bestätigen",
        "Confirm the contact and the deputy named to the network",
        12,
        N_(
            "Who speaks for the city in the network is still right, and so is the deputy; the network knows of changes."
        ),
        N_("Our proposal. The network's template asks for a contact, without a period."),
    ),
    CITY_DATA,
    Duty(
        "report",
        "Jährlich an Stadtrat und Netzwerk berichten",
        "Report to the council and the network once a year",
        12,
        N_("One page: what was done, what it cost, what comes next."),
        N_("Our proposal. A duty to report was not found, neither of the network nor in the resolution."),
    ),
    Duty(
        "still-active",
        "Prüfen, ob die Stadt im Netzwerk noch als aktiv geführt wird",
        "Check whether the network still lists the city as active",
        12,
        N_(
            "The network's list of members is looked at; if the city is not listed as active, the network is asked."
        ),
        N_(
            "Our proposal. In August 2025 the network listed 12 of its 54 members as inactive; by which rule is "
            "published nowhere."
        ),
    ),
)


@dataclass(frozen=True)
class DutyState:
    """A duty: the open follow-up that stands for it, when it was last done, and when it would first be due."""

    duty: Duty
    follow_up: FollowUp | None
    last_done_on: date | None
    first_on: date


def duty_by_code(code: str) -> Duty | None:
    """The duty of this code."""
    return next((duty for duty in DUTIES if duty.code == code), None)


def duty_states(session: Session, today: date) -> list[DutyState]:
    """Every duty as it stands, in one query for all of them."""
    names = [name for duty in DUTIES for name in duty.names]
    rows = session.exec(
        select(FollowUp)
        .where(
            FollowUp.subject_kind == "application",
            FollowUp.subject_id == the_application(session).key,
            col(FollowUp.what).in_(names),
        )
        .order_by(col(FollowUp.due_on), col(FollowUp.id))
    ).all()
    found = []
    for duty in DUTIES:
        own = [row for row in rows if row.what in duty.names]
        found.append(
            DutyState(
                duty,
                next((row for row in own if row.is_open), None),
                max((row.done_on for row in own if row.done_on is not None), default=None),
                _first_on(session, duty, today),
            )
        )
    return found


def open_duty(session: Session, duty: Duty, today: date) -> FollowUp | None:
    """The follow-up that stands for a duty now, if it was set up."""
    return next(state.follow_up for state in duty_states(session, today) if state.duty is duty)


def set_up(session: Session, duty: Duty, language: str, officer_id: int, today: date) -> FollowUp:
    """Set a duty up; twice it is one. It is the case lead's, else that of who asks for it."""
    known = open_duty(session, duty, today)
    if known is not None:
        return known
    case: Application = the_application(session)
    follow_up = FollowUp(
        kind=FollowUpKind.TASK,
        subject_kind="application",
        subject_id=case.key,
        what=duty.title(language),
        due_on=_first_on(session, duty, today),
        responsible_id=case.case_lead_id or officer_id,
        deputy_id=case.deputy_id,
        repeat_months=duty.months,
    )
    session.add(follow_up)
    session.flush()
    return follow_up


def _first_on(session: Session, duty: Duty, today: date) -> date:
    """A full period from today; the city's data count from when they were last found right, or are looked at soon."""
    if duty is not CITY_DATA:
        return add_months(today, duty.months)
    profile = the_profile(session)
    if profile is None or profile.confirmed_on is None:
        return today + FIRST_LOOK
    return max(add_months(profile.confirmed_on, duty.months), today + FIRST_LOOK)
