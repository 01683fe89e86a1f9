"""Pages of costs."""

from datetime import datetime

import lxml.html
import pytest
from sqlmodel import select

from models.application.costs import FEE_QUESTION, Cost, CostKind, cost_summary
from models.database import Database
from models.followups import FollowUp, FollowUpKind
from tests.judge import JudgingClient

COSTS = "/beitritt/kosten"
TYPED = {
    "year": "2026",
    "kind": "travel",
    "what": "Reise nach Hamburg",
    "planned": "1.250,50",
    "actual": "320",
}


def _rows(database: Database, now: datetime) -> list[Cost]:
    with database.read(now) as session:
        return list(session.exec(select(Cost).order_by(Cost.id)))  # type: ignore[arg-type]


def _text(client: JudgingClient, address: str = COSTS) -> str:
    """The page's words without its markup."""
    words = " ".join(lxml.html.document_fromstring(client.get(address).text).itertext())
    return " ".join(words.replace("\u00a0", " ").split())


def test_an_empty_page_claims_nothing_and_asks_for_the_fee(client: JudgingClient) -> None:
    page = _text(client)
    assert "Was kostet uns das?" in page
    assert "nichts eingetragen" in page
    assert "Beitrag seit 2020 unbekannt: beim Netzwerk nachfragen." in page
    assert "0,00" not in page
    assert "2026" in page
    assert "2027" in page


def test_euros_and_hours_stand_side_by_side_and_unknown_is_never_nought(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    for typed in (
        TYPED,
        {"year": "2026", "kind": "travel", "what": "Reise nach Linz", "planned": "749,50", "actual": ""},
        {"year": "2026", "kind": "hours", "what": "Vorbereitung", "planned": "40", "actual": "12,5"},
        {"year": "2027", "kind": "events", "what": "Werkstatttag", "planned": "", "actual": ""},
        {"year": "2025", "kind": "other_cost", "what": "Druck", "planned": "0", "actual": "0"},
    ):
        assert client.post(f"{COSTS}/neu", data=typed).status_code == 303
    page = _text(client)
    assert "Dieses Jahr (2026), geplant 2.000,00 € Arbeitszeit: 40 Std." in page
    assert "bisher ausgegeben mindestens 320,00 € Arbeitszeit: 12,5 Std." in page
    assert "Nächstes Jahr (2027), geplant unbekannt" in page
    assert "Reisen zusammen 2.000,00 € mindestens 320,00 €" in page
    assert "Zusammen in Stunden (nicht in der Euro-Summe) 40 Std. 12,5 Std." in page
    assert "Druck Sonstige Kosten 0,00 € 0,00 €" in page
    assert "2.040" not in page
    with database.read(now) as session:
        summary = cost_summary(session, 2026)
        assert (summary.planned.amount, summary.planned.unknown) == (200_000, 0)
        assert (summary.actual.amount, summary.actual.known, summary.actual.unknown) == (32_000, 1, 1)
        assert (summary.hours_planned.amount, summary.hours_actual.amount) == (4_000, 1_250)
        assert not summary.fee_is_known
        nothing = cost_summary(session, 2031)
        assert nothing.planned.words("de") == ""
        assert cost_summary(session, 2027).planned.words("en") == "unknown"
    csv = client.get(f"{COSTS}.csv").get_data().decode("utf-8-sig")
    assert "2025;Sonstige Kosten;Druck;0;0;;" in csv
    assert "2026;Reisen;Reise nach Linz;749,50;unbekannt;;" in csv
    assert "2026;Arbeitszeit;Vorbereitung;;;40;12,50" in csv


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("planned", "viel"), ("actual", "-5"), ("planned", "1,250"), ("planned", "10.000.000"), ("year", "26"),
        ("what", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_and_nothing_typed_is_lost(
    client: JudgingClient, database: Database, now: datetime, field: str, typed: str
) -> None:
    answer = client.post(f"{COSTS}/neu", data=TYPED | {"note": "Bitte behalten", field: typed})
    assert answer.status_code == 422
    assert "Bitte behalten" in answer.text
    if typed:
        assert f'value="{typed}"' in answer.text
    if field in ("planned", "actual"):
        assert "Bitte schreiben Sie einen Betrag wie 1.250,50 oder 12,5" in answer.text
        assert 'value="1.250,50"' in answer.text or field == "planned"
    assert _rows(database, now) == []


def test_a_cost_is_changed_with_history_and_who_saves_second_sees_both_amounts(
    client: JudgingClient, bens_client: JudgingClient, database: Database, now: datetime
) -> None:
    client.post(f"{COSTS}/neu", data=TYPED)
    [cost] = _rows(database, now)
    assert cost.planned == 125_050
    address = f"{COSTS}/{cost.id}"
    assert 'value="1250,50"' in client.get(f"{address}/bearbeiten").text
    seen = str(cost.version)
    assert (
        client.post(f"{address}/bearbeiten", data=TYPED | {"actual": "400", "version": seen}).status_code
        == 303
    )
    late = bens_client.post(f"{address}/bearbeiten", data=TYPED | {"actual": "500,5", "version": seen})
    assert late.status_code == 409
    assert "400" in late.text
    assert "500,50" in late.text
    assert _rows(database, now)[0].actual == 40_000
    assert "Tatsächlich : 320 → 400" in _text(client, f"{address}/verlauf")
    assert "1.250,50 €" in _text(client, address)
    client.post(f"{address}/loeschen")
    assert _rows(database, now) == []
    assert client.get(address).status_code == 404


def test_the_question_about_the_fee_is_prefilled_and_then_shown_instead_of_the_button(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    page = lxml.html.document_fromstring(client.get(COSTS).text)
    [button] = page.xpath("//a[contains(., 'Beim Netzwerk nachfragen')]/@href")
    form = lxml.html.document_fromstring(client.get(button).text)
    assert form.xpath("//select[@name='kind']/option[@selected]/@value") == ["waiting"]
    assert form.xpath("//input[@name='waiting_for']/@value") == ["Fab City Foundation"]
    assert form.xpath("//input[@name='what']/@value") == [FEE_QUESTION["de"]]
    [due] = form.xpath("//input[@name='due_on']/@value")
    assert due == "07.12.2026"
    typed = {
        "kind": "waiting", "what": FEE_QUESTION["de"], "waiting_for": "Fab City Foundation", "due_on": due,
        "since_on": "23.11.2026",
    }  # fmt: skip
    assert client.post(button, data=typed).location == COSTS
    shown = _text(client)
    assert f"Die Frage läuft: {FEE_QUESTION['de']}" in shown
    assert "Beim Netzwerk nachfragen" not in shown
    with database.read(now) as session:
        question = session.exec(select(FollowUp).where(FollowUp.kind == FollowUpKind.WAITING)).all()[-1]
    client.post(f"/wiedervorlagen/{question.id}/erledigt")
    assert "Die Frage wurde am 23.11.2026 erledigt" in _text(client)
    fee = {"year": "2027", "kind": CostKind.FEE.value, "what": "Beitrag", "planned": "0"}
    client.post(f"{COSTS}/neu", data=fee)
    settled = _text(client)
    assert "0,00 € im Jahr 2027" in settled
    assert "Beitrag seit 2020 unbekannt" not in settled


def test_costs_are_told_in_english_too(client: JudgingClient) -> None:
    client.post(f"{COSTS}/neu", data=TYPED)
    client.post("/sprache", data={"language": "en"})
    page = _text(client)
    assert "What does it cost us?" in page
    assert "€1,250.50" in page
    assert client.get(f"{COSTS}/neu?jahr=2027&art=fee").status_code == 200
    assert client.get(f"{COSTS}/neu?jahr=²²²²&art=nichts").status_code == 200
