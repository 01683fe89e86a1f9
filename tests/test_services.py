"""The real programs behind the tests do what the tests rely on."""

import smtplib
import ssl
from urllib.parse import urlsplit

import pytest
from sqlalchemy import create_engine, text

from tests import services

MAIL = "Subject: Grüße\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nÜbermorgen ist Frist.\r\n".encode()


@pytest.fixture(scope="module")
def mail():
    try:
        with services.mail_server() as server:
            yield server
    except services.ServiceMissing as missing:
        pytest.skip(str(missing))


def open_smtp(url):
    address = urlsplit(url)
    return smtplib.SMTP(address.hostname, address.port, timeout=10)


def secured(mail):
    connection = open_smtp(mail.submission_url)
    connection.starttls(context=ssl.create_default_context(cafile=mail.ca_file))
    return connection


def test_mail_goes_in_by_smtp_and_comes_out_by_imap(mail):
    with open_smtp(mail.smtp_url) as connection:
        connection.sendmail("lotse@lotse.example", ["anna@lotse.example", "Bert@lotse.example"], MAIL)
    for address in ("anna@lotse.example", "bert@lotse.example"):
        (received,) = mail.wait_for(address, 1)
        assert "Übermorgen".encode() in received


def test_mailboxes_begin_empty(mail):
    assert mail.messages("carla@lotse.example") == []


def test_an_unknown_person_is_refused_with_550(mail):
    with open_smtp(mail.smtp_url) as connection, pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        connection.sendmail("lotse@lotse.example", ["nobody-1@lotse.example"], MAIL)
    code, reason = refusal.value.recipients["nobody-1@lotse.example"]
    assert code == 550
    assert reason.startswith(b"5.1.1")


def test_nothing_leaves_for_another_domain(mail):
    with open_smtp(mail.smtp_url) as connection, pytest.raises(smtplib.SMTPRecipientsRefused):
        connection.sendmail("lotse@lotse.example", ["rat@leipzig.example"], MAIL)


def test_submission_takes_mail_after_tls_and_sign_in(mail):
    with secured(mail) as connection:
        connection.login("lotse", "geheim")
        connection.sendmail("lotse@lotse.example", ["dora@lotse.example"], MAIL)
    assert len(mail.wait_for("dora@lotse.example", 1)) == 1


def test_submission_refuses_mail_before_tls(mail):
    with open_smtp(mail.submission_url) as connection, pytest.raises(smtplib.SMTPSenderRefused):
        connection.sendmail("lotse@lotse.example", ["dora@lotse.example"], MAIL)


def test_submission_refuses_mail_before_sign_in(mail):
    with secured(mail) as connection, pytest.raises(smtplib.SMTPRecipientsRefused):
        connection.sendmail("lotse@lotse.example", ["dora@lotse.example"], MAIL)


def test_submission_refuses_a_wrong_password(mail):
    with secured(mail) as connection, pytest.raises(smtplib.SMTPAuthenticationError):
        connection.login("lotse", "falsch")


def test_postgresql_sorts_by_german_rules():
    try:
        with services.postgresql() as url:
            engine = create_engine(url)
            with engine.connect() as connection:
                provider = connection.scalar(
                    text("select datlocprovider from pg_database where datname = current_database()")
                )
                words = connection.scalars(
                    text(
                        "select w from (values ('Zug'), ('Ähre'), ('Amt'), ('Özdemir'), ('Oper')) t(w) order by w"
                    )
                ).all()
            engine.dispose()
    except services.ServiceMissing as missing:
        pytest.skip(str(missing))
    assert provider in ("i", b"i")
    assert words == ["Ähre", "Amt", "Oper", "Özdemir", "Zug"]


def test_versions_name_every_part():
    found = services.versions()
    assert {"PostgreSQL", "Chromium", "Postfix", "Dovecot", "Java", "vnu-jar", "Node"} <= set(found)
