"""Links that take back the wish for informations: only this installation can make them."""

import pytest

from models.city import the_city
from models.database import Database
from models.documents.mail import Letter
from models.officers import Officer
from models.reminders.letters import Mailbox, MailSettings, store_mail, unsubscribe_headers
from models.reminders.messages import Message, MessageKind
from models.reminders.unsubscribing import officer_of_token, unsubscribe, unsubscribe_token
from tests.conftest import NOW

SECRET = "nur für Tests, lang genug für alles"
MAIL = MailSettings("https://lotse.example", "lotse@lotse.example", SECRET)


def test_a_link_belongs_to_one_colleague(database: Database, anna: Officer, ben: Officer) -> None:
    annas, bens = unsubscribe_token(anna.key, SECRET), unsubscribe_token(ben.key, SECRET)
    with database.read(NOW) as session:
        assert officer_of_token(session, annas, SECRET) == session.get(Officer, anna.key)
        mixed = f"{ben.key}.{annas.partition('.')[2]}"
        for wrong in (mixed, bens + "x", bens[:-1], "", ".", "ä.x", "99999999999.x", "0.x", str(ben.key)):
            assert officer_of_token(session, wrong, SECRET) is None, wrong
        assert officer_of_token(session, annas, "another secret of another installation") is None


def test_unsubscribing_twice_is_harmless(anna: Officer) -> None:
    for _ in range(2):
        unsubscribe(anna)
        assert not anna.wants_information


def test_the_headers_are_those_of_rfc_8058(anna: Officer) -> None:
    token = unsubscribe_token(anna.key, SECRET)
    assert dict(unsubscribe_headers(anna, MAIL)) == {
        "List-Unsubscribe": f"<https://lotse.example/abbestellen/{token}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:8000", "https://lotse.köln.example"])
def test_there_are_none_where_the_rfc_does_not_allow_them(anna: Officer, base_url: str) -> None:
    assert unsubscribe_headers(anna, MailSettings(base_url, "lotse@lotse.example", SECRET)) == ()


def test_a_mail_carries_them_unbroken_and_may_go_to_a_bare_address(database: Database, anna: Officer) -> None:
    with database.write(NOW) as session:
        message = Message(kind=MessageKind.TEST, subject="Betreff", ready_at=NOW, composed_at=NOW)
        to = Mailbox("Technik", "it@lotse.example", "de")
        headers = unsubscribe_headers(anna, MAIL)
        store_mail(session, message, to, Letter("Betreff", ("Text",)), the_city(session), MAIL, None, headers)
        session.commit()
        assert (message.officer_id, message.to_address) == (None, "it@lotse.example")
        for name, value in headers:
            assert f"\r\n{name}: {value}\r\n".encode() in message.body
