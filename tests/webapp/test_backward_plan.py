"""Schaffen wir das noch? The page: the answer in words, every last day, all assumptions; and where it is linked."""

from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlmodel import select

from models.conferences.conferences import (
    Conference,
    ConferenceDeadline,
    ConferenceStatus,
    DatePrecision,
    Series,
)
from models.database import Database
from models.followups import FollowUp, FollowUpKind
from models.sign_in import start_session
from tests.judge import JudgingClient
from tests.webapp.test_application import declare
from webapp import create_app
from webapp.access import COOKIE


def key_of(database: Database, now: datetime, name: str) -> int:
    with database.read(now) as session:
        return session.exec(select(Conference).where(Conference.name == name)).one().key


def change(database: Database, now: datetime, name: str, **values: Any) -> int:
    with database.write(now) as session:
        found = session.exec(select(Conference).where(Conference.name == name)).one()
        for column, value in values.items():
            setattr(found, column, value)
        session.commit()
        return found.key


def plan_of(client: JudgingClient, key: int) -> str:
    response = client.get(f"/konferenzen/{key}/schaffen-wir-das")
    assert response.status_code == 200
    return str(response.text)


def known_to_the_day(day: date, **more: Any) -> dict[str, Any]:
    known = {"status": ConferenceStatus.ANNOUNCED, "date_precision": DatePrecision.DAY}
    return {**known, "starts_on": day, "year": day.year, **more}


def at(app: Flask, database: Database, settings: Any, officer: Any, moment: datetime) -> JudgingClient:
    """The program at another moment."""
    other = create_app(settings, clock=lambda: moment, db=database)
    other.test_client_class = JudgingClient
    with database.write(moment) as session:
        secret = start_session(session, officer, moment)
        session.commit()
    client = other.test_client()
    client.set_cookie(COOKIE, secret)
    assert isinstance(client, JudgingClient)
    return client


# The answer


def test_fab27_is_tight_in_november_2026_and_the_page_says_why(client, database, now) -> None:
    page = plan_of(client, key_of(database, now, "FAB27"))
    assert "Schaffen wir FAB27 noch?" in page
    assert "kern-alert--warning" in page
    assert "Knapp" in page
    assert "nur, wenn die Konferenz spät beginnt" in page
    assert "Mindestens zwei Lab-Akteure erklären ihren Beitrittswunsch</strong>: bis 08.12.2026" in page
    assert (
        "12 der 13 früheren Ausgaben (FABx) seit 2014 begannen zwischen dem 2. Juli und dem 9. August."
        in page
    )
    assert "Nicht als üblich gezählt: 12.10.2022." in page
    assert "Angenommener Beginn: 02.07.2027 bis 09.08.2027." in page
    assert "nichts davon wird gespeichert" in page


def test_every_step_has_its_last_day_and_every_lead_time_its_source(client, database, now) -> None:
    page = plan_of(client, key_of(database, now, "FAB27"))
    for said in (
        "Mittwoch, 16.12.2026", "Dienstag, 26.01.2027",  # the council meeting
        "Donnerstag, 31.12.2026", "Dienstag, 09.02.2027",  # the submission
        "Dienstag, 02.02.2027", "Dienstag, 09.03.2027",  # the journey
        "6 Monate vor dem ersten Tag", "5 Monate vor dem ersten Tag", "einen Monat vor dem ersten Tag",
        "6 Wochen vor „Ratsversammlung: Information oder Beschluss“",
        "spätestens am Tag von „Beitrittserklärung beim Netzwerk eingereicht“",
        "Weg der Vorlage VII-A-00726-VSP-01", "Eigener Vorschlag", "Beschluss vom 10.06.2020", "Bundesland: Sachsen",
        "0 von 2",
    ):  # fmt: skip
        assert said in page, said


def test_fab28_is_reachable(client, database, now) -> None:
    page = plan_of(client, key_of(database, now, "FAB28"))
    assert "kern-alert--success" in page
    assert "Erreichbar" in page
    assert "mindestens 4 Wochen, auch wenn die Konferenz so früh beginnt" in page


def test_when_even_a_late_start_is_too_early_the_answer_is_the_next_edition(
    app, database, settings, anna, now
) -> None:
    later = at(app, database, settings, anna, datetime(2026, 12, 9, 12, 0, tzinfo=now.tzinfo))
    page = plan_of(later, key_of(database, now, "FAB27"))
    assert "kern-alert--danger" in page
    assert "Erst 2028 (FAB28)" in page
    assert "letzter Tag war der 08.12.2026" in page
    assert f"/konferenzen/{key_of(database, now, 'FAB28')}/schaffen-wir-das" in page


def test_after_the_usual_time_the_page_says_that_it_has_passed(app, database, settings, anna, now) -> None:
    later = at(app, database, settings, anna, datetime(2027, 8, 10, 12, 0, tzinfo=now.tzinfo))
    page = plan_of(later, key_of(database, now, "FAB27"))
    assert "Erst 2028 (FAB28)" in page
    assert "Die übliche Jahreszeit ist vorbei" in page


def test_a_date_known_to_the_day_is_used_and_the_page_says_so(client, database, now) -> None:
    key = change(database, now, "FAB27", **known_to_the_day(date(2027, 9, 6)))
    page = plan_of(client, key)
    assert "Der erste Tag ist bekannt: Montag, 06.09.2027." in page
    assert "frühem Beginn</th>" not in page
    assert "Freitag, 05.03.2027" in page  # submission: six months before
    assert "Erfahrung" not in page


def test_declarations_are_entered_once_and_count_here(client, database, now) -> None:
    key = key_of(database, now, "FAB27")
    for lab in ("Makerspace Nord", "FabLab Süd"):
        declare(client, lab)
    page = plan_of(client, key)
    assert "erledigt am 20.11.2026" in page
    assert "2 von 2" in page
    assert "Vorlage liegt der Dienstberatung des Oberbürgermeisters vor</strong>: bis 15.12.2026" in page


def test_a_day_that_the_network_named_is_entered_as_a_deadline_and_changes_the_answer(
    client, database, now
) -> None:
    key = key_of(database, now, "FAB27")
    with database.write(now) as session:
        row = ConferenceDeadline(
            conference_id=key, name="Beitrittserklärung einreichen", due_on=date(2027, 5, 31)
        )
        session.add(row)
        session.commit()
        deadline = row.key
    page = plan_of(client, key)
    assert "eingetragene Frist dieser Konferenz" in page
    assert "Montag, 31.05.2027" in page
    assert f"/erinnern/conference_deadline/{deadline}" in page
    assert "Erreichbar" in page


# A guess is never an anchor


def test_a_step_offers_a_follow_up_on_its_last_day_and_nothing_is_stored_before(
    client, database, now
) -> None:
    key = key_of(database, now, "FAB27")
    page = plan_of(client, key)
    assert "Wiedervorlage am 31.12.2026" in page
    assert "/erinnern/conference/" not in page
    form = client.get(f"/wiedervorlagen/neu/conference/{key}?am=2026-12-31&was=FAB27%3A+Dienstreise").text
    assert 'value="31.12.2026"' in form
    assert 'value="FAB27: Dienstreise"' in form
    with database.read(now) as session:
        assert session.exec(select(FollowUp).where(FollowUp.kind == FollowUpKind.TASK)).all() == []
        assert session.get_one(Conference, key).starts_on is None
    typed = {"kind": "task", "what": "FAB27: Dienstreise", "due_on": "31.12.2026"}
    assert client.post(f"/wiedervorlagen/neu/conference/{key}?am=2026-12-31", data=typed).status_code == 303
    with database.read(now) as session:
        stored = session.exec(select(FollowUp).where(FollowUp.kind == FollowUpKind.TASK)).one()
        assert (stored.due_on, stored.what) == (date(2026, 12, 31), "FAB27: Dienstreise")


@pytest.mark.parametrize("wanted", ["", "morgen", "2026-02-30", "9999-99-99", "<script>"])
def test_a_day_that_is_none_leaves_the_follow_up_form_as_it_is(client, database, now, wanted: str) -> None:
    key = key_of(database, now, "FAB27")
    form = client.get(f"/wiedervorlagen/neu/conference/{key}", query_string={"am": wanted, "was": "x"}).text
    assert 'value="07.12.2026"' in form
    assert "<script>" not in form


# Where there is nothing to count back from


def test_conferences_that_are_over_or_cancelled_lead_to_the_next_one(client, database, now) -> None:
    page = plan_of(client, key_of(database, now, "FAB26"))
    assert "hat begonnen oder ist vorbei" in page
    assert "Schaffen wir FAB27 noch?" in page
    key = change(database, now, "FAB27", status=ConferenceStatus.CANCELLED)
    assert "Diese Konferenz ist abgesagt." in plan_of(client, key)


def test_related_events_have_no_plan_and_no_link(client, database, now) -> None:
    key = change(database, now, "FAB27", series=Series.RELATED)
    assert "Städte werden nur bei FABx und Fab City Summits aufgenommen" in plan_of(client, key)
    assert "schaffen-wir-das" not in client.get(f"/konferenzen/{key}").text


def test_without_a_year_or_past_editions_the_page_says_what_is_missing(client, database, now) -> None:
    key = change(database, now, "FAB27", year=None)
    assert "nicht einmal das Jahr" in plan_of(client, key)
    change(database, now, "FAB27", year=2027)
    with database.write(now) as session:
        for row in session.exec(select(Conference).where(Conference.status == ConferenceStatus.HELD)):
            row.status = ConferenceStatus.POSTPONED
        session.commit()
    assert "zu wenige frühere Ausgaben" in plan_of(client, key)


def test_an_unknown_conference_is_not_found(client) -> None:
    assert client.get("/konferenzen/99999/schaffen-wir-das").status_code == 404


# Where it is linked, and in English


def test_the_question_stands_on_the_overview_on_joining_and_beside_the_conference(
    client, database, now
) -> None:
    key = key_of(database, now, "FAB27")
    for address in ("/", "/beitritt", f"/konferenzen/{key}"):
        assert f'href="/konferenzen/{key}/schaffen-wir-das"' in client.get(address).text, address
    held = key_of(database, now, "FAB26")
    assert "schaffen-wir-das" not in client.get(f"/konferenzen/{held}").text


def test_the_page_speaks_english(client, database, now) -> None:
    client.post("/sprache", data={"language": "en"})
    page = plan_of(client, key_of(database, now, "FAB27"))
    assert "Can we still make FAB27?" in page
    assert "Tight" in page
    assert "by 8 December 2026" in page
    assert "one month before the first day" in page


def test_a_summit_is_counted_with_the_summits_before_it(client, database, now) -> None:
    page = plan_of(client, key_of(database, now, "Fab City Summit 2027"))
    assert "5 der 5 früheren Ausgaben (Fab City Summit) seit 2016" in page
    assert "Angenommener Beginn: 20.04.2027 bis 17.10.2027." in page
