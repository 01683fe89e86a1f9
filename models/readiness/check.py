"""The pre-submission check: reads what other rooms hold, and asks of everything the same three questions."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import takewhile

from sqlmodel import Session, col, select

from models.application.declarations import CONDITION_CODE, actors_condition
from models.application.phases import Application, Phase, phases, the_application
from models.application.submissions import Submission, attachments
from models.base import N_
from models.calendar_days import add_months
from models.commitments.checklist import Commitment, CommitmentState, Timing, Who, item_of_code
from models.commitments.editions import HandbookEdition, the_edition
from models.commitments.principles import PrincipleState, principles
from models.commitments.proofs import proof_states, proven_unchecked
from models.evidence.evidence import EvidenceState
from models.readiness.consortium import consortium_lines
from models.readiness.finding import Finding, Line, Readiness, Section, in_order

# Our own agreement; the network names no such period for the time before joining.
CHECKED_MONTHS = 6
EDITION_MONTHS = 12
# Only what lies before the first of these phases belongs before the submission.
AFTERWARDS = frozenset({"submitted", "query", "accepted", "announced", "active"})


def readiness(session: Session, today: date) -> Readiness:
    """The check as of today. The number of queries does not grow with the number of items."""
    application, edition = the_application(session), the_edition(session)
    in_order_of_time = phases(session)
    before = list(takewhile(lambda phase: phase.code not in AFTERWARDS, in_order_of_time))
    lines = [
        *_mandate(session, today),
        *consortium_lines(session, today),
        *_phases(before),
        *_edition(edition, today),
        *_items(session, edition, {phase.key for phase in in_order_of_time[len(before) :]}, today),
        *_principles(session),
        *_people(application),
        *_papers(session, application, today),
    ]
    return in_order(lines)


def _mandate(session: Session, today: date) -> Iterator[Line]:
    condition = actors_condition(session, today)
    finding = Finding.COMPLETE if condition.is_met else Finding.MISSING
    item = item_of_code(session, CONDITION_CODE)
    yield Line(
        Section.MANDATE,
        finding,
        N_("{have} of {needed} lab actors have declared their wish to join."),
        N_("Wish of the lab actors to join"),
        values={"have": condition.have, "needed": condition.needed},
        subject=("commitment", item.key) if item else None,
        who=Who.LABS,
    )


def _phases(before: list[Phase]) -> Iterator[Line]:
    for phase in before:
        closed = phase.closed_on is not None
        yield Line(
            Section.PHASES,
            Finding.COMPLETE if closed else Finding.MISSING,
            N_("closed on {day}") if closed else N_("not closed yet"),
            title_de=phase.title("de"),
            title_en=phase.title("en"),
            values={"day": phase.closed_on} if closed else {},
            subject=("phase", phase.key),
            officer_id=phase.responsible_id,
        )


def _edition(edition: HandbookEdition, today: date) -> Iterator[Line]:
    day = _as_day(edition.as_of)
    if day is None or add_months(day, EDITION_MONTHS) >= today:
        return
    yield Line(
        Section.ITEMS,
        Finding.OLD,
        N_("The list is of {day}: please look whether the network's handbook has changed since."),
        title_de=edition.name,
        values={"day": day if len(edition.as_of) == len("2026-11-22") else edition.as_of},
        subject=("handbook_edition", edition.key),
    )


def _as_day(as_of: str) -> date | None:
    """The last day that "2026-11-22", "2026-11" or "2026" can mean; None for anything else."""
    try:
        if len(as_of) == len("2026"):
            return date(int(as_of), 12, 31)
        if len(as_of) == len("2026-11"):
            return add_months(date.fromisoformat(f"{as_of}-01"), 1) - timedelta(days=1)
        return date.fromisoformat(as_of)
    except ValueError:
        return None


# One proof's state -> what the check says of a fulfilled item.
_PROOF = {
    EvidenceState.MISSING: (Finding.MISSING, N_("fulfilled, but the proof is missing")),
    EvidenceState.EXPIRED: (Finding.OLD, N_("fulfilled, but the proof has expired")),
    EvidenceState.DAMAGED: (Finding.MISSING, N_("fulfilled, but the file of the proof is damaged")),
    EvidenceState.PRESENT: (Finding.COMPLETE, N_("fulfilled with valid proof")),
}


def _items(session: Session, edition: HandbookEdition, later: set[int], today: date) -> Iterator[Line]:
    """Items before joining; those of `later` phases (the submission itself, the summit) cannot be there yet."""
    proofs, unchecked = proof_states(session, today), proven_unchecked(session)
    # Thousands of items are read as plain columns, not as objects.
    names = ("phase_id", "id", "label_de", "label_en", "state", "who", "responsible_id", "checked_on")
    wanted = select(*(getattr(Commitment, name) for name in names)).where(
        Commitment.edition_id == edition.key,
        Commitment.timing == Timing.BEFORE,
    )
    wanted = wanted.order_by(col(Commitment.position), col(Commitment.id))
    looked_at = add_months(today, -CHECKED_MONTHS)
    for phase_id, key, german, english, state, who, responsible_id, checked_on in session.exec(wanted):
        if phase_id in later:
            continue
        proven_on = unchecked[key].date() if key in unchecked else None
        finding, what, values = _judge(
            CommitmentState(state), proofs.get(key, EvidenceState.MISSING), checked_on, proven_on, looked_at
        )
        yield Line(
            Section.ITEMS, finding, what, title_de=german, title_en=english, values=values,
            subject=("commitment", int(key)), officer_id=responsible_id, who=Who(who),
        )  # fmt: skip


def _judge(
    state: CommitmentState,
    proof: EvidenceState,
    checked_on: date | None,
    proven_on: date | None,
    looked_at: date,
) -> tuple[Finding, str, dict[str, object]]:
    """What is said of an item. `looked_at`: who found it right before this day should look again; where nobody ever
    did, the day counts on which it was proven."""
    if state is CommitmentState.DROPPED:
        return Finding.COMPLETE, N_("does not apply"), {}
    if state is not CommitmentState.FULFILLED:
        return Finding.MISSING, N_("not fulfilled yet"), {}
    finding, what = _PROOF[proof]
    if finding is Finding.COMPLETE and checked_on is not None and checked_on < looked_at:
        return Finding.OLD, N_("last checked on {day}"), {"day": checked_on}
    if finding is Finding.COMPLETE and proven_on is not None and proven_on < looked_at:
        return Finding.OLD, N_("proven on {day}, and never checked since"), {"day": proven_on}
    return finding, what, {}


def _principles(session: Session) -> Iterator[Line]:
    for principle in principles(session):
        agreed = principle.state is PrincipleState.AGREED and bool(principle.statement)
        yield Line(
            Section.PRINCIPLES,
            Finding.COMPLETE if agreed else Finding.MISSING,
            N_("the city's statement is agreed") if agreed else N_("no agreed statement of the city yet"),
            title_de=f"{principle.number}. {principle.title('de')}",
            title_en=f"{principle.number}. {principle.title('en')}",
            subject=("principle", principle.key),
            who=Who.CONSORTIUM,
        )


def _people(application: Application) -> Iterator[Line]:
    for label, officer_id in (
        (N_("Case lead"), application.case_lead_id),
        (N_("Deputy"), application.deputy_id),
    ):
        yield Line(
            Section.PEOPLE,
            Finding.MISSING if officer_id is None else Finding.COMPLETE,
            N_("nobody is named") if officer_id is None else N_("is named"),
            label,
            subject=("application", application.key),
        )


def _papers(session: Session, application: Application, today: date) -> Iterator[Line]:
    """The latest submission: being prepared, or sent."""
    found = select(Submission).where(Submission.application_id == application.key)
    submission = session.exec(found.order_by(col(Submission.id).desc())).first()
    if submission is None:
        said = N_("The submission is not prepared yet: recipient, text and attachments are missing.")
        yield Line(Section.PAPERS, Finding.MISSING, said, N_("Submission"))
        return
    subject = ("submission", submission.key)
    for there, label, missing in (
        (submission.recipient, N_("Recipient"), N_("It is not said to whom it is sent.")),
        (submission.text_sent, N_("Text of the submission"), N_("There is no text yet.")),
    ):
        finding, what = (Finding.COMPLETE, N_("is there")) if there else (Finding.MISSING, missing)
        yield Line(Section.PAPERS, finding, what, label, subject=subject)
    finding, what = _attached(session, submission, today)
    yield Line(Section.PAPERS, finding, what, N_("Attachments"), subject=subject)


def _attached(session: Session, submission: Submission, today: date) -> tuple[Finding, str]:
    """What is said of the attachments; of a submission that was sent they stay as they were."""
    rows = attachments(session, submission.key)
    if not rows:
        return Finding.MISSING, N_("Nothing is attached.")
    if submission.sent_on is None:
        if any(evidence.withdrawn_on or not revision.is_valid(today) for evidence, revision in rows):
            return Finding.MISSING, N_("An attachment has expired, was withdrawn, or its file is damaged.")
        if any(revision.replaced_at for _evidence, revision in rows):
            return Finding.OLD, N_("There is a newer revision of an attachment.")
    return Finding.COMPLETE, N_("is there")
