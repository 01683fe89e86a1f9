"""Rules of contacts: functions over time, the first contact of a city, who is to be asked about, tags."""

from datetime import date, datetime, timedelta

from sqlmodel import select

from models.audit import history_of
from models.contacts.addresses import known_address, not_to_be_contacted
from models.contacts.confirming import count_stale, stale_people
from models.contacts.organisations import Organisation, OrganisationKind, organisations
from models.contacts.people import Person, PersonState, make_first_contact
from models.contacts.points import ContactPoint, PointKind
from models.contacts.role_changes import as_it_is, begin_role, end_role, is_over, members
from models.contacts.roles import roles_of
from models.contacts.tagging import delete_tag, rename_tag, set_tags, split_tags, used_tags
from models.contacts.tags import Tag, tag_names
from models.database import Database, LotseSession
from models.followups import FollowUp
from models.reports.handover_contacts import read_contacts


def _person(session: LotseSession, name: str, **values: object) -> Person:
    person = Person(**{"family_name": name} | values)
    session.add(person)
    session.flush()
    return person


def _office(session: LotseSession, name: str, **values: object) -> Organisation:
    office = Organisation(name=name, kind=OrganisationKind.CITY_OFFICE, **values)
    session.add(office)
    session.flush()
    return office


def test_a_new_function_keeps_the_one_before_with_its_days(
    database: Database, now: datetime, today: date
) -> None:
    with database.write(now) as session:
        old = _office(session, "Altes Amt", place_id=1)
        new = _office(session, "Neues Amt", place_id=2)
        since = today - timedelta(days=400)
        person = _person(
            session,
            "Kern",
            function="Leitung",
            organisation_id=old.key,
            role_from=since,
            is_first_contact=True,
        )
        before = as_it_is(session, person)
        person.organisation_id, person.function = new.key, "Beratung"
        begin_role(session, person, before, today, None)
        (former,) = roles_of(session, person.key)
        assert (former.function, former.organisation_id) == ("Leitung", old.key)
        assert (former.role_from, former.role_to) == (since, today - timedelta(days=1))
        assert (person.role_from, person.role_to, person.is_first_contact) == (today, None, False)
        assert [one.function for one in members(session, old.key, today)[1]] == ["Leitung"]
        assert [one.function for one in members(session, new.key, today)[0]] == ["Beratung"]
        end_role(session, person, today)
        assert not is_over(person.role_to, today)
        present, former_ones = members(session, new.key, today + timedelta(days=1))
        assert (present, [one.person.key for one in former_ones]) == ([], [person.key])


def test_a_city_has_one_first_contact_also_through_its_organisations(
    database: Database, now: datetime
) -> None:
    with database.write(now) as session:
        named = _office(session, "Amt", city="Barcelona", country_code="ES")
        direct, through = (
            _person(session, "Direkt", place_id=1),
            _person(session, "Über", organisation_id=named.key),
        )
        elsewhere = _person(session, "Fern", place_id=2, is_first_contact=True)
        nowhere = _person(session, "Nirgends")
        assert make_first_contact(session, direct)
        assert make_first_contact(session, through)
        assert not make_first_contact(session, nowhere)
        pinned = [p.is_first_contact for p in (direct, through, elsewhere, nowhere)]
        assert pinned == [False, True, True, False]


def test_who_was_not_heard_of_for_a_year_is_asked_about_the_oldest_first(
    database: Database, now: datetime, today: date
) -> None:
    year, long_ago = today - timedelta(days=366), today - timedelta(days=800)
    with database.write(now) as session:
        _person(session, "Bestätigt", confirmed_on=today - timedelta(days=364), source_on=long_ago)
        _person(session, "Gesprochen", confirmed_on=long_ago, last_talk_on=today - timedelta(days=300))
        _person(session, "Gegangen", source_on=long_ago, role_to=year)
        _person(session, "Gelöscht", source_on=long_ago, state=PersonState.ERASED)
        _person(session, "Jünger", source_on=year)
        _person(session, "Älter", source_on=today, confirmed_on=long_ago)
        _person(session, "Unbekannt")
        assert [p.family_name for p in stale_people(session, today, 9)] == ["Unbekannt", "Älter", "Jünger"]
        assert [p.family_name for p in stale_people(session, today, 1, 1)] == ["Älter"]
        assert count_stale(session, today) == 3


def test_no_address_is_prepared_for_who_is_not_to_be_contacted(database: Database, now: datetime) -> None:
    with database.write(now) as session:
        person = _person(session, "Still", given_name="Ute", email="Ute@x.example", do_not_contact=True)
        session.add(ContactPoint(person_id=person.key, kind=PointKind.EMAIL, value="Zweite@x.example"))
        session.flush()
        assert known_address(session, "Ute Still") == ""
        asked = ("ute@X.example", "zweite@x.example", "dritte@x.example", "")
        assert [not_to_be_contacted(session, a) for a in asked] == [True, True, False, False]
        person.do_not_contact = False
        session.flush()
        assert known_address(session, "Ute Still") == "Ute@x.example"
        assert not not_to_be_contacted(session, "ute@x.example")


def test_tags_are_made_by_typing_found_by_search_and_become_one(database: Database, now: datetime) -> None:
    assert split_tags(" Holz,holz ;  Offene   Werkstatt, ,") == ["Holz", "Offene Werkstatt"]
    with database.write(now) as session:
        person, office = _person(session, "Kern"), _office(session, "Amt")
        set_tags(session, "person", person.key, ["Holz", "Presse"])
        set_tags(session, "organisation", office.key, ["HOLZ"])
        assert [(u.tag.name, u.people, u.organisations) for u in used_tags(session)] == [
            ("Holz", 1, 1), ("Presse", 1, 0)
        ]  # fmt: skip
        assert "presse" in person.search_text
        assert [o.name for o in organisations(session, "holz")] == ["Amt"]
        told = [e.changes["tags"] for e in history_of(session, "person", person.key) if "tags" in e.changes]
        assert told == [["", "Holz, Presse"]]
        holz, presse = session.exec(select(Tag).order_by(Tag.name_key)).all()
        assert rename_tag(session, presse, "holz") is holz
        assert tag_names(session, "person", person.key) == ["Holz"]
        assert "presse" not in person.search_text
        rename_tag(session, holz, "Werkstoff")
        assert "werkstoff" in person.search_text
        assert [o.name for o in organisations(session, "werkstoff")] == ["Amt"]
        delete_tag(session, holz)
        assert "werkstoff" not in person.search_text
        assert organisations(session, "werkstoff") == used_tags(session) == []


def test_a_handover_names_who_was_erased_and_nobody_twice(
    database: Database, now: datetime, today: date
) -> None:
    with database.write(now) as session:
        erased = _person(session, "", state=PersonState.ERASED, erased_on=today)
        merged = _person(session, "Doppelt", state=PersonState.MERGED)
        kept = _person(session, "Kern")
        wanted = [
            FollowUp(subject_kind="person", subject_id=p.key, due_on=today) for p in (erased, merged, kept)
        ]
        names = [contact.name for contact in read_contacts(session, "de", today, wanted)]
    assert names == ["Kontakt, gelöscht am 23.11.2026", "Kern"]
