"""Questions across the nouns: where do we stand, what must be done, what changed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col
from sqlmodel import select as choose

from models.application.phases import Application, Phase
from models.city import City
from models.commitments.checklist import Commitment, CommitmentState, in_force
from models.commitments.proofs import CommitmentProof
from models.conferences.conferences import Conference, ConferenceDeadline, ConferenceStatus
from models.contacts.people import Person, listed
from models.evidence.evidence import Evidence, EvidenceRevision
from models.followups import FollowUp, FollowUpKind, open_follow_ups
from models.job_runs import last_failure
from models.officers import Officer, officers
from models.reminders.mail_log import mails_without_bytes
from models.reminders.messages import MailAddress, Message, MessageKind, MessageState, Sender, the_sender
from models.reminders.noticed import is_news

STALE_AFTER = timedelta(minutes=10)
SOON = timedelta(days=60)
DEADLINES_TO_CONFIRM = 3


@dataclass(frozen=True)
class Dated:
    """Something with a day on which it is due; `kind` is its table, for the link."""

    kind: str
    id: int
    title_de: str
    title_en: str
    day: date
    responsible_id: int | None

    def title(self, language: str) -> str:
        return self.title_en if language == "en" else self.title_de


def open_dates(
    session: Session, until: date, limit: int | None = None, application_id: int | None = None
) -> list[Dated]:
    """What is open and due by this day, the earliest first: the overdue and the next dates; of each kind at most so
    many. With `application_id` nothing of the cases of other networks."""
    found = [
        *_items_due(session, until, limit),
        *_phases_due(session, until, limit, application_id),
        *_deadlines_due(session, until, limit),
        *_evidence_expiring(session, until, limit),
    ]
    for follow_up in _of_case(session, open_follow_ups(session), application_id)[:limit]:
        if follow_up.due_on <= until:
            found.append(_dated("follow_up", follow_up, follow_up.due_on, follow_up.responsible_id))
    return sorted(found, key=lambda row: (row.day, row.kind, row.id))


def _items_due(session: Session, until: date, limit: int | None) -> Iterator[Dated]:
    states = (CommitmentState.OPEN, CommitmentState.IN_PROGRESS)
    names = ("id", "label_de", "label_en", "due_on", "responsible_id")  # thousands: columns, not objects
    due = choose(*(getattr(Commitment, name) for name in names)).where(
        col(Commitment.due_on) <= until, col(Commitment.state).in_(states), in_force()
    )
    for key, german, english, day, responsible_id in session.exec(
        due.order_by(col(Commitment.due_on), col(Commitment.id)).limit(limit)
    ):
        yield Dated("commitment", key, german or english, english or german, day, responsible_id)


def _phases_due(
    session: Session, until: date, limit: int | None, application_id: int | None
) -> Iterator[Dated]:
    """A phase of another network says of which: its phases may be called as those of the first case."""
    first = choose(func.min(col(Application.id))).scalar_subquery()
    due = (
        choose(Phase, Application.network, col(Application.id) == first)
        .join(Application, col(Application.id) == col(Phase.application_id))
        .where(col(Phase.due_on) <= until, col(Phase.closed_on).is_(None))
    )
    if application_id is not None:
        due = due.where(Phase.application_id == application_id)
    for phase, network, is_first in session.exec(due.order_by(col(Phase.due_on), col(Phase.id)).limit(limit)):
        found = _dated("phase", phase, phase.due_on, phase.responsible_id)
        of_it = "" if is_first else f" ({network})"
        yield replace(found, title_de=found.title_de + of_it, title_en=found.title_en + of_it)


def _of_case(session: Session, found: list[FollowUp], application_id: int | None) -> list[FollowUp]:
    """Those that do not speak of another network's case or of its phases."""
    if application_id is None:
        return found
    cases = session.exec(choose(Application.id).where(Application.id != application_id))
    stages = session.exec(choose(Phase.id).where(Phase.application_id != application_id))
    others = {("application", key) for key in cases} | {("phase", key) for key in stages}
    return [row for row in found if (row.subject_kind, row.subject_id) not in others]


def _deadlines_due(session: Session, until: date, limit: int | None) -> Iterator[Dated]:
    deadlines = choose(ConferenceDeadline, Conference).join(
        Conference, col(Conference.id) == col(ConferenceDeadline.conference_id)
    )
    due = deadlines.where(
        ConferenceDeadline.due_on <= until,
        col(ConferenceDeadline.done_on).is_(None),
        Conference.status != ConferenceStatus.CANCELLED,
    )
    for deadline, conference in session.exec(due.order_by(col(ConferenceDeadline.due_on)).limit(limit)):
        name = f"{deadline.name} – {conference.name}"
        yield Dated("conference_deadline", deadline.key, name, name, deadline.due_on, deadline.responsible_id)


def _evidence_expiring(session: Session, until: date, limit: int | None) -> Iterator[Dated]:
    """Evidence that proves an item in force and loses its validity by this day."""
    proving = choose(CommitmentProof.evidence_id).join(
        Commitment, col(Commitment.id) == col(CommitmentProof.commitment_id)
    )
    proving = proving.where(col(CommitmentProof.unlinked_at).is_(None), in_force())
    expiring = (
        choose(Evidence, EvidenceRevision)
        .join(EvidenceRevision, col(EvidenceRevision.evidence_id) == col(Evidence.id))
        .where(
            col(EvidenceRevision.valid_until) <= until,
            col(EvidenceRevision.replaced_at).is_(None),
            col(Evidence.withdrawn_on).is_(None),
            col(Evidence.id).in_(proving),
        )
        .order_by(col(EvidenceRevision.valid_until), col(Evidence.id))
        .limit(limit)
    )
    for evidence, revision in session.exec(expiring):
        if (last_day := revision.valid_until) is not None:
            german, english = (
                f"Nachweis gültig bis: {evidence.name}",
                f"Evidence valid until: {evidence.name}",
            )
            yield Dated("evidence", evidence.key, german, english, last_day, evidence.owner_id)


def _dated(kind: str, row: Any, day: date | None, responsible_id: int | None) -> Dated:
    return Dated(kind, row.key, row.title("de"), row.title("en"), day or date.max, responsible_id)


@dataclass(frozen=True)
class FirstSteps:
    """The first five steps of a new installation; each is done when the facts say so."""

    mail_checked: bool
    colleague_invited: bool
    owner_settled: bool
    dates_confirmed: int
    contact_entered: bool

    @property
    def done(self) -> int:
        return sum(
            (
                self.mail_checked,
                self.colleague_invited,
                self.owner_settled,
                self.dates_confirmed >= DEADLINES_TO_CONFIRM,
                self.contact_entered,
            )
        )


def first_steps(session: Session, city: City) -> FirstSteps:
    """How far a new installation is."""
    settled = choose(Commitment.state).where(Commitment.code == "owner_settled", in_force())
    dates = choose(func.count()).where(col(Commitment.due_on).is_not(None), in_force())
    phase_dates = choose(func.count()).select_from(Phase).where(col(Phase.due_on).is_not(None))
    return FirstSteps(
        mail_checked=city.mail_checked_on is not None,
        colleague_invited=len(officers(session)) > 1,
        owner_settled=session.exec(settled).first() in (CommitmentState.FULFILLED, CommitmentState.DROPPED),
        dates_confirmed=session.exec(dates).one() + session.exec(phase_dates).one(),
        contact_entered=session.exec(choose(Person.id).where(listed()).limit(1)).first() is not None,
    )


@dataclass(frozen=True)
class Sending:
    """Whether the automatic sending can be relied on at this moment."""

    last_tick_at: datetime | None
    is_stale: bool
    is_starting: bool  # the installation is so young that the first run may still come
    is_paused: bool
    has_failed: bool  # the last run met a fault of the program
    server_fault: str
    failed: int  # mails that nobody has taken note of
    uncertain: int
    on_hold: int  # addresses


def sending(session: Session, now: datetime) -> Sending:
    """Read on every page: three small queries, and one more until the first run."""
    sender = session.exec(choose(Sender)).first() or Sender()
    failed, uncertain, on_hold = _troubles(session)
    stale = sender.last_tick_at is None or abs(now - sender.last_tick_at) > STALE_AFTER
    return Sending(
        sender.last_tick_at,
        stale,
        stale and sender.last_tick_at is None and _is_young(session, now),
        sender.paused_at is not None,
        last_failure(session, "send-reminders") != "",
        sender.server_fault,
        failed,
        uncertain,
        on_hold,
    )


def _troubles(session: Session) -> tuple[int, int, int]:
    """Failed mails that are news, mails whose delivery is to be checked, addresses on hold."""
    counts = (
        select(func.count()).select_from(Message).where(is_news()),
        select(func.count()).select_from(Message).where(col(Message.state) == MessageState.UNCERTAIN),
        select(func.count()).select_from(MailAddress).where(col(MailAddress.on_hold_since).is_not(None)),
    )
    row = session.connection().execute(select(*(count.scalar_subquery() for count in counts))).one()
    return int(row[0]), int(row[1]), int(row[2])


def _is_young(session: Session, now: datetime) -> bool:
    made_at = session.exec(choose(City.created_at)).first()
    return made_at is not None and now - made_at <= STALE_AFTER


def resume_sending(session: Session) -> None:
    """An officer has seen what a restored database would send, and lets the sender go on."""
    the_sender(session).paused_at = None


# What is no news to anybody: mails that let people in.
_LETTING_IN = (MessageKind.INVITATION, MessageKind.RESET)


def last_mails(session: Session, limit: int) -> list[Message]:
    """The latest mails that were handed over, without those that let people in."""
    done = (MessageState.SENT, MessageState.FILED)
    query = mails_without_bytes().where(col(Message.state).in_(done), col(Message.kind).not_in(_LETTING_IN))
    return list(session.exec(query.order_by(col(Message.id).desc()).limit(limit)))


def waiting_for(session: Session, application_id: int | None = None) -> list[FollowUp]:
    """Whom we wait for; with `application_id` nobody of whom another network's case waits."""
    return _of_case(session, open_follow_ups(session, FollowUpKind.WAITING), application_id)


def officer_names(session: Session) -> dict[int, str]:
    """Names by id, of those who left too."""
    return {officer.key: officer.name for officer in session.exec(choose(Officer))}
