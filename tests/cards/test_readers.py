"""Our visiting cards, read by khard: a colleague's address book shows what was entered here."""

from models.documents.vcard import Card, Point, Postal, Role
from models.documents.vcard_writing import cards_bytes
from tests.cards.readers import khard

UTA = Card(
    name="Dr. Uta Öllerich",
    uid="person-7@lotse.example",
    given_name="Uta",
    family_name="Öllerich",
    honorific="Dr.",
    roles=(Role("Stadt Köln; Süd", "Leiterin", "Amt für Müßiggang"),),
    emails=(Point("uta@köln.example", types=("work",)), Point("presse@lab.example", "Pressestelle")),
    phones=(Point("+49 341 1234567", types=("cell",)), Point("", uri="tel:+49-341-7654321", types=("work",))),
    addresses=(Postal("Große Straße 1", "Köln", "50667", country="Deutschland", types=("work",)),),
    websites=(Point("https://lab.example/über?a=1&b=2"),),
    languages=("de", "en"),
    note="Kennt das Lab, hilft gern;\nspricht – auch wenn diese Zeile so lang ist, dass sie gefaltet wird – Spanisch.",
    tags=("Lab", "Küche, Rat"),
    other=("X-PHONETIC-FIRST-NAME:Uta",),
)
LAB = Card(
    name="Fab Lab Nürnberg e. V.",
    uid="urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1",
    roles=(Role("Fab Lab Nürnberg e. V."),),
    emails=(Point("info@fablab.example"),),
    is_organisation=True,
)

SHOWN = """\
Name: Dr. Uta Öllerich
Full name: Dr. Uta Öllerich
Kind: individual
Organisation:
    -
        - Stadt Köln; Süd
        - Amt für Müßiggang
Address book: lotse
Kind: individual
General:
    Title: Leiterin
Phone
    cell, pref=1: +49 341 1234567
    work, pref=2: +49-341-7654321
E-Mail
    Pressestelle, pref=2: presse@lab.example
    work, pref=1: uta@köln.example
Address
    work:
        Große Straße 1
        50667 Köln
        Deutschland
Miscellaneous
    UID: person-7@lotse.example
    Categories:
        - Lab
        - Küche, Rat
    Webpage: https://lab.example/über?a=1&b=2
    Note:
        Kennt das Lab, hilft gern;
        spricht – auch wenn diese Zeile so lang ist, dass sie gefaltet wird – Spanisch."""


def test_khard_shows_our_cards() -> None:
    listed, uta = khard(cards_bytes([UTA, LAB]), ("email", "--parsable"), ("show", "Öllerich"))
    assert sorted(line.split("\t") for line in listed.splitlines()[1:]) == [
        ["info@fablab.example", "Fab Lab Nürnberg e. V.", "internet"],
        ["presse@lab.example", "Uta Öllerich", "Pressestelle, pref=2"],
        ["uta@köln.example", "Uta Öllerich", "work, pref=1"],
    ]
    assert [line.rstrip() for line in uta.splitlines() if line] == SHOWN.splitlines()
