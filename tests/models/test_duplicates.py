"""Who may be one and the same, and why."""

from datetime import datetime
from typing import Any

import pytest
from sqlmodel import Session

from models.contacts.duplicates.alike import Keys, Reason, likeness
from models.contacts.duplicates.alike_blocks import pairs_of
from models.contacts.duplicates.duplicates import NotTheSame, likely_pairs, likely_same_as
from models.contacts.organisations import Organisation
from models.contacts.people import Person, PersonState
from models.contacts.points import ContactPoint, PointKind
from models.database import Database
from models.folding import fold


def _keys(name: str) -> Keys:
    given, family = name.split("/")
    return Keys(fold(f"{family} {given}"), fold(f"{given} {family}"))


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("Anna/Müller", "ANNA/Muller", Reason.NAME),
        ("Jürgen/Müller", "Juergen/Mueller", Reason.SPELLING),
        ("Dr. Anna/Müller", "Anna/Müller", Reason.SPELLING),
        ("Müller/Anna", "Anna/Mueller", Reason.SWAPPED),
        ("A./Müller", "Anna/Müller", Reason.SHORTENED),
        ("A/Müller", "Anna/Müller", Reason.SHORTENED),
        ("Anna/Müller", "Anna Maria/Müller", Reason.SHORTENED),
        ("/Müller", "Anna/Müller", Reason.SHORTENED),
        ("Anna/Meier", "Anna/Meyer", Reason.ONE_LETTER),
        ("Anna/Schmidt", "Anna/Schmitt", Reason.ONE_LETTER),
        ("Anna/Schmidt", "Anna/Schmid", Reason.ONE_LETTER),
        ("Anna/Schmidt", "Anna/Shcmidt", Reason.ONE_LETTER),
        ("Anna/von der Heide", "A./von der Heide", Reason.SHORTENED),
        ("Anna/Müller", "Andreas/Müller", None),
        ("B./Müller", "Anna/Müller", None),
        ("An/Müller", "Anna/Müller", None),
        ("Anna/Bär", "Anna/Ber", None),
        ("Anna/Schmidt", "Anna/Schramm", None),
        ("Anna/Meier", "Berta/Meyer", None),
    ],
)
def test_names_are_alike_or_not(one: str, other: str, reason: Reason | None) -> None:
    assert likeness(_keys(one), _keys(other)) is likeness(_keys(other), _keys(one)) is reason


def _person(session: Session, name: str, **columns: Any) -> Person:
    given, family = name.split("/")
    person = Person(given_name=given, family_name=family, **columns)
    session.add(person)
    session.flush()
    return person


def _found(session: Session) -> list[tuple[str, str, str]]:
    names = [
        (session.get_one(Person, p.first_id), session.get_one(Person, p.second_id), p.reasons)
        for p in likely_pairs(session)
    ]
    return [(a.title("de"), b.title("de"), " ".join(reasons)) for a, b, reasons in names]


def test_pairs_are_found_with_their_reasons_and_the_likeliest_come_first(
    database: Database, now: datetime
) -> None:
    with database.write(now) as session:
        lab, office = (session.get_one(Organisation, key) for key in (3, 2))
        lab.place_id, office.place_id = 1, 1
        anna = _person(session, "Anna/Müller", organisation_id=3, email="anna@lab.example")
        _person(session, "Hanna/Anders", organisation_id=None, phone="0341 99 99 99")
        session.add(ContactPoint(person_id=anna.key, kind=PointKind.PHONE, value="+49 341 999999"))
        session.add(ContactPoint(person_id=anna.key, kind=PointKind.EMAIL, value="Alt@Lab.example"))
        _person(session, "Bea/Neu", organisation_id=2, email="alt@lab.example")
        _person(session, "A./Mueller", organisation_id=3)
        _person(session, "Müller/Anna", organisation_id=2)
        _person(session, "Anna/Möller", organisation_id=3)
        _person(session, "Anna/Müller", organisation_id=1, place_id=2)  # elsewhere
        _person(session, "Carla/Ohne")
        _person(session, "Carla/Ohne", organisation_id=4)
        _person(session, "C./Ohne")  # may be any
        assert _found(session) == [
            ("Anna Müller", "Bea Neu", "email place"),
            ("Carla Ohne", "Carla Ohne", "name"),
            ("Anna Müller", "A. Mueller", "shortened organisation"),
            ("Anna Müller", "Müller Anna", "swapped place"),
            ("Anna Müller", "Anna Möller", "one_letter organisation"),
            ("Anna Müller", "Hanna Anders", "phone"),
        ]


def test_a_switchboard_or_mailbox_of_many_counts_only_with_a_name_that_is_alike(
    database: Database, now: datetime
) -> None:
    with database.write(now) as session:
        shared = {"organisation_id": 3, "phone": "0341 123-0", "email": "info@lab.example"}
        for name in ("Anna/Arndt", "Bert/Bodo", "Carl/Cohn", "Dora/Dietz", "A./Arndt"):
            _person(session, name, **shared)
        assert _found(session) == [("Anna Arndt", "A. Arndt", "email phone shortened organisation")]
        typed = Person(family_name="Emil", **shared)
        assert likely_same_as(session, typed) == []
        typed = Person(given_name="Dora", family_name="Diez", **shared)
        ((person, reasons),) = likely_same_as(session, typed)
        assert person.family_name == "Dietz"
        assert reasons[:3] == (Reason.EMAIL, Reason.PHONE, Reason.ONE_LETTER)


def test_who_was_called_two_merged_or_erased_is_left_out(database: Database, now: datetime) -> None:
    with database.write(now) as session:
        people = [_person(session, "Anna/Müller", organisation_id=3, email="a@x.example") for _ in range(4)]
        assert len(likely_pairs(session)) == 6
        people[1].state = PersonState.MERGED
        people[2].state = PersonState.ERASED
        session.flush()
        assert [(p.first_id, p.second_id) for p in likely_pairs(session)] == [(people[0].key, people[3].key)]
        assert [p for p, _why in likely_same_as(session, people[0], people[0].key)] == [people[3]]
        session.add(NotTheSame(first_id=people[0].key, second_id=people[3].key, decided_at=now))
        session.flush()
        assert likely_pairs(session) == []
        assert likely_same_as(session, people[0], people[0].key) == []


def test_while_entering_every_spelling_and_order_is_found(database: Database, now: datetime) -> None:
    with database.write(now) as session:
        stored = _person(session, "Jürgen/Müller-Lüdenscheidt", organisation_id=3)
        for given, family, reason in (
            ("Juergen", "Mueller-Luedenscheidt", Reason.SPELLING),
            ("MÜLLER-LÜDENSCHEIDT", "JÜRGEN", Reason.SWAPPED),
        ):
            ((person, reasons),) = likely_same_as(session, Person(given_name=given, family_name=family))
            assert (person, reasons) == (stored, (reason,)), given
        short = Person(given_name="J.", family_name="Müller-Lüdenscheid", organisation_id=3)
        assert likely_same_as(session, short) == []
        short.family_name = "Müller-Lüdenscheidt"
        assert likely_same_as(session, short)[0][1] == (Reason.SHORTENED, Reason.ORGANISATION)
        assert likely_same_as(session, Person(given_name="J.", family_name="Müller-Lüdenscheidt")) == []


def test_a_very_large_block_is_not_compared_with_everybody() -> None:
    assert len(list(pairs_of(list(range(20))))) == 190
    assert len(list(pairs_of(list(range(1000))))) == 999
