"""The check before the submission: what is missing, what is older than agreed, who has to move."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from models.application.phases import phases, the_application
from models.application.submissions import Submission, SubmissionAttachment
from models.commitments.checklist import Commitment, CommitmentState, Timing, commitments
from models.commitments.editions import the_edition
from models.commitments.principles import PrincipleState, principles
from models.commitments.proofs import link, unlink
from models.database import Database
from models.evidence.evidence import Evidence, EvidenceKind, EvidenceRevision, FileState, add_revision
from models.officers import Officer
from models.readiness.check import readiness
from models.readiness.finding import Finding, Line, Readiness, Section
from tests.judge import JudgingClient


def prove(session, item: Commitment, now: datetime, **facts) -> EvidenceRevision:
    evidence = Evidence(name=f"Beleg {item.code}")
    session.add(evidence)
    session.flush()
    revision = EvidenceRevision(
        evidence_id=0, kind=EvidenceKind.LINK, url="https://x.example", added_at=now, **facts
    )
    add_revision(session, evidence, revision)
    link(session, item.key, evidence.key, now, None)
    return revision


def line_of(found: Readiness, item: Commitment) -> Line:
    return next(
        line
        for line in found.lines
        if line.subject == ("commitment", item.key) and line.section is Section.ITEMS
    )


def test_an_empty_case_says_what_is_missing_and_who_has_to_move(client: JudgingClient) -> None:
    page = client.get("/beitritt/pruefung").text
    assert "Punkte stehen der Einreichung noch im Weg" in page
    for words in (
        "0 von 2 Lab-Akteuren",
        "0 von 3 Partnern",
        "Die Einreichung ist noch nicht vorbereitet",
        "Fab Labs und Maker: 2",
    ):
        assert words in page, words
    table = client.get("/beitritt/pruefung.csv").data.decode("utf-8-sig")
    assert "noch nicht erfüllt" in table
    assert client.get("/beitritt/pruefung.pdf").data.startswith(b"%PDF-")


def test_an_item_is_complete_only_with_a_valid_proof_that_somebody_looked_at(
    database: Database, now: datetime, today: date
) -> None:
    with database.write(now) as session:
        item = next(one for one in commitments(session) if one.timing is Timing.BEFORE)

        def finding() -> tuple[Finding, str]:
            session.flush()
            line = line_of(readiness(session, today), item)
            return line.finding, line.what

        assert finding() == (Finding.MISSING, "not fulfilled yet")
        item.state = CommitmentState.FULFILLED
        assert finding() == (Finding.MISSING, "fulfilled, but the proof is missing")
        revision = prove(session, item, now, valid_until=today - timedelta(days=1))
        assert finding() == (Finding.OLD, "fulfilled, but the proof has expired")
        revision.valid_until = today
        assert finding() == (Finding.COMPLETE, "fulfilled with valid proof")
        revision.file_state = FileState.CHANGED
        assert finding() == (Finding.MISSING, "fulfilled, but the file of the proof is damaged")
        revision.file_state = FileState.INTACT
        revision.added_at = now - timedelta(days=200)  # nobody has ever looked at it
        assert finding() == (Finding.OLD, "proven on {day}, and never checked since")
        item.checked_on = date(2026, 5, 22)
        assert finding() == (Finding.OLD, "last checked on {day}")
        item.checked_on = date(2026, 5, 23)
        assert finding()[0] is Finding.COMPLETE
        item.state = CommitmentState.DROPPED
        assert finding() == (Finding.COMPLETE, "does not apply")


def test_when_everything_is_there_it_says_so(
    client: JudgingClient, database: Database, now: datetime, today: date, ben: Officer
) -> None:
    with database.write(now) as session:
        for item in commitments(session):
            item.state = CommitmentState.DROPPED
        for principle in principles(session):
            principle.state, principle.statement = PrincipleState.AGREED, "So halten wir es."
        for phase in phases(session):
            phase.closed_on = today
        application = the_application(session)
        application.deputy_id, application.actors_needed, application.partners_needed = ben.key, 0, 0
        for role in session.exec(select(type(_role()))):
            role.needed = 0
        submission = Submission(application_id=application.key, recipient="Netz", text_sent="Hiermit …")
        session.add(submission)
        session.flush()
        attached = prove(session, commitments(session)[0], now)
        session.add(SubmissionAttachment(submission_id=submission.key, revision_id=attached.key))
        session.flush()
        assert [line for line in readiness(session, today).lines if line.is_in_the_way] == []
        session.commit()
    assert "Alles ist da" in client.get("/beitritt/pruefung").text


def _role():
    from models.application.consortium import ConsortiumRole

    return ConsortiumRole(application_id=0, code="")


def test_an_old_list_is_to_be_compared_with_the_handbook(database: Database, now: datetime) -> None:
    with database.read(now) as session:
        later = readiness(session, date(2027, 11, 23))
        assert any(line.subject and line.subject[0] == "handbook_edition" for line in later.lines)
        assert not any(
            line.subject and line.subject[0] == "handbook_edition"
            for line in readiness(session, now.date()).lines
        )


@pytest.mark.parametrize(
    ("as_of", "is_old"), [("2024", True), ("2024-05", True), ("2025", False), ("2025-11", False)]
)
def test_a_list_whose_month_or_year_is_all_that_is_known_grows_old_too(
    database: Database, now: datetime, as_of: str, is_old: bool
) -> None:
    with database.write(now) as session:
        the_edition(session).as_of = as_of
        session.flush()
        found = [
            line
            for line in readiness(session, now.date()).lines
            if line.subject and line.subject[0] == "handbook_edition"
        ]
        assert [line.values["day"] for line in found] == ([as_of] if is_old else [])


def test_the_overview_names_evidence_that_expires_soon_and_forgets_what_proves_nothing(
    client: JudgingClient, database: Database, now: datetime, today: date
) -> None:
    with database.write(now) as session:
        item = commitments(session)[0]
        prove(session, item, now, valid_until=today + timedelta(days=30))
        session.commit()
    assert f"Nachweis gültig bis: Beleg {item.code}" in client.get("/").text
    with database.write(now) as session:
        evidence = session.exec(select(Evidence)).one()
        unlink(session, item.key, evidence.key, now, None)
        session.commit()
    assert "Nachweis gültig bis" not in client.get("/").text


def test_an_attachment_that_no_longer_counts_or_has_a_newer_revision_is_named_until_it_is_sent(
    database: Database, now: datetime
) -> None:
    with database.write(now) as session:
        evidence = Evidence(name="Absichtserklärung")
        submission = Submission(application_id=the_application(session).key, recipient="Foundation")
        session.add_all([evidence, submission])
        session.flush()
        first = EvidenceRevision(evidence_id=0, kind=EvidenceKind.NOTE, content="x", added_at=now)
        add_revision(session, evidence, first)
        session.add(SubmissionAttachment(submission_id=submission.key, revision_id=first.key))
        session.flush()

        def finding() -> Finding:
            lines = readiness(session, now.date()).of(Section.PAPERS)
            return next(line.finding for line in lines if line.label == "Attachments")

        assert finding() is Finding.COMPLETE
        second = EvidenceRevision(evidence_id=0, kind=EvidenceKind.NOTE, content="y", added_at=now)
        add_revision(session, evidence, second)
        assert finding() is Finding.OLD
        first.valid_until = now.date() - timedelta(days=1)
        session.flush()
        assert finding() is Finding.MISSING
        first.valid_until, evidence.withdrawn_on = None, now.date()
        session.flush()
        assert finding() is Finding.MISSING
        submission.sent_on = now.date()
        session.flush()
        assert finding() is Finding.COMPLETE
