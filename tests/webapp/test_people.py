"""Ansprechpersonen."""

from datetime import date, datetime

import lxml.html
import pytest
from sqlmodel import select

from models.contacts.people import Person
from models.database import Database
from models.followups import FollowUp, FollowUpKind
from models.officers import Officer
from tests.judge import JudgingClient

NEW = {
    "given_name": "Júlia",
    "family_name": "Roig",
    "organisation_id": "3",
    "email": "julia@iaac.example.org",
    "phone": "+34 933 209 520",
    "language": "ca",
    "source": "Visitenkarte, Fab City Summit",
    "source_on": "1.7.2025",
}


@pytest.fixture
def julia(client: JudgingClient) -> str:
    """The address of a stored person whose next contact is planned."""
    answer = client.post("/kontakte/neu", data=NEW | {"next_contact_on": "1.12.2026", "note": "Kennt alle."})
    assert answer.status_code == 303
    return answer.headers["Location"]


def _page(html: str) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(html)


def _faulty(html: str) -> list[str]:
    return [str(name) for name in _page(html).xpath("//*[@aria-invalid='true']/@name")]


def _people(database: Database, now: datetime) -> list[Person]:
    with database.read(now) as session:
        return list(session.exec(select(Person).order_by(Person.id)))  # type: ignore[arg-type]


def _contacts(database: Database, now: datetime) -> list[FollowUp]:
    with database.read(now) as session:
        wanted = select(FollowUp).where(FollowUp.kind == FollowUpKind.CONTACT)
        return sorted(session.exec(wanted), key=lambda f: f.key)


def test_an_empty_list_invites_to_add_the_first_contact(client: JudgingClient) -> None:
    page = _page(client.get("/kontakte").text)
    assert page.xpath("//div[@class='empty']//a/@href") == ["/kontakte/neu"]


def test_a_person_is_stored_with_source_and_next_contact(
    client: JudgingClient, database: Database, now: datetime, anna: Officer, julia: str
) -> None:
    (person,) = _people(database, now)
    assert (person.source_on, person.language, person.phone) == (date(2025, 7, 1), "ca", "+34 933 209 520")
    (planned,) = _contacts(database, now)
    assert (planned.due_on, planned.subject_kind, planned.subject_id) == (
        date(2026, 12, 1), "person", person.key
    )  # fmt: skip
    assert planned.responsible_id == anna.key
    text = client.get(julia).text
    assert 'href="tel:+34-933-20-95-20"' in text
    assert 'href="mailto:julia@iaac.example.org"' in text
    assert "01.12.2026" in text
    assert "01.07.2025" in text


def test_the_list_is_searched_filtered_printed_and_taken_to_excel(client: JudgingClient, julia: str) -> None:
    for query in ("suche=roig+catalonia", "organisation=3", "kontakt=planned", "ansicht=druck"):
        assert julia in client.get(f"/kontakte?{query}").text, query
    for query in ("suche=niemand", "organisation=2", "kontakt=overdue", "kontakt=none"):
        assert julia not in client.get(f"/kontakte?{query}").text, query
    rows = client.get("/kontakte.csv?organisation=3").data.decode("utf-8-sig").split("\r\n")
    assert rows[1].startswith("Roig;Júlia;")
    assert "01.12.2026" in rows[1]


FAULTS = [
    ("family_name", ""),
    ("family_name", "n" * 2000),
    ("email", "julia@"),
    ("phone", "123"),
    ("phone", "bitte anrufen"),
    ("source", ""),
    ("source_on", ""),
    ("source_on", "24.11.2026"),
    ("last_talk_on", "31.2.2026"),
    ("next_contact_on", "22.11.2026"),
    ("organisation_id", "9999"),
    ("language", "klingonisch"),
]


def test_a_fault_is_told_beside_its_field_and_the_input_stays(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    for field, typed in FAULTS:
        answer = client.post("/kontakte/neu", data=NEW | {"note": "Bleibt stehen", field: typed})
        assert answer.status_code == 422, field
        assert _faulty(answer.text) == [field]
        assert "Bleibt stehen" in answer.text
        assert typed in answer.text or field in ("organisation_id", "language")
    assert _people(database, now) == []


@pytest.mark.parametrize(
    "same",
    [{"given_name": "Anders", "family_name": "Anders"}, {"email": ""}, {"email": "JULIA@iaac.example.org"}],
)
def test_who_is_here_already_is_shown_and_stored_only_on_purpose(
    client: JudgingClient, database: Database, now: datetime, julia: str, same: dict[str, str]
) -> None:
    typed = NEW | {"function": "Leiterin"} | same
    answer = client.post("/kontakte/neu", data=typed)
    assert answer.status_code == 422
    page = _page(answer.text)
    assert _faulty(answer.text) == ["save_anyway"]
    assert page.xpath("//main//a/@href[.=$julia]", julia=julia)
    assert page.xpath("//input[@name='function']/@value") == ["Leiterin"]
    assert len(_people(database, now)) == 1
    assert client.post("/kontakte/neu", data=typed | {"save_anyway": "y"}).status_code == 303
    assert len(_people(database, now)) == 2


def test_who_was_stored_on_purpose_is_not_asked_about_again(
    client: JudgingClient, database: Database, now: datetime, julia: str
) -> None:
    second = client.post("/kontakte/neu", data=NEW | {"save_anyway": "y"}).headers["Location"]
    changed = NEW | {"version": "1", "function": "Leiterin"}
    assert client.post(f"{second}/bearbeiten", data=changed).status_code == 303
    assert _people(database, now)[1].function == "Leiterin"


def test_the_form_moves_and_closes_the_one_next_contact(
    client: JudgingClient, database: Database, now: datetime, julia: str
) -> None:
    form = _page(client.get(f"{julia}/bearbeiten").text)
    shown = form.xpath("//input[@name='next_contact_shown']/@value")[0]
    assert form.xpath("//input[@name='next_contact_on']/@value") == ["01.12.2026"]
    typed = NEW | {"version": "1", "next_contact_shown": shown, "next_contact_on": "24.12.26"}
    assert client.post(f"{julia}/bearbeiten", data=typed).status_code == 303
    assert [(f.due_on, f.is_open) for f in _contacts(database, now)] == [(date(2026, 12, 24), True)]
    typed |= {"version": "2", "next_contact_shown": "2026-12-24", "next_contact_on": ""}
    assert client.post(f"{julia}/bearbeiten", data=typed).status_code == 303
    assert [f.is_open for f in _contacts(database, now)] == [False]


def test_a_contact_that_was_moved_elsewhere_stays_when_the_form_did_not_touch_it(
    client: JudgingClient, database: Database, now: datetime, julia: str
) -> None:
    with database.write(now) as session:
        session.exec(select(FollowUp).where(FollowUp.subject_kind == "person")).one().due_on = date(
            2027, 3, 1
        )
        session.commit()
    typed = NEW | {"version": "1", "next_contact_shown": "2026-12-01", "next_contact_on": "1.12.2026"}
    assert client.post(f"{julia}/bearbeiten", data=typed).status_code == 303
    assert [f.due_on for f in _contacts(database, now)] == [date(2027, 3, 1)]


def test_who_saves_second_sees_both_and_loses_nothing(
    client: JudgingClient, bens_client: JudgingClient, database: Database, now: datetime, julia: str
) -> None:
    typed = NEW | {"version": "1", "next_contact_shown": "2026-12-01"}
    bens = typed | {"function": "Bens Wort", "next_contact_on": "2.12.2026"}
    assert bens_client.post(f"{julia}/bearbeiten", data=bens).status_code == 303
    annas = typed | {"function": "Annas Wort", "next_contact_on": "3.12.2026"}
    answer = client.post(f"{julia}/bearbeiten", data=annas)
    assert answer.status_code == 409
    for word in ("Bens Wort", "Annas Wort", "02.12.2026", "03.12.2026"):
        assert word in answer.text
    assert client.post(f"{julia}/bearbeiten", data=annas | {"version": "2"}).status_code == 303
    assert [f.due_on for f in _contacts(database, now)] == [date(2026, 12, 3)]


def test_a_colleague_who_changed_only_the_next_contact_is_no_conflict(
    client: JudgingClient, bens_client: JudgingClient, database: Database, now: datetime, julia: str
) -> None:
    typed = NEW | {"version": "1", "next_contact_shown": "2026-12-01", "note": "Kennt alle."}
    bens = typed | {"next_contact_on": "2.12.2026"}
    assert bens_client.post(f"{julia}/bearbeiten", data=bens).status_code == 303
    annas = typed | {"next_contact_on": "1.12.2026"}
    assert client.post(f"{julia}/bearbeiten", data=annas).status_code == 303
    assert [f.due_on for f in _contacts(database, now)] == [date(2026, 12, 2)]


def test_a_person_of_an_organisation_or_city_starts_there(client: JudgingClient, julia: str) -> None:
    form = _page(client.get("/kontakte/neu?organisation=3&ort=1").text)
    assert form.xpath("//select[@name='organisation_id']/option[@selected]/@value") == ["3"]
    assert form.xpath("//select[@name='place_id']/option[@selected]/@value") == ["1"]
    assert client.get("/kontakte/neu?organisation=x&ort=99999999999999999999").status_code == 200
    assert julia in client.get("/organisationen/3").text
    assert julia in client.get("/staedte/1").text
