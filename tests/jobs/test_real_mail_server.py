"""Postfix and Dovecot: encrypted, signed in, delivered, and read by its recipient."""

from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from sqlmodel import select

from jobs.outcome import Kind, ServerFault
from jobs.send_reminders import send_reminders
from jobs.smtp import Relay
from models.reminders.rules import ReminderRule
from settings import load_settings
from tests import services
from tests.jobs.cases import clock_at, environ_of, make_due


@pytest.fixture(scope="module")
def mail():
    try:
        with services.mail_server() as server:
            yield server
    except services.ServiceMissing as missing:
        pytest.skip(str(missing))


def server_of(settings, url):
    return load_settings(environ_of(settings, LOTSE_SMTP_URL=url, LOTSE_MAIL_FROM="lotse@lotse.example"))


def test_a_reminder_reaches_the_mailbox_over_tls(mail, database, settings, anna, now):
    make_due(database, now)
    with database.write(now) as session:
        for rule in session.exec(select(ReminderRule)):
            rule.with_calendar = True
        session.commit()
    relay = server_of(settings, f"{mail.submission_url}?ca={mail.ca_file}")
    before = len(mail.messages(anna.email))
    report = send_reminders(database, relay, clock_at(now), as_of=False)
    assert report.outcomes == {Kind.DELIVERED: 1}, report.server_fault
    received = message_from_bytes(mail.wait_for(anna.email, before + 1)[-1], policy=policy.default)
    assert received["To"].addresses[0].addr_spec == anna.email
    assert received["Auto-Submitted"] == "auto-generated"
    kinds = [part.get_content_type() for part in received.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]


def test_a_certificate_that_nobody_vouches_for_is_refused(mail, settings):
    relay = server_of(settings, mail.submission_url).smtp
    with pytest.raises(ServerFault, match="certificate"), Relay(relay):
        pass


def test_a_wrong_password_is_the_servers_answer(mail, settings):
    relay = server_of(settings, f"{mail.submission_url}?ca={mail.ca_file}").smtp
    with pytest.raises(ServerFault, match="535"), Relay(replace(relay, password="falsch")):
        pass


def test_an_unknown_mailbox_and_a_foreign_domain(mail, settings):
    with Relay(server_of(settings, mail.smtp_url).smtp) as relay:
        unknown = relay.send("lotse@lotse.example", "nobody-x@lotse.example", b"Subject: x\r\n\r\nx\r\n")
        foreign = relay.send("lotse@lotse.example", "anna@elsewhere.example", b"Subject: x\r\n\r\nx\r\n")
    assert (unknown.kind, unknown.is_unknown) == (Kind.REFUSED, True)
    assert (foreign.kind, foreign.is_unknown) == (Kind.REFUSED, False)
