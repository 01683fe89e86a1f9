"""Signing in, one-time links, colleagues who come and go."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import select

from models.application.phases import the_application
from models.commitments.checklist import Commitment
from models.database import Database
from models.officers import Officer, officers
from models.reminders.messages import Message, MessageKind
from models.sign_in import LinkPurpose, SignInLink, UserSession, make_link
from tests.conftest import PASSWORD, make_settings, signed_in
from tests.judge import JudgingClient
from webapp import create_app
from webapp.access import COOKIE

NEW = "ein ganz neues Kennwort"


def _sign_in(client: JudgingClient, email: str, password: str, path: str = "/anmelden") -> object:
    return client.post(path, data={"email": email, "password": password})


def test_address_and_password_lead_to_the_page_that_was_wanted(visitor: JudgingClient) -> None:
    asked = visitor.get("/zusagen?suche=x")
    assert asked.headers["Location"] == "/anmelden?weiter=/zusagen?suche%3Dx"
    response = visitor.post(
        asked.headers["Location"], data={"email": " ANNA@lotse.example", "password": PASSWORD}
    )
    assert response.status_code == 303
    assert response.headers["Location"] == "/zusagen?suche=x"
    cookie = response.headers["Set-Cookie"]
    assert COOKIE in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert visitor.get("/").status_code == 200


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_sign_in_never_leads_to_a_foreign_page(visitor: JudgingClient, path: str) -> None:
    response = visitor.post(
        "/anmelden", query_string={"weiter": path}, data={"email": "anna@lotse.example", "password": PASSWORD}
    )
    assert response.headers["Location"] == "/"


def test_a_wrong_password_says_no_more_than_that(visitor: JudgingClient) -> None:
    wrong = visitor.post("/anmelden", data={"email": "anna@lotse.example", "password": "falsch"})
    unknown = visitor.post("/anmelden", data={"email": "wer@lotse.example", "password": "falsch"})
    message = "E-Mail und Kennwort passen nicht zusammen."
    for response in (wrong, unknown):
        assert "passen nicht zusammen" in response.text, message


def test_after_ten_failures_even_the_right_password_has_to_wait(
    app: Flask, visitor: JudgingClient, now: datetime
) -> None:
    for _ in range(10):
        visitor.post("/anmelden", data={"email": "anna@lotse.example", "password": "falsch"})
    assert (
        visitor.post("/anmelden", data={"email": "anna@lotse.example", "password": PASSWORD}).status_code
        != 303
    )
    app.extensions["lotse_clock"] = lambda: now + timedelta(minutes=16)
    assert (
        visitor.post("/anmelden", data={"email": "anna@lotse.example", "password": PASSWORD}).status_code
        == 303
    )


def test_the_session_ends_after_twelve_hours_and_what_was_typed_is_kept(
    app: Flask, client: JudgingClient, database: Database, now: datetime
) -> None:
    app.extensions["lotse_clock"] = lambda: now + timedelta(hours=12, minutes=1)
    typed = {"note": "lang überlegt", "state": "in_progress", "version": "1"}
    refused = client.post("/zusagen/1/bearbeiten", data=typed, headers={"Origin": "http://localhost"})
    assert refused.status_code == 401
    kept = re.search(r'name="kept"[^>]*value="([^"]+)"', refused.text)
    assert kept
    back = client.post(
        "/anmelden", data={"email": "anna@lotse.example", "password": PASSWORD, "kept": kept[1]}
    )
    assert "lang überlegt" in back.text
    assert 'action="/zusagen/1/bearbeiten"' in back.text
    assert client.post("/zusagen/1/bearbeiten", data=typed).status_code == 303
    with database.read(now) as session:
        assert session.get_one(Commitment, 1).note == "lang überlegt"


def test_what_was_typed_is_not_kept_for_a_foreign_page(visitor: JudgingClient) -> None:
    refused = visitor.post(
        "/zusagen/1/bearbeiten", data={"note": "x"}, headers={"Origin": "https://evil.example"}
    )
    assert 'name="kept"' not in refused.text


def test_signing_out_ends_the_session_in_the_database(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    assert client.post("/abmelden").status_code == 303
    assert client.get("/").status_code == 302
    with database.read(now) as session:
        assert session.exec(select(UserSession)).all() == []


# One-time links


def test_t23_looking_at_a_link_uses_nothing_up(
    visitor: JudgingClient, database: Database, ben: Officer, now: datetime
) -> None:
    with database.write(now) as session:
        secret = make_link(session, ben, LinkPurpose.RESET, now)
        session.commit()
    for _ in range(10):  # scanners open every link
        assert visitor.get(f"/zugang/{secret}").status_code == 200
    assert visitor.post(f"/zugang/{secret}", data={"password": NEW, "again": NEW}).status_code == 303
    assert visitor.get(f"/zugang/{secret}").status_code == 410
    visitor.post("/abmelden")
    assert _sign_in(visitor, "ben@lotse.example", NEW).status_code == 303  # type: ignore[attr-defined]


def test_a_short_password_or_two_different_ones_are_refused(
    visitor: JudgingClient, database: Database, ben: Officer, now: datetime
) -> None:
    with database.write(now) as session:
        secret = make_link(session, ben, LinkPurpose.RESET, now)
        session.commit()
    assert visitor.post(f"/zugang/{secret}", data={"password": "kurz", "again": "kurz"}).status_code == 422
    assert visitor.post(f"/zugang/{secret}", data={"password": NEW, "again": NEW + "x"}).status_code == 422


def test_a_link_is_worth_nothing_after_its_time_and_in_the_database(
    app: Flask, visitor: JudgingClient, database: Database, ben: Officer, now: datetime
) -> None:
    with database.write(now) as session:
        secret = make_link(session, ben, LinkPurpose.RESET, now)
        session.commit()
    with database.read(now) as session:
        assert secret not in {link.secret_hash for link in session.exec(select(SignInLink))}
    app.extensions["lotse_clock"] = lambda: now + timedelta(hours=24, seconds=1)
    assert visitor.get(f"/zugang/{secret}").status_code == 410


def test_the_first_account_is_made_by_its_link_and_leads_the_case(
    fresh_database: Database, tmp_path: object, now: datetime
) -> None:
    app = create_app(make_settings(fresh_database.url, tmp_path), clock=lambda: now, db=fresh_database)  # type: ignore[arg-type]
    app.test_client_class = JudgingClient
    visitor = app.test_client()
    from models.sign_in import first_account_secret

    with fresh_database.write(now) as session:
        secret = first_account_secret(session, app.secret_key, now)  # type: ignore[arg-type]
        session.commit()
    with fresh_database.write(now) as session:
        assert first_account_secret(session, app.secret_key, now) == secret  # type: ignore[arg-type]
    data = {
        "name": "Clara Chefin",
        "email": "Clara@lotse.example",
        "password": NEW,
        "again": NEW,
        "is_case_lead": "y",
    }
    assert visitor.post(f"/zugang/{secret}", data=data).status_code == 303
    assert visitor.get("/").status_code == 200
    with fresh_database.write(now) as session:
        [clara] = officers(session)
        assert clara.email == "clara@lotse.example"
        assert the_application(session).case_lead_id == clara.key
        assert first_account_secret(session, app.secret_key, now) is None  # type: ignore[arg-type]


def test_a_forgotten_password_is_answered_alike_for_everybody(
    visitor: JudgingClient, database: Database, now: datetime
) -> None:
    known = visitor.post("/kennwort-vergessen", data={"email": "ben@lotse.example"})
    unknown = visitor.post("/kennwort-vergessen", data={"email": "wer@lotse.example"})
    assert known.status_code == unknown.status_code == 200
    pages = [
        re.sub(r'name="csrf_token"[^>]*value="[^"]*"|value="[^"]*"[^>]*name="csrf_token"', "", r.text)
        for r in (known, unknown)
    ]
    assert pages[0].replace("ben@", "wer@") == pages[1]
    with database.read(now) as session:
        [message] = session.exec(select(Message)).all()
        assert message.kind is MessageKind.RESET
        assert message.to_address == "ben@lotse.example"


# Colleagues


def test_an_invited_colleague_gets_a_mail_and_without_a_mail_server_a_link_to_hand_over(
    client: JudgingClient, visitor: JudgingClient, database: Database, now: datetime
) -> None:
    invited = client.post(
        "/kolleginnen/neu",
        data={"name": "Dora Dienst", "email": "dora@lotse.example", "role": "officer", "language": "en"},
    )
    address = re.search(r"http://127\.0\.0\.1:8000(/zugang/[\w-]+)", invited.text)
    assert address
    assert visitor.post(address[1], data={"password": NEW, "again": NEW}).status_code == 303
    with database.read(now) as session:
        [message] = session.exec(select(Message)).all()
        assert message.kind is MessageKind.INVITATION
        assert message.language == "en"


def test_an_address_belongs_to_one_colleague(client: JudgingClient) -> None:
    data = {"name": "Noch eine", "email": "BEN@lotse.example", "role": "officer", "language": "de"}
    response = client.post("/kolleginnen/neu", data=data)
    assert response.status_code == 422
    assert "Ben Büro" in response.text
    assert 'value="Noch eine"' in response.text


def test_t25_who_leaves_hands_everything_over_in_one_act(
    client: JudgingClient,
    bens_client: JudgingClient,
    database: Database,
    anna: Officer,
    ben: Officer,
    now: datetime,
) -> None:
    bens_client.post(
        "/zusagen/1/bearbeiten", data={"state": "open", "responsible_id": ben.key, "version": "1"}
    )
    bens_client.post("/zusagen/2/bearbeiten", data={"state": "open", "deputy_id": ben.key, "version": "1"})
    assert "Zusagen" in client.get(f"/kolleginnen/{ben.key}/ausgeschieden").text
    assert client.post(f"/kolleginnen/{ben.key}/ausgeschieden", data={"heir_id": ben.key}).status_code == 422
    assert client.post(f"/kolleginnen/{ben.key}/ausgeschieden", data={"heir_id": anna.key}).status_code == 303
    with database.read(now) as session:
        assert session.get_one(Commitment, 1).responsible_id == anna.key
        assert session.get_one(Commitment, 2).deputy_id == anna.key
        assert not session.get_one(Officer, ben.key).is_active
    assert bens_client.get("/").status_code == 302


def test_the_language_is_kept_with_the_account(
    app: Flask, client: JudgingClient, database: Database, anna: Officer
) -> None:
    assert "Übersicht" in client.get("/").text
    assert (
        client.post("/sprache", data={"language": "en", "zurueck": "/zusagen"}).headers["Location"]
        == "/zusagen"
    )
    assert "Overview" in client.get("/").text
    assert "Overview" in signed_in(app, database, anna).get("/").text
