"""Pages of follow-ups."""

from datetime import date, datetime

from sqlmodel import select

from models.database import Database
from models.followups import FollowUp
from tests.judge import JudgingClient

TYPED = {"kind": "task", "what": "Angaben zu den Ansprechpersonen prüfen", "due_on": "23.05.2027"}


def _all(database: Database, now: datetime) -> list[FollowUp]:
    with database.read(now) as session:
        return [f for f in session.exec(select(FollowUp)) if f.what == TYPED["what"]]


def test_a_follow_up_comes_again_when_it_is_done_and_the_next_one_goes_when_it_is_opened_again(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    made = client.post("/wiedervorlagen/neu/application/1", data=TYPED | {"repeat_months": "6"})
    assert made.status_code == 303
    [first] = _all(database, now)
    assert "6 Monate" in client.get(f"/wiedervorlagen/{first.id}").text
    client.post(f"/wiedervorlagen/{first.id}/erledigt")
    with client.session_transaction() as session:
        assert "23.05.2027" in session["_flashes"][-1][1]
    assert [f.done_on for f in _all(database, now)] == [date(2026, 11, 23), None]
    client.post(f"/wiedervorlagen/{first.id}/erledigt")
    assert [f.done_on for f in _all(database, now)] == [None]


def test_an_empty_field_is_once(client: JudgingClient, database: Database, now: datetime) -> None:
    assert client.post("/wiedervorlagen/neu/application/1", data=TYPED).status_code == 303
    [only] = _all(database, now)
    assert only.repeat_months == 0
    typed = TYPED | {"repeat_months": "12", "version": str(only.version)}
    assert client.post(f"/wiedervorlagen/{only.id}/bearbeiten", data=typed).status_code == 303
    assert _all(database, now)[0].repeat_months == 12


def test_more_than_five_years_are_refused_and_stay_in_the_form(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    page = client.post("/wiedervorlagen/neu/application/1", data=TYPED | {"repeat_months": "61"})
    assert page.status_code == 422
    assert 'value="61"' in page.text
    assert _all(database, now) == []
