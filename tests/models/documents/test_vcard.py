"""Visiting cards, read back by a reader of our own after RFC 6350."""

import re
from datetime import UTC, datetime

from models.documents.vcard import Card, Point, Postal, Role
from models.documents.vcard_writing import card_chunks, card_text, cards_bytes


def read_cards(content: bytes) -> list[dict[str, str]]:
    """Properties by name (parameters kept in it), unfolded and unescaped; fails on what the RFC forbids."""
    lines = content.split(b"\r\n")
    assert lines.pop() == b""
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode()  # no letter is cut
    found: list[dict[str, str]] = []
    for line in content.decode().replace("\r\n ", "").splitlines():
        name, colon, value = line.partition(":")
        assert colon, line
        if line == "BEGIN:VCARD":
            found.append({})
        elif line != "END:VCARD":
            assert name not in found[-1], f"{name} stands twice"
            found[-1][name] = re.sub(r"\\.", lambda m: "\n" if m[0] in ("\\n", "\\N") else m[0][1], value)
    assert content.count(b"BEGIN:VCARD") == content.count(b"END:VCARD") == len(found)
    return found


def test_a_card_is_read_as_it_was_written() -> None:
    note = "Zeile eins;\r\nZeile, zwei \\ drei\x07 – " + "ß😀 lang und länger " * 12
    card = Card(
        uid="person-7@x.fab-city-lotse",
        name="Dr. Uta Öl, Köln; Büro",
        given_name="Uta",
        family_name="Öl; von",
        roles=(Role("Verein Äpfel, Birnen", "Leiterin"),),
        emails=(Point("uta@lab.example"),),
        phones=(Point("0341 1", uri="tel:+49-341-1"),),
        websites=(Point("https://lab.example/a;b,c\r\nX-EVIL:1"),),
        languages=("de",),
        note=note,
        changed_at=datetime(2026, 11, 23, 7, tzinfo=UTC),
    )
    [found] = read_cards(cards_bytes([card]))
    assert found == {
        "VERSION": "4.0",
        "KIND": "individual",
        "UID;VALUE=text": "person-7@x.fab-city-lotse",
        "FN": "Dr. Uta Öl, Köln; Büro",
        "N": "Öl; von;Uta;;;",
        "ORG": "Verein Äpfel, Birnen",
        "TITLE": "Leiterin",
        "EMAIL": "uta@lab.example",
        "NOTE": note.replace("\r\n", "\n").replace("\x07", ""),
        "TEL;VALUE=uri": "tel:+49-341-1",
        "URL": "https://lab.example/a;b,cX-EVIL:1",
        "LANG": "de",
        "REV": "20261123T070000Z",
    }
    assert "N:Öl\\; von;Uta;;;\r\n" in card_text(card)  # a semicolon in a name parts nothing


def test_what_is_not_known_is_left_out() -> None:
    plain = Card(uid="organisation-1", name="Lab", phones=(Point("App. 12"),), is_organisation=True)
    [found, second] = read_cards(cards_bytes([plain, Card(uid="x", name="")]))
    assert found == {
        "VERSION": "4.0",
        "KIND": "org",
        "UID;VALUE=text": "organisation-1",
        "FN": "Lab",
        "TEL;VALUE=text": "App. 12",
    }
    assert second["FN"] == ""


def test_everything_a_card_may_hold_is_written() -> None:
    kept = "item1.X-FOO;TYPE=home:a\\,b", "X-BAR:c\r\nBCC:x", "UID:other", "END:VCARD", "no property", ""
    card = Card(
        name="Uta",
        uid="urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1",
        honorific="Dr.",
        roles=(Role("Lab", "Leiterin", "Küche"), Role("Stadt", "Rätin")),
        emails=(
            Point("uta@lab.example", types=("work", "b;ad")),
            Point("presse@lab.example", "Presse;stelle"),
        ),
        phones=(Point("0341 1", types=("work", "fax")),),
        addresses=(
            Postal("Markt 1", "Leipzig", written='Markt 1\nLeipzig: "Hof^"'),
            Postal(written="Ring 2\n04109 Leipzig"),
        ),
        websites=(Point("https://lab.example", "Blog"),),
        languages=("de", "en"),
        tags=("Lab, Küche", "Rat"),
        other=kept,
    )
    found = card_text(card).replace("\r\n ", "").split("\r\n")[3:-2]
    assert found == [
        "UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1",
        "FN:Uta",
        "N:;;;Dr.;",
        "itemx1.ORG:Lab;Küche",
        "itemx1.TITLE:Leiterin",
        "itemx2.ORG:Stadt",
        "itemx2.TITLE:Rätin",
        "EMAIL;TYPE=work;PREF=1:uta@lab.example",
        "itemx3.EMAIL;PREF=2:presse@lab.example",
        "itemx3.X-ABLabel:Presse\\;stelle",
        "TEL;VALUE=text;TYPE=work,fax:0341 1",
        "ADR;LABEL=\"Markt 1^nLeipzig: ^'Hof^^^'\";PREF=1:;;Markt 1;Leipzig;;;",
        'ADR;LABEL="Ring 2^n04109 Leipzig";PREF=2:;;Ring 2;Leipzig;;04109;',
        "itemx4.URL:https://lab.example",
        "itemx4.X-ABLabel:Blog",
        "LANG;PREF=1:de",
        "LANG;PREF=2:en",
        "CATEGORIES:Lab\\, Küche,Rat",
        "item1.X-FOO;TYPE=home:a\\,b",
        "X-BAR:cBCC:x",
    ]


def test_many_cards_leave_in_pieces() -> None:
    asked = []
    chunks = card_chunks(asked.append(number) or Card(name=f"Öl {number}") for number in range(250))
    first = next(chunks)
    assert len(asked) == 100
    assert [card["FN"] for card in read_cards(first + b"".join(chunks))] == [f"Öl {n}" for n in range(250)]
    assert list(card_chunks([])) == []
