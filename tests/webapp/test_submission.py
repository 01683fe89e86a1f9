"""A submission: prepared, sent by hand, answered by the network; each letter can turn the state of the whole."""

import io
from datetime import date, datetime

import pytest
from sqlmodel import select

from models.application.phases import Application
from models.application.submissions import Submission, SubmissionAttachment, SubmissionReply
from models.database import Database
from models.evidence.evidence import Evidence, EvidenceKind, EvidenceRevision, add_revision
from models.followups import FollowUp, FollowUpKind
from models.reminders.messages import Message
from tests.judge import JudgingClient

PREPARED = {
    "recipient": "Fab City Foundation", "recipient_address": "info@fab.city", "channel": "mail",
    "text_sent": "Dear Sir or Madam,\nwe want to join.",
}  # fmt: skip


def _evidence(database: Database, now: datetime, name: str) -> int:
    with database.write(now) as session:
        evidence = Evidence(name=name)
        session.add(evidence)
        session.flush()
        revision = EvidenceRevision(
            evidence_id=evidence.key, kind=EvidenceKind.LINK, url="https://x.example", added_at=now
        )
        key = add_revision(session, evidence, revision).key
        session.commit()
    return key


def _prepare(client: JudgingClient, **typed: str) -> str:
    answer = client.post("/beitritt/einreichung/neu", data=PREPARED | typed)
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def _sent(client: JudgingClient) -> str:
    page = _prepare(client)
    typed = {"sent_on": "20.11.2026", "with_state": "y", "version": "1"}
    assert client.post(f"{page}/gesendet", data=typed).status_code == 303
    return page


def _letter(client: JudgingClient, page: str, **typed: object) -> object:
    return client.post(f"{page}/schreiben/neu", data={"dated_on": "21.11.2026", "who": "Foundation", **typed})


def _case(database: Database, now: datetime) -> tuple[str, date | None]:
    with database.read(now) as session:
        case = session.get_one(Application, 1)
        return case.state.value, case.state_since


def _tasks(database: Database, now: datetime) -> list[tuple[date, bool]]:
    with database.read(now) as session:
        found = session.exec(select(FollowUp).where(FollowUp.kind == FollowUpKind.TASK)).all()
        return [(task.due_on, task.is_open) for task in found]


def test_the_form_begins_with_the_secretariat_and_a_text_in_the_wanted_language(
    client: JudgingClient,
) -> None:
    page = client.get("/beitritt/einreichung/neu").text
    assert 'value="info@fab.city"' in page
    assert "a local consortium of Leipzig wishes to join Fab City Network" in page
    assert "ein Bündnis aus Leipzig möchte" in client.get("/beitritt/einreichung/neu?sprache=de").text


def test_from_prepared_to_accepted_each_letter_turns_the_state_with_itself_as_the_reason(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    revision = _evidence(database, now, "Absichtserklärung")
    page = _prepare(client, attachments=str(revision))
    shown = client.get(page).text
    assert "mailto:info@fab.city?subject=Joining%20of%20Leipzig" in shown
    assert "Absichtserklärung" in shown
    assert _case(database, now)[0] == "preparing"
    typed = {"sent_on": "20.11.2026", "with_state": "y", "version": "1"}
    assert client.post(f"{page}/gesendet", data=typed).status_code == 303
    assert _case(database, now) == ("submitted", date(2026, 11, 20))
    with database.read(now) as session:
        assert session.exec(select(Message)).all() == []  # the program itself sends nothing

    query = {
        "kind": "query",
        "body": "Wer ist der dritte Partner?",
        "answer_due_on": "4.12.2026",
        "state": "query",
    }
    assert _letter(client, page, **query).status_code == 303  # type: ignore[attr-defined]
    assert _case(database, now) == ("query", date(2026, 11, 21))
    assert _tasks(database, now) == [(date(2026, 12, 4), True)]
    assert "Rückfrage des Netzwerks beantworten" in client.get("/").text
    turn = client.get("/beitritt").text
    assert turn.index("Rückfrage des Netzwerks beantworten") < turn.index("Lab-Akteure müssen")

    answer = {"kind": "answer", "dated_on": "22.11.2026", "state": "submitted"}
    _letter(client, page, **answer)
    assert _tasks(database, now) == [(date(2026, 12, 4), False)]
    _letter(client, page, kind="accepted", dated_on="23.11.2026", state="accepted")
    assert _case(database, now) == ("accepted", date(2026, 11, 23))
    history = client.get("/beitritt/stand").text
    for reason in (
        "Einreichung gesendet an Fab City Foundation",
        "Rückfrage des Netzwerks, 21.11.2026, Foundation",
    ):
        assert reason in history
    timeline = client.get("/beitritt/zeitachse").text
    for said in (
        "Fab City Foundation: Einreichung gesendet",
        "Foundation: Rückfrage des Netzwerks",
        "Foundation: Zusage",
    ):
        assert said in timeline
    item = next(
        client.get(f"/zusagen/{key}").text
        for key in range(1, 30)
        if "Beitrittserklärung eingereicht</h1>" in client.get(f"/zusagen/{key}").text
    )
    assert page in item


def test_what_was_sent_stays_as_it_was_until_it_was_not_sent_after_all(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    page = _sent(client)
    typed = {"text_sent": "etwas anderes", "recipient": "jemand", "note": "Kopie an Amt 80", "version": "2"}
    assert client.post(f"{page}/bearbeiten", data=typed).status_code == 303
    shown = client.get(page).text
    assert "we want to join" in shown
    assert "Kopie an Amt 80" in shown
    undo = f"{page}/nicht-gesendet"
    assert client.post(undo, data={"version": "3"}).status_code == 422
    assert client.post(undo, data={"reason": "Nur der Entwurf", "version": "3"}).status_code == 303
    with database.read(now) as session:
        assert session.exec(select(Submission)).one().sent_on is None
    assert "Nur der Entwurf" in client.get(f"{page}/verlauf").text


def test_an_attachment_stays_the_revision_that_was_chosen(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    chosen = _evidence(database, now, "Absichtserklärung")
    page = _prepare(client, attachments=str(chosen))
    with database.write(now) as session:
        evidence = session.exec(select(Evidence)).one()
        newer = EvidenceRevision(
            evidence_id=evidence.key, kind=EvidenceKind.NOTE, content="neu", added_at=now
        )
        later = add_revision(session, evidence, newer).key
        session.commit()
    form = client.get(f"{page}/bearbeiten").text
    assert "Absichtserklärung (Fassung 1)" in form
    typed = PREPARED | {"attachments": str(chosen), "version": "1"}
    assert client.post(f"{page}/bearbeiten", data=typed).status_code == 303
    assert "durch eine neuere Fassung ersetzt" in client.get(page).text
    typed = PREPARED | {"attachments": str(later), "version": "2"}
    client.post(f"{page}/bearbeiten", data=typed)
    with database.read(now) as session:
        assert session.exec(select(SubmissionAttachment.revision_id)).all() == [later]
    refused = client.post(f"{page}/bearbeiten", data=PREPARED | {"attachments": "999", "version": "3"})
    assert refused.status_code == 422
    assert "ist nicht mehr da" in refused.text


@pytest.mark.parametrize(
    "typed",
    [
        {"kind": "receipt", "dated_on": "24.11.2026"},  # tomorrow
        {"kind": "receipt", "dated_on": ""},
        {"kind": "receipt", "answer_due_on": "4.12.2026"},  # only a query waits
        {"kind": "query", "answer_due_on": "20.11.2026"},  # before the letter
        {"kind": "gibt es nicht"},
    ],
)
def test_a_letter_with_a_fault_is_not_entered_and_nothing_is_lost(
    client: JudgingClient, database: Database, now: datetime, typed: dict[str, str]
) -> None:
    page = _sent(client)
    refused = _letter(client, page, body="bleibt stehen", state="query", **typed)
    assert refused.status_code == 422  # type: ignore[attr-defined]
    assert "bleibt stehen" in refused.text  # type: ignore[attr-defined]
    with database.read(now) as session:
        assert session.exec(select(SubmissionReply)).all() == []
    assert _case(database, now)[0] == "submitted"
    assert _tasks(database, now) == []


def test_the_letter_as_a_file_becomes_evidence_and_a_wrong_file_loses_nothing(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    page = _sent(client)
    wrong = {"kind": "receipt", "body": "Eingang", "file": (io.BytesIO(b"MZ program"), "brief.pdf")}
    assert _letter(client, page, **wrong).status_code == 422  # type: ignore[attr-defined]
    right = {"kind": "receipt", "body": "Eingang", "file": (io.BytesIO(b"%PDF-1.7 ..."), "../../brief.pdf")}
    assert _letter(client, page, **right).status_code == 303  # type: ignore[attr-defined]
    with database.read(now) as session:
        reply = session.exec(select(SubmissionReply)).one()
        revision = session.exec(select(EvidenceRevision)).one()
        assert (reply.evidence_id, revision.file_name) == (revision.evidence_id, "brief.pdf")
    assert (
        "Eingangsbestätigung, 21.11.2026" in client.get(f"/beitritt/einreichung/schreiben/{reply.key}").text
    )


def test_the_to_do_follows_the_day_that_the_query_names_and_goes_with_the_letter(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    page = _sent(client)
    _letter(client, page, kind="query", answer_due_on="4.12.2026")
    with database.read(now) as session:
        letter = f"/beitritt/einreichung/schreiben/{session.exec(select(SubmissionReply)).one().key}"
    typed = {"kind": "query", "dated_on": "21.11.2026", "who": "Foundation"}
    client.post(f"{letter}/bearbeiten", data=typed | {"answer_due_on": "18.12.2026", "version": "1"})
    assert _tasks(database, now) == [(date(2026, 12, 18), True)]
    assert client.post(f"{letter}/loeschen").status_code == 303
    assert _tasks(database, now) == [(date(2026, 12, 18), False)]


def test_after_a_refusal_there_can_be_another_submission(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    page = _sent(client)
    _letter(client, page, kind="declined", state="declined")
    assert _case(database, now)[0] == "declined"
    second = _sent(client)
    assert second != page
    assert _case(database, now)[0] == "submitted"
    index = client.get("/beitritt/einreichung").text
    assert index.count("Einreichung vom 20.11.2026") == 2


def test_who_saves_second_is_told_of_attachments_that_a_colleague_ticked(
    client: JudgingClient, bens_client: JudgingClient, database: Database, now: datetime
) -> None:
    page, scan = _prepare(client), _evidence(database, now, "Scan")
    ticked = PREPARED | {"attachments": str(scan), "version": "1"}
    assert bens_client.post(f"{page}/bearbeiten", data=ticked).status_code == 303
    stale = client.post(f"{page}/bearbeiten", data=PREPARED | {"version": "1"})
    assert stale.status_code == 409
    assert '<td data-label="Jetzt gespeichert">Scan' in stale.text
    assert "Scan" in client.get(page).text
    assert client.post(f"{page}/bearbeiten", data=PREPARED | {"version": "2"}).status_code == 303
    assert "Scan" not in client.get(page).text


def test_correcting_a_word_of_a_letter_opens_no_answered_query_and_answers_no_open_one(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    page = _sent(client)
    query = {"kind": "query", "body": "Wer ist Partner?", "answer_due_on": "4.12.2026"}
    answer = {"kind": "answer", "body": "Drei Partner."}
    assert _letter(client, page, **query).status_code == 303  # type: ignore[attr-defined]
    assert _letter(client, page, **answer).status_code == 303  # type: ignore[attr-defined]
    assert _tasks(database, now) == [(date(2026, 12, 4), False)]
    head = {"dated_on": "21.11.2026", "who": "Foundation", "version": "1"}
    letter = "/beitritt/einreichung/schreiben/{}/bearbeiten"
    assert client.post(letter.format(1), data=query | head | {"body": "Wer sind Partner?"}).status_code == 303
    assert _tasks(database, now) == [(date(2026, 12, 4), False)]
    _letter(client, page, **query | {"answer_due_on": "11.12.2026"})
    assert client.post(letter.format(2), data=answer | head | {"body": "Vier Partner."}).status_code == 303
    assert _tasks(database, now) == [(date(2026, 12, 4), False), (date(2026, 12, 11), True)]
