"""Which evidence is reminded of before it expires: what proves something that is asked for today."""

from datetime import date, datetime, timedelta

from sqlmodel import Session

from models.application.declarations import Declaration
from models.application.phases import the_application
from models.commitments.checklist import commitments
from models.commitments.editions import EditionState, the_edition
from models.commitments.proofs import link, unlink
from models.contacts.organisations import Organisation
from models.database import Database
from models.evidence.evidence import Evidence, EvidenceKind, EvidenceRevision, add_revision
from models.reminders.rules import SubjectKind
from models.reminders.subjects import load_subject, open_subjects


def reminded_of(session: Session, key: int, today: date) -> bool:
    """As the sender sees it, both when it looks for what is due and when it looks once more before sending."""
    session.flush()
    due = {s.id for s in open_subjects(session, SubjectKind.EVIDENCE, today, today + timedelta(days=90))}
    subject = load_subject(session, SubjectKind.EVIDENCE, key)
    assert subject is not None
    assert (key in due) == subject.is_open
    return subject.is_open


def test_a_proof_of_a_superseded_edition_alone_is_no_duty(
    database: Database, now: datetime, today: date
) -> None:
    with database.write(now) as session:
        item, other = commitments(session)[:2]
        evidence = Evidence(name="Brief")
        session.add(evidence)
        session.flush()
        revision = EvidenceRevision(evidence_id=0, kind=EvidenceKind.NOTE, content="x", added_at=now)
        revision.valid_until = today + timedelta(days=30)
        add_revision(session, evidence, revision)
        assert reminded_of(
            session, evidence.key, today
        )  # it proves nothing yet; its owner knows what it is for
        link(session, item.key, evidence.key, now, None)
        link(session, other.key, evidence.key, now, None)
        unlink(session, other.key, evidence.key, now, None)
        assert reminded_of(session, evidence.key, today)
        the_edition(session).state = EditionState.SUPERSEDED
        assert not reminded_of(session, evidence.key, today)
        lab = Organisation(name="Lab")
        session.add(lab)
        session.flush()
        declaration = Declaration(
            application_id=the_application(session).key, organisation_id=lab.key, declared_on=today,
            evidence_id=evidence.key,
        )  # fmt: skip
        session.add(declaration)
        assert reminded_of(session, evidence.key, today)  # the declaration stands, whatever the list says
        declaration.withdrawn_on = today
        assert not reminded_of(session, evidence.key, today)
