"""What leaves the house as PDF and as a page."""

from datetime import datetime
from io import BytesIO

import lxml.html
import pikepdf
import pypdfium2
import pytest

from models.contacts.organisations import Organisation
from models.database import Database
from tests.judge import JudgingClient

FORM = "/beitritt/erklaerungsbogen.pdf"


def words_of(pdf: bytes) -> str:
    return " ".join(
        " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)).split()
    )


def test_the_declaration_form_comes_in_both_languages_and_names_who_is_chosen(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    with database.write(now) as session:
        lab = Organisation(name="Werkraum <b>#Nord</b>", email="nord@example.org")
        session.add(lab)
        session.commit()
        key = lab.key
    german = client.get(FORM)
    assert german.mimetype == "application/pdf"
    assert "erklaerungsbogen.pdf" in german.headers["Content-Disposition"]
    assert "Wir wünschen, dass Leipzig" in words_of(german.data)
    assert "VII-A-00726-VSP-01" in words_of(german.data)
    english = client.get(FORM, query_string={"sprache": "en", "organisation": key})
    assert pikepdf.open(BytesIO(english.data)).Root.Lang == "en"
    for text in ("We wish that Leipzig", "Werkraum <b>#Nord</b>", "nord@example.org"):
        assert text in words_of(english.data)


@pytest.mark.parametrize("organisation", ["999999", "abc", "-1", "9" * 5000, "²", "1 or 1=1"])
def test_an_organisation_that_is_not_there_is_not_found(client: JudgingClient, organisation: str) -> None:
    assert client.get(FORM, query_string={"organisation": organisation}).status_code == 404


def test_an_unknown_language_is_that_of_the_page(client: JudgingClient) -> None:
    assert "Wir wünschen" in words_of(client.get(FORM, query_string={"sprache": "fr"}).data)


def test_the_status_report_of_a_new_case_says_what_is_missing_and_who_must_move(
    client: JudgingClient,
) -> None:
    shown = client.get("/beitritt/bericht").text
    pdf = words_of(client.get("/beitritt/bericht.pdf").data)
    for text in (
        "Noch 2 Lab-Akteure müssen den Beitrittswunsch erklären (0 von 2 haben es getan).",
        "Am Zug: Fab Labs und Maker, Anna Amt.",
        "VII-A-00726, Fraktion Bündnis 90/Die Grünen, 09.01.2020",
        "Beschluss vom 10.06.2020, in der Fassung VII-A-00726-VSP-01",
        "Das ist nicht, was der Antrag verlangte.",
        "Beitrag unbekannt: beim Netzwerk nachfragen.",
    ):
        assert text in shown
        assert text in pdf
    english = client.get("/beitritt/bericht.pdf?sprache=en")
    assert "statusbericht-2026-11-23.pdf" in english.headers["Content-Disposition"]
    assert "This is not what the motion asked for." in words_of(english.data)


def test_one_page_leads_to_everything_that_leaves_the_house(client: JudgingClient) -> None:
    shown = client.get("/beitritt/berichte")
    for name in ("Sachstandsbericht", "Erklärungsbogen, englisch", "Nachweispaket", "Übergabe"):
        assert name in shown.text
    links = lxml.html.document_fromstring(shown.text).xpath("//ul[@class='tasks']//a/@href")
    assert len(links) == 6
    assert {client.get(link).status_code for link in links} == {200}
