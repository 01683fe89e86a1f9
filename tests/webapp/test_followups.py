"""Pages of follow-ups."""

from datetime import date, datetime

from sqlmodel import select

from models.database import Database
from models.followups import FollowUp
from models.reminders.messages import Message
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


WAITING = {
    "kind": "waiting", "what": "Auskunft zur Zuständigkeit", "waiting_for": "Amt 80", "since_on": "1.10.2026",
    "due_on": "4.12.2026",
}  # fmt: skip


def _waiting(client: JudgingClient, database: Database, now: datetime, **typed: str) -> FollowUp:
    assert client.post("/wiedervorlagen/neu/phase/1", data=WAITING | typed).status_code == 303
    with database.read(now) as session:
        return session.exec(
            select(FollowUp).where(FollowUp.waiting_for == (typed.get("waiting_for") or "Amt 80"))
        ).one()


def test_a_mail_to_whom_we_wait_for_is_prepared_in_both_languages_and_nothing_is_sent(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    found = _waiting(client, database, now, waiting_email="amt80@stadt.example")
    page = client.get(f"/wiedervorlagen/{found.key}/nachfragen").text
    assert "seit dem 01.10.2026 warten wir auf: Auskunft zur Zuständigkeit" in page
    assert "since 1 October 2026 we have been waiting for" in page
    assert "„Idee und Auftrag“" in page
    assert "“Idea and mandate”" in page
    assert page.count("mailto:amt80@stadt.example?subject=") == 2
    assert "body=Guten%20Tag%2C%0D%0A" in page
    with database.read(now) as session:
        assert session.exec(select(Message)).all() == []


def test_the_address_of_an_organisation_of_the_same_name_is_used(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    found = _waiting(client, database, now, waiting_for="fab city foundation")
    assert "mailto:info@fab.city?" in client.get(f"/wiedervorlagen/{found.key}/nachfragen").text
    unknown = _waiting(client, database, now, waiting_for="Amt 81")
    assert "ist keine Adresse bekannt" in client.get(f"/wiedervorlagen/{unknown.key}/nachfragen").text


def test_who_has_asked_says_when_to_ask_next_and_the_history_knows_it(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    found = _waiting(client, database, now)
    address = f"/wiedervorlagen/{found.key}/nachfragen"
    assert client.post(address, data={"due_on": "23.11.2026", "version": "1"}).status_code == 422
    assert client.post(address, data={"due_on": "18.12.2026", "version": "1"}).status_code == 303
    assert "18.12.2026" in client.get(f"/wiedervorlagen/{found.key}").text
    assert "nachgefragt am 23.11.2026" in client.get(f"/wiedervorlagen/{found.key}/verlauf").text


def test_a_broken_address_is_refused_and_only_who_is_waited_for_is_asked(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    refused = client.post("/wiedervorlagen/neu/phase/1", data=WAITING | {"waiting_email": "kein Postfach"})
    assert refused.status_code == 422
    assert 'value="kein Postfach"' in refused.text
    client.post("/wiedervorlagen/neu/application/1", data=TYPED)
    [task] = _all(database, now)
    assert client.get(f"/wiedervorlagen/{task.key}/nachfragen").status_code == 404
