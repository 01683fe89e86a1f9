"""The page of one rule: what it is limited to, what is wrong with it, what is late when it is switched on."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from models.conferences.conferences import Conference, ConferenceStatus, DatePrecision, Series
from models.database import Database
from models.followups import FollowUp, FollowUpKind
from models.officers import Officer
from models.reminders.rules import ReminderRule, SubjectKind, named_recipients
from models.reminders.texts import MailText
from tests.judge import JudgingClient

NEW = "/erinnerungen/regeln/neu"
RULE = {
    "subject_kind": "conference", "amount": "2", "unit": "weeks", "direction": "before", "anchor": "date",
    "send_at": "09:30", "to_lead": "y", "repeat_unit": "weeks", "holiday_policy": "exact", "rule_class": "duty",
}  # fmt: skip


@pytest.fixture
def change(database: Database, now: datetime) -> Callable[..., Any]:
    """Do something in a session and commit it."""

    def do(work: Callable[[Session], Any]) -> Any:
        with database.write(now) as session:
            answer = work(session)
            session.commit()
        return answer

    return do


def _conference(name: str, day: date, series: Series) -> Conference:
    return Conference(
        name=name, year=day.year, starts_on=day, ends_on=day + timedelta(days=5), date_precision=DatePrecision.DAY,
        status=ConferenceStatus.ANNOUNCED, series=series,
    )  # fmt: skip


def _rules(database: Database, now: datetime) -> list[ReminderRule]:
    with database.read(now) as session:
        return [rule for rule in session.exec(select(ReminderRule)) if rule.code is None]


def _follow_ups(session: Session, number: int, due_on: date) -> None:
    session.add_all(
        FollowUp(
            kind=FollowUpKind.TASK, subject_kind="application", subject_id=1, what=f"Sache {n}", due_on=due_on
        )
        for n in range(number)
    )


def test_everything_that_a_rule_can_say_is_kept_and_shown(
    client: JudgingClient, database: Database, now: datetime, ben: Officer, change: Callable[..., Any]
) -> None:
    def texts(session: Session) -> int:
        own = MailText(name="Reisetext", subject_de="Reise", body_de="Bitte buchen.")
        session.add_all([own, MailText(code="reminder", subject_de="Nie wählbar")])
        session.flush()
        return own.key

    text = change(texts)
    form = client.get(NEW).text
    assert "Reisetext" in form
    assert "Nie wählbar" not in form
    chosen = {
        "only_series": "fabx", "only_words": "reise Mexiko", "is_urgent": "y", "escalate_after": "3",
        "escalate_to_id": str(ben.key), "text_id": str(text),
    }  # fmt: skip
    made = client.post(NEW, data=RULE | chosen)
    assert made.status_code == 303
    [rule] = _rules(database, now)
    assert (rule.to_lead, rule.is_urgent, rule.only_series, rule.only_words) == (
        True,
        True,
        Series.FABX,
        "reise Mexiko",
    )
    assert (rule.escalate_after, rule.escalate_to_id, rule.text_id) == (3, ben.key, text)
    assert rule.name_de == "Konferenz (FABx, reise Mexiko): 2 Wochen vorher"
    page = client.get(made.location).text
    for said in (
        "Die Federführung",
        "FABx",
        "reise Mexiko",
        "Dringend",
        "nach 3 Arbeitstagen",
        "Ben Büro",
        "Reisetext",
    ):
        assert said in page
    again = client.get(f"{made.location}/bearbeiten").text
    assert 'value="reise Mexiko"' in again
    emptied = RULE | {
        "version": str(rule.version),
        "escalate_after": "",
        "escalate_to_id": "",
        "text_id": "",
        "only_series": "",
        "only_words": "",
        "name_de": "",
        "name_en": "",
    }
    assert client.post(f"{made.location}/bearbeiten", data=emptied).status_code == 303
    [rule] = _rules(database, now)
    assert (rule.only_series, rule.only_words, rule.escalate_after, rule.text_id) == (None, "", 0, None)


def test_a_rule_is_limited_to_a_series_and_to_words(
    client: JudgingClient, change: Callable[..., Any]
) -> None:
    def two(session: Session) -> None:
        session.add(_conference("FABprobe Rom", date(2027, 3, 1), Series.FABX))
        session.add(_conference("Nebentagung Rom", date(2027, 3, 8), Series.RELATED))
        session.add(_conference("FABprobe Oslo", date(2027, 3, 15), Series.FABX))

    change(two)
    made = client.post(NEW, data=RULE | {"only_series": "fabx", "only_words": "rom"})
    page = client.get(made.location).text
    assert "FABprobe Rom" in page
    assert "Nebentagung" not in page
    assert "FABprobe Oslo" not in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"to_lead": ""}, "zum Beispiel die Federführung"),
        ({"subject_kind": "phase", "only_series": "fabx"}, "nur Konferenzen und ihre Fristen"),
        ({"repeat_amount": "3"}, "kürzeren Abstand"),
        ({"amount": "1", "unit": "days", "holiday_policy": "next"}, "am Arbeitstag davor"),
        ({"escalate_to_id": "1"}, "nach wie vielen Arbeitstagen"),
        ({"escalate_after": "61"}, "0 bis 60"),
        ({"amount": "61", "unit": "months"}, "fünf Jahre"),
        ({"only_words": "x" * 201}, "200"),
    ],
)
def test_bad_input_is_said_with_the_way_out_and_nothing_is_half_saved(
    client: JudgingClient, database: Database, now: datetime, wrong: dict[str, str], said: str
) -> None:
    data = {name: value for name, value in (RULE | wrong).items() if value}
    page = client.post(NEW, data=data | {"name_de": "Mein Name"})
    assert page.status_code == 422
    assert said in page.text
    assert 'value="Mein Name"' in page.text
    assert _rules(database, now) == []


def test_a_rule_that_leaves_out_everybody_is_refused(
    client: JudgingClient, database: Database, now: datetime, anna: Officer
) -> None:
    page = client.post(NEW, data=RULE | {"but_ids": str(anna.key)})
    assert page.status_code == 422
    assert "ausgenommen" in page.text
    assert _rules(database, now) == []


def test_an_edit_with_a_fault_changes_nothing(
    client: JudgingClient, database: Database, now: datetime, anna: Officer, ben: Officer
) -> None:
    made = client.post(NEW, data=RULE | {"also_ids": str(ben.key)})
    wrong = RULE | {"amount": "9", "repeat_amount": "12", "also_ids": str(anna.key), "version": "1"}
    page = client.post(f"{made.location}/bearbeiten", data=wrong)
    assert page.status_code == 422
    assert 'value="9"' in page.text
    [rule] = _rules(database, now)
    assert (rule.amount, rule.repeat_amount, rule.version) == (2, 0, 1)
    with database.read(now) as session:
        assert named_recipients(session, rule.key) == ({ben.key}, set())
    right = wrong | {"repeat_amount": "2"}
    assert client.post(f"{made.location}/bearbeiten", data=right).status_code == 303


def test_a_single_reminder_cannot_be_put_on_a_day_that_has_passed(
    client: JudgingClient, database: Database, now: datetime, change: Callable[..., Any]
) -> None:
    def add(session: Session) -> int:
        row = _conference("Probekonferenz", date(2026, 12, 24), Series.RELATED)
        session.add(row)
        session.flush()
        return row.key

    key = change(add)
    client.post(
        f"/erinnerungen/erinnern/conference/{key}", data={"when": "day", "day": "1.12.2026", "whom": "me"}
    )
    [rule] = _rules(database, now)
    form = client.get(f"/erinnerungen/regeln/{rule.id}/bearbeiten").text
    assert 'name="only_series"' not in form
    typed = {
        name: RULE[name] for name in ("anchor", "send_at", "repeat_unit", "holiday_policy", "rule_class")
    }
    typed |= {"fixed_on": "1.11.2026", "to_lead": "y", "version": str(rule.version)}
    page = client.post(f"/erinnerungen/regeln/{rule.id}/bearbeiten", data=typed)
    assert page.status_code == 422
    assert "heute oder einen späteren Tag" in page.text
    assert _rules(database, now)[0].fixed_on == date(2026, 12, 1)


def test_t3_what_is_already_late_is_said_before_a_rule_is_switched_on(
    client: JudgingClient, change: Callable[..., Any]
) -> None:
    def two(session: Session) -> None:
        session.add(_conference("Bald eins", date(2026, 12, 1), Series.FABX))
        session.add(_conference("Bald zwei", date(2026, 12, 3), Series.FABX))
        session.add(_conference("Vorbei", date(2026, 11, 3), Series.FABX))
        session.add(_conference("Später", date(2027, 3, 3), Series.FABX))

    change(two)
    made = client.post(NEW, data=RULE)
    page = client.get(made.location).text
    late = page[page.index('id="ueberfaellig"') : page.index('id="plan"')]
    assert "Anna Amt" in late
    assert "Bald eins" in late
    assert "Bald zwei" in late
    assert "Vorbei" not in page
    assert "Später" not in late
    assert "Später" in page[page.index('id="plan"') :]
    client.post(f"{made.location}/schalten", data={"an": "ja"})
    assert 'id="ueberfaellig"' not in client.get(made.location).text


def test_a_rule_that_would_send_more_than_a_thousand_at_once_is_not_saved(
    client: JudgingClient, database: Database, now: datetime, change: Callable[..., Any]
) -> None:
    change(lambda session: _follow_ups(session, 501, date(2026, 12, 1)))
    flood = RULE | {"subject_kind": "follow_up", "to_everyone": "y"}
    page = client.post(NEW, data=flood)
    assert page.status_code == 422
    assert "1004" in page.text  # two colleagues, 501 and the one of the starter data
    assert "Grenzen Sie sie ein" in page.text
    assert _rules(database, now) == []
    assert client.post(NEW, data=flood | {"only_words": "Sache 7"}).status_code == 303


def test_a_rule_that_came_to_send_too_much_stays_off_until_it_is_narrowed(
    client: JudgingClient, database: Database, now: datetime, change: Callable[..., Any]
) -> None:
    made = client.post(NEW, data=RULE | {"subject_kind": "follow_up", "to_everyone": "y"})
    change(lambda session: _follow_ups(session, 501, date(2027, 3, 1)))
    page = client.get(made.location).text
    assert "1002" in page
    assert "/schalten" not in page
    assert "nicht gezeigt" in page
    client.post(f"{made.location}/schalten", data={"an": "ja"})
    assert [rule.is_on for rule in _rules(database, now)] == [False]
    fewer = RULE | {"subject_kind": "follow_up", "version": "1"}
    assert client.post(f"{made.location}/bearbeiten", data=fewer).status_code == 303
    client.post(f"{made.location}/schalten", data={"an": "ja"})
    assert [rule.is_on for rule in _rules(database, now)] == [True]


def test_a_rule_that_came_to_reach_nobody_says_so(
    client: JudgingClient, database: Database, now: datetime, change: Callable[..., Any]
) -> None:
    made = client.post(NEW, data=RULE)

    def spoil(session: Session) -> None:
        session.exec(
            select(ReminderRule).where(col(ReminderRule.code).is_(None))
        ).one().to_responsible = False
        session.exec(select(ReminderRule).where(col(ReminderRule.code).is_(None))).one().to_lead = False

    assert "Niemand ist genannt" not in client.get(made.location).text
    change(spoil)
    assert "Niemand ist genannt" in client.get(made.location).text


def test_erinnern_stays_two_clicks(
    client: JudgingClient, database: Database, now: datetime, change: Callable[..., Any]
) -> None:
    change(lambda session: _follow_ups(session, 1, date(2026, 12, 15)))
    with database.read(now) as session:
        key = session.exec(select(FollowUp).where(FollowUp.what == "Sache 0")).one().key
    address = f"/erinnerungen/erinnern/follow_up/{key}"
    assert "only_words" not in client.get(address).text
    assert client.post(address, data={"when": "d7", "whom": "me"}).status_code == 303
    [rule] = _rules(database, now)
    assert (rule.subject_kind, rule.subject_id) == (SubjectKind.FOLLOW_UP, key)
