"""Dubletten: proposed, compared, merged, separated."""

from datetime import date, datetime

import lxml.html
import pytest
from sqlmodel import select

from models.contacts.duplicates.duplicates import NotTheSame
from models.contacts.interactions import Interaction, InteractionKind
from models.contacts.people import Person, PersonState
from models.database import Database
from tests.judge import JudgingClient

JULIA = {"given_name": "Júlia", "family_name": "Roig", "organisation_id": 3, "email": "julia@iaac.example",
         "phone": "+34 933 209 520", "language": "ca", "note": "Kennt alle.", "source": "Visitenkarte",
         "source_on": date(2025, 7, 1), "function": "Leiterin"}  # fmt: skip
TWIN = {"given_name": "Julia", "family_name": "Roig", "organisation_id": 3, "honorific": "Dr.", "language": "ca",
        "email": "roig@bcn.example", "note": "Mag Tee.", "do_not_contact": True, "function": "Rätin"}  # fmt: skip


@pytest.fixture
def two(database: Database, now: datetime) -> tuple[int, int]:
    """Two entries of one person; the second has an interaction."""
    with database.write(now) as session:
        julia, twin = Person(**JULIA), Person(**TWIN)
        session.add_all([julia, twin])
        session.flush()
        kind = InteractionKind.CALL
        session.add(
            Interaction(kind=kind, person_id=twin.key, held_on=now.date(), subject="Reise", written_at=now)
        )
        session.commit()
        return julia.key, twin.key


def _page(html: str) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(html)


def _form(html: str) -> dict[str, str]:
    """What the browser would send from the comparison as it stands."""
    form = _page(html).xpath("//form[.//table]")[0]
    return {name: value for name, value in form.form_values() if name != "csrf_token"}


def _person(database: Database, now: datetime, key: int) -> Person:
    with database.read(now) as session:
        return session.get_one(Person, key)


def test_two_entries_are_compared_merged_and_separated(
    client: JudgingClient, database: Database, now: datetime, two: tuple[int, int]
) -> None:
    julia, twin = two
    listed = client.get("/kontakte/dubletten").text
    assert "gleicher Name, gleiche Organisation" in listed
    (address,) = _page(listed).xpath("//a[.//span='Vergleichen']/@href")
    compared = client.get(address)
    sent = _form(compared.text)
    assert (sent["honorific"], sent["email"], sent["kept"]) == ("b", "a", "a")
    assert sent["note"].split() == ["Kennt", "alle.", "Mag", "Tee."]
    answer = client.post(address, data=sent | {"email": "b"})
    assert answer.headers["Location"] == f"/kontakte/{julia}"
    shown = client.get(answer.headers["Location"]).text
    for words in ("roig@bcn.example", "julia@iaac.example", "Rätin", "Reise", "Mag Tee."):
        assert words in shown, words
    assert client.get(f"/kontakte/{twin}").status_code in (301, 302)
    assert _person(database, now, twin).state is PersonState.MERGED
    listed = client.get("/kontakte/dubletten").text
    assert "Keine zwei Kontakte" in listed
    (undo,) = _page(listed).xpath("//a[.='Wieder trennen …']/@href")
    assert undo in shown
    assert "Das geht zurück an" in client.get(undo).text
    assert client.post(undo).status_code == 303
    assert _person(database, now, julia).email == "julia@iaac.example"
    assert "Reise" in client.get(f"/kontakte/{twin}").text
    again = client.post(undo)
    assert again.status_code == 409
    assert "schon aufgehoben" in again.text


def test_two_different_people_are_not_proposed_again_until_that_is_taken_back(
    client: JudgingClient, database: Database, now: datetime, two: tuple[int, int]
) -> None:
    for _twice in range(2):
        assert (
            client.post("/kontakte/dubletten/verschieden", data={"paar": f"{two[1]}-{two[0]}"}).status_code
            == 303
        )
    page = _page(client.get("/kontakte/dubletten").text)
    assert not page.xpath("//table")
    (take_back,) = page.xpath("//form[contains(@action, '/verschieden/')]/@action")
    assert client.post(take_back).status_code == 303
    assert _page(client.get("/kontakte/dubletten").text).xpath("//table")
    for wrong in ("", "x-y", f"{two[0]}-{two[0]}", f"{two[0]}-999"):
        assert client.post("/kontakte/dubletten/verschieden", data={"paar": wrong}).status_code == 404, wrong
    with database.read(now) as session:
        assert session.exec(select(NotTheSame)).all() == []


def test_who_presses_second_is_told_and_keeps_the_choices(
    client: JudgingClient, bens_client: JudgingClient, database: Database, now: datetime, two: tuple[int, int]
) -> None:
    address = "/kontakte/zusammenfuehren?a={}&b={}".format(*two)
    sent = _form(client.get(address).text) | {"email": "b", "note": "Meine Notiz", "kept": "b"}
    with database.write(now) as session:
        changed = session.get_one(Person, two[0])
        changed.function, changed.version = "Bens Wort", changed.version + 1
        session.commit()
    answer = client.post(address, data=sent)
    assert answer.status_code == 409
    page = _page(answer.text)
    assert "Bens Wort" in answer.text
    assert page.xpath("//input[@name='email'][@checked]/@value") == ["b"]
    assert page.xpath("//textarea[@name='note']")[0].text.strip() == "Meine Notiz"
    assert bens_client.post(address, data=_form(bens_client.get(address).text)).status_code == 303
    late = client.post(address, data=_form(answer.text))
    assert late.headers["Location"] == f"/kontakte/{two[0]}"
    assert "schon ein Kontakt" in client.get(late.headers["Location"]).text


def test_a_fault_is_told_and_nothing_is_merged(
    client: JudgingClient, database: Database, now: datetime, two: tuple[int, int]
) -> None:
    address = "/kontakte/zusammenfuehren?a={}&b={}".format(*two)
    sent = _form(client.get(address).text)
    for field, typed in (("email", "c"), ("note", "n" * 20_001), ("kept", "beide")):
        answer = client.post(address, data=sent | {field: typed})
        assert answer.status_code == 422, field
    for wrong in ("a=1", "a=1&b=x", "a=1&b=99999", "a=1&b=99999999999999"):
        assert client.get(f"/kontakte/zusammenfuehren?{wrong}").status_code == 404
    assert client.get(f"/kontakte/zusammenfuehren?a={two[0]}&b={two[0]}").status_code == 303
    assert client.post(address, data={}).status_code == 409, "no version was sent"
    assert _person(database, now, two[1]).state is PersonState.ACTIVE


def test_another_contact_is_chosen_from_the_likely_ones_or_by_words(
    client: JudgingClient, database: Database, now: datetime, two: tuple[int, int]
) -> None:
    with database.write(now) as session:
        session.add(Person(given_name="Bert", family_name="Anders"))
        session.commit()
    way = f"/kontakte/{two[0]}/zusammenfuehren"
    assert way in client.get(f"/kontakte/{two[0]}").text
    compared = "/kontakte/zusammenfuehren?a={}&b={}".format(*two)
    assert compared in _page(client.get(way).text).xpath("//main//a/@href")
    found = client.get(f"{way}?suche=anders")
    assert "Bert Anders" in found.text
    assert "niemand sonst" in client.get(f"{way}?suche=nirgendwo").text
