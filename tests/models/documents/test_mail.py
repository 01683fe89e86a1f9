"""One mail to one person: whatever stands in a name or a title, it stays a name or a title (T21)."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.documents.mail import Envelope, Letter, mail_bytes

HEADERS = [
    "Subject", "From", "To", "Reply-To", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
    "MIME-Version", "Content-Type", "Content-Language",
]  # fmt: skip
ENCODED = "=?utf-8?q?x=0d=0aBcc:_wer@boese.example=0d=0a=0d=0aText?="


def written(
    name: str = "Anna Amt", subject: str = "Erinnerung", address: str = "anna@lotse.example"
) -> bytes:
    envelope = Envelope(
        sender_name="Fab City Lotse",
        sender="lotse@lotse.example",
        reply_to="digital@lotse.example",
        to_name=name,
        to_address=address,
        subject=subject,
        message_id="<1.a@lotse.example>",
        date=datetime(2026, 11, 23, 7, tzinfo=UTC),
        language="de",
    )
    letter = Letter(
        subject, (f"Guten Tag {name},",), (("Was", subject),), ("Erledigt", "https://lotse.example/1")
    )
    return mail_bytes(envelope, letter)


def read(mail: bytes) -> EmailMessage:
    found = message_from_bytes(mail, policy=default)
    assert isinstance(found, EmailMessage)
    return found


@pytest.mark.parametrize("evil", [ENCODED, "x\r\nBcc: wer@boese.example", "x\u2028Bcc: wer@boese.example"])
def test_t21_neither_name_nor_title_becomes_a_header(evil: str) -> None:
    mail = written(evil, f"Erinnerung: {evil} (fällig)")
    assert list(read(mail).keys()) == HEADERS
    assert [to.addr_spec for to in read(mail)["To"].addresses] == ["anna@lotse.example"]


def test_t21_a_name_with_html_stays_text() -> None:
    html = read(written("<a href='https://boese.example'>Anna</a> **[x](y)**")).get_body(("html",))
    assert html is not None
    assert "<a href='https://boese" not in html.get_content()
    assert "&lt;a href=&#x27;https://boese.example&#x27;&gt;Anna&lt;/a&gt; **[x](y)**" in html.get_content()
    assert html.get_content().count("<a ") == 1, "the button alone"


@given(st.text(min_size=1, max_size=200), st.text(max_size=500))
def test_t21_whatever_is_typed_the_mail_has_its_own_headers_alone(name: str, subject: str) -> None:
    mail = written(name.encode("utf-8", "replace").decode(), subject.encode("utf-8", "replace").decode())
    assert list(read(mail).keys()) == HEADERS
    assert [to.addr_spec for to in read(mail)["To"].addresses] == ["anna@lotse.example"]
    assert max(map(len, mail.split(b"\r\n"))) <= 998  # RFC 5322


def test_a_domain_with_an_umlaut_is_written_as_dns_knows_it() -> None:
    assert b"To: Anna Amt <anna@xn--mller-kva.example>" in written(address="anna@müller.example")


def test_the_language_stands_in_the_header() -> None:
    assert read(written())["Content-Language"] == "de"


def test_long_addresses_and_identifiers_stay_in_one_piece() -> None:
    domain = "lotse.referat-internationale-zusammenarbeit.leipzig.example.de"
    address = f"<https://{domain}/abbestellen/12.ABCDEFGHIJKLMNOPQRSTUV>"
    identifier = f"<123456.0123456789abcdef0123456789abcdef@{domain}>"
    headers = (("List-Unsubscribe", address), ("References", f"{identifier} {identifier}"))
    envelope = Envelope(
        "Fab City Lotse", "a@b.example", "", "Anna", "anna@lotse.example", "Betreff", identifier,
        datetime(2026, 11, 23, 7, tzinfo=UTC), "de", headers,
    )  # fmt: skip
    content = mail_bytes(envelope, Letter("Betreff", ("Text",)))
    assert f"List-Unsubscribe: {address}\r\n".encode() in content
    assert f"Message-ID: {identifier}\r\n".encode() in content
    assert f"References: {identifier}\r\n {identifier}\r\n".encode() in content
    assert message_from_bytes(content, policy=default)["References"] == f"{identifier} {identifier}"
