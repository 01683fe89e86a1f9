"""Comments between colleagues on items and phases."""

from datetime import datetime

import pytest
from sqlmodel import select

from models.comments import Comment
from models.database import Database
from tests.judge import JudgingClient


def _comments(database: Database, now: datetime) -> list[Comment]:
    with database.read(now) as session:
        return list(session.exec(select(Comment)))


@pytest.mark.parametrize(("kind", "page"), [("commitment", "/zusagen/1"), ("phase", "/beitritt/phasen/1")])
def test_a_comment_stands_on_its_page_and_is_changed_by_who_wrote_it_only(
    client: JudgingClient, bens_client: JudgingClient, database: Database, now: datetime, kind: str, page: str
) -> None:
    assert (
        client.post(f"/kommentare/neu/{kind}/1", data={"body": "Amt 80 fragen.\nBis Freitag."}).status_code
        == 303
    )
    [comment] = _comments(database, now)
    assert "Amt 80 fragen.<br>Bis Freitag." in bens_client.get(page).text
    edit = f"/kommentare/{comment.key}/bearbeiten"
    assert edit in client.get(page).text
    assert edit not in bens_client.get(page).text
    for address in (edit, f"/kommentare/{comment.key}/loeschen"):
        assert bens_client.get(address).status_code == 403
        assert bens_client.post(address, data={"body": "x", "version": "1"}).status_code == 403
    assert client.post(edit, data={"body": "Amt 80 hat geantwortet.", "version": "1"}).status_code == 303
    assert "Bis Freitag" not in client.get(page).text
    assert "Bis Freitag" in bens_client.get(f"/kommentare/{comment.key}/verlauf").text
    assert client.get(f"/kommentare/{comment.key}").headers["Location"] == f"{page}#kommentare"
    client.post(f"/kommentare/{comment.key}/loeschen")
    assert _comments(database, now) == []


def test_an_empty_comment_is_refused_and_there_is_none_on_what_is_not_there(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    assert client.post("/kommentare/neu/phase/1", data={"body": "  \n "}).status_code == 422
    assert client.post("/kommentare/neu/phase/999", data={"body": "x"}).status_code == 404
    assert client.post("/kommentare/neu/officer/1", data={"body": "x"}).status_code == 404
    assert _comments(database, now) == []


def test_a_comment_goes_with_the_phase_it_speaks_of(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    client.post("/kommentare/neu/phase/8", data={"body": "Nur für den Fall."})
    assert "Kommentare: 1" in client.get("/beitritt/phasen/8/loeschen").text
    assert client.post("/beitritt/phasen/8/loeschen").status_code == 303
    assert _comments(database, now) == []
    assert client.get("/").status_code == 200  # everything that reads phases by their code can do without one
    assert client.get("/beitritt").status_code == 200
