"""What is planned, week by week; limited to a colleague; never too long at once."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import lxml.html
import pytest

from models.database import Database
from models.followups import FollowUp, FollowUpKind
from models.officers import Officer
from tests.judge import JudgingClient


@pytest.fixture
def follow_ups(database: Database, now: datetime, today: date) -> Callable[..., None]:
    """Follow-ups on these days from today, of this colleague."""

    def add(officer: Officer, *days: int) -> None:
        with database.write(now) as session:
            session.add_all(
                FollowUp(
                    kind=FollowUpKind.TASK, subject_kind="application", subject_id=1, what=f"Sache {officer.name} {n}",
                    due_on=today + timedelta(days=n), responsible_id=officer.key,
                )
                for n in days
            )  # fmt: skip
            session.commit()

    return add


def _weeks(page: str) -> list[str]:
    return [str(e.text_content()) for e in lxml.html.fromstring(page).xpath("//th[@scope='rowgroup']")]


def test_what_is_planned_stands_under_its_week(
    client: JudgingClient, anna: Officer, follow_ups: Callable[..., None]
) -> None:
    follow_ups(anna, 1, 7, 14)
    page = client.get("/erinnerungen").text
    assert _weeks(page) == [
        "Diese Woche, bis 29.11.2026",
        "Nächste Woche, bis 06.12.2026",
        "Woche vom 07.12.2026 bis 13.12.2026",
    ]


def test_what_goes_at_once_stands_in_this_week(
    client: JudgingClient, anna: Officer, follow_ups: Callable[..., None]
) -> None:
    follow_ups(anna, 0)
    page = client.get("/erinnerungen").text
    assert _weeks(page)[0] == "Diese Woche, bis 29.11.2026"
    assert page.index("sofort") < page.index("Sache Anna Amt 0")


def test_the_plan_is_limited_to_a_colleague(
    client: JudgingClient, anna: Officer, ben: Officer, follow_ups: Callable[..., None]
) -> None:
    follow_ups(anna, 1)
    follow_ups(ben, 1)
    page = client.get(f"/erinnerungen?person={ben.key}").text
    assert "Sache Ben Büro 1" in page
    assert "Sache Anna Amt 1" not in page
    assert "Sache Anna Amt 1" not in client.get(f"/erinnerungen.csv?person={ben.key}").text
    for nonsense in ("4711", "x", "²", "9" * 30):
        assert client.get(f"/erinnerungen?person={nonsense}").status_code == 200


def test_a_long_plan_shows_the_next_weeks_and_leads_to_the_rest(
    client: JudgingClient, anna: Officer, follow_ups: Callable[..., None]
) -> None:
    follow_ups(anna, *range(1, 60))
    page = client.get("/erinnerungen").text
    assert "Sache Anna Amt 21" in page
    assert "Sache Anna Amt 40" not in page
    assert "der nächsten zwölf Wochen zeigen" in page
    everything = client.get("/erinnerungen?bis=alle").text
    assert "Sache Anna Amt 59" in everything
    assert "der nächsten zwölf Wochen zeigen" not in everything
    assert "Sache Anna Amt 59" in client.get("/erinnerungen?ansicht=druck").text


def test_a_short_plan_is_shown_whole(
    client: JudgingClient, anna: Officer, follow_ups: Callable[..., None]
) -> None:
    follow_ups(anna, 60)
    assert "Sache Anna Amt 60" in client.get("/erinnerungen").text


def test_everything_is_one_click_away(client: JudgingClient) -> None:
    links = set(lxml.html.fromstring(client.get("/erinnerungen").text).xpath("//main//a/@href"))
    wanted = {
        "/erinnerungen/jahr",
        "/erinnerungen/texte",
        "/nachrichten",
        "/wiedervorlagen",
        "/erinnerungen/regeln/neu",
    }
    assert wanted <= links
