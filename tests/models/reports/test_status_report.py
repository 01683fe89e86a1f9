"""The status report: what is missing and who must move, through the states of a case; short however much there is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pypdfium2
import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from models.application.consortium import Partner, consortium_roles
from models.application.costs import Cost, CostKind
from models.application.declarations import Declaration
from models.application.phases import Phase, the_application
from models.application.states import ApplicationState
from models.application.submissions import ReplyKind, Submission, SubmissionReply
from models.commitments.checklist import Commitment, CommitmentState
from models.contacts.organisations import Organisation, OrganisationKind
from models.database import Database
from models.documents.report import Facts, Note, Paragraph, Report, Table, pdf_bytes
from models.evidence.evidence import Evidence, EvidenceKind, EvidenceRevision, add_revision
from models.followups import FollowUp, FollowUpKind
from models.officers import Officer
from models.reports.status_facts import status
from models.reports.status_gaps import gaps
from models.reports.status_report import status_report


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that run inside."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield found
    event.remove(database.engine, "before_cursor_execute", note)


def missing(session: Session, today: date) -> list[tuple[str, str, date | None]]:
    return [(gap.what, gap.who, gap.due_on) for gap in gaps(status(session, today), "de")]


def facts(report: Report) -> dict[str, str]:
    return {name: str(value) for b in report.blocks if isinstance(b, Facts) for name, value in b.rows}


def table(report: Report, first_column: str) -> Table:
    tables = [b for b in report.blocks if isinstance(b, Table)]
    return next(t for t in tables if t.columns[0].title == first_column)


def lab(session: Session, name: str) -> Organisation:
    found = Organisation(name=name, kind=OrganisationKind.LAB)
    session.add(found)
    session.flush()
    return found


def declare(session: Session, name: str, on: date, valid_until: date | None = None) -> Organisation:
    """A lab's wish; its signed page is valid until that day."""
    found, evidence = lab(session, name), Evidence(name="Erklärung")
    session.add(evidence)
    session.flush()
    revision = EvidenceRevision(
        evidence_id=evidence.key, kind=EvidenceKind.NOTE, content="x", added_at=session.info["now"],
        valid_until=valid_until,
    )  # fmt: skip
    add_revision(session, evidence, revision)
    application = the_application(session)
    declaration = Declaration(
        application_id=application.key, organisation_id=found.key, declared_on=on, evidence_id=evidence.key
    )
    session.add(declaration)
    session.flush()
    return found


@pytest.fixture
def session(database: Database, now: datetime) -> Iterator[Session]:
    with database.write(now) as found:
        found.info["now"] = now
        yield found


def test_a_new_case_waits_for_the_labs_and_for_partners(session: Session, today: date) -> None:
    phase = session.exec(select(Phase).where(Phase.code == "actors_wish")).one()
    phase.due_on = date(2027, 2, 1)
    found = missing(session, today)
    wish = "Noch 2 Lab-Akteure müssen den Beitrittswunsch erklären (0 von 2 haben es getan)."
    assert found[0] == (wish, "Fab Labs und Maker", date(2027, 2, 1))
    roles = consortium_roles(session, the_application(session).key)
    needed = [role.label_de for role in roles if role.needed]
    assert [what for what, _who, _due in found[1 : 1 + len(needed)]] == [
        f"Bündnis: Partner für die Rolle „{name}“" for name in needed
    ]
    assert {who for _what, who, _due in found[1:]} == {"Anna Amt"}  # the case lead, where nobody is named


def test_declarations_count_once_each_and_only_while_they_are_valid(session: Session, today: date) -> None:
    declare(session, "Makerspace", today)
    declare(session, "Alte Werkstatt", today - timedelta(days=400), today - timedelta(days=1))
    assert missing(session, today)[0][0].startswith("Noch ein Lab-Akteur muss")
    declare(session, "Offene Werkstatt", today)
    report = status_report(status(session, today), "de")
    [note] = [b for b in report.blocks if isinstance(b, Note)]
    assert (
        "Die Bedingung des Rates ist erfüllt: 2 Lab-Akteure wünschen den Beitritt, nötig sind 2." in note.text
    )
    day = f"({today:%d.%m.%Y})"
    assert (
        facts(report)["Lab-Akteure mit Beitrittswunsch"]
        == f"2 von 2: Makerspace {day}, Offene Werkstatt {day}"
    )


def test_partners_fill_roles_and_who_left_leaves_a_gap(session: Session, today: date) -> None:
    application = the_application(session)
    roles = [role for role in consortium_roles(session, application.key) if role.needed]
    for number, role in enumerate(roles):
        partner = Partner(
            application_id=application.key,
            organisation_id=lab(session, f"Partner {number}").key,
            role_id=role.key,
        )
        session.add(partner)
    session.flush()
    assert not any(what.startswith("Bündnis") for what, _who, _due in missing(session, today))
    partner.left_on = today
    session.flush()
    gap = [what for what, _who, _due in missing(session, today) if what.startswith("Bündnis")]
    assert gap == [f"Bündnis: Partner für die Rolle „{roles[-1].label_de}“"]


def test_every_state_names_who_has_to_move(session: Session, today: date) -> None:
    application = the_application(session)
    submission = Submission(application_id=application.key, recipient="Büro", sent_on=today)
    session.add(submission)
    session.flush()
    application.state = ApplicationState.SUBMITTED
    assert ("Antwort auf unsere Einreichung", application.network, None) in missing(session, today)
    due = today + timedelta(days=10)
    query = SubmissionReply(
        submission_id=submission.key, kind=ReplyKind.QUERY, dated_on=today, answer_due_on=due
    )
    session.add(query)
    application.state = ApplicationState.QUERY
    session.flush()
    assert ("Rückfrage des Netzwerks beantworten", "Anna Amt", due) in missing(session, today)
    for state in (ApplicationState.MEMBER, ApplicationState.DECLINED, ApplicationState.WITHDRAWN):
        application.state = state
        assert missing(session, today) == []
    report = status_report(status(session, today), "de")
    assert "Zurzeit fehlt nichts." in [b.empty for b in report.blocks if isinstance(b, Table)]
    assert facts(report)["Eingereicht am"] == f"{today:%d.%m.%Y}"


def test_worked_on_and_proven_are_two_numbers(session: Session, today: date) -> None:
    first, second = session.exec(select(Commitment).order_by(Commitment.id)).all()[:2]
    first.state, second.state = CommitmentState.FULFILLED, CommitmentState.IN_PROGRESS
    session.flush()
    found = facts(status_report(status(session, today), "de"))
    assert found["Zusagen bearbeitet"] == "2 von 23"
    assert found["Zusagen erfüllt mit gültigem Nachweis"] == "0 von 23"
    assert "Gültiger Nachweis für eine erfüllte Zusage" in [gap[0] for gap in missing(session, today)]


def test_costs_are_told_by_year_and_an_unknown_fee_is_no_nought(session: Session, today: date) -> None:
    key = the_application(session).key
    session.add_all(
        [
            Cost(
                application_id=key, year=2026, kind=CostKind.TRAVEL, what="Reise", planned=125050, actual=None
            ),
            Cost(application_id=key, year=2026, kind=CostKind.HOURS, what="Arbeit", planned=1250),
        ]
    )
    session.flush()
    report = status_report(status(session, today), "de")
    assert table(report, "Jahr").rows == (
        ("2026", "1.250,50\u00a0€", "unbekannt", "12,5\u00a0Std.", "unbekannt"),
    )
    said = [b.text for b in report.blocks if isinstance(b, Paragraph)]
    assert any(text.startswith("Beitrag unbekannt: beim Netzwerk nachfragen.") for text in said)
    session.add(Cost(application_id=key, year=2027, kind=CostKind.FEE, what="Beitrag", planned=0))
    session.flush()
    said = [b.text for b in status_report(status(session, today), "de").blocks if isinstance(b, Paragraph)]
    assert "Der Beitrag des Netzwerks ist für 2027 bekannt und in den Summen enthalten." in said


def test_sixty_of_everything_still_fit_on_three_pages(
    database: Database, session: Session, anna: Officer, now: datetime, today: date
) -> None:
    status(session, today)
    with counted(database) as before:
        status(session, today)
    long = "Rechtsschutzversicherungsgesellschaften und Straßenverkehrsordnungsangelegenheiten klären"
    subject = {"subject_kind": "application", "subject_id": 1, "due_on": today}
    for number in range(60):
        waiting = {"waiting_for": f"Amt {number} für Wirtschaftsförderungsangelegenheiten", "since_on": today}
        session.add(FollowUp(kind=FollowUpKind.WAITING, what=f"{long} {number}", **waiting, **subject))
        session.add(
            FollowUp(kind=FollowUpKind.TASK, what=f"Aufgabe {number}", responsible_id=anna.id, **subject)
        )
        declare(session, f"Werkstatt Nummer {number}", today)
    session.flush()
    with counted(database) as after:
        found = status(session, today)
    assert len(after) == len(before)
    report = status_report(found, "de")
    assert len(table(report, "Wir warten auf").rows) == 10
    assert [b.text for b in report.blocks if isinstance(b, Paragraph)].count("Und 50 weitere.") == 1
    steps = [row[1] for row in table(report, "Datum").rows]
    assert "Aufgabe 0" in steps
    assert not any(str(step).startswith(long) for step in steps)  # told with those for whom we wait
    pdf = pypdfium2.PdfDocument(pdf_bytes(report, now))
    assert len(pdf) <= 3
