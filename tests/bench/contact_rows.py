"""Contacts by the ten thousand, as an agency would have collected them: names as frequent as in life, offices, notes,
tags, planned contacts, and what was said with everybody. Every run makes the same."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from random import Random
from typing import Any

from sqlmodel import Session, col, select

from models.contacts.interactions import Interaction, InteractionKind
from models.contacts.organisations import Organisation
from models.contacts.people import Person
from models.contacts.tags import Tag, TagLink
from models.database import Database
from models.folding import fold, search_text
from models.followups import FollowUp, FollowUpKind
from models.officers import Officer
from models.places import Place
from models.sign_in import start_session
from tests.bench.stand_in import _add, _keys, found_city
from webapp.access import COOKIE
from webapp.clock import system_clock

ORGANISATIONS = 2_000
TALKS_EACH = 3
TAGS = (
    "Holz",
    "Presse",
    "Kreislauf",
    "Rathaus",
    "Schule",
    "Förderung",
    "Textil",
    "Labor",
    "Reparatur",
    "Vorstand",
)
COMMON = ("Hamburg", "Berlin", "Köln", "München")  # a quarter of all offices
RARE = "Quittenbaum"  # five people, wherever the alphabet puts them
_FIRST = ("Müll", "Schmid", "Neu", "Wein", "Kirch", "Stein", "Berg", "Öz", "Hof", "Linde", "Zimmer", "Roth", "Groß",
          "Alt", "Ebers", "Fried", "Grün", "Hage", "Jans", "Krüg", "Lange", "Nieder", "Ober", "Pfeif", "Sauer", "Tann",
          "Ullrich", "Vogel", "Wald", "Aben")  # fmt: skip
_LAST = ("er", "mann", "bauer", "hoff", "stein", "feld", "meier", "s", "bach", "demir", "kamp", "dorf", "ner", "berg",
         "haus", "wald", "eck", "au", "en", "ström")  # fmt: skip
_GIVEN = ("Anna", "Jörg", "Michael", "Sabine", "Aylin", "João", "Zoë", "Peter", "Ursula", "Łukasz", "Mehmet", "Marie",
          "Björn", "Chloé", "Dörte", "Emil", "Frauke", "Gül", "Hannes", "Ines")  # fmt: skip
_FUNCTIONS = (
    "Leiterin",
    "Referent",
    "Sachbearbeiterin",
    "Geschäftsführer",
    "Werkstattleitung",
    "Vorstand",
    "",
)
_TOPICS = ("Fräse", "Förderantrag", "Werkstatt", "Beitritt", "Konferenz", "Schulprojekt", "Ausschuss", "Gutachten",
           "Kreislaufwirtschaft", "Besuch", "Rückruf", "Vertrag", "Angebot", "Messe", "Ausstellung", "Haushalt",
           "Stadtrat", "Pressetermin", "Vortrag", "Netzwerk")  # fmt: skip


def fill(url: str, people: int) -> tuple[str, int]:
    """A city with so many contacts; answers the cookie of a colleague who is signed in, and a common tag's id."""
    [first, *_rest] = found_city(url)
    database, now, chance = Database(url), system_clock(), Random(5)
    with database.write(now) as session:
        offices = _organisations(session, chance)
        keys = _people(session, people, offices, chance)
        tag = _around(session, keys, chance)
        _talks(session, keys, people * TALKS_EACH, chance)
        secret = start_session(session, session.get_one(Officer, first), now)
        session.commit()
    with database.engine.connect() as connection:  # as autovacuum does within a minute or so
        connection.exec_driver_sql(
            "analyze" if not url.startswith("sqlite") else "pragma wal_checkpoint(truncate)"
        )
        connection.commit()
    database.close()
    return f"{COOKIE}={secret}", tag


def _organisations(session: Session, chance: Random) -> list[tuple[int, str, str]]:
    """Key, name and city."""
    places = list(session.exec(select(Place.id, Place.name).order_by(col(Place.id))))
    rows: list[dict[str, Any]] = []
    for number in range(ORGANISATIONS):
        place_id, city = chance.choice(places) if number % 2 else (None, chance.choice(COMMON))
        name = f"{chance.choice(('Amt', 'Labor', 'Verein', 'TU', 'Werk'))} {city} {number}"
        rows.append({"name": name, "city": city, "country_code": "DE", "place_id": place_id, "sort_key": fold(name),
                     "search_text": search_text([name, city])})  # fmt: skip
    _add(session, Organisation(), rows)
    known = select(Organisation.id, Organisation.name, Organisation.city).order_by(
        col(Organisation.id).desc()
    )
    return [(key or 0, name, city) for key, name, city in session.exec(known.limit(ORGANISATIONS))]


def _people(
    session: Session, count: int, offices: list[tuple[int, str, str]], chance: Random
) -> list[tuple[int, int]]:
    """Key and organisation."""
    families = ["".join(pair) for pair in product(_FIRST, _LAST)]
    today = system_clock().date()

    def rows() -> Iterator[dict[str, Any]]:
        for number in range(count):
            family = RARE if number % (count // 5) == 7 else chance.choice(families)
            given, (office, name, city) = chance.choice(_GIVEN), chance.choice(offices)
            digits = f"{chance.randint(300, 999)}{1_000_000 + number}"
            email = f"{fold(given)}.{number}@{fold(family)}.example"
            phone, dialled = f"0{digits[:3]} {digits[3:]}", f"+49{digits}"
            function, note = chance.choice(_FUNCTIONS), " ".join(chance.choices(_TOPICS, k=4))
            words = [given, family, function, email, note, phone, dialled, f"0{digits}", name, city]
            yield {
                "given_name": given, "family_name": family, "function": function, "email": email, "note": note,
                "phone": phone, "organisation_id": office, "email_key": email, "phone_key": dialled,
                "sort_key": fold(f"{family} {given}"), "given_key": fold(f"{given} {family}"),
                "search_text": search_text(words), "source": "Messung", "source_on": today, "added_on": today,
                "language": "de", "last_talk_on": today - timedelta(days=number % 900),
            }  # fmt: skip

    _add(session, Person(), list(rows()))
    known = select(Person.id, Person.organisation_id).order_by(col(Person.id).desc()).limit(count)
    return [(key or 0, office or 0) for key, office in session.exec(known)]


def _around(session: Session, keys: list[tuple[int, int]], chance: Random) -> int:
    """Tags on every second person, planned contacts with every fiftieth. Answers the id of a tag."""
    _add(session, Tag(name=""), [{"name": name, "name_key": fold(name)} for name in TAGS])
    tags = _keys(session, Tag, 0)[-len(TAGS) :]
    links = [
        {"tag_id": chance.choice(tags), "subject_kind": "person", "subject_id": key} for key, _ in keys[::2]
    ]
    _add(session, TagLink(tag_id=0, subject_kind="", subject_id=0), links)
    day = system_clock().date()
    contact = FollowUp(kind=FollowUpKind.CONTACT, subject_kind="person", subject_id=0, due_on=day)
    planned = [{"subject_id": key, "due_on": day + timedelta(days=key % 90 - 20)} for key, _ in keys[::50]]
    _add(session, contact, planned)
    return tags[0]


def _talks(session: Session, keys: list[tuple[int, int]], count: int, chance: Random) -> None:
    now, kinds = system_clock(), list(InteractionKind)
    like = Interaction(kind=kinds[0], held_on=now.date(), written_at=now)
    for start in range(0, count, 50_000):
        rows: list[dict[str, Any]] = []
        for number in range(start, min(start + 50_000, count)):
            person, office = keys[number % len(keys)]
            held_on = now.date() - timedelta(days=chance.randint(0, 2_000))
            subject, body = " ".join(chance.choices(_TOPICS, k=2)), " ".join(chance.choices(_TOPICS, k=8))
            rows.append({
                "kind": kinds[number % len(kinds)], "person_id": person, "organisation_id": office,
                "held_on": held_on, "subject": subject, "body": body, "sort_key": held_on.isoformat(),
                "search_text": search_text([subject, body]),
            })  # fmt: skip
        _add(session, like, rows)
