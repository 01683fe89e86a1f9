"""Finding people: what is meant, that both ways answer alike, and that the words stay right."""

import random
from datetime import date, datetime

import pytest
from sqlmodel import Session, select

from models.contacts.interactions import Interaction, InteractionKind
from models.contacts.organisations import Organisation
from models.contacts.people import ContactState, Person, PersonState
from models.contacts.points import ContactPoint, PointKind
from models.contacts.roles import PersonRole
from models.contacts.search import searching
from models.contacts.search.criteria import Criteria, RoleState
from models.contacts.search.search_terms import read_terms
from models.contacts.search.searching import (
    find_people,
    found_person_ids,
    rederive,
    search_interactions,
)
from models.contacts.tags import Tag, TagLink
from models.database import Database
from models.folding import fold
from models.followups import FollowUp, FollowUpKind
from models.places import Place

TODAY = date(2026, 11, 23)


def _wanted(query: str = "", **filters: object) -> Criteria:
    return Criteria(TODAY, query, **filters)  # type: ignore[arg-type]


def _names(session: Session, query: str = "", **filters: object) -> list[str]:
    found = found_person_ids(session, _wanted(query, **filters))
    return [session.get_one(Person, key).family_name for key in found]


@pytest.fixture
def session(database: Database, now: datetime):  # type: ignore[no-untyped-def]
    with database.write(now) as session:
        yield session


def _person(session: Session, family: str, given: str = "", **other: object) -> Person:
    person = Person(family_name=family, given_name=given, **other)
    session.add(person)
    session.flush()
    return person


FOUND_BY = [
    ("muller", "Müller"), ("mueller", "Müller"), ("MÜLLER", "Müller"), ("ülle", "Müller"), ("jö", "Müller"),
    ("joe", "Müller"), ("mü jö", "Müller"), ("jörg müll", "Müller"), ("dr müller", "Müller"), ("sao", "Müller"),
    ("são p", "Müller"), ("werkstrasse", "Müller"), ("straße", "Müller"), ("tu", "Müller"), ("tu berl", "Müller"),
    ("0341 1234567", "Müller"), ("0341/123-45", "Müller"), ("+49 (0) 341 12 34 567", "Müller"), ("03411234", "Müller"),
    ("0049 341 123", "Müller"), ("0171 555", "Müller"), ("müller", "Mueller"), ("muller holz", "Müller"),
    ("100%", "Müller"), ("a_b", "Müller"), ("betriebsrat", "Müller"), ("\"holz", ""), ("100_", ""), ("%%%", ""),
    ("müller mül ülle üll mülle jörg", "Müller"), ("müller mül ülle üll mülle nix", ""),
    ("ller müx", ""), ("zz", ""), ("lle jo", "Müller"), ("'; drop", ""), ("and or near", ""), ("öffentlich\\", ""),
]  # fmt: skip


def test_people_are_found_by_every_word_in_every_spelling(session: Session) -> None:
    office = Organisation(name="TU Berlin", city="Berlin")
    session.add_all([office, place := Place(name="São Paulo", slug="sao")])
    session.flush()
    muller = _person(
        session, "Müller", "Jörg", honorific="Dr.", phone="0341 / 1234567", organisation_id=office.key,
        place_id=place.key, note="Werkstraße 100% a_b",
    )  # fmt: skip
    _person(session, "Mueller", "Ute")
    _person(session, "Weg", "Müller", state=PersonState.MERGED)
    session.add(ContactPoint(person_id=muller.key, kind=PointKind.PHONE, value="+49 171 5551234"))
    session.add(PersonRole(person_id=muller.key, function="Betriebsrat"))
    session.add(tag := Tag(name="Holz"))
    session.flush()
    session.add(TagLink(tag_id=tag.key, subject_kind="person", subject_id=muller.key))
    session.flush()
    for query, name in FOUND_BY:
        assert (name in _names(session, query)) is bool(name), query
        assert bool(_names(session, query)) is bool(name), query
    assert _names(session, "mu") == ["Mueller", "Müller"]
    assert _names(session, "weg") == []
    assert [_names(session, query) for query in ("", " ", "̈")] == [["Mueller", "Müller"]] * 3


SYLLABLES = ["mül", "ler", "ber", "an", "na", "ö", "zi", "ß", "sao", "ão", "x", "100%", "tu", "-"]


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=chance.randint(1, 4)))


def _is_found(person: Person, query: str, offices: dict[int, str]) -> bool:
    terms, words = read_terms(query), person.search_text
    long = all(any(all(one in words for one in way) for way in term) for term in terms.long)
    if terms.long:
        return long and all(any(f" {w}" in f" {words}" for w in term) for term in terms.short)
    office = offices.get(person.organisation_id or 0, "")
    return all(
        any(
            person.sort_key.startswith(w)
            or person.given_key.startswith(w)
            or f"{office} ".startswith(f"{w} ")
            for w in term
        )
        for term in terms.short
    )


def test_both_ways_of_searching_page_through_the_same_people_forth_and_back(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(5)
    session.add_all([Organisation(name=f"{_word(chance)} {_word(chance)}") for _ in range(6)])
    session.flush()
    offices = {o.key: o.sort_key for o in session.exec(select(Organisation))}
    session.add_all(
        Person(
            family_name=_word(chance), given_name=_word(chance), note=" ".join(_word(chance) for _ in range(4)),
            organisation_id=chance.choice([None, *list(offices)[-6:]]), is_first_contact=chance.random() < 0.3,
        )
        for _ in range(150)
    )  # fmt: skip
    session.flush()
    everybody = sorted(session.exec(select(Person)), key=lambda p: (p.sort_key, p.key))
    queries = [
        "",
        "tu",
        "x",
        *(" ".join(_word(chance)[:4] for _ in range(chance.randint(1, 3))) for _ in range(25)),
    ]
    numbers = set()
    for query in queries:
        for first in (False, True):
            wanted = _wanted(query, is_first_contact=first)
            naive = [p.key for p in everybody if _is_found(p, query, offices) and p.is_first_contact >= first]
            numbers.add(len(naive))
            for enough in (1000, 5):
                monkeypatch.setattr(searching, "ENOUGH", enough)
                monkeypatch.setattr(searching, "FEW", 0)
                monkeypatch.setattr(searching, "CHUNK", 7)
                assert list(found_person_ids(session, wanted)) == naive, (query, enough)
                page = find_people(session, wanted, limit=20)
                assert page.ids == naive[:20]
                assert page.total == (len(naive) if len(naive) <= enough else None)
                walked = [page]
                while page.has_after:
                    page = find_people(session, wanted, after=page.ids[-1], limit=20)
                    walked.append(page)
                assert [key for one in walked for key in one.ids] == naive
                assert [one.has_before for one in walked] == [False] + [True] * (len(walked) - 1)
                for shown in reversed(walked[:-1]):
                    page = find_people(session, wanted, before=page.ids[0], limit=20)
                    assert (page.ids, page.has_after) == (shown.ids, True)
    assert len(numbers) > 10
    assert find_people(session, _wanted(), after=99999, limit=20).ids == [p.key for p in everybody[:20]]


def test_names_stand_in_german_order(session: Session) -> None:
    names = [
        "Zander",
        "Äpfel",
        "Apfel",
        "Özdemir",
        "Ostertag",
        "Łódź",
        "Lodz",
        "von Ahn",
        "Straßer",
        "Strasser",
    ]
    for name in names:
        _person(session, name)
    assert _names(session) == [
        "Äpfel", "Apfel", "Łódź", "Lodz", "Ostertag", "Özdemir", "Straßer", "Strasser", "von Ahn", "Zander"
    ]  # fmt: skip


def test_filters_combine(session: Session) -> None:
    session.add_all([lyon := Place(name="Lyon", slug="l", country_code="FR"), Place(name="Bonn", slug="b")])
    session.flush()
    there = Organisation(name="Labor am Fluss", place_id=lyon.key, country_code="FR")
    named = Organisation(name="Verein", city="Lyon", country_code="FR")
    session.add_all([there, named, tag := Tag(name="Presse")])
    session.flush()
    own = _person(session, "Eigen", place_id=lyon.key, language="fr", role_to=date(2026, 1, 1))
    through = _person(
        session, "Durch", organisation_id=there.key, other_languages="fr it", is_first_contact=True
    )
    by_name = _person(session, "Name", organisation_id=named.key, confirmed_on=TODAY)
    _person(session, "Fort", organisation_id=there.key, place_id=lyon.key + 1, source_on=TODAY)
    session.add(PersonRole(person_id=by_name.key, organisation_id=there.key))
    session.add(TagLink(tag_id=tag.key, subject_kind="person", subject_id=own.key))
    session.add(TagLink(tag_id=tag.key, subject_kind="organisation", subject_id=through.key))
    for person, due_on in ((own, date(2026, 11, 1)), (own, date(2027, 1, 1)), (through, date(2027, 2, 1))):
        session.add(
            FollowUp(kind=FollowUpKind.CONTACT, subject_kind="person", subject_id=person.key, due_on=due_on)
        )
    session.flush()
    cases: list[tuple[dict[str, object], str]] = [
        ({"place_id": lyon.key}, "Durch Eigen Name"),
        ({"place_name": "lyo"}, "Durch Eigen Name"),
        ({"country_code": "FR"}, "Durch Eigen Name"),
        ({"organisation_id": there.key}, "Durch Fort Name"),
        ({"organisation_name": "am flu"}, "Durch Fort Name"),
        ({"tag_id": tag.key}, "Eigen"), ({"tag_name": "pres"}, "Eigen"), ({"tag_name": "%"}, ""),
        ({"language": "fr"}, "Durch Eigen"), ({"language": "it"}, "Durch"),
        ({"contact": ContactState.OVERDUE}, "Eigen"), ({"contact": ContactState.PLANNED}, "Durch"),
        ({"contact": ContactState.NONE}, "Fort Name"),
        ({"role": RoleState.ENDED}, "Eigen"), ({"role": RoleState.CURRENT}, "Durch Fort Name"),
        ({"is_to_confirm": True}, "Durch"), ({"is_first_contact": True}, "Durch"),
        ({"place_id": lyon.key, "language": "fr", "query": "eig"}, "Eigen"),
        ({"place_id": lyon.key, "query": "fort"}, ""),
        ({"organisation_id": there.key, "is_first_contact": True, "query": "du"}, "Durch"),
    ]  # fmt: skip
    for filters, expected in cases:
        found = _names(session, str(filters.pop("query", "")), **filters)
        assert sorted(found) == expected.split(), filters


def test_whatever_leads_to_a_person_keeps_her_words_right(session: Session) -> None:
    town, office = Place(name="Altstadt", slug="a"), Organisation(name="Altamt", city="Altort")
    session.add_all([town, office, tag := Tag(name="Alttag")])
    session.flush()
    office.place_id = town.key
    person = _person(session, "Beispiel", organisation_id=office.key)
    other = _person(session, "Andere")
    point = ContactPoint(person_id=person.key, kind=PointKind.EMAIL, value="altpost@x.example")
    role = PersonRole(person_id=person.key, organisation_id=office.key, function="Altrolle")
    link = TagLink(tag_id=tag.key, subject_kind="person", subject_id=person.key)
    session.add_all([point, role, link])
    session.flush()

    def found(query: str) -> list[str]:
        session.flush()
        session.expire_all()
        return _names(session, query)

    for word in ("altstadt", "altamt", "altort", "alttag", "altpost", "altrolle"):
        assert found(word) == ["Beispiel"], word
    before = person.search_text
    person.note = "x"
    session.flush()
    person.note = ""
    session.flush()
    assert person.search_text == before  # one person and many read the same
    town.name, office.name, office.city, tag.name = "Neustadt", "Neuamt", "Neuort", "Neutag"
    point.value, role.function = "neupost@x.example", "Neurolle"
    for word in ("stadt", "amt", "ort", "tag", "post", "rolle"):
        assert (found(f"alt{word}"), found(f"neu{word}")) == ([], ["Beispiel"]), word
    point.person_id = other.key
    assert found("neupost") == ["Andere"]
    for row, word in (
        (point, "neupost"),
        (link, "neutag"),
        (role, "neurolle"),
        (town, "neustadt"),
        (office, "neuamt"),
    ):
        session.delete(row)
        assert found(word) == [], word
    session.connection().execute(Person.__table__.update().values(search_text=""))  # type: ignore[attr-defined]
    assert found("beispiel") == []
    rederive(session, [person.key, other.key])
    assert (found("beispiel"), person.search_text) == (["Beispiel"], fold("Beispiel"))


def test_the_newest_of_what_was_said_is_found(
    session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        session.add(
            Interaction(
                kind=InteractionKind.CALL, held_on=date(2026, 1, 1 + number), subject=f"Über Fräsen {number}",
                body="100% klar" if number % 2 else "", written_at=now,
            )
        )  # fmt: skip
    session.flush()
    for enough in (1000, 5):
        monkeypatch.setattr(searching, "ENOUGH", enough)
        monkeypatch.setattr(searching, "FEW", 0)
        found = search_interactions(session, "fraesen 100%", 10)
        assert [row.held_on.day for row in found] == list(range(30, 10, -2))
        assert search_interactions(session, "fr 10", 10) == []
        assert search_interactions(session, "nirgends", 10) == []
