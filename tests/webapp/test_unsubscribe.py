"""The link of List-Unsubscribe: RFC 8058 from the side of a mail program, a link checker and a reader."""

from datetime import datetime

from flask import Flask

from models.database import Database
from models.officers import Officer
from models.reminders.unsubscribing import unsubscribe_token
from settings import Settings
from tests.judge import JudgingClient


def _wants(database: Database, officer: Officer, now: datetime) -> bool:
    with database.read(now) as session:
        return session.get_one(Officer, officer.key).wants_information


def _address(settings: Settings, officer: Officer) -> str:
    return f"/abbestellen/{unsubscribe_token(officer.key, settings.secret_key)}"


def test_t23_looking_changes_nothing_however_often(
    visitor: JudgingClient, database: Database, settings: Settings, ben: Officer, now: datetime
) -> None:
    for _ in range(10):
        response = visitor.get(_address(settings, ben))
        assert response.status_code == 200
    assert "Ben" not in response.text, "a link checker need not know whose it is"
    assert _wants(database, ben, now)


def test_a_mail_program_needs_no_cookie_no_token_and_no_redirect(
    app: Flask, database: Database, settings: Settings, ben: Officer, anna: Officer, now: datetime
) -> None:
    for _ in range(2):
        program = app.test_client(use_cookies=False)
        response = program.post(
            _address(settings, ben), data={"List-Unsubscribe": "One-Click"}, with_token=False
        )
        assert response.status_code == 200
        assert not _wants(database, ben, now)
    assert _wants(database, anna, now)


def test_the_button_does_the_same_and_the_page_says_so(
    visitor: JudgingClient, database: Database, settings: Settings, ben: Officer, now: datetime
) -> None:
    response = visitor.post(_address(settings, ben))
    assert response.status_code == 200
    assert "Erledigt" in response.text
    assert not _wants(database, ben, now)
    assert "<button" not in visitor.get(_address(settings, ben)).text.split("<main")[1]


def test_a_wrong_link_is_not_found(
    visitor: JudgingClient, database: Database, settings: Settings, ben: Officer, anna: Officer, now: datetime
) -> None:
    code = _address(settings, ben).partition(".")[2]
    for wrong in ("x", f"{anna.key}.{code}", f"{ben.key}.", f"{ben.key}.{code}x"):
        assert visitor.get(f"/abbestellen/{wrong}").status_code == 404
        assert visitor.post(f"/abbestellen/{wrong}", with_token=False).status_code == 404
    assert _wants(database, ben, now)
    assert _wants(database, anna, now)


def test_the_page_speaks_the_language_of_the_account(
    visitor: JudgingClient, database: Database, settings: Settings, ben: Officer, now: datetime
) -> None:
    with database.write(now) as session:
        session.get_one(Officer, ben.key).language = "en"
        session.commit()
    assert "Send me no more informations" in visitor.get(_address(settings, ben)).text
