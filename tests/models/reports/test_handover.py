"""The handover file: nothing that a colleague answers for is forgotten, and other programs read it."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlmodel import Session, SQLModel

from models.application.consortium import ConsortiumRole, Partner, add_role
from models.application.phases import phases, the_application
from models.city import the_city
from models.commitments.checklist import CommitmentState, commitments
from models.conferences.conferences import (
    Conference,
    ConferenceDeadline,
    ConferenceStatus,
    DatePrecision,
    Participation,
)
from models.contacts.organisations import Organisation
from models.contacts.people import Person
from models.database import Database
from models.evidence.evidence import Evidence, EvidenceKind, EvidenceRevision, add_revision
from models.followups import FollowUp, FollowUpKind
from models.officers import Officer
from models.reminders.messages import CalendarEntry
from models.reminders.rules import ReminderRule, RuleRecipient, SubjectKind
from models.reports.handover import Handover
from models.reports.handover_files import archive, calendar, cards, known_entries
from models.reports.handover_reading import read_handover
from tests.calendars.readers import icaljs, libical
from tests.models.documents.test_vcard import read_cards
from tests.models.reports.test_evidence_pack import words_of
from tests.webapp.mail_rows import statements


@pytest.fixture
def session(database: Database, now: datetime) -> Iterator[Session]:
    with database.write(now) as session:
        yield session


def read(session: Session, who: Officer | None, today: date, language: str = "de") -> Handover:
    return read_handover(session, the_city(session), who, language, session.info["now"], today)


def files_of(session: Session, handover: Handover) -> dict[str, bytes]:
    known = known_entries(session, handover)
    whole = archive(handover, known, lambda kind, key: f"https://lotse.example/{kind}/{key}")
    content = b"".join(whole.chunks())
    assert len(content) == whole.length
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        return {name: found.read(name) for name in found.namelist()}


def give_everything(session: Session, ben: Officer, anna: Officer) -> None:
    """Ben answers for one of each: what has a duty column, and what is not to be in the file."""
    now: datetime = session.info["now"]
    case = the_application(session)
    case.file_number, case.record_url = "80.12/2026", "https://akte.leipzig.example/80.12"
    mine, also, done, *_rest = commitments(session)
    mine.responsible_id, mine.due_on, mine.file_number = ben.key, date(2026, 12, 1), "80.12/3"
    also.responsible_id, also.deputy_id = anna.key, ben.key
    done.responsible_id, done.state = ben.key, CommitmentState.FULFILLED
    phases(session)[0].responsible_id, phases(session)[0].due_on = ben.key, date(2026, 11, 2)
    lab = Organisation(
        name="Werkraum; Nord", email="post@werkraum.example", website="https://werkraum.example"
    )
    conference = Conference(
        name="FAB27", year=2027, starts_on=date(2027, 7, 5), ends_on=date(2027, 7, 9), city="Oulu", country_code="FI",
        date_precision=DatePrecision.DAY, status=ConferenceStatus.ANNOUNCED, responsible_id=ben.key,
    )  # fmt: skip
    undated = Conference(name="FAB28", year=2028, responsible_id=anna.key)
    proof = Evidence(name="Satzung", owner_id=ben.key)
    lasting = Evidence(name="Foto", owner_id=ben.key)
    session.add_all([lab, conference, undated, proof, lasting])
    session.flush()
    for evidence, until in ((proof, date(2027, 1, 31)), (lasting, None)):
        link = {"kind": EvidenceKind.LINK, "url": "https://example.org/x", "valid_until": until}
        add_revision(session, evidence, EvidenceRevision(evidence_id=0, added_at=now, **link))
    uta = Person(
        given_name="Uta", family_name="Öl", organisation_id=lab.key, function="Leiterin", email="uta@lab.example",
        phone="0341 1234567",
    )  # fmt: skip
    role = add_role(
        session, case.key, ConsortiumRole(application_id=0, label_de="Lab-Seite", label_en="Lab side")
    )
    session.add_all([uta, Participation(conference_id=undated.key, officer_id=ben.key)])
    session.flush()
    session.add_all(
        [
            Partner(application_id=case.key, organisation_id=lab.key, role_id=role.key, person_id=uta.key),
            ConferenceDeadline(
                conference_id=conference.key, name="Anmeldung", due_on=date(2027, 3, 1), deputy_id=ben.key
            ),
            FollowUp(
                kind=FollowUpKind.WAITING, subject_kind="commitment", subject_id=also.key, what="Unterschrift",
                waiting_for="Frau Öl", waiting_email="uta@lab.example", since_on=date(2026, 11, 1),
                due_on=date(2026, 12, 4), responsible_id=ben.key,
            ),
        ]
    )  # fmt: skip
    for escalated in (False, True):
        rule = ReminderRule(
            name_de=f"Sonderregel {escalated}", subject_kind=SubjectKind.COMMITMENT, subject_id=mine.key,
            effective_from=now, queued_until=now, escalate_to_id=ben.key if escalated else None,
        )  # fmt: skip
        session.add(rule)
        session.flush()
        if not escalated:
            session.add(RuleRecipient(rule_id=rule.key, officer_id=ben.key))
    session.flush()


# Where a colleague can be named as answering for something. Whoever adds a column hands it over in the file as well.
HANDED_OVER = {
    "application.case_lead_id", "application.deputy_id", "phase.responsible_id", "phase.deputy_id",
    "commitment.responsible_id", "commitment.deputy_id", "conference.responsible_id", "participation.officer_id",
    "conference_deadline.responsible_id", "conference_deadline.deputy_id", "evidence.owner_id",
    "follow_up.responsible_id", "follow_up.deputy_id", "reminder_rule.escalate_to_id", "rule_recipient.officer_id",
}  # fmt: skip


def test_every_duty_column_is_known_to_the_file() -> None:
    columns = [c for table in SQLModel.metadata.sorted_tables for c in table.columns if c.info.get("duty")]
    assert {f"{column.table.name}.{column.name}" for column in columns} == HANDED_OVER


def test_all_that_a_colleague_answers_for_is_in_the_file(
    session: Session, ben: Officer, anna: Officer, today: date
) -> None:
    give_everything(session, ben, anna)
    handover = read(session, ben, today)
    first, second, *_rest = (item.title("de") for item in commitments(session))
    assert [(task.due_on, task.title, task.kind_word, task.role) for task in handover.dated] == [
        (date(2026, 11, 2), phases(session)[0].label_de, "Phase", "zuständig"),
        (date(2026, 12, 1), first, "Zusage", "zuständig"),
        (date(2026, 12, 4), "Unterschrift", "Wiedervorlage", "zuständig"),
        (date(2027, 1, 31), "Satzung", "Nachweis läuft ab", "zuständig"),
        (date(2027, 3, 1), "Anmeldung – FAB27", "Konferenzfrist", "Vertretung"),
        (date(2027, 7, 5), "FAB27", "Konferenz", "zuständig"),
    ]
    assert {(task.title, task.role) for task in handover.undated} == {
        (second, "Vertretung für Anna Amt"),
        ("FAB28", "nimmt teil"),
        ("Foto", "zuständig"),
    }
    [promise] = handover.promises
    assert (promise.what, promise.about, promise.who) == ("Unterschrift", second, "Frau Öl")
    assert {name for name, _about in handover.reminders} == {"Sonderregel False", "Sonderregel True"}
    assert [(place.title, place.file_number) for place in handover.files] == [
        ("Fab City Network", "80.12/2026"),
        (first, "80.12/3"),
    ]
    assert ("Uta Öl", ("Lab-Seite",)) in [(contact.name, contact.roles) for contact in handover.contacts]


def test_the_three_files_are_read_by_other_programs(
    session: Session, ben: Officer, anna: Officer, today: date
) -> None:
    give_everything(session, ben, anna)
    told = CalendarEntry(
        subject_kind="phase", subject_id=phases(session)[0].key, uid="schon-bekannt", sequence=3
    )
    session.add(told)
    session.flush()
    files = files_of(session, read(session, ben, today))
    assert list(files) == ["uebergabe-ben-buero.pdf", "uebergabe-ben-buero.vcf", "uebergabe-ben-buero.ics"]

    words = words_of(files["uebergabe-ben-buero.pdf"])
    for wanted in (
        "Ben Büro, ben@lotse.example",
        "Anna Amt",
        "Ein Termin ist überfällig",
        "Frau Öl",
        "+49 341 1234567",
        "80.12/3",
    ):
        assert wanted in words, wanted

    found = read_cards(files["uebergabe-ben-buero.vcf"])
    [uta] = [card for card in found if card["FN"] == "Uta Öl"]
    assert (uta["N"], uta["ORG"], uta["TITLE"]) == ("Öl;Uta;;;", "Werkraum; Nord", "Leiterin")
    assert uta["TEL;VALUE=uri"] == "tel:+49-341-1234567"
    assert uta["NOTE"] == "Lab-Seite"

    for reader in (icaljs, libical):
        [events] = reader([files["uebergabe-ben-buero.ics"]])
        by_title = {event["summary"]: event for event in events}
        assert len(by_title) == 6
        assert (by_title["FAB27"]["starts"], by_title["FAB27"]["ends"]) == ("2027-07-05", "2027-07-10")
        phase = by_title[phases(session)[0].label_de]
        assert (phase["uid"], phase["sequence"]) == ("schon-bekannt", 3)
        assert by_title["Satzung"]["uid"].startswith("evidence-")
    ics = files["uebergabe-ben-buero.ics"].decode()
    assert ics.count("METHOD:PUBLISH") == 1
    assert ics.count("DTSTART;VALUE=DATE:") == 6


def test_who_leads_the_case_hands_over_what_nobody_else_answers_for(
    session: Session, ben: Officer, anna: Officer, today: date
) -> None:
    assert read(session, ben, today).tasks == ()
    leading = read(session, anna, today)
    assert len([task for task in leading.tasks if task.kind == "commitment"]) == 23
    assert {task.role for task in leading.undated} == {"als Federführung, sonst ist niemand genannt"}


def test_the_whole_case_names_who_answers_for_what_and_who_is_away(
    session: Session, ben: Officer, anna: Officer, today: date
) -> None:
    give_everything(session, ben, anna)
    away = session.get_one(Officer, anna.key)
    away.absent_from, away.absent_until, away.stand_in_id = today, date(2026, 12, 24), ben.key
    session.flush()
    handover = read(session, None, today, "en")
    roles = {task.title: task.role for task in handover.tasks}
    assert roles["FAB27"] == "Ben Büro"
    assert "nobody yet" in roles.values()
    files = files_of(session, handover)
    assert next(iter(files)) == "handover-the-whole-case.pdf"
    words = words_of(files["handover-the-whole-case.pdf"])
    assert "Anna Amt: 23 November 2026 to 24 December 2026, deputy: Ben Büro" in words


def test_a_colleague_without_duties_gets_a_file_that_says_so(
    session: Session, ben: Officer, today: date
) -> None:
    empty = replace(read(session, ben, today), contacts=())
    files = files_of(session, empty)
    words = words_of(files["uebergabe-ben-buero.pdf"])
    assert "Es sind keine Termine eingetragen." in words
    assert "Wir warten auf niemanden." in words
    assert cards(empty) == b""
    assert b"BEGIN:VEVENT" not in calendar(empty, {}, lambda _kind, _key: "")


def test_a_handover_is_read_in_as_many_queries_however_much_there_is(
    session: Session, ben: Officer, anna: Officer, today: date
) -> None:
    def count() -> int:
        session.flush()
        session.expire_all()
        with statements(session.get_bind()) as seen:  # type: ignore[arg-type]
            known_entries(session, read(session, ben, today))
        return len(seen)

    give_everything(session, ben, anna)
    few = count()
    for item in commitments(session):
        item.responsible_id, item.file_number = ben.key, "1"
        session.add(
            FollowUp(
                kind=FollowUpKind.WAITING, subject_kind="commitment", subject_id=item.key, what="x", due_on=today,
                responsible_id=ben.key,
            )
        )  # fmt: skip
    assert count() == few
    assert few <= 30
