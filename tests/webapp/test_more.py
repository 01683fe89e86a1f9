"""The page "More" and the city's settings: the technical contact."""

from datetime import datetime

from models.city import the_city
from models.database import Database
from tests.judge import JudgingClient

TYPED = {
    "name": "Leipzig", "unit": "Referat", "unit_email": "digital@lotse.example", "state": "SN",
    "contacts_keep_months": "24", "mails_keep_months": "12", "sessions_keep_days": "30",
}  # fmt: skip


def test_the_technical_contact_is_asked_for_until_there_is_one(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    assert "Es ist keine technische Ansprechperson eingetragen" in client.get("/mehr").text
    refused = client.post("/mehr/stadt", data={**TYPED, "technical_email": "it", "version": "1"})
    assert refused.status_code == 422
    saved = client.post("/mehr/stadt", data={**TYPED, "technical_email": "it@lotse.example", "version": "1"})
    assert saved.status_code == 303
    with database.read(now) as session:
        assert the_city(session).technical_email == "it@lotse.example"
    assert "Es ist keine technische Ansprechperson eingetragen" not in client.get("/mehr").text


def test_it_may_be_empty_again(client: JudgingClient, database: Database, now: datetime) -> None:
    client.post("/mehr/stadt", data={**TYPED, "technical_email": "it@lotse.example", "version": "1"})
    assert (
        client.post("/mehr/stadt", data={**TYPED, "technical_email": "", "version": "2"}).status_code == 303
    )
    with database.read(now) as session:
        assert the_city(session).technical_email == ""
