"""Notices on every page: when the sending stands still, when mails failed, when rows need checking; three at once."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select

from models.audit import AuditEntry
from models.city import City
from models.database import Database
from models.officers import Officer
from models.reminders.messages import MailAddress, Message, MessageState, Reason, the_sender
from models.reminders.settling import send_again, settle_failed
from tests.judge import JudgingClient
from tests.webapp.mail_rows import add_mail

Change = Callable[[Callable[[Session], Any]], Any]


@pytest.fixture
def change(database: Database, now: datetime) -> Change:
    def do(work: Callable[[Session], Any]) -> Any:
        with database.write(now) as session:
            answer = work(session)
            session.commit()
        return answer

    return do


def banners(page: str) -> str:
    found = re.search(r'<section class="banners".*?</section>', page, re.DOTALL)
    return found[0] if found else ""


def ticked(change: Change, at: datetime | None) -> None:
    def work(session: Session) -> None:
        the_sender(session).last_tick_at = at

    change(work)


def made(change: Change, at: datetime) -> None:
    def work(session: Session) -> None:
        session.exec(select(City)).one().created_at = at

    change(work)


def failed_mail(change: Change, to: Officer, at: datetime) -> int:
    return int(change(lambda s: add_mail(s, to, at, state=MessageState.FAILED, reason=Reason.GAVE_UP).key))


@pytest.mark.parametrize(("minutes", "warns"), [(9, False), (10, False), (11, True), (60 * 24 * 80, True)])
def test_after_ten_minutes_without_a_run_every_page_says_so(
    client: JudgingClient, change: Change, now: datetime, minutes: int, warns: bool
) -> None:
    ticked(change, now - timedelta(minutes=minutes))
    for address in ("/", "/zusagen", "/kontakte/neu"):
        notice = banners(client.get(address).text)
        assert ("Der automatische Versand läuft nicht: Zuletzt lief er am" in notice) is warns


def test_a_new_installation_has_ten_minutes_for_its_first_run(
    client: JudgingClient, change: Change, now: datetime
) -> None:
    made(change, now - timedelta(minutes=3))
    assert "läuft nicht" not in banners(client.get("/").text)
    made(change, now - timedelta(minutes=11))
    assert "Er ist noch nie gelaufen" in banners(client.get("/").text)


def test_a_failed_mail_is_news_until_somebody_takes_note_and_the_history_says_who(
    client: JudgingClient,
    bens_client: JudgingClient,
    change: Change,
    database: Database,
    ben: Officer,
    now: datetime,
) -> None:
    ticked(change, now)
    key = failed_mail(change, ben, now - timedelta(hours=1))
    assert "Eine E-Mail konnte nicht zugestellt werden" in banners(client.get("/").text)
    assert f"/nachrichten/{key}/zur-kenntnis" in client.get(f"/nachrichten/{key}").text
    assert client.get(f"/nachrichten/{key}/zur-kenntnis").status_code == 405
    assert client.post(f"/nachrichten/{key}/zur-kenntnis").status_code == 303
    assert bens_client.post(f"/nachrichten/{key}/zur-kenntnis").status_code == 303  # told that it was done
    page = client.get(f"/nachrichten/{key}").text
    assert "konnte nicht zugestellt werden" not in banners(page)
    assert "Anna Amt hat es am" in page
    assert "fehlgeschlagen" in page
    assert "Anna Amt hat es am" in client.get("/nachrichten?zustand=failed").text
    with database.read(now) as session:
        assert len(session.exec(select(AuditEntry).where(AuditEntry.subject_kind == "message")).all()) == 1
    assert client.get("/").status_code == 200  # the last changes show the entry


def test_a_mail_that_fails_again_is_news_again(
    client: JudgingClient, change: Change, anna: Officer, now: datetime
) -> None:
    key = failed_mail(change, anna, now - timedelta(hours=1))
    client.post(f"/nachrichten/{key}/zur-kenntnis")
    change(lambda session: send_again(session, session.get_one(Message, key), now))
    later = now + timedelta(minutes=1)
    change(lambda session: settle_failed(session, session.get_one(Message, key), Reason.GAVE_UP, "", later))
    assert "Eine E-Mail konnte nicht zugestellt werden" in banners(client.get("/").text)


def test_all_failed_mails_are_noted_at_once_but_not_what_failed_since(
    client: JudgingClient, change: Change, anna: Officer, now: datetime
) -> None:
    for minutes in (5, 4, 3):
        failed_mail(change, anna, now - timedelta(minutes=minutes))
    page = client.get("/nachrichten?zustand=failed").text
    opened_at = re.search(r'name="stand" value="([^"]+)"', page)
    assert opened_at
    failed_mail(change, anna, now + timedelta(seconds=1))
    for nonsense in ("", "gestern", "0001-01-01T00:00:00"):
        client.post("/nachrichten/zur-kenntnis", data={"stand": nonsense})
    assert "4 E-Mails konnten nicht" in banners(client.get("/").text)
    assert client.post("/nachrichten/zur-kenntnis", data={"stand": opened_at[1]}).status_code == 303
    assert "Eine E-Mail konnte nicht" in banners(client.get("/").text)
    assert client.get("/nachrichten/zur-kenntnis").status_code == 405


def test_rows_to_check_and_addresses_on_hold_are_said_with_their_links(
    client: JudgingClient, change: Change, anna: Officer, now: datetime
) -> None:
    ticked(change, now)

    def work(session: Session) -> None:
        for _ in range(2):
            add_mail(session, anna, now, state=MessageState.UNCERTAIN, reason=Reason.NO_ANSWER)
        session.add(MailAddress(address="x@lotse.example", on_hold_since=now, refusals=2))

    change(work)
    notices = banners(client.get("/").text)
    assert "Bei 2 E-Mails ist die Zustellung zu prüfen" in notices
    assert "/nachrichten?zustand=uncertain" in notices
    assert "Eine Adresse ist angehalten" in notices
    assert "/nachrichten#angehalten" in notices


def test_more_than_three_notices_are_folded_away(
    app: Flask, client: JudgingClient, change: Change, anna: Officer, now: datetime
) -> None:
    def work(session: Session) -> None:
        sender = the_sender(session)
        sender.paused_at, sender.last_tick_at = now, now - timedelta(days=1)
        sender.server_fault, sender.server_fault_at = "535 no", now
        for state in (MessageState.UNCERTAIN, MessageState.FAILED):
            add_mail(session, anna, now, state=state)
        session.add(MailAddress(address="x@lotse.example", on_hold_since=now, refusals=2))

    change(work)
    notices = banners(client.get("/zusagen").text)
    at_once, _summary, folded = notices.partition("<details")
    assert at_once.count("kern-alert__header") == 3
    assert folded.count("kern-alert__header") >= 4
    assert "weitere Hinweise" in folded
    assert "ruht" in at_once  # what stops everything stands first
    assert banners(client.get("/zusagen?ansicht=druck").text) == ""


def test_a_quiet_installation_says_nothing_but_that_mails_are_filed(
    client: JudgingClient, change: Change, now: datetime
) -> None:
    ticked(change, now)
    assert banners(client.get("/").text).count("kern-alert__header") == 1
