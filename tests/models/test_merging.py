"""Merging two contacts, and separating them again."""

import enum
import threading
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Table, func, insert, select
from sqlmodel import Session, SQLModel, col
from sqlmodel import select as find

from models.contacts.duplicates.duplicates import NotTheSame
from models.contacts.duplicates.leading_over import STAYS
from models.contacts.duplicates.merge_rules import (
    CHOSEN,
    OWN,
    differing,
    joined_notes,
    proposed,
    proposed_kept,
    settled,
)
from models.contacts.duplicates.merging import Choice, ContactMerge, NotPossibleError, merge, standing_merges
from models.contacts.duplicates.separating import (
    ERASED,
    MERGED_ON,
    UNDONE,
    RefusedError,
    separate,
    separation,
)
from models.contacts.interactions import Interaction, InteractionKind
from models.contacts.people import DataOrigin, Person, PersonState, people
from models.contacts.points import ContactPoint, PointKind, points_of_person
from models.contacts.roles import PersonRole, roles_of
from models.contacts.tags import Tag, TagLink, tag_names
from models.database import Database, OutdatedError
from models.followups import FollowUp, FollowUpKind, follow_ups_of
from models.officers import Officer
from models.reminders.queueing import queue_due

A = {
    "given_name": "Júlia", "family_name": "Roig", "organisation_id": 3, "function": "Leiterin",
    "email": "julia@iaac.example", "phone": "+34 933 209 520", "source": "Visitenkarte", "source_on": date(2025, 7, 1),
    "note": "Kennt alle.", "language": "ca", "last_talk_on": date(2025, 9, 1),
}  # fmt: skip
B = {
    "given_name": "Julia", "family_name": "Roig", "honorific": "Dr.", "organisation_id": 2, "function": "Rätin",
    "email": "roig@bcn.example", "source": "Website", "source_on": date(2026, 3, 1), "note": "Mag Tee.",
    "do_not_contact": True, "objected_on": date(2026, 5, 1), "objection": "Bitte keine Post.", "language": "en",
    "is_first_contact": True, "keep_until": date(2028, 1, 1), "notice_waived": "weiß es schon", "uid": "urn:uuid:b",
}  # fmt: skip


def _person(session: Session, **columns: Any) -> Person:
    person = Person(**columns)
    session.add(person)
    session.flush()
    return person


def _pair(session: Session) -> tuple[Person, Person]:
    return _person(session, **A), _person(session, **B)


def _merge(session: Session, kept: Person, gone: Person, now: datetime, **taken: Person) -> ContactMerge:
    from_whom = {field: proposed(kept, gone, field).key for field in differing(kept, gone)}
    from_whom |= {field: person.key for field, person in taken.items()}
    seen = {person.key: person.version for person in (kept, gone)}
    return merge(session, kept, gone, seen, Choice(from_whom, joined_notes(kept, gone)), now, None)


def _plant(session: Session, table: Table, given: dict[str, Any], numbers: "count[int]") -> int:
    """A row with `given` and anything else that the table demands."""
    values = dict(given)
    for column in table.columns:
        if column.name in values or column.primary_key or column.nullable or column.default is not None:
            continue
        values[column.name] = _anything(session, column, numbers)
    session.connection().execute(insert(table).values(values))
    return int(session.connection().execute(select(func.max(table.c.id))).scalar_one())


def _anything(session: Session, column: Any, numbers: "count[int]") -> Any:
    for foreign in column.foreign_keys:
        target = foreign.column.table
        found = session.connection().execute(select(target.c.id).limit(1)).scalar()
        return found or _plant(session, target, {}, numbers)
    members = getattr(column.type, "enum_class", None)
    if members is not None and issubclass(members, enum.Enum):
        return next(iter(members))
    if column.type.__class__.__name__ == "JSON":
        return {}
    kind, number = getattr(column.type, "impl_instance", column.type).python_type, next(numbers)
    made = {str: f"Wort {number}", int: number, bool: False, bytes: b"x", date: date(2026, 1, 1),
            datetime: session.info["now"], float: 1.0}  # fmt: skip
    return made[kind]


def _may_refer_to_a_person(table: Table) -> list[str]:
    """The columns by which a table may name a person; by its own look at the metadata."""
    columns = [key.parent.name for key in table.foreign_keys if key.column.table.name == "person"]
    kinds = getattr(getattr(table.c.get("subject_kind"), "type", None), "enums", None)
    if "subject_kind" in table.c and "subject_id" in table.c and (kinds is None or "person" in kinds):
        columns.append("subject_id")
    return sorted(columns)


def test_whatever_refers_to_a_person_is_led_over_and_back_in_every_table(
    database: Database, now: datetime
) -> None:
    with database.write(now) as session:
        kept, gone = _pair(session)
        others = iter([_person(session, family_name=f"Dritte {n}") for n in range(20)])
        planted, numbers = [], count(1)
        for table in SQLModel.metadata.sorted_tables:
            for column in _may_refer_to_a_person(table):
                given: dict[str, Any] = {column: gone.key}
                if column == "subject_id":
                    given["subject_kind"] = "person"
                for other in _may_refer_to_a_person(table):
                    if other != column and not table.c[other].nullable:
                        given[other] = next(others).key
                planted.append((table, column, _plant(session, table, given, numbers)))
        assert {"interaction", "partner", "comment", "follow_up", "tag_link", "calendar_entry", "person"} <= {
            table.name for table, _column, _key in planted
        }
        merged = _merge(session, kept, gone, now)
        _check(session, planted, kept.key, gone.key)
        separate(session, merged, now)
        _check(session, planted, gone.key, gone.key)


def _check(session: Session, planted: list[tuple[Table, str, int]], led: int, stayed: int) -> None:
    for table, column, key in planted:
        names = [table.c[name] for name in _may_refer_to_a_person(table)]
        found = session.connection().execute(select(*names).where(table.c.id == key)).one()
        assert (stayed if table.name in STAYS else led) in found, (table.name, column)


def test_every_column_of_a_person_has_a_rule_for_merging(database: Database, now: datetime) -> None:
    with database.write(now) as session:
        follows = set(settled(*_pair(session))) | {"note", "is_first_contact"}
    chosen = {column for columns in CHOSEN.values() for column in columns}
    hidden = {c.name for c in Person.__table__.columns if c.info.get("unaudited")}  # type: ignore[attr-defined]
    assert not chosen & follows
    assert chosen | follows | OWN | hidden == {c.name for c in Person.__table__.columns}  # type: ignore[attr-defined]


def _furnish(session: Session, kept: Person, gone: Person, now: datetime) -> None:
    """Addresses, functions, tags, talks, follow-ups, decisions, and somebody who was merged before."""
    for person, number in ((kept, "+49 341 1"), (gone, "+49 341 2")):
        session.add(
            ContactPoint(person_id=person.key, kind=PointKind.PHONE, label="mobil", value=f"{number}2345")
        )
        session.add(ContactPoint(person_id=person.key, kind=PointKind.WEB, value="https://roig.example"))
        session.add(PersonRole(person_id=person.key, function="Beirätin", organisation_id=1))
        session.add(FollowUp(kind=FollowUpKind.CONTACT, subject_kind="person", subject_id=person.key, what="Anrufen",
                             due_on=date(2027, 1, 1)))  # fmt: skip
        session.add(Interaction(kind=InteractionKind.CALL, person_id=person.key, held_on=date(2026, 2, 1),
                                subject="Gespräch", written_at=now))  # fmt: skip
    both, hers = Tag(name="Holz"), Tag(name="Presse")
    session.add_all([both, hers])
    session.flush()
    for tag, person in ((both, kept), (both, gone), (hers, gone)):
        session.add(TagLink(tag_id=tag.key, subject_kind="person", subject_id=person.key))
    third, fourth = (_person(session, family_name=name) for name in ("Dritte", "Vierte"))
    for other in (third, kept):
        first, second = sorted((other.key, gone.key))
        session.add(NotTheSame(first_id=first, second_id=second, decided_at=now))
    session.add(NotTheSame(first_id=kept.key, second_id=third.key, decided_at=now))
    session.add(NotTheSame(first_id=gone.key, second_id=fourth.key, decided_at=now))
    session.flush()
    _merge(session, gone, _person(session, given_name="J.", family_name="Roig"), now)


def _dump(session: Session) -> dict[str, list[Any]]:
    """Every row of every table, but versions and what is only written (history, merges, what the sender looks at)."""
    written = ("audit_entry", "contact_merge", "touched")
    found = {}
    for table in SQLModel.metadata.sorted_tables:
        if table.name not in written:
            columns = [c for c in table.columns if c.name != "version"]
            rows = session.connection().execute(select(*columns).order_by(*table.primary_key.columns))
            found[table.name] = [tuple(row) for row in rows]
    return found


def test_after_undoing_everything_is_as_it_was_and_both_are_found(database: Database, now: datetime) -> None:
    with database.write(now) as session:
        kept, gone = _pair(session)
        _furnish(session, kept, gone, now)
        session.add(ContactPoint(person_id=kept.key, kind=PointKind.EMAIL, value="Roig@bcn.example"))
        session.add(PersonRole(person_id=kept.key, function="Rätin", organisation_id=2))
        session.flush()
        before = _dump(session)
        merged = _merge(session, kept, gone, now, email=gone, role=gone)
        assert _dump(session) != before
        assert (kept.email, kept.function) == ("roig@bcn.example", "Rätin")
        further = [p.value for p in points_of_person(session, kept.key) if p.kind is PointKind.EMAIL]
        assert further == ["julia@iaac.example"], "what was chosen does not stand there twice"
        assert sorted(role.function for role in roles_of(session, kept.key)) == ["Beirätin", "Leiterin"]
        for words in ("julia roig", "iaac.example", "bcn.example", "presse", "22345"):
            assert [person.key for person, _office in people(session, words)] == [kept.key], words
        session.commit()
        undone = separate(session, merged, now)
        session.commit()
        assert not undone.stay
        assert not undone.left
        after = _dump(session)
        assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
        assert [p.key for p, _office in people(session, "roig")] == [kept.key, gone.key]
        assert [p.key for p, _office in people(session, "presse")] == [gone.key]
        with pytest.raises(RefusedError, match=UNDONE):
            separate(session, merged, now)


def test_the_kept_contact_has_what_both_had_and_the_stricter_facts(database: Database, now: datetime) -> None:
    with database.write(now) as session:
        kept, gone = _pair(session)
        _furnish(session, kept, gone, now)
        assert proposed_kept(kept, gone) is gone
        _merge(session, kept, gone, now, email=kept, phone=kept, role=kept, language=kept)
        assert (kept.honorific, kept.email, kept.uid) == ("Dr.", "julia@iaac.example", "urn:uuid:b")
        assert kept.note == "Kennt alle.\nMag Tee."
        assert (kept.do_not_contact, kept.objected_on) == (True, date(2026, 5, 1))
        assert (kept.source, kept.source_on) == ("Visitenkarte; Website", date(2025, 7, 1))
        assert (kept.keep_until, kept.notice_waived) == (date(2028, 1, 1), ""), "of the other nobody was told"
        assert (kept.language, kept.other_languages) == ("ca", "en")
        points = [(p.kind.value, p.value) for p in points_of_person(session, kept.key)]
        assert points == [
            ("phone", "+49 341 12345"), ("web", "https://roig.example"), ("phone", "+49 341 22345"),
            ("email", "roig@bcn.example"),
        ]  # fmt: skip
        assert sorted(role.function for role in roles_of(session, kept.key)) == ["Beirätin", "Rätin"]
        assert tag_names(session, "person", kept.key) == ["Holz", "Presse"]
        assert not kept.is_first_contact, "she was pinned for another city"
        assert len(follow_ups_of(session, "person", kept.key)) == 2
        led = find(Person).where(Person.merged_into_id == kept.key).order_by(col(Person.id))
        assert [p.given_name for p in session.exec(led)] == ["Julia", "J."], (
            "who was merged before comes along"
        )
        assert (gone.state, gone.email) == (PersonState.MERGED, "roig@bcn.example"), (
            "the row keeps its columns"
        )


def test_what_was_changed_or_added_since_stays_with_the_kept_contact(
    database: Database, now: datetime
) -> None:
    with database.write(now) as session:
        kept, gone = _pair(session)
        _furnish(session, kept, gone, now)
        merged = _merge(session, kept, gone, now, email=kept)
        (made,) = [p for p in points_of_person(session, kept.key) if p.value == "roig@bcn.example"]
        made.label = "Büro"
        kept.honorific, kept.email = "Prof.", "neu@iaac.example"
        added = Interaction(
            kind=InteractionKind.CALL, person_id=kept.key, held_on=date(2026, 11, 1), written_at=now
        )
        session.add(added)
        session.flush()
        found = separation(session, merged)
        assert found.stay == ["honorific"]
        assert found.left == {"contact_point": 1}
        assert found.back["interaction"] == 1
        separate(session, merged, now)
        assert (kept.honorific, kept.email, kept.do_not_contact) == ("Prof.", "neu@iaac.example", False)
        assert added.person_id == made.person_id == kept.key


def test_no_reminder_goes_out_twice_because_of_a_merge(
    database: Database, now: datetime, anna: Officer, today: date
) -> None:
    with database.write(now) as session:
        kept, gone = _pair(session)
        asked = FollowUp(kind=FollowUpKind.CONTACT, subject_kind="person", subject_id=gone.key, what="Anrufen",
                         due_on=today, responsible_id=anna.key)  # fmt: skip
        session.add(asked)
        session.flush()
        assert queue_due(session, now + timedelta(minutes=1)) == 1
        merged = _merge(session, kept, gone, now)
        assert asked.subject_id == kept.key
        assert queue_due(session, now + timedelta(minutes=2)) == 0
        separate(session, merged, now)
        assert queue_due(session, now + timedelta(minutes=3)) == 0


def test_only_contacts_of_their_own_are_merged_and_separated(database: Database, now: datetime) -> None:
    with database.write(now) as session:
        (kept, gone), third = _pair(session), _person(session, given_name="Jule", family_name="Roig")
        with pytest.raises(OutdatedError):
            merge(session, kept, gone, {kept.key: kept.version, gone.key: 0}, Choice({}, ""), now, None)
        session.rollback()
        (kept, gone), third = _pair(session), _person(session, given_name="Jule", family_name="Roig")
        first = _merge(session, kept, gone, now)
        with pytest.raises(NotPossibleError):
            _merge(session, third, gone, now)
        second = _merge(session, third, kept, now)
        assert gone.merged_into_id == third.key
        with pytest.raises(RefusedError, match=MERGED_ON):
            separate(session, first, now)
        separate(session, second, now)
        assert gone.merged_into_id == kept.key
        assert standing_merges(session, kept.key) == [first]
        session.info["erasing"] = True
        kept.state = PersonState.ERASED
        with pytest.raises(RefusedError, match=ERASED):
            separate(session, first, now)


def test_of_two_who_merge_the_same_pair_at_once_one_is_told(database: Database, now: datetime) -> None:
    with database.write(now) as session:
        keys = [person.key for person in _pair(session)]
        session.commit()
    told: list[str] = []
    start = threading.Barrier(2)

    def press(order: list[int]) -> None:
        start.wait()
        with database.write(now) as session:
            kept, gone = (session.get_one(Person, key) for key in order)
            try:
                merge(session, kept, gone, dict.fromkeys(order, 1), Choice({}, ""), now, None)
                session.commit()
                told.append("merged")
            except (OutdatedError, NotPossibleError):
                told.append("told")

    threads = [threading.Thread(target=press, args=(order,)) for order in (keys, keys[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(told) == ["merged", "told"]
    with database.read(now) as session:
        states = session.exec(find(Person.state).where(col(Person.id).in_(keys))).all()
        assert sorted(states) == [PersonState.ACTIVE, PersonState.MERGED]
        assert len(session.exec(find(ContactMerge)).all()) == 1


def test_proposals_prefer_what_says_something_and_what_is_newer() -> None:
    one = Person(id=1, family_name="Roig", email="alt@x.example", source_on=date(2024, 1, 1))
    other = Person(id=2, family_name="Roig", email="neu@x.example", phone="1", confirmed_on=date(2026, 1, 1))
    one.origin, one.honorific = DataOrigin.SELF, "Dr."
    taken = {field: proposed(one, other, field).id for field in differing(one, other)}
    assert taken == {"honorific": 1, "email": 2, "phone": 2, "origin": 1}
    one.given_name, other.given_name = "Jordi", "J."
    assert proposed(one, other, "given_name") is one
    other.is_first_contact = True
    assert proposed_kept(one, other) is other
