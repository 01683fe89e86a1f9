"""What a stranger, a slow line, or two people at the same moment must not be able to do."""

import io
import logging
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from models.commitments.checklist import Commitment
from models.database import Database
from models.officers import Officer
from models.reminders.messages import Message
from models.sign_in import LinkPurpose, hasher, make_link, open_link, take_link
from tests.conftest import PASSWORD
from tests.judge import JudgingClient
from webapp.access import is_safe_path

NEW = "ein ganz neues Kennwort"


# One-time links


def test_of_two_who_send_a_links_form_at_the_same_moment_one_is_first(
    database: Database, ben: Officer, now: datetime
) -> None:
    with database.write(now) as session:
        secret = make_link(session, ben, LinkPurpose.RESET, now)
        session.commit()
    taken: list[bool] = []
    both_looked = threading.Barrier(2, timeout=5)

    def send() -> None:
        with database.read(now) as session:
            link = open_link(session, secret, now)
        assert link is not None
        both_looked.wait()
        with database.write(now) as session:
            taken.append(take_link(session, link, now))
            session.commit()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False, True]


def test_once_a_password_is_set_no_other_link_of_this_person_works(
    visitor: JudgingClient, database: Database, ben: Officer, now: datetime
) -> None:
    with database.write(now) as session:
        secrets = [
            make_link(session, ben, purpose, now)
            for purpose in (LinkPurpose.INVITATION, LinkPurpose.RESET, LinkPurpose.RESCUE)
        ]
        session.commit()
    assert visitor.post(f"/zugang/{secrets[1]}", data={"password": NEW, "again": NEW}).status_code == 303
    assert [visitor.get(f"/zugang/{secret}").status_code for secret in secrets] == [410, 410, 410]


def test_a_link_that_went_to_a_wrong_address_is_worth_nothing_once_it_is_mended(
    client: JudgingClient, visitor: JudgingClient, database: Database, ben: Officer, now: datetime
) -> None:
    with database.write(now) as session:
        secret = make_link(session, ben, LinkPurpose.INVITATION, now)
        session.commit()
    data = {"name": ben.name, "email": "b@lotse.example", "role": "officer", "language": "de", "version": "1"}
    assert client.post(f"/kolleginnen/{ben.key}/bearbeiten", data=data).status_code == 303
    assert visitor.get(f"/zugang/{secret}").status_code == 410


def test_a_mailbox_is_not_filled_with_new_passwords(
    app: Flask, visitor: JudgingClient, database: Database, now: datetime
) -> None:
    for _ in range(10):
        assert visitor.post("/kennwort-vergessen", data={"email": "ben@lotse.example"}).status_code == 200
    with database.read(now) as session:
        assert len(session.exec(select(Message)).all()) == 3
    app.extensions["lotse_clock"] = lambda: now + timedelta(minutes=61)
    visitor.post("/kennwort-vergessen", data={"email": "ben@lotse.example"})
    with database.read(now) as session:
        assert len(session.exec(select(Message)).all()) == 4


def test_who_is_kept_out_by_ten_failures_can_ask_for_a_new_password_as_the_page_says(
    visitor: JudgingClient, database: Database, now: datetime
) -> None:
    for _ in range(11):
        visitor.post("/anmelden", data={"email": "ben@lotse.example", "password": "falsch"})
    visitor.post("/kennwort-vergessen", data={"email": "ben@lotse.example"})
    with database.read(now) as session:
        assert len(session.exec(select(Message)).all()) == 1


def test_an_address_that_no_mail_can_carry_is_refused_at_the_form(client: JudgingClient) -> None:
    data = {"name": "Jörg", "email": "jörg@lotse.example", "role": "officer", "language": "de"}
    assert client.post("/kolleginnen/neu", data=data).status_code == 422


# Where a link may lead


@pytest.mark.parametrize(
    "path",
    ["//x.example", "/\\x.example", "/\t/x.example", "/\t\\x.example", "/\n/x.example", "x", "https:/x"],
)
def test_no_address_leads_away(path: str) -> None:
    assert not is_safe_path(path)


@pytest.mark.parametrize("path", ["/", "/zusagen?suche=a//b", "/zusagen/1#nachweis", "/kontakte?suche=Öz:"])
def test_an_address_of_our_own_is_kept(path: str) -> None:
    assert is_safe_path(path)


# Everybody at once


class _SlowBody(io.BytesIO):
    """A body that looks, while it arrives, whether anybody is kept waiting for it."""

    def __init__(self, database: Database) -> None:
        super().__init__(b"note=x&" * 100)
        self.database = database
        self.connections: list[int] = []

    def read(self, size: int | None = -1) -> bytes:
        self._look()
        return super().read(size)

    def readinto(self, buffer: Any) -> int:
        self._look()
        return super().readinto(buffer)

    def _look(self) -> None:
        self.connections.append(self.database.engine.pool.checkedout())  # type: ignore[attr-defined]


def test_who_sends_slowly_keeps_nobody_waiting(app: Flask, database: Database) -> None:
    """On SQLite a writer keeps all others out; a stranger's body that trickles in must not be one."""
    body = _SlowBody(database)
    stranger = FlaskClient(app, app.response_class)
    stranger.set_cookie("lotse_sitzung", "erfunden")
    stranger.post(
        "/zusagen/neu",
        input_stream=body,
        headers={"Origin": "http://localhost"},
        content_type="application/x-www-form-urlencoded",
    )
    assert max(body.connections) == 0


def test_what_only_the_database_can_refuse_is_said_plainly(
    app: Flask, client: JudgingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "webapp.accounts.forms.officers", lambda *_args, **_more: []
    )  # as if both looked before
    data = {"name": "Ben", "email": "ben@lotse.example", "role": "officer", "language": "de"}
    refused = client.post("/kolleginnen/neu", data=data)
    assert refused.status_code == 409
    assert "Im selben Augenblick" in refused.text


@pytest.mark.parametrize("key", [2**31, 2**63, 10**30])
def test_a_key_that_no_row_can_have_is_not_found(client: JudgingClient, key: int) -> None:
    for path in (
        "nachrichten/{}",
        "erinnerungen/{}",
        "erinnerungen/erinnern/phase/{}",
        "zusagen/{}",
        "kontakte/{}",
    ):
        assert client.get(f"/{path.format(key)}").status_code == 404, path


@pytest.mark.parametrize(
    "typed", ["\x00\x01\x1b[0m", "😀" * 200, "\u202eabc", "a" * 10_000, "'; drop table officer", "{x}%s"]
)
def test_whatever_is_typed_is_stored_or_refused(
    client: JudgingClient, database: Database, now: datetime, typed: str
) -> None:
    data = {"state": "open", "note": typed, "file_number": typed, "due_on": typed, "version": "1"}
    assert client.post("/zusagen/1/bearbeiten", data=data).status_code == 422
    stored = client.post("/zusagen/1/bearbeiten", data=data | {"due_on": "", "file_number": typed[:50]})
    assert stored.status_code == 303
    with database.read(now) as session:
        assert "\x1b" not in session.get_one(Commitment, 1).note


# What the log says


def test_a_failure_is_logged_without_what_it_was_about(
    app: Flask, visitor: JudgingClient, database: Database, ben: Officer, now: datetime,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    with database.write(now) as session:
        secret = make_link(session, ben, LinkPurpose.RESET, now)
        session.commit()

    def fail(*_: object) -> None:
        raise RuntimeError(ben.email)

    monkeypatch.setattr("webapp.accounts.sign_in_views.set_password", fail)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with caplog.at_level(logging.INFO):
        assert visitor.post(f"/zugang/{secret}", data={"password": NEW, "again": NEW}).status_code == 500
    assert "RuntimeError" in caplog.text
    assert secret not in caplog.text
    assert "ben@" not in caplog.text


def test_a_refusal_of_the_database_names_nobody(database: Database, now: datetime) -> None:
    with database.write(now) as session:
        session.add(Officer(name="x", email="ben@lotse.example", password_hash=hasher.hash(PASSWORD)))
        with pytest.raises(IntegrityError) as refused:
            session.flush()
    assert "argon2" not in str(refused.value)


def test_a_deleted_rows_key_is_never_given_to_another(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    """Mails, their links and the history name their row by its key."""
    data = {"kind": "task", "what": "Alt", "due_on": "01.02.2027"}
    client.post("/wiedervorlagen/neu/commitment/1", data=data)

    def newest() -> int:
        from models.followups import FollowUp

        with database.read(now) as session:
            return max(follow_up.key for follow_up in session.exec(select(FollowUp)))

    old = newest()
    assert client.post(f"/wiedervorlagen/{old}/loeschen").status_code == 303
    client.post("/wiedervorlagen/neu/commitment/1", data=data | {"what": "Neu"})
    assert newest() > old
