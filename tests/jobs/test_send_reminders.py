"""The tick: what is due goes out once, and a fault never stops the others."""

from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes, policy

import pytest
from sqlmodel import select

import jobs.deliver
import jobs.send_reminders
import models.reminders.composing
from jobs.outcome import Kind
from jobs.send_reminders import preview, send_reminders
from models.commitments.checklist import Commitment, CommitmentState
from models.conferences.conferences import Conference, ConferenceStatus, DatePrecision
from models.leaving import leave
from models.officers import Officer
from models.reminders.asking import When, Whom, remind_of
from models.reminders.letters import compose_test
from models.reminders.messages import MailAddress, Message, MessageState, Reminder, Sender, the_sender
from models.reminders.rules import ReminderRule, RuleRecipient, SubjectKind
from models.reminders.subjects import load_subject
from tests.jobs.cases import DUE_ON, at, clock_at, make_due, reminder_states, states, with_server
from tests.jobs.fault_server import DROP, STALL, FaultServer


@pytest.fixture
def server():
    with FaultServer() as running:
        yield running


@pytest.fixture
def relay(settings, server):
    return with_server(settings, server)


def tick(database, settings, moment, *, as_of=False):
    return send_reminders(database, settings, clock_at(moment), as_of=as_of)


def sender_of(database, now):
    with database.read(now) as session:
        found = session.exec(select(Sender)).first() or Sender()
        return replace_row(found)


def subject_of(mail):
    """The first word of a mail's subject line."""
    return message_from_bytes(mail.data, policy=policy.default)["Subject"].split(":")[0]


def replace_row(row):
    return row.model_copy()


# Once, and only once


def test_a_reminder_that_is_due_reaches_the_server(database, relay, server, anna, now):
    make_due(database, now)
    report = tick(database, relay, now)
    assert report.outcomes == {Kind.DELIVERED: 1}
    (mail,) = server.accepted
    assert mail.recipients == [anna.email]
    assert states(database, now) == [("sent", "")]
    assert reminder_states(database, now) == [("sent", "")]


def test_nothing_goes_out_a_minute_too_early(database, relay, server, now):
    make_due(database, now)
    tick(database, relay, now - timedelta(minutes=1))
    assert server.accepted == []


def test_t2_a_hundred_ticks_send_one_mail(database, relay, server, now):
    make_due(database, now)
    for minute in range(100):
        tick(database, relay, now + timedelta(minutes=minute))
    assert len(server.accepted) == 1


@pytest.mark.parametrize("hours", [26, 40])
def test_t5_after_downtime_it_is_sent_late_while_the_date_lies_ahead(database, relay, server, now, hours):
    make_due(database, now, due_on=date(2026, 11, 26))  # reminded on the 24th
    tick(database, relay, now)
    tick(database, relay, now + timedelta(days=1, hours=hours))
    assert len(server.accepted) == 1


@pytest.mark.parametrize("days", [4, 7])
def test_t5_after_downtime_past_the_date_it_is_missed_and_visible(database, relay, server, now, days):
    make_due(database, now, due_on=date(2026, 11, 26))
    tick(database, relay, now)
    tick(database, relay, now + timedelta(days=days))
    assert server.accepted == []
    assert reminder_states(database, now) == [("missed", "past")]


def test_t16_a_hundred_server_errors_leave_the_rules_intact(database, settings, now):
    make_due(database, now)
    with FaultServer(greeting="554 no") as server:
        for minute in range(100):
            tick(database, with_server(settings, server), now + timedelta(minutes=minute))
    with database.read(now) as session:
        assert all(rule.is_on and rule.removed_at is None for rule in session.exec(select(ReminderRule)))
    assert states(database, now) == [("composed", "")]


# Decided at the moment of sending


def composed(database, settings, now):
    """A reminder whose mail is composed and not sent: the server is away."""
    (item,) = make_due(database, now)
    with FaultServer(greeting="554 no") as away:
        tick(database, with_server(settings, away), now)
    assert states(database, now) == [("composed", "")]
    return item


def test_t11_what_was_done_meanwhile_is_not_sent(database, settings, relay, server, now):
    item = composed(database, settings, now)
    with database.write(now) as session:
        session.get_one(Commitment, item).state = CommitmentState.FULFILLED
        session.commit()
    tick(database, relay, now + timedelta(minutes=6))
    assert server.accepted == []
    assert reminder_states(database, now) == [("skipped", "done")]


def test_t11_what_was_moved_meanwhile_is_not_sent(database, settings, relay, server, now):
    item = composed(database, settings, now)
    with database.write(now) as session:
        session.get_one(Commitment, item).due_on = date(2027, 3, 1)
        session.commit()
    tick(database, relay, now + timedelta(minutes=6))
    assert server.accepted == []
    assert reminder_states(database, now) == [("superseded", "moved")]


def test_a_title_that_changed_meanwhile_is_composed_anew_in_the_same_tick(
    database, settings, relay, server, now
):
    item = composed(database, settings, now)
    with database.write(now) as session:
        session.get_one(Commitment, item).label_de = "Der neue Titel"
        session.commit()
    tick(database, relay, now + timedelta(minutes=6))
    (mail,) = server.accepted
    assert "Der neue Titel" in str(message_from_bytes(mail.data).get_payload()[0])


def test_t19_an_address_put_on_hold_after_composing_gets_nothing(
    database, settings, relay, server, anna, now
):
    composed(database, settings, now)
    with database.write(now) as session:
        session.add(MailAddress(address=anna.email, refusals=2, on_hold_since=now))
        session.commit()
    tick(database, relay, now + timedelta(minutes=6))
    assert server.accepted == []
    assert states(database, now) == [("failed", "on_hold")]


def test_t22_two_recipients_are_two_mails_with_one_address_each(database, relay, server, anna, ben, now):
    make_due(database, now)
    with database.write(now) as session:
        rule = session.exec(select(ReminderRule).where(ReminderRule.code == "due-commitment")).one()
        session.add_all([RuleRecipient(rule_id=rule.key, officer_id=who.key) for who in (anna, ben)])
        session.commit()
    tick(database, relay, now)
    assert sorted(mail.recipients for mail in server.accepted) == [[anna.email], [ben.email]]
    for mail in server.accepted:
        (to,) = message_from_bytes(mail.data).get_all("To")
        assert to.endswith(f"<{mail.recipients[0]}>")
        other = ben if mail.recipients == [anna.email] else anna
        assert other.email.encode() not in mail.data


def test_t1_a_date_that_moved_and_came_back_is_still_reminded_of_once(database, settings, relay, server, now):
    item = composed(database, settings, now)
    for minutes, day in ((6, date(2027, 3, 1)), (7, DUE_ON)):
        with database.write(now) as session:
            session.get_one(Commitment, item).due_on = day
            session.commit()
        tick(database, relay, now + timedelta(minutes=minutes))
    tick(database, relay, now + timedelta(minutes=8))
    assert len(server.accepted) == 1
    assert reminder_states(database, now) == [("sent", "")]


def test_t1_a_date_that_moves_after_its_mail_is_reminded_of_anew_and_never_twice(
    database, relay, server, now
):
    (item,) = make_due(database, now)
    tick(database, relay, now)
    for minutes, day in enumerate((date(2026, 11, 24), DUE_ON, date(2026, 11, 24), date(2026, 11, 20)), 1):
        with database.write(now) as session:
            session.get_one(Commitment, item).due_on = day
            session.commit()
        tick(database, relay, now + timedelta(minutes=minutes))
    assert [subject_of(mail) for mail in server.accepted] == ["Erinnerung", *["Terminverschiebung"] * 3], (
        "one for each change, none for the date that has passed"
    )


def test_t11_what_was_opened_again_before_its_date_is_reminded_of(database, settings, relay, server, now):
    item = composed(database, settings, now)
    for minutes, state in ((6, CommitmentState.FULFILLED), (7, CommitmentState.OPEN)):
        with database.write(now) as session:
            session.get_one(Commitment, item).state = state
            session.commit()
        tick(database, relay, now + timedelta(minutes=minutes))
    assert len(server.accepted) == 1


def test_t25_the_mail_of_who_left_while_it_waited_goes_to_who_took_over(
    database, settings, relay, server, anna, ben, now
):
    item = composed(database, settings, now)
    with database.write(now) as session:
        leave(session, session.get_one(Officer, anna.key), session.get_one(Officer, ben.key), now.date())
        session.commit()
    tick(database, relay, now + timedelta(minutes=6))
    tick(database, relay, now + timedelta(minutes=7))
    assert [mail.recipients for mail in server.accepted] == [[ben.email]]
    assert reminder_states(database, now) == [("skipped", "left"), ("sent", "")]
    assert item


def test_t19_a_mail_to_an_address_on_hold_is_seen_and_not_only_left_out(database, relay, server, anna, now):
    make_due(database, now)
    with database.write(now) as session:
        session.add(MailAddress(address=anna.email, refusals=2, on_hold_since=now))
        session.commit()
    tick(database, relay, now)
    assert server.accepted == []
    assert states(database, now) == [("failed", "on_hold")]
    assert reminder_states(database, now) == [("missed", "on_hold")]


def test_t3_a_rule_over_twenty_years_of_dates_sends_nothing(database, relay, server, now):
    with database.write(now) as session:
        for year in range(2006, 2026):
            session.add(
                Conference(
                    name=f"Treffen {year}", year=year, starts_on=date(year, 11, 30), date_precision="day",
                    status="held",
                )
            )  # fmt: skip
        for direction in ("before", "after"):
            session.add(
                ReminderRule(
                    subject_kind="conference",
                    amount=10,
                    direction=direction,
                    effective_from=now,
                    queued_until=now,
                )
            )
        session.commit()
    for minute in range(3):
        tick(database, relay, now + timedelta(minutes=minute))
    assert server.accepted == []


def test_t18_a_colleague_named_in_addition_gets_one_mail_for_each_of_two_events(
    database, relay, server, ben, now
):
    make_due(database, now, 2)
    with database.write(now) as session:
        rule = session.exec(select(ReminderRule).where(ReminderRule.code == "due-commitment")).one()
        session.add(RuleRecipient(rule_id=rule.key, officer_id=ben.key))
        session.commit()
    for minute in range(3):
        tick(database, relay, now + timedelta(minutes=minute))
    bens = [mail for mail in server.accepted if mail.recipients == [ben.email]]
    assert len({str(message_from_bytes(mail.data)["Subject"]) for mail in bens}) == len(bens) == 2


def test_t21_a_title_cannot_become_a_header(database, relay, server, now):
    (item,) = make_due(database, now)
    with database.write(now) as session:
        session.get_one(Commitment, item).label_de = "=?utf-8?q?x=0d=0aBcc:_wer@boese.example?="
        session.commit()
    tick(database, relay, now)
    (mail,) = server.accepted
    assert message_from_bytes(mail.data)["Bcc"] is None


# One fault stops nobody else


def test_t15_a_reminder_that_cannot_be_composed_stops_no_other(
    database, relay, server, now, monkeypatch, caplog
):
    make_due(database, now, 3)

    first = []

    def poisoned(session, several, *arguments):
        first[:] = first or [several[0].reminder.key]
        if any(one.reminder.key == first[0] for one in several):
            raise RuntimeError("Anna Amt <anna@lotse.example>")
        return real(session, several, *arguments)

    real = models.reminders.composing._mail
    monkeypatch.setattr(models.reminders.composing, "_mail", poisoned)
    tick(database, relay, now)
    assert len(server.accepted) == 2
    assert f"reminder {first[0]}: RuntimeError" in caplog.text
    assert "Amt" not in caplog.text
    assert "@" not in caplog.text
    assert ("queued", "faulty") in reminder_states(database, now), "the page shows it"
    monkeypatch.undo()
    tick(database, relay, now + timedelta(minutes=1))
    assert reminder_states(database, now) == [("sent", "")] * 3


def test_t15_a_faulty_rule_stops_no_other(database, relay, server, now):
    make_due(database, now)
    with database.write(now) as session:
        poison = session.exec(select(ReminderRule).where(ReminderRule.code == "due-phase")).one()
        poison.zone, poison.subject_kind = "No/Where", "commitment"
        session.commit()
    report = tick(database, relay, now)
    assert len(server.accepted) == 1
    assert report.faults == 1


def test_t15_a_mail_that_cannot_be_claimed_stops_no_other(database, relay, server, now, monkeypatch):
    make_due(database, now, 3)
    real, asked = jobs.deliver.claim, []

    def poisoned(session, message_id, *arguments):
        asked.append(message_id)
        if message_id == asked[0] + 1:
            raise RuntimeError
        return real(session, message_id, *arguments)

    monkeypatch.setattr(jobs.deliver, "claim", poisoned)
    report = tick(database, relay, now)
    assert len(server.accepted) == 2
    assert states(database, now) == [("sent", ""), ("retrying", "faulty"), ("sent", "")]
    assert report.faults == 1
    monkeypatch.undo()
    tick(database, relay, now + timedelta(minutes=5))
    assert len(server.accepted) == 3


def test_t7_an_outcome_that_cannot_be_stored_leads_to_no_second_mail(
    database, relay, server, now, monkeypatch
):
    make_due(database, now, 2)
    real = jobs.deliver.settle

    def full(session, mail, *arguments):
        if len(server.accepted) == 1:
            raise OSError("disk full")
        real(session, mail, *arguments)

    monkeypatch.setattr(jobs.deliver, "settle", full)
    tick(database, relay, now)
    assert len(server.accepted) == 1, "no more than one is left uncertain"
    monkeypatch.undo()
    tick(database, relay, now + timedelta(minutes=5))
    assert [state for state, _ in states(database, now)] == ["claimed", "sent"]
    tick(database, relay, now + timedelta(minutes=11))
    assert states(database, now) == [("uncertain", "interrupted"), ("sent", "")]
    tick(database, relay, now + timedelta(hours=5))
    assert len(server.accepted) == 2


# What the server says


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        ({"rcpt": "550 5.7.1 no"}, ("failed", "refused")),
        ({"rcpt": "450 later"}, ("retrying", "temporary")),
        ({"rcpt": DROP}, ("retrying", "dropped")),
        ({"end": "554 spam"}, ("failed", "content")),
        ({"end": DROP}, ("uncertain", "no_answer")),
    ],
)
def test_t26_only_a_250_makes_sent(database, settings, now, replies, expected):
    make_due(database, now)
    with FaultServer(**replies) as server:
        tick(database, with_server(settings, server), now)
    assert states(database, now) == [expected]
    assert ("sent", "") not in reminder_states(database, now)


def test_an_uncertain_mail_is_never_sent_again_by_itself(database, settings, relay, server, now):
    make_due(database, now)
    with FaultServer(end=DROP) as faulty:
        tick(database, with_server(settings, faulty), now)
    tick(database, relay, now + timedelta(hours=1))
    assert server.accepted == []


def test_a_temporary_refusal_is_tried_again_after_five_minutes(database, settings, relay, server, now):
    make_due(database, now)
    with FaultServer(rcpt="450 later") as busy:
        tick(database, with_server(settings, busy), now)
    tick(database, relay, now + timedelta(minutes=4))
    assert server.accepted == []
    tick(database, relay, now + timedelta(minutes=5))
    assert states(database, now) == [("sent", "")]


def test_an_unknown_mailbox_is_on_hold_at_once_and_another_refusal_at_the_second_time(
    database, settings, anna, now
):
    make_due(database, now)
    with FaultServer(rcpt="550 5.1.1 unknown") as server:
        tick(database, with_server(settings, server), now)
    with database.read(now) as session:
        assert session.exec(select(MailAddress)).one().on_hold_since is not None


def test_a_servers_fault_pauses_the_sender_and_the_first_success_ends_it(database, settings, server, now):
    make_due(database, now, 2)
    server.replies["mail"] = "550 5.7.1 this sender is not allowed"
    relay = with_server(settings, server)
    tick(database, relay, now)
    assert [state for state, _ in states(database, now)] == ["composed", "composed"]
    assert sender_of(database, now).server_fault.startswith("550")
    server.replies.clear()
    connections = server.connections
    tick(database, relay, now + timedelta(minutes=4))
    assert server.connections == connections, "it waits"
    tick(database, relay, now + timedelta(minutes=5))
    assert len(server.accepted) == 2
    assert sender_of(database, now).server_fault == ""
    with database.read(now) as session:
        assert {row.attempts for row in session.exec(select(Message))} == {1}, "the fault was no attempt"


def test_the_server_is_not_called_when_nothing_is_ready(database, relay, server, now):
    tick(database, relay, now)
    assert server.connections == 0


def test_without_a_server_a_mail_is_filed_and_stays_filed(database, settings, server, anna, now):
    make_due(database, now)
    assert tick(database, settings, now).outcomes == {Kind.FILED: 1}
    (path,) = settings.mail_dir.glob("*.eml")
    assert path.stat().st_mode & 0o777 == 0o600
    assert message_from_bytes(path.read_bytes())["To"].endswith(f"<{anna.email}>")
    tick(database, with_server(settings, server), now + timedelta(minutes=1))
    assert server.accepted == [], "switching SMTP on later never sends filed ones"


def test_a_demonstration_never_speaks_to_a_server(database, relay, server, now):
    make_due(database, now)
    report = tick(database, replace(relay, is_demo=True), now)
    assert report.outcomes == {Kind.FILED: 1}
    assert server.connections == 0


def test_a_mail_that_somebody_waits_for_goes_out_without_a_tick(database, relay, server, anna, now):
    with database.write(now) as session:
        compose_test(session, session.get_one(Officer, anna.key), relay.mail, now)
        session.commit()
    jobs.deliver.deliver(database, relay, clock_at(now))
    assert len(server.accepted) == 1
    assert states(database, now) == [("sent", "")]


def test_a_job_that_is_asked_to_stop_ends_after_the_mail_at_hand(database, relay, server, now):
    make_due(database, now, 3)
    send_reminders(database, relay, clock_at(now), as_of=False, is_stopping=lambda: len(server.accepted) >= 1)
    assert [state for state, _ in states(database, now)] == ["sent", "composed", "composed"]


def test_a_claim_that_ran_out_while_it_was_sent_is_still_settled(database, relay, server, now):
    """A run as of tomorrow expires what is being sent now."""
    make_due(database, now)

    class Slow(jobs.deliver.Relay):
        def send(self, *arguments):
            with database.write(now) as session:
                jobs.send_reminders.expire_claims(session, now + timedelta(days=1))
                session.commit()
            return super().send(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs.deliver, "Relay", Slow)
        tick(database, relay, now)
    assert states(database, now) == [("sent", "")]


# Heartbeat, preview, another moment


def test_every_tick_leaves_a_heartbeat_even_if_paused(database, relay, server, now):
    make_due(database, now)
    with database.write(now) as session:
        the_sender(session).paused_at = now
        session.commit()
    report = tick(database, relay, now)
    assert report.is_paused
    assert sender_of(database, now).last_tick_at == now
    assert server.accepted == []


def test_as_of_another_moment_neither_heartbeat_nor_counter_is_touched(database, relay, server, now):
    make_due(database, now)
    report = tick(database, relay, now, as_of=True)
    assert report.outcomes == {Kind.DELIVERED: 1}
    sender = sender_of(database, now)
    assert (sender.last_tick_at, sender.counter) == (None, 0)
    assert not (relay.data_dir / "sender-counter").exists()
    tick(database, relay, now, as_of=True)
    assert len(server.accepted) == 1, "run again: no second mail"


def test_as_of_another_moment_a_paused_sender_sends_nothing(database, relay, server, now):
    make_due(database, now)
    with database.write(now) as session:
        the_sender(session).paused_at = now
        session.commit()
    assert tick(database, relay, now, as_of=True).is_paused
    assert server.accepted == []


def test_a_servers_fault_as_of_tomorrow_does_not_stop_the_sender_today(database, settings, now):
    make_due(database, now)
    with FaultServer(greeting="554 no") as server:
        report = tick(database, with_server(settings, server), now, as_of=True)
    assert report.server_fault.startswith("554")
    assert sender_of(database, now).server_retry_at is None


def test_t20_the_preview_is_what_is_sent_and_stores_nothing(database, relay, server, anna, now):
    make_due(database, now, 2)
    rows = preview(database, relay, clock_at(now))
    assert [(row.to_address, row.due_at, str(row.kind)) for row in rows] == [
        (anna.email, now, "reminder")
    ] * 2
    with database.read(now) as session:
        assert session.exec(select(Reminder)).all() == []
        assert session.exec(select(Message)).all() == []
    tick(database, relay, now)
    sent = [str(message_from_bytes(mail.data)["Message-ID"]) for mail in server.accepted]
    assert len(sent) == len(rows)
    with database.read(now) as session:
        assert [row.subject for row in rows] == [
            m.subject for m in session.exec(select(Message).order_by(Message.id))
        ]


def test_the_preview_shows_what_waits_for_another_try_only_when_its_turn_comes(
    database, settings, relay, now
):
    make_due(database, now)
    with FaultServer(rcpt="450 later") as busy:
        tick(database, with_server(settings, busy), now)
    assert preview(database, relay, clock_at(now + timedelta(minutes=1))) == []
    assert len(preview(database, relay, clock_at(now + timedelta(minutes=5)))) == 1


def test_t14_eight_in_the_morning_is_eight_in_leipzig_in_summer_too(database, relay, server):
    make_due(database, at(6), due_on=date(2027, 6, 30))
    tick(database, relay, at(5, 59, day=28, month=6).replace(year=2027))
    assert server.accepted == []
    tick(database, relay, at(6, 0, day=28, month=6).replace(year=2027))
    assert len([mail for mail in server.accepted if b"30.06.2027" in mail.data]) == 1


def test_t9_a_killed_holder_blocks_nobody(database, settings, relay, server, now):
    make_due(database, now, 2)
    with FaultServer(end=STALL) as stalling:
        impatient = with_server(settings, stalling)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(jobs.deliver.Relay, "send", _killed)
            with pytest.raises(KeyboardInterrupt):
                tick(database, impatient, now)
    tick(database, relay, now + timedelta(minutes=1))
    assert [state for state, _ in states(database, now)] == ["claimed", "sent"]
    with database.read(now) as session:
        assert session.exec(select(Message).where(Message.state == MessageState.CLAIMED)).one().attempts == 1


def _killed(*_):
    raise KeyboardInterrupt


# In the recipient's language


@pytest.mark.parametrize(("language", "place"), [("de", "Linz, Österreich"), ("en", "Linz, Austria")])
def test_the_place_of_a_conference_is_said_in_the_language_of_the_recipient(
    database, relay, server, anna, now, language, place
):
    with database.write(now) as session:
        session.get_one(Officer, anna.key).language = language
        conference = session.exec(
            select(Conference).where(Conference.status == ConferenceStatus.NOT_ANNOUNCED)
        ).first()
        conference.city, conference.country_code, conference.status = "Linz", "AT", ConferenceStatus.ANNOUNCED
        conference.date_precision, conference.starts_on = DatePrecision.DAY, now.date()
        subject = load_subject(session, SubjectKind.CONFERENCE, conference.key)
        remind_of(session, subject, When(), Whom(everyone=True), now - timedelta(minutes=1))
        session.commit()
    tick(database, relay, now)
    mail = next(m for m in server.accepted if m.recipients == [anna.email])
    parts = [
        part.get_payload(decode=True).decode()
        for part in message_from_bytes(mail.data).walk()
        if not part.is_multipart()
    ]
    assert len(parts) == 3
    assert all(place in part.replace("\\,", ",") for part in parts)
