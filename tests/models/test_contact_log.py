"""The timeline of a person, an organisation and a city."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.contact_log.entries import Entry, Source
from models.contact_log.timeline import every_entry, newest, newest_with_words, timeline
from models.contact_log.whom import Whom
from models.contacts.interactions import Interaction, InteractionKind, changed, record, remove
from models.contacts.letters_in import interaction_of, key_of, whose
from models.contacts.organisations import Organisation
from models.contacts.people import Person
from models.contacts.points import ContactPoint, PointKind
from models.database import Database, LotseSession, OutdatedError, check_version
from models.documents.letter_parts import Address, Letter
from models.followups import FollowUp, FollowUpKind, planned_contact
from models.officers import Officer
from models.places import Place, PlaceType
from models.reminders.messages import MessageState
from tests.webapp.mail_rows import add_mail, add_reminder, statements

ZONE = ZoneInfo("Europe/Berlin")


class _Town:
    """A city with an organisation, somebody in it, and somebody who belongs to the city alone."""

    def __init__(self, session: LotseSession, now: datetime) -> None:
        self.session, self.now = session, now
        self.place = self.add(Place(name="Testheim", type=PlaceType.CITY, country_code="DE"))
        self.office = self.add(Organisation(name="Labor", place_id=self.place.key))
        self.ann = self.add(
            Person(family_name="Ann", organisation_id=self.office.key, email="ann@labor.example")
        )
        self.bob = self.add(Person(family_name="Bob", place_id=self.place.key))
        self.away = self.add(Person(family_name="Cem"))

    def add(self, row):  # type: ignore[no-untyped-def]
        self.session.add(row)
        self.session.flush()
        return row

    def talk(
        self, day: date, body: str, kind: InteractionKind = InteractionKind.CALL, **whom: int
    ) -> Interaction:
        return record(
            self.session, Interaction(kind=kind, held_on=day, body=body, written_at=self.now, **whom)
        )

    def mail(self, kind: str, key: int, at: datetime, state: MessageState) -> None:
        to = self.session.get_one(Officer, 1)
        add_reminder(self.session, to, kind, key, at, add_mail(self.session, to, at, state=state))

    def follow_up(self, kind: str, key: int, done_on: date | None, due_on: date) -> FollowUp:
        return self.add(
            FollowUp(
                kind=FollowUpKind.TASK,
                subject_kind=kind,
                subject_id=key,
                what="Fragen",
                due_on=due_on,
                done_on=done_on,
            )
        )


def _said(entries: list[Entry]) -> set[str]:
    return {entry.row.body for entry in entries if entry.source is Source.INTERACTION}


def test_a_timeline_holds_what_belongs_to_it_and_an_organisation_keeps_it_when_somebody_leaves(
    database: Database, now: datetime, today: date
) -> None:
    with database.write(now) as session:
        town = _Town(session, now)
        town.talk(today, "mit Ann", person_id=town.ann.key)
        town.talk(today, "mit Bob", person_id=town.bob.key)
        town.talk(today, "im Labor", organisation_id=town.office.key)
        town.talk(today, "in der Stadt", place_id=town.place.key)
        town.talk(today, "mit Cem", person_id=town.away.key)
        late = town.add(Organisation(name="Verein"))
        town.talk(today, "im Verein", organisation_id=late.key)
        town.ann.organisation_id = town.ann.place_id = None
        town.away.place_id = late.place_id = town.place.key  # was said when nobody knew where they are
        session.flush()
        town.talk(today, "mit Ann danach", person_id=town.ann.key)
        expected = {
            ("person", town.ann.key): {"mit Ann", "mit Ann danach"},
            ("organisation", town.office.key): {"mit Ann", "im Labor"},
            ("place", town.place.key): {
                "mit Ann",
                "mit Bob",
                "im Labor",
                "in der Stadt",
                "mit Cem",
                "im Verein",
            },
        }
        for (kind, key), said in expected.items():
            page = timeline(session, Whom(kind, key), "", ZONE)
            assert _said(page.entries) == said, kind
            assert page.before == ""
        names = timeline(session, Whom("organisation", town.office.key), "", ZONE)
        assert names.people[town.ann.key] is town.ann
        assert names.organisations == {town.office.key: "Labor"}


def test_a_timeline_is_the_same_page_by_page_and_costs_few_queries(
    database: Database, now: datetime, today: date
) -> None:
    chance = random.Random(7)
    with database.write(now) as session:
        town = _Town(session, now)
        waiting = town.follow_up("person", town.ann.key, None, today)
        for number in range(60):
            day = today - timedelta(days=chance.randrange(8))
            hour = datetime(day.year, day.month, day.day, chance.choice((1, 12, 22, 23)), tzinfo=UTC)
            town.talk(day, f"Wort {number}", person_id=chance.choice((town.ann, town.bob)).key)
            if number % 3 == 0:
                about = chance.choice(
                    (("follow_up", waiting.key), ("person", town.ann.key), ("place", town.place.key))
                )
                town.mail(*about, hour, MessageState.SENT)
                town.follow_up("organisation", town.office.key, day, day)
        town.mail("person", town.ann.key, now, MessageState.FAILED)
        town.ann.notice_sent_on = today - timedelta(days=3)
        session.flush()
        for whom in (Whom("place", town.place.key), Whom("person", town.ann.key)):
            whole = [(e.source, e.row.key) for e in timeline(session, whom, "", ZONE, 1000).entries]
            walked: list[tuple[Source, int]] = []
            mark, days = "", []
            while True:
                page = timeline(session, whom, mark, ZONE, 7)
                walked += [(e.source, e.row.key) for e in page.entries]
                days += [e.day for e in page.entries]
                mark = page.before
                if not mark:
                    break
            assert walked == whole
            assert days == sorted(days, reverse=True)
            assert len(set(walked)) == len(walked)
            if whom.kind == "place":
                assert {source for source, _key in whole} == set(Source)
        assert len(list(every_entry(session, Whom("person", town.ann.key), ZONE))) == len(whole)
        session.commit()
    with database.read(now) as session, statements(database.engine) as asked:
        timeline(session, Whom("place", town.place.key), "", ZONE)
        assert sum(statement != "begin" for statement in asked) <= 8
    with database.read(now) as session:
        first = newest(session, "", 25)
        second = newest(session, first.before, 25)
        third = newest(session, second.before, 25)
        assert [len(p.entries) for p in (first, second, third)] == [25, 25, 10]
        assert not {e.row.key for e in first.entries} & {e.row.key for e in second.entries}
        assert _said(newest_with_words(session, "wort 59", today).entries) == {"Wort 59"}
        assert len(newest_with_words(session, "Ann", today).entries) > 5
        for mark in (
            "nichts",
            "2026-13-01.0.1",
            "2026-11-20.9.1",
            "2026-11-20.1.999999",
            "9999-12-31.0.1",
            "0001-01-01.3.1",
        ):
            timeline(session, Whom("person", town.ann.key), mark, ZONE)


def test_the_last_talk_follows_what_is_recorded_and_a_note_is_none(
    database: Database, now: datetime, today: date
) -> None:
    with database.write(now) as session:
        town = _Town(session, now)
        ann, early, late = town.ann, today - timedelta(days=9), today - timedelta(days=2)
        town.talk(today, "Nur für uns", InteractionKind.NOTE, person_id=ann.key)
        assert ann.last_talk_on is None
        first = town.talk(late, "Anruf", person_id=ann.key)
        town.talk(early, "Treffen", InteractionKind.MEETING, person_id=ann.key)
        assert ann.last_talk_on == late
        first.held_on = today - timedelta(days=20)
        changed(session, first, late)
        assert ann.last_talk_on == early
        first.held_on = today
        changed(session, first, today - timedelta(days=20))
        assert ann.last_talk_on == today
        assert remove(session, first) == set()
        assert ann.last_talk_on == early
        note = Interaction(
            kind=InteractionKind.NOTE, held_on=today, body="Später", written_at=now, person_id=ann.key
        )
        record(session, note, today + timedelta(days=5), "Kontakt")
        planned = planned_contact(session, "person", ann.key)
        assert planned is not None
        assert (planned.due_on, planned.is_open) == (today + timedelta(days=5), True)
        session.commit()
    # A day that somebody typed, and no interaction explains, stays.
    with database.write(now) as session:
        bob = session.get_one(Person, town.bob.key)
        bob.last_talk_on = today
        session.flush()
        older = record(
            session, Interaction(kind=InteractionKind.CALL, held_on=early, written_at=now, person_id=bob.key)
        )
        remove(session, older)
        assert bob.last_talk_on == today


def test_a_mail_is_known_again_and_its_people_are_found(database: Database, now: datetime) -> None:
    with database.write(now) as session:
        town = _Town(session, now)
        town.add(ContactPoint(person_id=town.bob.key, kind=PointKind.EMAIL, value="Bob@Privat.example"))
        letter = Letter(
            Address("Bob", "bob@privat.EXAMPLE"),
            (Address("", "ann@labor.example"),),
            subject="Ohne Schlüssel",
            text="x",
        )
        found = whose(session, town.ann, letter)
        assert (found.wrote, found.received, found.others) == (False, True, [town.bob])
        assert whose(session, town.bob, letter).wrote
        nobody = whose(session, town.away, Letter(Address("", "")))
        assert (nobody.wrote, nobody.received, nobody.others) == (False, False, [])
        first = record(session, interaction_of(letter, town.ann.key, now, ZONE))
        assert first.message_id == key_of(letter)
        assert first.message_id.startswith("sha256:")
        assert record(session, interaction_of(letter, town.ann.key, now, ZONE)) is first
        assert record(session, interaction_of(letter, town.bob.key, now, ZONE)) is not first
        ahead = Letter(Address("", ""), sent_at=now + timedelta(days=400))
        assert interaction_of(ahead, 1, now, ZONE).held_on == now.date()


def test_who_had_the_form_of_a_person_open_is_told_that_a_talk_was_recorded(
    database: Database, now: datetime, today: date
) -> None:
    with database.write(now) as session:
        town = _Town(session, now)
        seen = town.ann.version
        town.talk(today, "Anruf", person_id=town.ann.key)
        with pytest.raises(OutdatedError):
            check_version(session, town.ann, seen)
