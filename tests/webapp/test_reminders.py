"""Pages of reminders: what is planned, asking, answering, rules, test mail, restore."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import lxml.html
import pytest
from sqlmodel import Session, col, select

from models.application.phases import Phase
from models.city import the_city
from models.commitments.checklist import Commitment, CommitmentState
from models.conferences.conferences import Conference, ConferenceStatus, DatePrecision, Participation
from models.database import Database
from models.followups import FollowUp, FollowUpKind
from models.job_runs import JobRun
from models.language import day_text
from models.officers import Officer
from models.reminders.composing import compose, people_waiting
from models.reminders.letters import MailSettings
from models.reminders.messages import Message, MessageKind, Reminder, ReminderState, the_sender
from models.reminders.queueing import queue_due
from models.reminders.rules import ReminderRule, SubjectKind, default_rules, named_recipients, rules_on
from models.reminders.settling import settle_sent
from tests.judge import JudgingClient

MAIL = MailSettings("http://127.0.0.1:8000", "lotse@lotse.example")


@pytest.fixture
def change(database: Database, now: datetime) -> Callable[..., Any]:
    """Do something in a session and commit it."""

    def do(work: Callable[[Session], Any], at: datetime = now) -> Any:
        with database.write(at) as session:
            answer = work(session)
            session.commit()
        return answer

    return do


@pytest.fixture
def commitment(change: Callable[..., Any], anna: Officer) -> int:
    """An item that Anna must have done by 27.11.2026, a Friday."""

    def work(session: Session) -> int:
        item = session.exec(select(Commitment).order_by(col(Commitment.id))).first()
        assert item is not None
        item.label_de, item.due_on, item.responsible_id = "Brief ans Netz", date(2026, 11, 27), anna.key
        return item.key

    return int(change(work))


@pytest.fixture
def conference(change: Callable[..., Any]) -> int:
    """A conference in 31 days: 24.12.2026."""

    def work(session: Session) -> int:
        row = Conference(
            name="Probekonferenz", year=2026, starts_on=date(2026, 12, 24), ends_on=date(2026, 12, 26),
            date_precision=DatePrecision.DAY, status=ConferenceStatus.ANNOUNCED,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.key

    return int(change(work))


@pytest.fixture
def reminded(change: Callable[..., Any], commitment: int) -> int:
    """The reminder of that item, as the sender made it two working days before."""

    def work(session: Session) -> int:
        queue_due(session, at)
        for key in people_waiting(session):
            compose(session, key, MAIL, at)
        about = (Reminder.subject_kind == "commitment", Reminder.subject_id == commitment)
        return session.exec(select(Reminder).where(*about)).one().key

    at = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
    return int(change(work, at))


def one_off(database: Database, now: datetime, kind: SubjectKind, key: int) -> list[ReminderRule]:
    with database.read(now) as session:
        return rules_on(session, kind, key)


def row(database: Database, now: datetime, kind: type[Any], key: int) -> Any:
    with database.read(now) as session:
        return session.get_one(kind, key)


# What is planned


def test_the_page_says_what_goes_out_when_and_to_whom(client: JudgingClient, commitment: int) -> None:
    page = client.get("/erinnerungen").text
    assert "Brief ans Netz" in page
    assert "Mittwoch, 25.11.2026, 08:00" in page
    assert "Zusage: 2 Arbeitstage vorher" in page
    assert "Anna Amt" in page


def test_the_plan_is_searched_filtered_printed_and_taken_to_excel(
    client: JudgingClient, commitment: int
) -> None:
    assert "Brief ans Netz" in client.get("/erinnerungen?suche=brief+NETZ").text
    assert "Brief ans Netz" not in client.get("/erinnerungen?suche=gibt-es-nicht").text
    assert "Brief ans Netz" in client.get("/erinnerungen?art=commitment").text
    assert "Brief ans Netz" not in client.get("/erinnerungen?art=phase").text
    assert client.get("/erinnerungen?ansicht=druck").status_code == 200
    table = client.get("/erinnerungen.csv?art=commitment")
    assert table.mimetype == "text/csv"
    assert "Mittwoch, 25.11.2026, 08:00;Brief ans Netz;" in table.text


def test_a_missed_reminder_is_listed(
    client: JudgingClient, reminded: int, change: Callable[..., Any]
) -> None:
    def miss(session: Session) -> None:
        session.get_one(Reminder, reminded).state = ReminderState.MISSED

    change(miss)
    assert f"/erinnerungen/{reminded}" in client.get("/erinnerungen").text


# Erinnern


def test_a_reminder_is_asked_for_in_two_clicks_and_says_when_its_mail_goes(
    client: JudgingClient, database: Database, now: datetime, conference: int, anna: Officer
) -> None:
    page = client.get(f"/erinnerungen/erinnern/conference/{conference}").text
    chosen = lxml.html.fromstring(page).xpath("//input[@checked]/@value")
    assert chosen == ["d30", "me"]  # 30 days before is still ahead
    assert "Dienstag, 24.11.2026, 08:00" in page
    data = {"when": "d30", "whom": "me"}
    said = client.post(f"/erinnerungen/erinnern/conference/{conference}", data=data)
    assert said.status_code == 303
    shown = client.get("/erinnerungen").text
    assert "Dienstag, 24.11.2026, 08:00" in shown
    assert "Anna Amt" in shown
    [rule] = one_off(database, now, SubjectKind.CONFERENCE, conference)
    assert (rule.name_de, rule.name_en) == ("Erinnerung: 30 Tage vorher", "Reminder: 30 days before")
    with database.read(now) as session:
        assert named_recipients(session, rule.key) == ({anna.key}, set())


def test_asking_twice_makes_one_reminder(
    client: JudgingClient, database: Database, now: datetime, conference: int
) -> None:
    for _ in range(2):
        client.post(
            f"/erinnerungen/erinnern/conference/{conference}", data={"when": "d7", "whom": "everyone"}
        )
    assert len(one_off(database, now, SubjectKind.CONFERENCE, conference)) == 1
    assert "schon gebeten" in client.get(f"/konferenzen/{conference}").text


def test_a_moment_that_has_passed_goes_out_right_away(
    client: JudgingClient, database: Database, now: datetime, commitment: int
) -> None:
    client.post(f"/erinnerungen/erinnern/commitment/{commitment}", data={"when": "d30", "whom": "me"})
    with client.session_transaction() as session:
        [(_, said)] = session["_flashes"]
    assert "Anna Amt" in said
    with database.write(now) as session:
        queue_due(session, now)
        queued = session.exec(select(Reminder).where(Reminder.subject_id == commitment)).all()
        assert [reminder.step for reminder in queued] == ["-P30D"]


def test_a_day_that_has_passed_is_refused_and_stays_in_the_form(
    client: JudgingClient, database: Database, now: datetime, commitment: int
) -> None:
    data = {"when": "day", "day": "20.11.2026", "whom": "me"}
    page = client.post(f"/erinnerungen/erinnern/commitment/{commitment}", data=data)
    assert page.status_code == 422
    assert "20.11.2026" in page.text
    assert one_off(database, now, SubjectKind.COMMITMENT, commitment) == []


@pytest.mark.parametrize(
    "data",
    [
        {"when": "day", "whom": "me"},
        {"when": "own", "whom": "me"},
        {"when": "own", "amount": "70", "unit": "months", "whom": "me"},
        {"when": "d7", "day": "1.12.2026", "whom": "me"},
        {"when": "d7", "amount": "3", "unit": "weeks", "whom": "me"},
        {"when": "never", "whom": "me"},
        {"when": "d7", "whom": "going"},
        {},
    ],
)
def test_an_unclear_wish_is_asked_about(
    client: JudgingClient, database: Database, now: datetime, commitment: int, data: dict[str, str]
) -> None:
    page = client.post(f"/erinnerungen/erinnern/commitment/{commitment}", data=data)
    assert page.status_code == 422
    assert one_off(database, now, SubjectKind.COMMITMENT, commitment) == []


def test_a_subject_without_a_date_known_to_the_day_offers_only_a_day_of_its_own(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    with database.read(now) as session:
        unknown = session.exec(
            select(Conference).where(Conference.status == ConferenceStatus.NOT_ANNOUNCED)
        ).first()
    assert unknown is not None
    address = f"/erinnerungen/erinnern/conference/{unknown.key}"
    page = client.get(address).text
    assert 'value="day"' in page
    assert 'value="d30"' not in page
    assert client.post(address, data={"when": "d30", "whom": "me"}).status_code == 422
    assert client.post(address, data={"when": "day", "day": "1.12.26", "whom": "me"}).status_code == 303
    [rule] = one_off(database, now, SubjectKind.CONFERENCE, unknown.key)
    assert rule.fixed_on == date(2026, 12, 1)


def test_who_goes_to_a_conference_can_be_reminded(
    client: JudgingClient,
    database: Database,
    now: datetime,
    conference: int,
    ben: Officer,
    change: Callable[..., Any],
) -> None:
    change(lambda session: session.add(Participation(conference_id=conference, officer_id=ben.key)))
    address = f"/erinnerungen/erinnern/conference/{conference}"
    assert "Ben Büro" in client.get(address).text
    assert client.post(address, data={"when": "d7", "whom": "going"}).status_code == 303
    assert one_off(database, now, SubjectKind.CONFERENCE, conference)[0].to_participants


def test_reminders_already_asked_for_stand_on_the_page_and_can_be_removed(
    client: JudgingClient, database: Database, now: datetime, conference: int
) -> None:
    address = f"/erinnerungen/erinnern/conference/{conference}"
    client.post(address, data={"when": "d14", "whom": "me"})
    [rule] = one_off(database, now, SubjectKind.CONFERENCE, conference)
    assert f"/erinnerungen/regeln/{rule.id}/entfernen" in client.get(address).text
    assert "Probekonferenz" in client.get(f"/erinnerungen/regeln/{rule.id}/entfernen?zurueck={address}").text
    removed = client.post(f"/erinnerungen/regeln/{rule.id}/entfernen", data={"zurueck": address})
    assert removed.location == address
    assert one_off(database, now, SubjectKind.CONFERENCE, conference) == []
    assert client.post(f"/erinnerungen/regeln/{rule.id}/entfernen").status_code == 303


def test_what_is_done_cannot_be_reminded_of(
    client: JudgingClient, database: Database, now: datetime, commitment: int, change: Callable[..., Any]
) -> None:
    def finish(session: Session) -> None:
        session.get_one(Commitment, commitment).state = CommitmentState.FULFILLED

    change(finish)
    address = f"/erinnerungen/erinnern/commitment/{commitment}"
    assert 'name="when"' not in client.get(address).text
    client.post(address, data={"when": "d7", "whom": "me"})
    assert one_off(database, now, SubjectKind.COMMITMENT, commitment) == []


def test_nothing_and_nonsense_are_not_found(client: JudgingClient) -> None:
    assert client.get("/erinnerungen/erinnern/commitment/99999").status_code == 404
    assert client.get("/erinnerungen/erinnern/officer/1").status_code == 404
    assert client.get("/erinnerungen/99999").status_code == 404


# Answers


def test_t23_looking_at_a_reminder_changes_nothing(
    client: JudgingClient, database: Database, now: datetime, reminded: int, commitment: int
) -> None:
    for _ in range(10):
        page = client.get(f"/erinnerungen/{reminded}")
        assert page.status_code == 200
        assert client.get(f"/erinnerungen/{reminded}/erledigt").status_code == 405
    assert "Brief ans Netz" in page.text
    assert "Zusage: 2 Arbeitstage vorher" in page.text
    assert row(database, now, Reminder, reminded).answered_at is None
    assert row(database, now, Commitment, commitment).state is CommitmentState.OPEN


def test_done_twice_is_done_once(
    client: JudgingClient,
    bens_client: JudgingClient,
    database: Database,
    now: datetime,
    reminded: int,
    commitment: int,
) -> None:
    assert client.post(f"/erinnerungen/{reminded}/erledigt").status_code == 303
    assert row(database, now, Commitment, commitment).state is CommitmentState.FULFILLED
    assert row(database, now, Reminder, reminded).answered_at == now
    version = row(database, now, Commitment, commitment).version
    assert bens_client.post(f"/erinnerungen/{reminded}/erledigt").status_code == 303
    assert row(database, now, Commitment, commitment).version == version
    assert f"/erinnerungen/{reminded}/erledigt" not in client.get(f"/erinnerungen/{reminded}").text


def test_again_in_a_week_is_one_mail_to_who_asked(
    bens_client: JudgingClient,
    database: Database,
    now: datetime,
    reminded: int,
    commitment: int,
    ben: Officer,
) -> None:
    for _ in range(2):
        assert bens_client.post(f"/erinnerungen/{reminded}/in-einer-woche").status_code == 303
    [rule] = one_off(database, now, SubjectKind.COMMITMENT, commitment)
    assert rule.fixed_on == date(2026, 11, 30)
    with database.read(now) as session:
        assert named_recipients(session, rule.key) == ({ben.key}, set())


def test_the_date_is_changed_and_a_colleague_with_an_open_form_is_told(
    client: JudgingClient, database: Database, now: datetime, reminded: int, commitment: int
) -> None:
    version = row(database, now, Commitment, commitment).version
    data = {"day": "11.12.2026", "version": "2026-11-27"}
    assert client.post(f"/erinnerungen/{reminded}", data=data).status_code == 303
    assert row(database, now, Commitment, commitment).due_on == date(2026, 12, 11)
    assert row(database, now, Commitment, commitment).version == version + 1
    assert (
        client.post(f"/erinnerungen/{reminded}", data=data).status_code == 303
    )  # the same again is harmless
    overtaken = client.post(f"/erinnerungen/{reminded}", data={"day": "15.12.2026", "version": "2026-11-27"})
    assert overtaken.status_code == 409
    assert "11.12.2026" in overtaken.text
    assert "15.12.2026" in overtaken.text
    again = client.post(f"/erinnerungen/{reminded}", data={"day": "15.12.2026", "version": "2026-12-11"})
    assert again.status_code == 303


@pytest.mark.parametrize("typed", ["", "bald", "20.11.2026", "31.02.2027"])
def test_a_new_date_that_is_none_is_refused(client: JudgingClient, reminded: int, typed: str) -> None:
    page = client.post(f"/erinnerungen/{reminded}", data={"day": typed, "version": "2026-11-27"})
    assert page.status_code == 422
    assert typed in page.text


def test_a_deleted_subject_is_said_plainly(
    client: JudgingClient, change: Callable[..., Any], commitment: int, reminded: int
) -> None:
    change(lambda session: session.delete(session.get_one(Commitment, commitment)))
    assert client.get(f"/erinnerungen/{reminded}").status_code == 200
    for answer in ("/erledigt", "/in-einer-woche"):
        assert client.post(f"/erinnerungen/{reminded}{answer}").status_code == 303
    assert client.post(f"/erinnerungen/{reminded}", data={"day": "11.12.2026"}).status_code == 200


def test_a_conference_is_only_noted_and_its_date_is_changed_on_its_own_page(
    client: JudgingClient, database: Database, now: datetime, conference: int, change: Callable[..., Any]
) -> None:
    client.post(f"/erinnerungen/erinnern/conference/{conference}", data={"when": "d30", "whom": "me"})

    def work(session: Session) -> int:
        queue_due(session, now + timedelta(days=1))
        return session.exec(select(Reminder).where(Reminder.subject_kind == "conference")).one().key

    key = change(work, now + timedelta(days=1))
    page = client.get(f"/erinnerungen/{key}").text
    assert f"/konferenzen/{conference}/bearbeiten" in page
    assert 'name="day"' not in page
    client.post(f"/erinnerungen/{key}", data={"day": "11.12.2026"})
    assert row(database, now, Conference, conference).starts_on == date(2026, 12, 24)
    assert client.post(f"/erinnerungen/{key}/erledigt").status_code == 303
    assert row(database, now, Reminder, key).answered_at is not None


def test_a_look_up_is_answered_with_nothing_yet_or_with_the_date(
    client: JudgingClient, database: Database, now: datetime, change: Callable[..., Any], conference: int
) -> None:
    def work(session: Session) -> tuple[int, int]:
        follow_up = FollowUp(
            kind=FollowUpKind.LOOK_UP, subject_kind="conference", subject_id=conference, what="Nachsehen",
            due_on=date(2026, 11, 23), address="https://example.org/",
        )  # fmt: skip
        session.add(follow_up)
        session.flush()
        queue_due(session, now)
        about = (Reminder.subject_kind == "follow_up", Reminder.subject_id == follow_up.key)
        return follow_up.key, session.exec(select(Reminder).where(*about)).one().key

    follow_up, key = change(work)
    page = client.get(f"/erinnerungen/{key}").text
    assert 'value="01.12.2026"' in page
    assert f"/konferenzen/{conference}/bearbeiten" in page
    assert "https://example.org/" in page
    client.post(f"/erinnerungen/{key}", data={"day": "01.12.2026", "version": "2026-11-23"})
    assert row(database, now, FollowUp, follow_up).due_on == date(2026, 12, 1)
    assert row(database, now, FollowUp, follow_up).is_open


# Rules

RULE = {
    "subject_kind": "commitment", "amount": "5", "unit": "working_days", "direction": "before", "anchor": "date",
    "send_at": "09:30", "to_responsible": "y", "repeat_unit": "weeks", "holiday_policy": "exact", "rule_class": "duty",
    "with_calendar": "y",
}  # fmt: skip


def _key(address: str) -> int:
    return int(address.rsplit("/", 1)[-1])


def test_a_rule_is_looked_at_before_it_is_switched_on(
    client: JudgingClient, database: Database, now: datetime, commitment: int, change: Callable[..., Any]
) -> None:
    def later(session: Session) -> None:
        session.get_one(Commitment, commitment).due_on = date(2027, 3, 19)

    change(later)
    made = client.post("/erinnerungen/regeln/neu", data=RULE)
    assert made.status_code == 303
    rule = row(database, now, ReminderRule, _key(made.location))
    assert (rule.is_on, rule.name_de) == (False, "Zusage: 5 Arbeitstage vorher")
    page = client.get(made.location).text
    assert "Freitag, 12.03.2027, 09:30" in page
    assert "Freitag, 12.03.2027, 09:30" not in client.get("/erinnerungen").text
    for _ in range(2):
        assert client.post(f"{made.location}/schalten", data={"an": "ja"}).status_code == 303
    assert row(database, now, ReminderRule, rule.key).is_on
    client.post(f"{made.location}/schalten", data={"an": "nein"})
    assert not row(database, now, ReminderRule, rule.key).is_on
    assert client.get(f"{made.location}/verlauf").status_code == 200


def test_t3_a_rule_that_now_counts_after_the_date_says_nothing_about_dates_that_have_passed(
    client: JudgingClient, database: Database, now: datetime, commitment: int, change: Callable[..., Any]
) -> None:
    def passed(session: Session) -> None:
        session.get_one(Commitment, commitment).due_on = date(2026, 11, 18)
        rule = session.exec(select(ReminderRule).where(ReminderRule.code == "due-commitment")).one()
        rule.effective_from = rule.queued_until = now - timedelta(days=60)

    change(passed)
    with database.read(now) as session:
        key = session.exec(select(ReminderRule).where(ReminderRule.code == "due-commitment")).one().key
    typed = RULE | {"amount": "1", "unit": "days", "direction": "after", "send_at": "08:00", "version": "1"}
    assert client.post(f"/erinnerungen/regeln/{key}/bearbeiten", data=typed).status_code == 303
    with database.write(now) as session:
        assert queue_due(session, now) == 0


def test_t15_a_rule_at_which_the_program_fails_hides_no_other_and_every_page_says_so(
    client: JudgingClient, database: Database, now: datetime, commitment: int, change: Callable[..., Any]
) -> None:
    def poison(session: Session) -> None:
        session.exec(select(ReminderRule).where(ReminderRule.code == "due-phase")).one().zone = "No/Where"
        session.exec(select(Phase)).first().due_on = date(2027, 3, 19)  # type: ignore[union-attr]
        session.add(JobRun(job="send-reminders", slot="1", started_at=now, finished_at=now, failure="X"))

    change(poison)
    page = client.get("/erinnerungen").text
    assert "Brief ans Netz" in page
    assert "an einer Erinnerung gescheitert" in page
    assert "an einer Erinnerung gescheitert" in client.get("/").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "1306"},
        {"amount": "61", "unit": "months"},
        {"amount": "-1"},
        {"amount": ""},
        {"send_at": "25:00"},
        {"send_at": ""},
        {"direction": "after", "repeat_amount": "1"},
        {"subject_kind": "officer"},
        {"also_ids": "1", "but_ids": "1"},
        {"also_ids": "4711"},
        {"name_de": "x" * 201},
    ],
)
def test_a_faulty_rule_is_refused_and_the_input_stays(
    client: JudgingClient, database: Database, now: datetime, wrong: dict[str, str]
) -> None:
    page = client.post("/erinnerungen/regeln/neu", data=RULE | wrong)
    assert page.status_code == 422
    assert 'value="9:30"' in page.text or 'value="09:30"' in page.text or "send_at" in wrong
    with database.read(now) as session:
        assert len(session.exec(select(ReminderRule)).all()) == len(default_rules(now))


def test_recipients_are_named_and_left_out(
    client: JudgingClient, database: Database, now: datetime, anna: Officer, ben: Officer
) -> None:
    data = RULE | {"also_ids": str(ben.key), "but_ids": str(anna.key)}
    made = client.post("/erinnerungen/regeln/neu", data=data)
    with database.read(now) as session:
        assert named_recipients(session, _key(made.location)) == ({ben.key}, {anna.key})
    page = client.get(f"{made.location}/bearbeiten").text
    assert page.count("checked") >= 3
    client.post(f"{made.location}/bearbeiten", data=RULE | {"version": "1"})
    with database.read(now) as session:
        assert named_recipients(session, _key(made.location)) == (set(), set())


def test_who_saves_a_rule_second_is_told(
    client: JudgingClient, bens_client: JudgingClient, database: Database, now: datetime
) -> None:
    address = client.post("/erinnerungen/regeln/neu", data=RULE).location
    assert (
        bens_client.post(f"{address}/bearbeiten", data=RULE | {"amount": "3", "version": "1"}).status_code
        == 303
    )
    second = client.post(f"{address}/bearbeiten", data=RULE | {"amount": "9", "version": "1"})
    assert second.status_code == 409
    assert 'value="9"' in second.text
    rule = row(database, now, ReminderRule, _key(address))
    assert (rule.amount, rule.name_de) == (3, "Zusage: 3 Arbeitstage vorher")


def test_a_single_reminder_is_edited_without_changing_what_it_is_about(
    client: JudgingClient, database: Database, now: datetime, conference: int, anna: Officer
) -> None:
    data = {"when": "day", "day": "1.12.2026", "whom": "me"}
    client.post(f"/erinnerungen/erinnern/conference/{conference}", data=data)
    [rule] = one_off(database, now, SubjectKind.CONFERENCE, conference)
    address = f"/erinnerungen/regeln/{rule.id}"
    assert "Probekonferenz" in client.get(address).text
    page = client.get(f"{address}/bearbeiten").text
    assert 'name="fixed_on"' in page
    assert 'name="subject_kind"' not in page
    changed = {"fixed_on": "8.12.2026", "send_at": "10:00", "anchor": "date", "repeat_unit": "weeks"}
    changed |= {"holiday_policy": "exact", "rule_class": "duty", "version": str(rule.version)}
    changed["also_ids"] = str(anna.key)
    assert client.post(f"{address}/bearbeiten", data=changed).status_code == 303
    rule = row(database, now, ReminderRule, rule.key)
    assert (rule.fixed_on, rule.subject_id) == (date(2026, 12, 8), conference)
    assert rule.name_de == "Erinnerung: am 08.12.2026"


def test_a_removed_rule_is_kept_for_the_record(
    client: JudgingClient, database: Database, now: datetime, reminded: int
) -> None:
    key = row(database, now, Reminder, reminded).rule_id
    client.post(f"/erinnerungen/regeln/{key}/entfernen")
    assert client.get(f"/erinnerungen/regeln/{key}").status_code == 200
    assert client.get(f"/erinnerungen/{reminded}").status_code == 200
    assert client.get(f"/erinnerungen/regeln/{key}/bearbeiten").status_code == 404
    assert client.post(f"/erinnerungen/regeln/{key}/schalten", data={"an": "ja"}).status_code == 404


# Test mail


def _tests(database: Database, now: datetime) -> list[Message]:
    with database.read(now) as session:
        return list(session.exec(select(Message).where(Message.kind == MessageKind.TEST)))


def test_a_test_mail_is_sent_once_and_confirmed_only_after_it_left(
    client: JudgingClient, database: Database, now: datetime, change: Callable[..., Any]
) -> None:
    assert client.get("/erinnerungen/testmail").status_code == 200
    for _ in range(2):
        assert client.post("/erinnerungen/testmail").status_code == 303
    [mail] = _tests(database, now)
    assert mail.to_address == "anna@lotse.example"
    assert "data-waiting" in client.get("/erinnerungen/testmail").text
    client.post("/erinnerungen/testmail/angekommen")
    with database.read(now) as session:
        assert the_city(session).mail_checked_on is None
    change(lambda session: settle_sent(session, session.get_one(Message, mail.key), now))
    page = client.get("/erinnerungen/testmail").text
    assert "data-waiting" not in page
    assert "/erinnerungen/testmail/angekommen" in page
    client.post("/erinnerungen/testmail/angekommen")
    with database.read(now) as session:
        assert the_city(session).mail_checked_on == date(2026, 11, 23)


def test_a_filed_test_mail_does_not_claim_that_mails_arrive(
    client: JudgingClient, database: Database, now: datetime, change: Callable[..., Any]
) -> None:
    client.post("/erinnerungen/testmail")
    [mail] = _tests(database, now)
    change(lambda session: settle_sent(session, session.get_one(Message, mail.key), now, filed=True))
    page = client.get("/erinnerungen/testmail").text
    assert f"/nachrichten/{mail.id}" in page
    assert "/erinnerungen/testmail/angekommen" not in page


# After a restore


@pytest.fixture
def paused(change: Callable[..., Any], now: datetime, commitment: int) -> None:
    def work(session: Session) -> None:
        the_sender(session).paused_at = now
        session.get_one(Commitment, commitment).due_on = date(2026, 11, 25)

    change(work)


def test_a_restored_database_shows_what_it_would_send_and_stores_nothing(
    client: JudgingClient, database: Database, now: datetime, paused: None
) -> None:
    page = client.get("/erinnerungen/wiederherstellung").text
    assert "Brief ans Netz" in page
    assert "anna@lotse.example" in page
    with database.read(now) as session:
        assert session.exec(select(Reminder)).all() == []
        assert session.exec(select(Message)).all() == []


def test_no_page_says_that_a_paused_sender_runs(
    client: JudgingClient, change: Callable[..., Any], now: datetime, paused: None
) -> None:
    def tick(session: Session) -> None:
        the_sender(session).last_tick_at = now

    change(tick)
    for address in ("/", "/erinnerungen"):
        text = client.get(address).text
        assert "Automatischer Versand ruht" in text
        assert "Automatischer Versand läuft" not in text


def test_what_was_sent_before_the_restore_is_not_sent_again(
    client: JudgingClient, database: Database, now: datetime, paused: None
) -> None:
    assert client.post("/erinnerungen/wiederherstellung/als-verschickt").status_code == 303
    with database.write(now) as session:
        assert the_sender(session).paused_at is None
        assert queue_due(session, now) == 0
        assert people_waiting(session) == []


def test_an_officer_can_let_the_sender_send_it(
    client: JudgingClient, database: Database, now: datetime, paused: None
) -> None:
    assert client.post("/erinnerungen/wiederherstellung/senden").status_code == 303
    with database.write(now) as session:
        assert the_sender(session).paused_at is None
        assert queue_due(session, now) == 1


def test_nothing_is_decided_when_nothing_was_restored(client: JudgingClient, commitment: int) -> None:
    assert "/erinnerungen/wiederherstellung/senden" not in client.get("/erinnerungen/wiederherstellung").text
    for decision in ("als-verschickt", "senden"):
        assert client.post(f"/erinnerungen/wiederherstellung/{decision}").status_code == 303
    assert day_text(date(2026, 11, 25), "de") in client.get("/erinnerungen").text


def test_the_pages_speak_english_too(
    client: JudgingClient, change: Callable[..., Any], anna: Officer, commitment: int, reminded: int
) -> None:
    def english(session: Session) -> None:
        session.get_one(Officer, anna.key).language = "en"

    change(english)
    for address in (
        "/erinnerungen", f"/erinnerungen/{reminded}", f"/erinnerungen/erinnern/commitment/{commitment}",
        "/erinnerungen/regeln/neu", "/erinnerungen/regeln/1", "/erinnerungen/testmail",
    ):  # fmt: skip
        assert client.get(address).status_code == 200
