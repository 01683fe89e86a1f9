"""Mails that were kept as files: Internet mail, Outlook's own, what is wrong with them, and what means harm."""

import random
import struct
import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from models.base import NOTE
from models.documents.letter_html import text_of_html
from models.documents.letter_parts import (
    DAMAGED,
    EMPTY,
    LETTER_LIMIT,
    NO_DATE,
    NO_LETTER,
    ONLY_RTF,
    PACKED,
    PARTS_LEFT,
    TEXT_CUT,
    TOO_LARGE,
    Address,
    NoLetterError,
)
from models.documents.letter_reading import read_letter
from tests.models.documents.outlook_file import (
    Tree,
    binary,
    compound_file,
    eight_bit,
    outlook_mail,
    properties,
    unicode,
)

SENT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)

MAIL = """\
From: =?utf-8?B?SsO6bGlh?= Roig <Julia@iaac.example.org>
To: "Amt, Anna" <anna@lotse.example>, ben@lotse.example
Cc: undisclosed-recipients:;
Subject: =?iso-8859-1?Q?R=FCckmeldung_?=
 =?utf-8?Q?zum_Beitritt_=E2=80=93_Termin?=
Date: Fri, 20 Nov 2026 10:30:00 +0100
Message-ID: <abc.1@iaac.example.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="aussen"

--aussen
Content-Type: multipart/alternative; boundary=innen

--innen
Content-Type: text/html; charset=utf-8

<p>Nur für Programme, die HTML zeigen</p>
--innen
Content-Type: text/plain; charset="windows-1252"
Content-Transfer-Encoding: quoted-printable

Gr=FC=DFe, 10 =80 f=FCr die=
 Fahrt
--innen--
--aussen
Content-Type: application/pdf; name*=utf-8''Einladung%20f%C3%BCr%20Anna.pdf
Content-Disposition: attachment
Content-Transfer-Encoding: base64

JVBERi0xLjQ=
--aussen
Content-Type: message/rfc822

Subject: Die alte Nachricht
From: niemand@example.org

Alt.
--aussen
Content-Type: application/ms-tnef
Content-Disposition: attachment; filename=winmail.dat
Content-Transfer-Encoding: base64

eJ8+
--aussen--
"""


def test_a_mail_with_everything_is_read_as_a_person_would_read_it() -> None:
    letter = read_letter(MAIL.replace("\n", "\r\n").encode())
    assert letter.sender == Address("Júlia Roig", "Julia@iaac.example.org")
    assert [(r.name, r.address) for r in letter.recipients] == [
        ("Amt, Anna", "anna@lotse.example"), ("", "ben@lotse.example")
    ]  # fmt: skip
    assert (letter.sent_at, letter.subject) == (SENT, "Rückmeldung zum Beitritt – Termin")
    assert letter.text == "Grüße, 10 € für die Fahrt"
    assert letter.message_id == "<abc.1@iaac.example.org>"
    assert [(a.name, a.media_type, a.size) for a in letter.attachments] == [
        ("Einladung für Anna.pdf", "application/pdf", 8),
        ("Die alte Nachricht.eml", "message/rfc822", letter.attachments[1].size),
        ("winmail.dat", "application/ms-tnef", 3),
    ]
    assert b"Alt." in (letter.attachments[1].content or b"")
    assert letter.remarks == (PACKED,)


@pytest.mark.parametrize(
    ("charset", "content", "expected"),
    [
        ("iso-8859-1", "Müller, 5 €".encode(), "Müller, 5 €"),  # says Latin-1, is UTF-8
        ("utf-8", "Müller, 5 €".encode("cp1252"), "Müller, 5 €"),  # says UTF-8, is Windows-1252
        ("klingonisch-8", "Müller".encode("cp1252"), "Müller"),
        ("punycode", b"Mller-kva", "Mller-kva"),  # no charset of a mail
        ("koi8-r", "Москва".encode("koi8-r"), "Москва"),
        ("us-ascii", b"caf\xe9\x00\x07!", "café!"),
    ],
)
def test_wrong_charsets_are_seen_through(charset: str, content: bytes, expected: str) -> None:
    head = f"From: a@example.org\nContent-Type: text/plain; charset={charset}\n\n".encode()
    assert read_letter(head + content).text == expected


def test_headers_in_raw_bytes_and_missing_ones_are_borne() -> None:
    letter = read_letter(
        "From: Jürgen Groß <j@example.org>\nDate: gestern\nSubject: Grüße\n\nHallo".encode("cp1252")
    )
    assert (letter.sender.name, letter.subject, letter.sent_at) == ("Jürgen Groß", "Grüße", None)
    assert letter.remarks == (NO_DATE,)
    bare = read_letter(b"Subject: =?utf-8?B?gar nicht base64?= =?x\n\n")
    assert (bare.sender, bare.message_id, bare.attachments) == (Address("", ""), "", ())
    hidden = read_letter('From: "Anna\u202egro.live@" <a@example.org>\nSubject: a\n\tb\x07\n\nx'.encode())
    assert (hidden.sender.name, hidden.subject) == ("Anna gro.live@", "a b")


def test_a_mail_in_html_only_is_given_as_text() -> None:
    page = (
        "<html><head><title>x</title><style>p {color: red}</style></head><body><!-- nein -->"
        "<p>Liebe&nbsp;Anna,</p>\n<div>5 &lt; 6 und 5 < 6<br>neue\n Zeile</div><ul><li>eins<li>zwei</ul>"
        "<script>alert('a<b')</script><table><tr><td>a</td><td>b</td></tr></table></body></html>"
    )
    head = "From: a@example.org\nContent-Type: text/html\n\n"
    text = read_letter((head + page).encode()).text
    assert text == "Liebe Anna,\n\n5 < 6 und 5 < 6\nneue Zeile\n\n– eins\n– zwei\n\na b"


def test_a_long_text_is_cut_and_says_so() -> None:
    letter = read_letter(b"From: a@example.org\nDate: Fri, 20 Nov 2026 10:30:00 +0100\n\n" + b"wort " * NOTE)
    assert (len(letter.text) <= NOTE, letter.remarks) == (True, (TEXT_CUT,))


def test_an_outlook_mail_is_read() -> None:
    content = outlook_mail(
        SENT, "Grüße aus Barcelona 🌊\r\n" * 400, {"Plan.pdf": b"%PDF-1.4" * 1000, "klein.txt": b"x"}
    )
    letter = read_letter(content)
    assert letter.sender == Address("Júlia Roig", "julia@iaac.example.org")
    assert letter.recipients == (Address("Anna Amt", "anna@lotse.example"),)
    assert (letter.sent_at, letter.subject) == (SENT, "Besuch in Barcelona – Termin")
    assert letter.text.splitlines()[399] == "Grüße aus Barcelona 🌊"
    assert letter.message_id == "<abc.1@iaac.example.org>"
    assert [(a.name, a.content) for a in letter.attachments] == [
        ("Plan.pdf", b"%PDF-1.4" * 1000), ("klein.txt", b"x")
    ]  # fmt: skip
    assert letter.remarks == ()


def test_an_old_outlook_mail_in_a_code_page_is_read() -> None:
    page = (1251).to_bytes(8, "little")
    tree: Tree = {
        **properties(32, {0x3FFD: page}),
        **eight_bit(0x0037, "Привет".encode("cp1251")),
        **eight_bit(
            0x007D,
            b"From: Ivan <ivan@example.org>\r\nDate: Fri, 20 Nov 2026 10:30:00 +0100\r\nMessage-ID: <i@x>\r\n",
        ),
        **eight_bit(0x0C1A, "Иван".encode("cp1251")),
        **binary(0x1013, "<p>Добрый день</p>".encode("cp1251")),
        "__attach_version1.0_#00000000": {
            **properties(8),
            **unicode(0x3001, "Weitergeleitet"),
            "__substg1.0_3701000D": {**properties(24), **unicode(0x0037, "innen")},
        },
    }
    letter = read_letter(compound_file(tree))
    assert (letter.subject, letter.text, letter.sent_at) == ("Привет", "Добрый день", SENT)
    assert (letter.sender, letter.message_id) == (Address("Ivan", "ivan@example.org"), "<i@x>")
    assert [(a.name, a.content) for a in letter.attachments] == [("Weitergeleitet", None)]
    only_rtf = compound_file({**properties(32), **binary(0x1009, b"x")})
    assert read_letter(only_rtf).remarks == (ONLY_RTF, NO_DATE)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", EMPTY),
        (b"Guten Tag, dies ist ein Text.", NO_LETTER),
        (b"Titel: Wert\n\nText", NO_LETTER),
        (b"%PDF-1.4\n", NO_LETTER),
        (compound_file({"WordDocument": b"x" * 5000}), NO_LETTER),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, DAMAGED),
        (b"From: a@example.org\n" + b"x" * LETTER_LIMIT, TOO_LARGE),
    ],
    ids=["empty", "text", "other headers", "pdf", "word", "broken", "large"],
)
def test_what_is_no_mail_is_refused_with_a_reason(content: bytes, reason: str) -> None:
    with pytest.raises(NoLetterError) as refused:
        read_letter(content)
    assert refused.value.reason == reason


def _nested(depth: int, inner: bytes) -> bytes:
    heads = (b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth))
    return b"From: a@example.org\n" + b"".join(heads) + b"\n" + inner


# Each of these takes minutes, or ends the program, where a mail is read without limits.
HARMFUL = {
    "deep": _nested(2000, b"x"),
    "deep and long": _nested(300, b"x\n" * 200_000),
    "lines": b"From: a@example.org\n\n" + b"\n" * 2_000_000,
    "comments": b"From: " + b"(" * 200_000 + b"\n\nx",
    "words": b"From: a@example.org\nSubject: " + b"=?a?q?" * 200_000 + b"\n\nx",
    "tags": b"From: a@example.org\nContent-Type: text/html\n\n" + b"<a " * 300_000,
    "slashes": b"From: a@example.org\nContent-Type: text/html\n\n" + b"<a/" * 300_000,
    "scripts": b"From: a@example.org\nContent-Type: text/html\n\n" + b"<script><!--" * 90_000,
    "digits": b"From: a@example.org\nContent-Type: text/html\n\n&#" + b"9" * 300_000,
}


@pytest.mark.parametrize("content", HARMFUL.values(), ids=HARMFUL.keys())
def test_a_mail_that_means_harm_is_read_or_refused_quickly(content: bytes) -> None:
    began = time.process_time()
    with suppress(NoLetterError):
        read_letter(content)
    assert time.process_time() - began < 3


def test_a_damaged_outlook_mail_is_read_or_refused_and_nothing_else() -> None:
    chance, whole = random.Random(5), outlook_mail(SENT, "Text " * 2000, {"a.bin": b"y" * 9000})
    refused = 0
    began = time.process_time()
    for turn in range(400):
        content = bytearray(whole)
        for _change in range(1 + turn % 8):
            place = chance.randrange(26, len(content)) if turn % 2 else chance.randrange(26, 1024)
            content[place : place + 4] = chance.choice(
                [b"\xff\xff\xff\xff", b"\0\0\0\0", chance.randbytes(4)]
            )
        try:
            read_letter(bytes(content[: chance.randrange(600, len(content))] if turn % 5 == 0 else content))
        except NoLetterError:
            refused += 1
    assert 0 < refused < 400
    assert time.process_time() - began < 4


def test_html_text_keeps_a_letter_whose_small_form_is_longer() -> None:
    assert text_of_html("<p>İstanbul</p><B>x</B>") == "İstanbul\n\nx"


@pytest.mark.parametrize(
    "strange",
    [
        b"multipart/mixed; boundary*=a; boundary*0=b",  # half numbered
        b"multipart/mixed; boundary*=a\0b''x",  # a charset with a NUL
        b"multipart/mixed; boundary*=undefined''x%ff",
        b"text/plain; charset*=a\0b''utf-8",
    ],
)
def test_a_header_on_which_the_library_of_mails_breaks_makes_a_damaged_mail(strange: bytes) -> None:
    with pytest.raises(NoLetterError) as fault:
        read_letter(b"From: a@b.example\r\nContent-Type: " + strange + b"\r\n\r\nhi\r\n")

    assert fault.value.reason == DAMAGED


def test_headers_and_parts_beyond_any_use_are_not_looked_at() -> None:
    people = b"To: " + b"a@b.example, " * 700 + b"\r\n"
    part = b"--x\r\nContent-Type: text/plain" + b';"' * 4000 + b"\r\n\r\nhi\r\n"
    head = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n"
    start = time.monotonic()

    letter = read_letter(head + people * 400 + b"\r\n" + part * 400 + b"--x--")

    assert letter.text.count("hi") == 300
    assert PARTS_LEFT in letter.remarks
    assert len(letter.recipients) == 200
    assert time.monotonic() - start < 4  # 13 seconds where everything is looked at


def test_the_end_of_an_outlook_file_within_its_table_of_tables_is_damage() -> None:
    content = bytearray(outlook_mail(datetime(2026, 11, 19, tzinfo=UTC), "Hallo", {})[:513])
    struct.pack_into("<2I", content, 68, 0, 5)

    with pytest.raises(NoLetterError):
        read_letter(bytes(content))
