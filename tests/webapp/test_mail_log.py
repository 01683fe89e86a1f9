"""The mail log: filters, search, pages, what did not go out; at a constant number of queries and without any bytes."""

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert
from sqlmodel import Session

from models.audit import Action, AuditEntry
from models.commitments.checklist import Commitment
from models.database import Database
from models.officers import Officer
from models.reminders import mail_log, untold
from models.reminders.messages import (
    MailAddress,
    Message,
    MessageKind,
    MessageState,
    Occasion,
    Reason,
    ReminderState,
)
from tests.judge import JudgingClient
from tests.webapp.mail_rows import add_mail, add_reminder, statements
from webapp.messages.words import ADVICE, BADGES, MAIL_STATES, REMINDER_STATES

Change = Callable[[Callable[[Session], Any]], Any]


@pytest.fixture
def change(database: Database, now: datetime) -> Change:
    def do(work: Callable[[Session], Any]) -> Any:
        with database.write(now) as session:
            answer = work(session)
            session.commit()
        return answer

    return do


def mail_keys(page: str) -> list[int]:
    """The mails of a list, in its order."""
    return [
        int(key)
        for key in re.findall(r'<th scope="row"><a class="kern-link" href="/nachrichten/(\d+)"', page)
    ]


def older(page: str) -> str | None:
    found = re.search(r'rel="next" href="([^"]+)"', page)
    return found[1].replace("&amp;", "&") if found else None


# Filters and search


def test_every_filter_narrows_the_list_and_all_of_them_together(
    client: JudgingClient, change: Change, anna: Officer, ben: Officer, now: datetime
) -> None:
    def work(session: Session) -> list[int]:
        mails = [
            add_mail(session, anna, now),
            add_mail(session, ben, now, state=MessageState.FAILED, reason=Reason.REFUSED),
            add_mail(session, ben, now - timedelta(days=3), kind=MessageKind.DIGEST),
        ]
        return [mail.key for mail in mails]

    first, failed, digest = change(work)
    assert mail_keys(client.get("/nachrichten").text) == [digest, failed, first]
    assert mail_keys(client.get("/nachrichten?zustand=failed").text) == [failed]
    assert mail_keys(client.get("/nachrichten?art=digest").text) == [digest]
    assert mail_keys(client.get(f"/nachrichten?an={ben.id}").text) == [digest, failed]
    assert mail_keys(client.get("/nachrichten?von=21.11.2026").text) == [failed, first]
    assert mail_keys(client.get("/nachrichten?bis=22.11.2026").text) == [digest]
    assert mail_keys(
        client.get(f"/nachrichten?an={ben.id}&zustand=failed&von=23.11.2026&bis=2026-11-23").text
    ) == [failed]
    for nonsense in (
        "zustand=x",
        "art=x",
        "an=x",
        "an=999999",
        "zu=x",
        "zu=--1",
        "zu=conference-99999999999",
        "vor=x",
    ):
        assert client.get(f"/nachrichten?{nonsense}").status_code == 200


def test_a_period_counts_the_days_of_the_city(
    client: JudgingClient, change: Change, anna: Officer, now: datetime
) -> None:
    midnight = now.replace(day=21, hour=23, minute=0)  # 22.11., 00:00 in Leipzig

    def work(session: Session) -> list[int]:
        return [add_mail(session, anna, at).key for at in (midnight - timedelta(seconds=1), midnight)]

    before, after = change(work)
    assert mail_keys(client.get("/nachrichten?von=22.11.2026").text) == [after]
    assert mail_keys(client.get("/nachrichten?bis=21.11.2026").text) == [before]


def test_what_is_no_date_is_said_and_filters_nothing(
    client: JudgingClient, change: Change, anna: Officer, now: datetime
) -> None:
    key = change(lambda session: add_mail(session, anna, now).key)
    page = client.get("/nachrichten?von=gestern").text
    assert mail_keys(page) == [key]
    assert "Das ist kein Datum" in page
    assert 'value="gestern"' in page


@pytest.mark.parametrize("typed", ["Müller", "mueller", "MULLER", "müller zusage"])
def test_search_folds_letters_on_both_databases(
    client: JudgingClient, change: Change, anna: Officer, ben: Officer, now: datetime, typed: str
) -> None:
    def work(session: Session) -> int:
        add_mail(session, ben, now)
        return add_mail(session, anna, now, to_name="Öznur MÜLLER", subject="Zusage: Ökologie").key

    key = change(work)
    assert mail_keys(client.get("/nachrichten", query_string={"suche": typed}).text) == [key]


# Pages


@pytest.mark.parametrize("query", ["", "suche=probe"])
def test_older_mails_follow_page_by_page_each_once(
    client: JudgingClient, change: Change, anna: Officer, now: datetime, query: str
) -> None:
    def work(session: Session) -> list[int]:
        return [add_mail(session, anna, now).key for _ in range(120)]

    keys = change(work)
    seen: list[int] = []
    address: str | None = f"/nachrichten?{query}"
    while address:
        page = client.get(address).text
        seen += mail_keys(page)
        address = older(page)
    assert seen == sorted(keys, reverse=True)
    assert len(mail_keys(client.get(f"/nachrichten?ansicht=druck&{query}").text)) == 120


def test_among_ten_thousand_mails_the_oldest_is_found(
    client: JudgingClient, change: Change, anna: Officer, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(session: Session) -> int:
        first = add_mail(session, anna, now, subject="Die allererste")
        row = {
            "kind": MessageKind.REMINDER, "officer_id": anna.id, "to_name": anna.name, "to_address": anna.email,
            "language": "de", "subject": "Erinnerung: Größe", "body": b"x" * 200, "state": MessageState.SENT,
            "ready_at": now, "composed_at": now, "settled_at": now,
        }  # fmt: skip
        session.connection().execute(insert(Message), [row] * 9_999)
        return first.key

    key = change(work)
    assert len(mail_keys(client.get("/nachrichten").text)) == 50
    found = client.get("/nachrichten?suche=allererste").text
    assert mail_keys(found) == [key]
    assert client.get("/nachrichten.csv").text.count("\r\n") == 10_001
    # Where the window ends, the page says so and leads on.
    monkeypatch.setattr(mail_log, "WINDOW", 6_000)
    first_window = client.get("/nachrichten?suche=allererste").text
    assert mail_keys(first_window) == []
    next_window = older(first_window)
    assert next_window
    assert mail_keys(client.get(next_window).text) == [key]


def test_lists_ask_a_constant_number_of_times_and_never_for_the_bytes(
    client: JudgingClient, change: Change, database: Database, anna: Officer, now: datetime
) -> None:
    def fill(number: int) -> Callable[[Session], None]:
        def work(session: Session) -> None:
            for key in range(1, number):
                mail = add_mail(session, anna, now, state=list(MessageState)[key % 7])
                add_reminder(session, anna, "commitment", 1 + key % 20, now, mail)
                add_reminder(session, anna, "phase", 1 + key % 9, now, state=ReminderState.MISSED)
                add_reminder(session, anna, "commitment", 900 + key, now, state=ReminderState.SKIPPED)

        return work

    pages = (
        "/nachrichten", "/nachrichten?suche=probe", "/nachrichten?zu=commitment-2", "/nachrichten.csv",
        "/nachrichten/nicht-versandt", "/nachrichten/nicht-versandt?suche=a", "/nachrichten/nicht-versandt.csv",
        "/zusagen/2", f"/kolleginnen/{anna.id}", "/", "/erinnerungen/regeln/1",
    )  # fmt: skip
    numbers: list[list[int]] = []
    for size in (8, 30):
        change(fill(size))
        numbers.append([])
        for address in pages:
            with statements(database.engine) as seen:
                assert client.get(address).status_code == 200
            assert [s for s in seen if "message.body" in s] == [], address
            numbers[-1].append(len(seen))
    assert numbers[0] == numbers[1]


def test_the_table_for_excel_is_written_while_it_is_read(
    client: JudgingClient, change: Change, anna: Officer, now: datetime
) -> None:
    change(lambda session: add_mail(session, anna, now, subject="=Größe;\n", state=MessageState.FAILED).key)
    answer = client.get("/nachrichten.csv?zustand=failed", buffered=False)
    assert answer.is_streamed
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    answer.close()
    assert rows[1][4] == "'=Größe;\n"
    assert rows[1][6] == "fehlgeschlagen"
    assert "Anna Amt" in rows[1]


@pytest.mark.parametrize("name", ["", ".csv", ".csv?suche=anna", "/nicht-versandt", "/nicht-versandt.csv"])
def test_every_connection_is_given_back(
    client: JudgingClient, change: Change, database: Database, anna: Officer, now: datetime, name: str
) -> None:
    def work(session: Session) -> None:
        for _ in range(60):
            add_reminder(session, anna, "commitment", 4, now, add_mail(session, anna, now))
            add_reminder(session, anna, "commitment", 4, now, state=ReminderState.MISSED)

    change(work)
    assert client.get(f"/nachrichten{name}").status_code == 200
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


# What did not go out


def test_every_reminder_without_a_mail_is_listed_with_its_reason_and_what_to_do(
    client: JudgingClient, change: Change, anna: Officer, now: datetime
) -> None:
    def work(session: Session) -> int:
        for reason in Reason:
            add_reminder(session, anna, "commitment", 4, now, state=ReminderState.SKIPPED, reason=reason)
        for state in (ReminderState.MISSED, ReminderState.SUPERSEDED, ReminderState.QUEUED):
            add_reminder(session, anna, "commitment", 4, now, state=state)
        mail = add_mail(session, anna, now)
        return add_reminder(session, anna, "commitment", 4, now, mail).key

    told = change(work)
    page = client.get("/nachrichten/nicht-versandt").text
    assert page.count('data-label="Zustand"') == len(Reason) + 3
    assert f'href="/erinnerungen/{told}"' not in page
    for word in ("ausgelassen", "verpasst", "durch eine Änderung überholt", "fällig"):
        assert word in page
    assert "die Vertretung bekommt die E-Mail" in page
    assert "An diese Adresse soll keine E-Mail gehen" in page
    assert page.count(">Regel öffnen<") == 1
    only = client.get("/nachrichten/nicht-versandt?zustand=missed").text
    assert only.count('data-label="Zustand"') == 1


def test_reminders_without_a_mail_are_found_by_title_and_told_in_pages(
    client: JudgingClient, change: Change, anna: Officer, ben: Officer, now: datetime
) -> None:
    def work(session: Session) -> str:
        for _ in range(60):
            add_reminder(session, anna, "phase", 1, now, state=ReminderState.MISSED)
        add_reminder(session, ben, "commitment", 4, now, state=ReminderState.MISSED)
        return session.get_one(Commitment, 4).title("de")

    title = change(work)
    page = client.get("/nachrichten/nicht-versandt", query_string={"suche": title.upper()}).text
    assert page.count('data-label="Zustand"') == 1
    assert page.count("Ben Büro") >= 1
    first = client.get("/nachrichten/nicht-versandt").text
    second = older(first)
    assert second
    rest = client.get(second).text
    assert [first.count('data-label="Zustand"'), rest.count('data-label="Zustand"')] == [50, 11]
    assert client.get("/nachrichten/nicht-versandt.csv").text.count("\r\n") == 62


def test_the_search_in_what_did_not_go_out_says_where_it_stopped(
    client: JudgingClient, change: Change, anna: Officer, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(session: Session) -> None:
        add_reminder(session, anna, "commitment", 4, now, state=ReminderState.MISSED)
        for _ in range(5):
            add_reminder(session, anna, "phase", 1, now, state=ReminderState.MISSED)

    change(work)
    monkeypatch.setattr(untold, "WINDOW", 3)
    title = change(lambda session: session.get_one(Commitment, 4).title("de"))
    page = client.get("/nachrichten/nicht-versandt", query_string={"suche": title}).text
    assert page.count('data-label="Zustand"') == 0
    then = older(page)
    assert then
    assert client.get(then).text.count('data-label="Zustand"') == 1


def test_what_was_deleted_is_called_by_its_name(
    client: JudgingClient, change: Change, anna: Officer, now: datetime
) -> None:
    def work(session: Session) -> None:
        add_reminder(session, anna, "follow_up", 777, now, state=ReminderState.SKIPPED, reason=Reason.DELETED)
        add_reminder(session, anna, "follow_up", 778, now, state=ReminderState.SKIPPED, reason=Reason.DELETED)
        session.add(
            AuditEntry(
                at=now,
                subject_kind="follow_up",
                subject_id=777,
                label="Frau Öz anrufen",
                action=Action.DELETED,
            )
        )

    change(work)
    page = client.get("/nachrichten/nicht-versandt").text
    assert "Frau Öz anrufen</a> (gelöscht)" in page
    assert "Inzwischen gelöscht" in page or "Seitdem gelöscht" in page


# What the states mean


def test_every_state_and_reason_has_words_a_badge_and_advice(client: JudgingClient) -> None:
    assert set(MAIL_STATES) == set(MessageState)
    assert set(REMINDER_STATES) == set(ReminderState)
    assert set(ADVICE) == set(Reason)
    assert set(BADGES) == {*MessageState, *ReminderState}
    page = client.get("/nachrichten/zustaende").text
    assert page.count("<tr>") == 3 + len(MessageState) + len(ReminderState) + len(Reason) - 1
    assert page.count("<li>") >= len(Occasion)
    assert "/nachrichten/zustaende" in client.get("/nachrichten").text


# Addresses on hold


def test_an_address_on_hold_is_listed_and_released_once(
    client: JudgingClient, bens_client: JudgingClient, change: Change, database: Database, now: datetime
) -> None:
    def work(session: Session) -> int:
        row = MailAddress(address="weg@lotse.example", refusals=2, on_hold_since=now)
        session.add(row)
        session.flush()
        return row.key

    key = change(work)
    assert "weg@lotse.example" in client.get("/nachrichten").text
    assert client.get(f"/nachrichten/adressen/{key}/geprueft").status_code == 405
    for person in (client, bens_client):
        assert person.post(f"/nachrichten/adressen/{key}/geprueft").status_code == 303
    assert "weg@lotse.example" not in bens_client.get("/nachrichten").text.split("<main")[1].split("said")[0]
    with database.read(now) as session:
        assert session.get(MailAddress, key) is None
