"""The list of contacts: searched as one types, filtered, in pages, taken out."""

import re
from datetime import date, datetime

import lxml.html
import pytest
from flask.testing import FlaskClient

from models.contacts.interactions import Interaction, InteractionKind
from models.contacts.organisations import Organisation
from models.contacts.people import Person, PersonState
from models.contacts.search import searching
from models.contacts.tags import Tag, TagLink
from models.database import Database
from tests.judge import JudgingClient
from webapp.people import choosing, list_views


@pytest.fixture
def names(database: Database, now: datetime) -> list[str]:
    """Seven people in the order of the list, the first with everything that a row can show."""
    with database.write(now) as session:
        session.add_all(
            [tag := Tag(name="Holz & Leim"), office := Organisation(name="Werk <1>", city="Halle")]
        )
        session.flush()
        people = [
            Person(
                family_name="Ärmel", given_name="Ada", honorific="Dr.", function="Leitung", organisation_id=office.key,
                email="ada@werk.example", phone="0341 123456", last_talk_on=date(2026, 11, 2), is_first_contact=True,
                note="Kennt die Fräse", role_to=date(2026, 1, 1), do_not_contact=True,
            ),
            *(Person(family_name=f"Beispiel {n}", given_name="Bo") for n in range(6)),
            Person(family_name="Fort", state=PersonState.ERASED), Person(family_name="Weg", state=PersonState.MERGED),
        ]  # fmt: skip
        session.add_all(people)
        session.flush()
        session.add(TagLink(tag_id=tag.key, subject_kind="person", subject_id=people[0].key))
        session.add(
            Interaction(kind=InteractionKind.CALL, person_id=people[1].key, held_on=date(2026, 11, 3),
                        subject="Ärmel angerufen", written_at=now)
        )  # fmt: skip
        session.commit()
    return ["Dr. Ada Ärmel", *(f"Bo Beispiel {n}" for n in range(6))]


def _page(html: str) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(html)


def _listed(html: str) -> list[str]:
    return [str(name) for name in _page(html).xpath("//table//th[@scope='row']/a/text()")]


def test_a_row_shows_how_to_reach_somebody_and_what_to_mind(client: JudgingClient, names: list[str]) -> None:
    page = _page(client.get("/kontakte?suche=%C3%A4rmel").text)
    assert page.xpath("//p[@role='status']/text()") == ["Eine Ansprechperson"]
    (row,) = page.xpath("//table/tbody/tr")
    text = " ".join(row.text_content().split())
    for part in (
        "Erste Ansprechperson",
        "Leitung (ehemalig)",
        "Holz & Leim",
        "Werk <1>",
        "Halle",
        "02.11.2026",
    ):
        assert part in text, part
    assert row.xpath(".//a/@href[starts-with(., 'tel:') or starts-with(., 'mailto:')]") == [
        "mailto:ada@werk.example", "tel:+49341123456"
    ]  # fmt: skip
    assert "nicht" in text  # do not contact, beside the mail link
    assert page.xpath("//section[@aria-labelledby='auch']//li//text()[contains(., 'Ärmel angerufen')]")
    assert not _page(client.get("/kontakte?suche=%C3%A4rmel&erste=ja").text).xpath(
        "//section[@aria-labelledby='auch']"
    )


def test_filters_stand_in_the_address_and_in_the_form(client: JudgingClient, names: list[str]) -> None:
    assert _listed(client.get("/kontakte").text) == names
    wanted = "/kontakte?suche=halle&schlagwort=holz+%26+leim&erste=ja&aufgabe=ended&kontakt=none&sprache=en"
    html = client.get(wanted).text
    assert _listed(html) == names[:1]
    page = _page(html)
    assert page.xpath("//details[@open]//select[@name='aufgabe']/option[@selected]/@value") == ["ended"]
    assert page.xpath("//select[@name='schlagwort']/option[@selected]/text()") == ["Holz & Leim"]
    assert page.xpath("//input[@name='erste']/@checked")
    assert not _page(client.get("/kontakte?suche=bo").text).xpath("//form//details[@open]")
    for none in ("ort=x", "organisation=99999", "schlagwort=%00", "land=zz", "kontakt=1", "nach=x", "vor=%F0", "nach=0",
                 "organisation=99999999999999999999", "sprache=klingonisch", "aufgabe=", "teil=y"):  # fmt: skip
        assert _listed(client.get(f"/kontakte?{none}").text) == names, none
    assert _listed(client.get("/kontakte?land=DE").text) == []
    assert "Keine Ansprechperson gefunden" in client.get("/kontakte?suche=qqq").text


def test_too_many_to_choose_from_are_typed(
    client: JudgingClient, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "MOST_CHOICES", 0)
    for typed, found in (("wer", names[:1]), ("Werk+%3C1%3E", names[:1]), ("%25", [])):
        html = client.get(f"/kontakte?organisation={typed}").text
        assert _listed(html) == found, typed
        assert not _page(html).xpath("//select[@name='organisation' or @name='ort' or @name='schlagwort']")
    assert _page(client.get("/kontakte?organisation=Werk+%3C1%3E").text).xpath(
        "//input[@id='organisation']/@value"
    ) == ["Werk <1>"]


def test_pages_lead_forth_and_back_and_say_how_many_there_are(
    client: JudgingClient, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_views, "PAGE", 3)
    few = searching.FEW
    cases = (
        (1000, 0, "7 Ansprechpersonen"),
        (5, 0, "Mehr als 5 Ansprechpersonen"),
        (5, few, "7 Ansprechpersonen"),
    )
    for enough, counted, said in cases:
        monkeypatch.setattr(searching, "ENOUGH", enough)
        monkeypatch.setattr(searching, "FEW", counted)
        monkeypatch.setattr(list_views, "ENOUGH", enough)
        address, seen = "/kontakte?kontakt=none", []
        for _ in range(3):
            page = _page(client.get(address).text)
            assert page.xpath("//p[@role='status']/text()") == [said]
            seen.append(page.xpath("//table//th[@scope='row']/a/text()"))
            address = (page.xpath("//a[@rel='next']/@href") or [""])[0]
        assert [name for part in seen for name in part] == names
        assert address == ""
        for part in (seen[1], seen[0]):
            back = page.xpath("//a[@rel='prev']/@href")[0]
            assert "kontakt=none" in back
            page = _page(client.get(back).text)
            assert page.xpath("//table//th[@scope='row']/a/text()") == part
        assert not page.xpath("//a[@rel='prev']")
    assert "Ärmel" not in back  # no name in an address


def test_while_one_types_only_the_results_are_sent(client: JudgingClient, names: list[str]) -> None:
    found = FlaskClient.open(client, "/kontakte?suche=bo&teil=liste").text
    region = _page(found)
    assert (region.get("id"), region.get("data-said")) == ("treffer", "6 Ansprechpersonen")
    assert "<form role" not in found
    assert "</html>" not in found
    assert "teil=" not in found
    whole = client.get("/kontakte?suche=bo").text
    assert _listed(whole) == _listed(found) == names[1:]
    form = _page(whole).xpath("//form[@role='search']")[0]
    assert (form.get("data-live"), form.get("method")) == ("treffer", "get")
    assert re.search(r'<script type="module" src="/static/own/search.js\?v=\w+"', whole)
    nobody = FlaskClient.open(client, "/kontakte?suche=qqq&teil=liste").text
    assert _page(nobody).get("data-said") == "Keine Ansprechperson gefunden"


def test_the_table_holds_whoever_the_list_shows(client: JudgingClient, names: list[str]) -> None:
    rows = client.get("/kontakte.csv?suche=bo").data.decode("utf-8-sig").split("\r\n")
    assert [row.split(";")[0] for row in rows[1:7]] == [f"Beispiel {n}" for n in range(6)]
    paper = client.get("/kontakte?ansicht=druck").text
    assert _listed(paper) == names
    assert "person" not in _page(paper).xpath("//input/@name")
