"""A colleague's page: absence and deputy, the own mails, an address that is not to be written to."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import select

from models.commitments.checklist import Commitment
from models.database import Database
from models.officers import Officer
from models.reminders.addresses import is_blocked, is_on_hold
from models.reminders.messages import MailAddress, Reminder
from models.reminders.rules import rules
from tests.judge import JudgingClient

CLARA = "Clara Chef"


@pytest.fixture
def clara(database: Database, now: datetime) -> Officer:
    with database.write(now) as session:
        found = Officer(name=CLARA, email="clara@lotse.example")
        session.add(found)
        session.commit()
        return found


def _read(database: Database, officer: Officer, now: datetime) -> Officer:
    with database.read(now) as session:
        return session.get_one(Officer, officer.key)


def _enter(client: JudgingClient, person: Officer, first: str, last: str, deputy: object, version: int = 1):  # type: ignore[no-untyped-def]
    typed = {"absent_from": first, "absent_until": last, "stand_in_id": str(deputy), "version": str(version)}
    return client.post(f"/kolleginnen/{person.key}/abwesenheit", data=typed)


def test_an_absence_is_entered_shown_everywhere_and_ended(
    client: JudgingClient, database: Database, anna: Officer, ben: Officer, now: datetime
) -> None:
    assert _enter(client, ben, "20.11.2026", "3.1.27", anna.key).status_code == 303
    shown = client.get(f"/kolleginnen/{ben.key}").text
    assert "20.11.2026 bis 03.01.2027" in shown
    assert "Erinnerungen gehen in dieser Zeit an Anna Amt" in shown
    assert "abwesend bis 03.01.2027" in client.get("/kolleginnen").text
    assert "Wer ist nicht da?" in client.get("/").text
    assert "20.11.2026" in client.get(f"/kolleginnen/{ben.key}/verlauf").text
    for _ in range(2):
        assert client.post(f"/kolleginnen/{ben.key}/wieder-da").status_code == 303
        assert _read(database, ben, now).absent_until == date(2026, 11, 22)
    assert "Wer ist nicht da?" not in client.get("/").text
    assert "Keine eingetragen." in client.get(f"/kolleginnen/{ben.key}").text


@pytest.mark.parametrize(
    ("first", "last", "has_deputy", "said"),
    [
        ("", "3.1.2027", True, "Bitte geben Sie den ersten Tag der Abwesenheit an."),
        ("1.12.2026", "", True, "Bitte geben Sie den letzten Tag der Abwesenheit an."),
        ("1.12.2026", "3.12.2026", False, "Bitte wählen Sie, wer in dieser Zeit die Erinnerungen bekommt."),
        ("3.12.2026", "1.12.2026", True, "Der letzte Tag liegt vor dem ersten Tag."),
        ("1.11.2026", "3.11.2026", True, "Dieser Tag ist vorbei."),
        ("31.2.2027", "3.12.2026", True, "Das ist kein Datum."),
    ],
)
def test_an_absence_with_a_gap_is_not_saved_and_stays_in_the_form(
    client: JudgingClient, database: Database, anna: Officer, ben: Officer, now: datetime,
    first: str, last: str, has_deputy: bool, said: str,
) -> None:  # fmt: skip
    response = _enter(client, ben, first, last, anna.key if has_deputy else "")
    assert response.status_code == 422
    assert said in response.text
    assert f'value="{first}"' in response.text
    assert _read(database, ben, now).absent_from is None


def test_nobody_is_her_own_deputy_nor_is_who_left(
    client: JudgingClient, database: Database, ben: Officer, clara: Officer, now: datetime
) -> None:
    with database.write(now) as session:
        session.get_one(Officer, clara.key).left_on = now.date()
        session.commit()
    for deputy in (ben.key, clara.key, 999):
        assert _enter(client, ben, "1.12.2026", "3.12.2026", deputy).status_code == 422


def test_who_is_alone_is_told_that_nobody_can_stand_in(
    client: JudgingClient, database: Database, anna: Officer, ben: Officer, now: datetime
) -> None:
    with database.write(now) as session:
        session.get_one(Officer, ben.key).left_on = now.date()
        session.commit()
    assert "Niemand kann vertreten" in client.get(f"/kolleginnen/{anna.key}/abwesenheit").text


def test_a_deputy_who_is_away_too_is_warned_of_and_it_says_to_whom_it_goes(
    client: JudgingClient, anna: Officer, ben: Officer, clara: Officer
) -> None:
    _enter(client, ben, "1.12.2026", "10.12.2026", clara.key)
    _enter(client, clara, "5.12.2026", "6.12.2026", anna.key)
    shown = client.get(f"/kolleginnen/{ben.key}").text
    assert f"{CLARA} kann nicht die ganze Zeit vertreten" in shown
    assert "01.12.2026 bis 04.12.2026: an Clara Chef" in shown
    assert "05.12.2026 bis 06.12.2026: an Anna Amt" in shown
    _enter(client, clara, "5.12.2026", "5.12.2026", ben.key, version=2)
    assert (
        "05.12.2026: an Ben Büro, weil niemand vertreten kann" in client.get(f"/kolleginnen/{ben.key}").text
    )


def test_an_absence_that_has_passed_is_cleared_by_an_empty_form(
    app: Flask, client: JudgingClient, database: Database, anna: Officer, ben: Officer, now: datetime
) -> None:
    _enter(client, ben, "23.11.2026", "23.11.2026", anna.key)
    app.extensions["lotse_clock"] = lambda: now + timedelta(days=1, hours=-2)
    client.post("/anmelden", data={"email": "anna@lotse.example", "password": "ein langes Kennwort"})
    assert 'value="23.11.2026"' not in client.get(f"/kolleginnen/{ben.key}/abwesenheit").text
    assert _enter(client, ben, "", "", "", version=2).status_code == 303
    assert _read(database, ben, now).stand_in_id is None


def test_an_absence_to_come_is_given_up(
    client: JudgingClient, database: Database, anna: Officer, ben: Officer, now: datetime
) -> None:
    _enter(client, ben, "1.12.2026", "3.12.2026", anna.key)
    assert "abwesend ab 01.12.2026" in client.get("/kolleginnen").text
    client.post(f"/kolleginnen/{ben.key}/wieder-da")
    assert _read(database, ben, now).absent_from is None


def test_after_an_absence_the_page_lists_what_others_were_reminded_of(
    client: JudgingClient, database: Database, anna: Officer, ben: Officer, now: datetime
) -> None:
    _enter(client, ben, "20.11.2026", "30.11.2026", anna.key)
    with database.write(now) as session:
        session.info["unrecorded"] = True
        mine, hers = session.exec(select(Commitment).limit(2)).all()
        mine.responsible_id, hers.responsible_id = ben.key, anna.key
        for number, item in enumerate((mine, hers, mine)):
            session.add(
                Reminder(
                    rule_id=rules(session)[0].key, subject_kind="commitment", subject_id=item.key,
                    occurrence=f"2026-11-2{number}", step="-P2D", person_id=anna.key, token=f"t{number}",
                    due_at=now - timedelta(hours=number), queued_at=now,
                )
            )  # fmt: skip
        session.commit()
        title, other = mine.title("de"), hers.title("de")
    shown = client.get(f"/kolleginnen/{ben.key}").text.split('id="abwesenheit"')[1]
    assert shown.count(title.replace("&", "&amp;")) == 1
    assert other.replace("&", "&amp;") not in shown


def test_everybody_sets_up_the_own_mails(
    bens_client: JudgingClient, database: Database, ben: Officer, anna: Officer, now: datetime
) -> None:
    assert "Meine E-Mails einstellen" in bens_client.get(f"/kolleginnen/{ben.key}").text
    assert "Meine E-Mails einstellen" not in bens_client.get(f"/kolleginnen/{anna.key}").text
    assert "Terminänderungen kommen immer sofort" in bens_client.get("/meine-e-mails").text
    typed = {"wants_digest": "True", "language": "en", "version": "1"}  # the box is not ticked
    response = bens_client.post("/meine-e-mails", data=typed)
    assert response.headers["Location"] == f"/kolleginnen/{ben.key}"
    found = _read(database, ben, now)
    assert (found.wants_digest, found.wants_information, found.language) == (True, False, "en")
    assert 'lang="en"' in bens_client.get("/meine-e-mails").text


def test_an_address_is_blocked_and_used_again(
    client: JudgingClient, database: Database, ben: Officer, now: datetime
) -> None:
    for _ in range(2):
        assert client.post(f"/kolleginnen/{ben.key}/keine-e-mails").status_code == 303
    with database.read(now) as session:
        assert is_blocked(session, ben.email)
    assert "seit 23.11.2026" in client.get(f"/kolleginnen/{ben.key}").text
    assert "keine E-Mails an diese Adresse" in client.get("/kolleginnen").text
    for _ in range(2):
        assert client.post(f"/kolleginnen/{ben.key}/wieder-e-mails").status_code == 303
    with database.read(now) as session:
        assert session.exec(select(MailAddress)).all() == []


def test_an_address_on_hold_is_seen_and_released_and_stays_blocked(
    client: JudgingClient, database: Database, ben: Officer, now: datetime
) -> None:
    with database.write(now) as session:
        session.add(MailAddress(address=ben.email, refusals=2, on_hold_since=now, blocked_on=now.date()))
        session.commit()
    assert "Der Mailserver hat diese Adresse abgelehnt" in client.get(f"/kolleginnen/{ben.key}").text
    client.post(f"/kolleginnen/{ben.key}/adresse-geprueft")
    with database.read(now) as session:
        assert (is_on_hold(session, ben.email), is_blocked(session, ben.email)) == (False, True)


def test_a_new_password_still_comes_to_a_blocked_address(
    app: Flask, client: JudgingClient, visitor: JudgingClient, database: Database, ben: Officer, now: datetime
) -> None:
    client.post(f"/kolleginnen/{ben.key}/keine-e-mails")
    visitor.post("/kennwort-vergessen", data={"email": ben.email})
    from models.reminders.claiming import claim
    from models.reminders.messages import Message

    with database.write(now) as session:
        message = session.exec(select(Message)).one()
        assert claim(session, message.key, app.extensions["lotse_settings"].mail, now) is not None
