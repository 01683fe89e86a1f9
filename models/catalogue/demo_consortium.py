"""Chapters of the demonstration about the consortium, the costs and the submission: all invented, and marked so."""

from datetime import date, datetime

from sqlmodel import Session, select

from models.application.consortium import ConsortiumRole, Partner
from models.application.costs import Cost, CostKind
from models.application.phases import ConsortiumForm, the_application
from models.application.submissions import Submission
from models.catalogue.invented import LAB_ONE, LAB_TWO, NOTE_DE, UNIVERSITY, marked
from models.comments import Comment
from models.commitments.checklist import Commitment
from models.contacts.organisations import Organisation
from models.officers import Officer


def first_partners(session: Session, ids: dict[str, int], day: date) -> None:
    """Our unit, two labs and a university; nobody from the city's society yet, and the list says so."""
    application = the_application(session)
    roles = {role.code: role.key for role in session.exec(select(ConsortiumRole))}
    own = session.exec(select(Organisation).where(Organisation.slug == "referat-digitale-stadt")).first()
    ids = {**ids, "own": own.key} if own is not None else ids
    for name, role, form in (
        ("own", "city", ""),
        (LAB_ONE, "lab", "e. V."),
        (LAB_TWO, "lab", "gGmbH"),
        (UNIVERSITY, "university", "Körperschaft des öffentlichen Rechts"),
    ):
        if name not in ids:  # an officer deleted it
            continue
        session.add(
            Partner(
                application_id=application.key, organisation_id=ids[name], role_id=roles[role], legal_form=form,
                joined_on=day, note=NOTE_DE,
            )
        )  # fmt: skip
    application.consortium_form = ConsortiumForm.AGREEMENT
    session.flush()


def costs(session: Session, year: int) -> None:
    """What this year and the next are to cost."""
    application = the_application(session)
    for when, kind, what, planned, actual in (
        (year, CostKind.HOURS, "Arbeitszeit im Referat", 12_000, 7_450),
        (year, CostKind.EVENTS, "Bündnistreffen, Raum und Verpflegung", 60_000, 41_350),
        (year + 1, CostKind.TRAVEL, "Reise zur nächsten Konferenz", 280_000, None),
    ):
        session.add(
            Cost(
                application_id=application.key, year=when, kind=kind, what=marked(what), planned=planned,
                actual=actual, note=NOTE_DE,
            )
        )  # fmt: skip
    session.flush()


def draft_of_the_submission(session: Session) -> None:
    """Prepared, not sent."""
    session.add(
        Submission(
            application_id=the_application(session).key,
            recipient="Fab City Foundation",
            text_sent=f"Entwurf. {NOTE_DE}",
            note=NOTE_DE,
        )
    )
    session.flush()


def remark(session: Session, item: Commitment, by: Officer, at: datetime, what: str) -> None:
    """What a colleague says about an item."""
    session.add(
        Comment(
            subject_kind="commitment",
            subject_id=item.key,
            body=marked(what),
            written_at=at,
            officer_id=by.key,
        )
    )
    session.flush()
