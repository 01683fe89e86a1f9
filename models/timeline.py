"""The way into the network day by day: what happened, and what is planned, read from the nouns that know it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from models.application.declarations import Declaration, DeclarationKind
from models.application.phases import Application, Phase, phases
from models.application.state_history import state_changes
from models.application.states import ApplicationState
from models.application.submissions import STATE_AFTER, SubmissionReply, submissions
from models.base import N_, Labelled
from models.calendar_days import local_day
from models.city import the_city
from models.conferences.conferences import Conference, ConferenceStatus, DatePrecision
from models.conferences.dating import is_coming
from models.contacts.organisations import Organisation
from models.council.papers import Consultation, ConsultationMeeting, MeetingResult, Paper, Resolution


class Lane(Labelled):
    """From where a day comes."""

    COUNCIL = "council", N_("Council")
    PHASE = "phase", N_("Phases")
    DECLARATION = "declaration", N_("Declarations")
    APPLICATION = "application", N_("State and submission")
    CONFERENCE = "conference", N_("Conference")


@dataclass(frozen=True)
class Moment:
    """One day on the way. `what` is a msgid, or empty; the titles are in both languages; kind and id lead to a page."""

    day: date
    lane: Lane
    what: str
    title_de: str
    title_en: str
    kind: str
    id: int

    def title(self, language: str) -> str:
        return self.title_en if language == "en" else self.title_de


@dataclass(frozen=True)
class Letter:
    """A letter, theirs or ours, and the state that it usually brings."""

    moment: Moment
    brings: ApplicationState | None


def timeline(session: Session, application: Application, today: date) -> list[Moment]:
    """Every known day of the case, the earliest first."""
    letters = _letters(session, application)
    found = [
        *_council(session),
        *_phases(session, application),
        *_declarations(session, application),
        *(letter.moment for letter in letters),
        *_states(session, application, letters),
        *_conferences(session, today),
    ]
    return sorted(found, key=lambda row: row.day)


def without_day(session: Session, today: date) -> list[Conference]:
    """Coming conferences whose day nobody knows yet: they stand in no table of days."""
    rows = session.exec(select(Conference).order_by(col(Conference.year), col(Conference.id)))
    return [c for c in rows if is_coming(c, today) and not _has_day(c)]


def _has_day(conference: Conference) -> bool:
    return conference.date_precision is DatePrecision.DAY and conference.starts_on is not None


# What a meeting brought, where it says anything.
_SAYS_NOTHING = (MeetingResult.NONE, MeetingResult.OPEN)


def _council(session: Session) -> Iterator[Moment]:
    """One row for each body and day, whatever papers it had before it; the adopted wording where there is one."""
    adopted = {(row.paper_id, row.adopted_on): row for row in session.exec(select(Resolution))}
    stations = (
        select(ConsultationMeeting, Consultation, Paper)
        .join(Consultation, col(Consultation.id) == col(ConsultationMeeting.consultation_id))
        .join(Paper, col(Paper.id) == col(Consultation.paper_id))
        .order_by(col(ConsultationMeeting.held_on), col(Paper.reference))
    )
    together: dict[tuple[date, str], list[tuple[ConsultationMeeting, Paper]]] = {}
    for meeting, station, paper in session.exec(stations):
        together.setdefault((meeting.held_on, station.organization), []).append((meeting, paper))
    for (day, body), rows in together.items():
        title = f"{body} ({', '.join(paper.reference for _meeting, paper in rows)})"
        found = [adopted.pop((paper.key, day), None) for _meeting, paper in rows]
        resolution = next((row for row in found if row is not None), None)
        kind, key = ("resolution", resolution.key) if resolution else ("paper", rows[0][1].key)
        yield Moment(
            day, Lane.COUNCIL, _result([meeting for meeting, _paper in rows]), title, title, kind, key
        )
    for row in adopted.values():  # adopted on a day that no meeting names
        yield Moment(
            row.adopted_on, Lane.COUNCIL, "", row.title("de"), row.title("en"), "resolution", row.key
        )


def _result(meetings: list[ConsultationMeeting]) -> str:
    """What the meetings of one day say (a msgid); empty where none says anything."""
    if all(meeting.cancelled for meeting in meetings):
        return N_("cancelled")
    said = [meeting.result.label for meeting in meetings if meeting.result not in _SAYS_NOTHING]
    return said[0] if said else ""


def _phases(session: Session, application: Application) -> Iterator[Moment]:
    for phase in phases(session, application.key):
        if phase.closed_on is not None:
            yield _of_phase(phase, phase.closed_on, N_("phase closed"))
        elif phase.due_on is not None:
            yield _of_phase(phase, phase.due_on, N_("phase due"))


def _of_phase(phase: Phase, day: date, what: str) -> Moment:
    return Moment(day, Lane.PHASE, what, phase.label_de, phase.label_en, "phase", phase.key)


def _declarations(session: Session, application: Application) -> Iterator[Moment]:
    found = select(Declaration, Organisation.name).join(
        Organisation, col(Organisation.id) == col(Declaration.organisation_id)
    )
    for row, name in session.exec(found.where(Declaration.application_id == application.key)):
        what = (
            N_("wish declared") if row.kind is DeclarationKind.WISH else N_("declaration for the consortium")
        )
        yield Moment(row.declared_on, Lane.DECLARATION, what, name, name, "declaration", row.key)
        if row.withdrawn_on is not None:
            withdrawn = N_("declaration withdrawn")
            yield Moment(row.withdrawn_on, Lane.DECLARATION, withdrawn, name, name, "declaration", row.key)


def _states(session: Session, application: Application, letters: list[Letter]) -> Iterator[Moment]:
    """The states of the whole, without those that a letter of the same day has brought: the letter says it."""
    zone = the_city(session).time_zone
    said = {(letter.moment.day, letter.brings) for letter in letters}
    for change in reversed(state_changes(session, application)):
        day = change.since or local_day(change.at, zone)
        if (day, change.new) in said:
            continue
        yield Moment(
            day, Lane.APPLICATION, change.new.label, "Stand", "State", "application", application.key
        )


def _letters(session: Session, application: Application) -> list[Letter]:
    found = []
    sent = submissions(session, application.key)
    for row in sent:
        if row.sent_on is not None:
            to, what = row.recipient, N_("submission sent")
            moment = Moment(row.sent_on, Lane.APPLICATION, what, to, to, "submission", row.key)
            found.append(Letter(moment, ApplicationState.SUBMITTED))
    keys = [row.key for row in sent]
    replies = select(SubmissionReply).where(col(SubmissionReply.submission_id).in_(keys))
    for reply in session.exec(replies.order_by(col(SubmissionReply.id))):
        key, who = reply.submission_id, reply.who
        moment = Moment(reply.dated_on, Lane.APPLICATION, reply.kind.label, who, who, "submission", key)
        found.append(Letter(moment, STATE_AFTER.get(reply.kind)))
    return found


def _conferences(session: Session, today: date) -> Iterator[Moment]:
    for row in session.exec(select(Conference).where(Conference.status != ConferenceStatus.CANCELLED)):
        if row.starts_on is not None and _has_day(row) and is_coming(row, today):
            what = N_("conference begins")
            yield Moment(row.starts_on, Lane.CONFERENCE, what, row.name, row.name, "conference", row.key)
