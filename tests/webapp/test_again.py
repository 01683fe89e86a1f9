"""Asking for one more mail: tomorrow, in a week, on a day of one's own; never once a conference has begun."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from sqlmodel import Session, col, select

from models.commitments.checklist import Commitment, CommitmentState
from models.conferences.conferences import Conference, DatePrecision
from models.database import Database
from models.officers import Officer
from models.reminders.messages import Reminder
from models.reminders.rules import ReminderRule, named_recipients, rules
from tests.judge import JudgingClient


def _reminder(session: Session, kind: str, key: int, officer: Officer, now: datetime) -> int:
    row = Reminder(
        rule_id=rules(session)[0].key, subject_kind=kind, subject_id=key, occurrence="2026-11-27", step="-P2D",
        person_id=officer.key, token=f"{kind}{key}", due_at=now, queued_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.key


@pytest.fixture
def commitment(database: Database, now: datetime, ben: Officer) -> tuple[int, int]:
    """A reminder of an open commitment, and that commitment."""
    with database.write(now) as session:
        item = session.exec(select(Commitment)).first()
        assert item is not None
        item.due_on, item.state = date(2026, 11, 27), CommitmentState.OPEN
        key = _reminder(session, "commitment", item.key, ben, now)
        session.commit()
        return key, item.key


@pytest.fixture
def conference(database: Database, now: datetime, ben: Officer) -> int:
    """A reminder of a conference that begins on 1 December 2026."""
    with database.write(now) as session:
        found = session.exec(select(Conference)).first()
        assert found is not None
        found.starts_on = found.ends_on = date(2026, 12, 1)
        found.date_precision, found.year, found.month = DatePrecision.DAY, 2026, 12
        key = _reminder(session, "conference", found.key, ben, now)
        session.commit()
        return key


def _asked(database: Database, now: datetime) -> list[tuple[date | None, set[int]]]:
    """Day and recipients of each one-off wish."""
    with database.read(now) as session:
        query = select(ReminderRule).where(col(ReminderRule.fixed_on).is_not(None))
        found = session.exec(query.order_by(col(ReminderRule.fixed_on))).all()
        return [(rule.fixed_on, named_recipients(session, rule.key)[0]) for rule in found if rule.is_on]


@pytest.mark.parametrize(
    ("address", "typed", "day"),
    [
        ("morgen", {}, date(2026, 11, 24)),
        ("in-einer-woche", {}, date(2026, 11, 30)),
        ("wieder", {"again_day": "4.12.26"}, date(2026, 12, 4)),
    ],
)
def test_each_answer_is_one_mail_to_who_asked_and_harmless_twice(
    bens_client: JudgingClient, database: Database, now: datetime, ben: Officer, commitment: tuple[int, int],
    address: str, typed: dict[str, str], day: date,
) -> None:  # fmt: skip
    before = _asked(database, now)
    for _ in range(2):
        response = bens_client.post(f"/erinnerungen/{commitment[0]}/{address}", data=typed)
        assert response.status_code == 303
    assert [wish for wish in _asked(database, now) if wish not in before] == [(day, {ben.key})]
    assert f"{day:%d.%m.%Y}" in bens_client.get(response.headers["Location"]).text


@pytest.mark.parametrize("typed", ["", "bald", "23.11.2026", "1.1.2020"])
def test_a_day_that_is_none_or_not_ahead_is_refused_and_kept(
    bens_client: JudgingClient, database: Database, now: datetime, commitment: tuple[int, int], typed: str
) -> None:
    before = _asked(database, now)
    response = bens_client.post(f"/erinnerungen/{commitment[0]}/wieder", data={"again_day": typed})
    assert response.status_code == 422
    assert f'value="{typed}"' in response.text
    assert f'action="/erinnerungen/{commitment[0]}"' in response.text, (
        "the other form still goes where it should"
    )
    assert _asked(database, now) == before


def test_no_mail_is_asked_for_once_a_conference_has_begun(
    bens_client: JudgingClient, database: Database, now: datetime, conference: int
) -> None:
    before = _asked(database, now)
    response = bens_client.post(f"/erinnerungen/{conference}/wieder", data={"again_day": "2.12.2026"})
    assert response.status_code == 422
    assert "Die Konferenz beginnt am 01.12.2026" in response.text
    assert _asked(database, now) == before
    assert (
        bens_client.post(f"/erinnerungen/{conference}/wieder", data={"again_day": "1.12.2026"}).status_code
        == 303
    )
    assert len(_asked(database, now)) == len(before) + 1


def test_what_no_longer_fits_is_not_offered_and_does_nothing(
    bens_client: JudgingClient, database: Database, now: datetime, conference: int
) -> None:
    def begins(day: date) -> str:
        with database.write(now) as session:
            found = session.get_one(Conference, session.get_one(Reminder, conference).subject_id)
            found.starts_on = found.ends_on = day
            session.commit()
        return bens_client.get(f"/erinnerungen/{conference}").text

    before = _asked(database, now)
    shown = begins(date(2026, 11, 24))
    assert "Morgen wieder" in shown
    assert "In einer Woche wieder" not in shown
    assert bens_client.post(f"/erinnerungen/{conference}/in-einer-woche").status_code == 303
    assert _asked(database, now) == before
    assert "Später wieder erinnern" not in begins(date(2026, 11, 23))
    assert bens_client.post(f"/erinnerungen/{conference}/morgen").status_code == 303
    assert _asked(database, now) == before


@pytest.mark.parametrize("answer", ["morgen", "in-einer-woche", "wieder"])
def test_what_is_done_or_deleted_needs_no_mail(
    bens_client: JudgingClient, database: Database, now: datetime, commitment: tuple[int, int], answer: str
) -> None:
    steps: list[Callable[[Session, Commitment], None]] = [
        lambda session, item: setattr(item, "state", CommitmentState.DROPPED),
        lambda session, item: session.delete(item),
    ]
    before = _asked(database, now)
    for step in steps:
        with database.write(now) as session:
            step(session, session.get_one(Commitment, commitment[1]))
            session.commit()
        response = bens_client.post(f"/erinnerungen/{commitment[0]}/{answer}", data={"again_day": ""})
        assert response.status_code == 303
        assert _asked(database, now) == before
