"""The relay tells apart what the server refuses, whom it refuses, and what may have arrived."""

import socket

import pytest

from jobs.outcome import Kind, ServerFault
from jobs.smtp import Relay
from settings import SmtpServer
from tests.jobs.fault_server import DROP, STALL, TRICKLE, FaultServer

SENDER, ANNA, BERT = "lotse@leipzig.example", "anna@leipzig.example", "bert@leipzig.example"
MAIL = b"Subject: test\r\n\r\nline\r\n"


def relay_to(server, **changes):
    limits = {"timeout": changes.pop("timeout", 2), "dialogue": changes.pop("dialogue", 5)}
    return Relay(SmtpServer("127.0.0.1", server.port, **changes), **limits)


def send_one(server, **changes):
    with relay_to(server, **changes) as relay:
        return relay.send(SENDER, ANNA, MAIL)


def fault_of(server, **changes):
    with pytest.raises(ServerFault) as caught:
        send_one(server, **changes)
    return caught.value.reply


def test_a_250_means_delivered():
    with FaultServer() as server:
        assert send_one(server).kind is Kind.DELIVERED
    assert server.accepted[0].data == MAIL


def test_t22_one_recipient_per_mail():
    with FaultServer() as server, relay_to(server) as relay:
        relay.send(SENDER, ANNA, MAIL)
        relay.send(SENDER, BERT, MAIL)
    assert [mail.recipients for mail in server.accepted] == [[ANNA], [BERT]]
    assert server.connections == 1


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(ServerFault, match=f"127.0.0.1:{port}"), Relay(SmtpServer("127.0.0.1", port)):
        pass


@pytest.mark.parametrize(
    "replies",
    [
        {"greeting": "554 no"},
        {"greeting": "421 too many"},
        {"greeting": DROP},
        {"ehlo": "550 no"},
        {"ehlo": DROP},
        {"mail": "530 5.7.0 sign in first"},
        {"mail": "550 5.7.1 not this sender"},
    ],
)
def test_the_servers_fault_before_a_mail_began(replies):
    with FaultServer(**replies) as server:
        fault_of(server)
    assert server.seen == []


@pytest.mark.parametrize(
    ("replies", "kind"),
    [
        ({"mail": "451 later"}, Kind.TEMPORARY),
        ({"mail": DROP}, Kind.DROPPED),
        ({"rcpt": "450 4.2.1 full"}, Kind.TEMPORARY),
        ({"rcpt": "550 5.7.1 not here"}, Kind.REFUSED),
        ({"rcpt": DROP}, Kind.DROPPED),
        ({"rcpt": "421 closing"}, Kind.TEMPORARY),
        ({"data": "451 later"}, Kind.TEMPORARY),
        ({"data": "554 no"}, Kind.CONTENT),
        ({"data": DROP}, Kind.DROPPED),
        ({"end": "452 full"}, Kind.TEMPORARY),
        ({"end": "554 5.6.0 spam"}, Kind.CONTENT),
        ({"end": "552 5.3.4 too large"}, Kind.CONTENT),
        ({"end": DROP}, Kind.NO_ANSWER),
        ({"end": "nonsense"}, Kind.NO_ANSWER),
    ],
)
def test_each_phase_is_told_apart(replies, kind):
    with FaultServer(**replies) as server, relay_to(server) as relay:
        outcome = relay.send(SENDER, ANNA, MAIL)
        assert outcome.kind is kind
        server.replies = {}
        assert relay.send(SENDER, BERT, MAIL).kind is Kind.DELIVERED, "the next mail goes out all the same"
    assert server.accepted[-1].recipients == [BERT]


def test_an_unknown_mailbox_is_told_apart():
    with FaultServer(rcpt="550 5.1.1 no such user") as server:
        assert send_one(server).is_unknown
    with FaultServer(rcpt="550-5.1.1 no such\r\n550 5.1.1 user") as server:
        assert send_one(server).is_unknown
    with FaultServer(rcpt="550 5.1.10 no such domain") as server:
        assert not send_one(server).is_unknown


def test_a_server_that_stalls_after_the_content_leaves_it_uncertain():
    with FaultServer(end=STALL) as server:
        assert send_one(server, timeout=0.3).kind is Kind.NO_ANSWER


def test_a_server_that_stalls_before_the_content_has_not_got_it():
    with FaultServer(rcpt=STALL) as server:
        assert send_one(server, timeout=0.3).kind is Kind.DROPPED


def test_a_server_that_trickles_is_cut_off():
    with FaultServer(end=TRICKLE) as server:
        assert send_one(server, timeout=2, dialogue=0.5).kind is Kind.NO_ANSWER


def test_tls_missing_though_required():
    with FaultServer() as server:
        assert "STARTTLS" in fault_of(server, user="lotse", password="geheim", require_starttls=True)
    assert not any("AUTH" in command or "MAIL" in command for command in server.commands)


def test_a_wrong_password_is_not_told():
    with FaultServer(features=("AUTH PLAIN LOGIN",), auth="535 5.7.8 wrong") as server:
        reply = fault_of(server, user="lotse", password="geheim")
    assert reply == "535 5.7.8 wrong"


def test_a_password_with_umlauts():
    with FaultServer(features=("AUTH LOGIN",), auth="334 more") as server:
        server.once["auth"] = ["235 welcome"]
        assert send_one(server, user="lotse", password="größe").kind is Kind.DELIVERED


def test_fifty_mails_a_connection():
    with FaultServer() as server, relay_to(server) as relay:
        for _ in range(51):
            relay.send(SENDER, ANNA, MAIL)
    assert server.connections == 2
    assert len(server.accepted) == 51


def test_lines_that_begin_with_a_dot_arrive_as_they_were():
    with FaultServer() as server, relay_to(server) as relay:
        relay.send(SENDER, ANNA, b"Subject: x\r\n\r\n.hidden\r\n.\r\n..two\r\nend")
    assert server.accepted[0].data == b"Subject: x\r\n\r\n.hidden\r\n.\r\n..two\r\nend\r\n"


@pytest.mark.parametrize(
    "address", ["änne@leipzig.example", "a\r\nDATA@x.example", "a b@x.example", "@x", "anna"]
)
def test_an_address_that_smtp_cannot_carry_is_refused_without_asking(address):
    with FaultServer() as server, relay_to(server) as relay:
        assert relay.send(SENDER, address, MAIL).kind is Kind.REFUSED
    assert not any(command.startswith("RCPT") for command in server.commands)


def test_a_domain_with_umlauts_is_translated():
    with FaultServer() as server, relay_to(server) as relay:
        relay.send(SENDER, "anna@grün.example", MAIL)
    assert server.accepted[0].recipients == ["anna@xn--grn-ioa.example"]
