"""A person is recognised in every spelling of name, address and number, and nobody else is."""

import re

import pytest

from models.privacy.identifiers import Identifiers
from models.privacy.mail_texts import texts_of_file
from models.privacy.spellings import address_pattern, digits_of, name_pattern, number_pattern

HERS = Identifiers({("Anna", "Müller")}, {"anna.mueller@köln.example"}, {"0341 123-4567"}, {"urn:uuid:1234"})


@pytest.mark.parametrize(
    "said",
    [
        "Anna Müller", "Müller, Anna", "ANNA MUELLER", "anna muller", "Mu\u0308ller, Dr. Anna", "Anna Müllers Büro",
        "Anna M. Müller", "lebenslauf_anna-mueller.pdf", "Anna  Müller", "N:Müller;Anna;;;",
        "mailto:anna.mueller%40köln.example",
        "<anna.mueller@xn--kln-sna.example>", "+49 (0)341 / 123 45 67", "0049-341-1234567", "3411234567",
        "tel:+49-341-1234567", "0341.123.4567", "urn:uuid:1234",
    ],
)  # fmt: skip
def test_she_is_found(said: str) -> None:
    assert HERS.search(f"Bitte {said} anrufen")


@pytest.mark.parametrize(
    "said",
    [
        "Müller", "Anna", "Joanna Müller", "Anna Müllerin", "Anna rief Müller an", "Anna Maier", "0341 123-4568",
        "93411234567", "mueller@köln.example", "hanna.mueller@köln.example", "urn:uuid:9999",
    ],
)  # fmt: skip
def test_nobody_else_is(said: str) -> None:
    assert not HERS.search(f"Bitte {said} anrufen")


@pytest.mark.parametrize(
    ("stored", "written"),
    [
        (("Jürgen", "Groß"), "GROSS, JUERGEN"), (("Juergen", "Gross"), "Groß Jürgen"),
        (("José", "Muñoz"), "Jose Munoz"),
        (("Jose", "Munoz"), "José Muñoz"), (("Жанна", "Иванова"), "иванова жанна"), (("Anna-Lena", "von der Au"),
        "Anna Lena von der Au"), (("Łukasz", "Żak"), "Lukasz Zak"), (("Søren", "Ærø"), "SØREN ÆRØ"),
        (("Seán", "O'Brien"), "Sean O’Brien"), (("Seán", "O’Brien"), "OBrien, Sean"),
        (("İbrahim", "Yıldız"), "Ibrahim Yildiz"), (("Anna", "von der Au"), "Au, Anna von der"),
        (("王", "小明"), "王小明"),
        (("Anna", "Au-Groß"), "Anna Au‑Groß"), (("Anna", "Groß"), "> Anna\n> Groß"),
        (("Anna", "Groß"), '"Groß";"Anna"'),
        (("Anna", "Groß"), "Anna\u200b Groß"),
    ],
)  # fmt: skip
def test_letters_with_marks_are_found_without_and_the_other_way(
    stored: tuple[str, str], written: str
) -> None:
    assert re.search(name_pattern(*stored), written, re.IGNORECASE)
    assert Identifiers({stored}).search(written)


def test_a_family_name_alone_is_none_and_broken_values_do_no_harm() -> None:
    alone = Identifiers()
    alone.take({"family_name": "Müller", "email": "", "phone": "Zentrale", "uid": "12"})
    assert alone.pattern is None
    assert not alone.search("Müller")
    assert digits_of("App. 12") == ""
    assert re.search(number_pattern("112233"), "Tel. 11 22 33")
    assert re.search(address_pattern("a@b"), "a@b")


def test_words_of_a_sentence_are_no_name() -> None:
    for name, said in (
        (("Anna", "Stark"), "Das ist stark. Anna kommt."),
        (("Anna", "Stark"), "Das sagte Anna. Stark war der Wind."),
        (("Mai", "Land"), "Sie fuhr nach Mailand."),
    ):
        assert not Identifiers({name}).search(said), said
    letters = Identifiers()
    letters.take({"given_name": "A", "family_name": "B"})
    assert not letters.search("Anlage A, B")
    of_two = Identifiers()
    of_two.take({"given_name": "Anna Maria", "family_name": "Stark"})
    assert all(
        of_two.search(said) for said in ("Anna Stark", "Stark, Maria", "Anna Maria Stark", "Anna-Maria Stark")
    )


def test_cards_and_tables_are_read_whatever_their_charset() -> None:
    card = b"BEGIN:VCARD\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Anna M=C3=BCl=\r\nler\r\nEND:VCARD\r\n"
    assert any(HERS.search(text) for text in texts_of_file(card))
    for charset in ("cp1252", "utf-8-sig", "utf-16"):
        assert any(
            HERS.search(text) for text in texts_of_file("Nachname;Vorname\nMüller;Anna\n".encode(charset))
        )
