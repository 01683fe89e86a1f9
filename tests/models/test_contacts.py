"""Rules of people and organisations: numbers, doubles, talks, the next contact."""

from datetime import date, datetime, timedelta

import pytest

from models.contacts.duplicates.duplicates import likely_same_as
from models.contacts.organisations import Organisation, organisations_in
from models.contacts.people import ContactState, Person, contact_state, people, people_in
from models.contacts.phones import phone_address, phone_text, read_phone
from models.contacts.talks import Talk, record_talk
from models.database import Database, LotseSession
from models.followups import FollowUp, follow_ups_of, plan_contact, planned_contact, planned_contacts
from models.officers import Officer
from models.places import Place


@pytest.mark.parametrize(
    ("typed", "shown", "dialled"),
    [
        ("0341 123-4567", "+49 341 1234567", "tel:+49-341-1234567"),
        ("0049 (0)341/1234567", "+49 341 1234567", "tel:+49-341-1234567"),
        ("+34 933 209 520", "+34 933 20 95 20", "tel:+34-933-20-95-20"),
    ],
)
def test_a_phone_number_is_shown_and_dialled_internationally(typed: str, shown: str, dialled: str) -> None:
    assert (phone_text(typed), phone_address(typed)) == (shown, dialled)


@pytest.mark.parametrize(
    "typed", ["123", "anrufen!", "+49", "0341 123456 App. 12", "0341 1234567 / 0172 1234567", "0800 FLOWERS"]
)
def test_what_cannot_be_dialled_is_no_number(typed: str) -> None:
    assert read_phone(typed) is None
    assert (phone_text(typed), phone_address(typed)) == (typed, "")


def _person(session: LotseSession, **values: object) -> Person:
    person = Person(**{"given_name": "Júlia", "family_name": "Müller", "email": "j@iaac.example"} | values)
    session.add(person)
    session.flush()
    return person


def test_people_are_found_by_their_own_words_and_their_organisation(
    database: Database, now: datetime
) -> None:
    with database.write(now) as session:
        lab = session.get_one(Organisation, 3)
        _person(session, organisation_id=lab.key)
        _person(session, family_name="Álvarez", email="a@x.example")
        assert [p.family_name for p, _ in people(session)] == ["Álvarez", "Müller"]
        assert [p.family_name for p, _ in people(session, "mueller catalonia")] == ["Müller"]
        assert [p.family_name for p, _ in people(session, organisation_id=lab.key)] == ["Müller"]


def test_the_same_address_or_name_and_organisation_is_likely_the_same_person(
    database: Database, now: datetime
) -> None:
    with database.write(now) as session:
        stored = _person(session, organisation_id=3)
        named = Person(given_name="JULIA", family_name="Muller", organisation_id=3)
        mailed = Person(family_name="Anders", email="J@IAAC.example")
        elsewhere = Person(given_name="Júlia", family_name="Müller", organisation_id=4)
        alike = Person(family_name="Anders", email="iaac.example")
        for wanted in (named, mailed):
            assert [person for person, _reasons in likely_same_as(session, wanted)] == [stored]
        assert likely_same_as(session, elsewhere) == likely_same_as(session, alike) == []
        assert likely_same_as(session, mailed, except_id=stored.key) == []


def test_a_place_shows_those_who_are_assigned_and_those_of_its_organisations(
    database: Database, now: datetime
) -> None:
    with database.write(now) as session:
        boston, barcelona = (session.get_one(Place, key) for key in (2, 1))
        office = organisations_in(session, boston)
        assert [o.slug for o in office] == ["fab-foundation"]
        through = _person(session, organisation_id=office[0].key)
        _person(session, organisation_id=office[0].key, place_id=barcelona.key)
        assert people_in(session, boston.key, [office[0].key]) == [through]
        office[0].place_id = barcelona.key
        session.flush()
        assert organisations_in(session, boston) == []


def test_one_open_contact_is_kept_moved_and_closed(
    database: Database, now: datetime, today: date, anna: Officer
) -> None:
    with database.write(now, anna.key) as session:
        first, later = today + timedelta(days=7), today + timedelta(days=30)
        plan_contact(session, "person", 1, "Anruf", first, today)
        plan_contact(session, "person", 1, "Anruf", later, today)
        (only,) = follow_ups_of(session, "person", 1)
        assert (only.due_on, only.responsible_id, only.is_open) == (later, anna.key, True)
        assert planned_contacts(session, "person") == {1: only}
        plan_contact(session, "person", 1, "Anruf", None, today)
        assert planned_contact(session, "person", 1) is None
        assert [f.done_on for f in follow_ups_of(session, "person", 1)] == [today]


def test_a_contact_is_overdue_from_the_day_after(today: date) -> None:
    due = FollowUp(subject_kind="person", subject_id=1, due_on=today)
    assert contact_state(due, today) is ContactState.PLANNED
    assert contact_state(due, today + timedelta(days=1)) is ContactState.OVERDUE
    assert contact_state(None, today) is ContactState.NONE


def _talk(held_on: date, said: str = "Will helfen", next_on: date | None = None) -> Talk:
    return Talk(held_on, said, next_on, "Kontakt")


def test_a_talk_is_an_interaction_and_fulfils_the_planned_contact(
    database: Database, now: datetime, today: date, anna: Officer, ben: Officer
) -> None:
    with database.write(now, anna.key) as session:
        person = _person(session, note="Kennt alle.")
        plan_contact(session, "person", person.key, "Kontakt", today, today)
        planned = planned_contact(session, "person", person.key)
        assert planned is not None
        planned.responsible_id = ben.key
        talk = record_talk(session, person, _talk(today, next_on=today + timedelta(days=60)))
        assert (person.note, talk.body, talk.person_id, talk.officer_id) == (
            "Kennt alle.", "Will helfen", person.key, anna.key
        )  # fmt: skip
        assert (person.last_talk_on, person.version, planned.done_on) == (today, 2, today)
        following = planned_contact(session, "person", person.key)
        assert following is not None
        assert (following.due_on, following.responsible_id) == (today + timedelta(days=60), ben.key)


def test_a_talk_leaves_a_contact_that_is_wanted_on_just_that_day(
    database: Database, now: datetime, today: date
) -> None:
    with database.write(now) as session:
        person, later = _person(session), today + timedelta(days=9)
        plan_contact(session, "person", person.key, "Kontakt", later, today)
        record_talk(session, person, _talk(today, next_on=later))
        assert [f.is_open for f in follow_ups_of(session, "person", person.key)] == [True]


def test_a_talk_that_is_recorded_late_or_twice_changes_nothing_else(
    database: Database, now: datetime, today: date
) -> None:
    with database.write(now) as session:
        person = _person(session, last_talk_on=today)
        first = record_talk(session, person, _talk(today - timedelta(days=5)))
        assert record_talk(session, person, _talk(today - timedelta(days=5))) is first
        assert (person.last_talk_on, person.version) == (today, 1)
