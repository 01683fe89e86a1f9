"""Lists of places: read leniently, compared row by row, nothing changed unasked."""

from datetime import date, datetime

import pytest
from sqlmodel import Session, select

from models.database import Database
from models.documents.spreadsheet import csv_bytes
from models.documents.workbook_parts import UnreadableError
from models.documents.workbook_reading import read_book
from models.hanging import delete_with_hanging, hanging_on
from models.imports.batches import BatchState, ImportBatch, ImportKind
from models.imports.plan import versions_from
from models.imports.reverting import revert
from models.imports.values import CellFaultError
from models.officers import Officer
from models.place_list.cells import as_of_in, degrees_in
from models.place_list.columns import header, list_rows
from models.place_list.planning import NO_ANSWERS, ListPlan, Vanished, apply_list, decided, plan_list
from models.place_list.reading import ListFormat, PlaceList, read_list
from models.place_list.row_plan import Answers, Likeness, ListDay
from models.places import LATITUDE, Activity, Membership, Place, PlaceType, places

DAY = ListDay("2026-11-01", "Liste des Netzwerks")
INDEX = "slug,name,country,territory,status,fci,fci_low\n"


def _read(text: str | bytes, name: str = "liste.csv") -> PlaceList:
    content = text.encode() if isinstance(text, str) else text
    return read_list(read_book(content, name).sheet())


def _plan(session: Session, text: str | bytes, answers: Answers = NO_ANSWERS) -> ListPlan:
    return plan_list(session, _read(text), DAY, answers)


def _faults(plan: ListPlan) -> list[str]:
    return [
        fault.text.split(" ")[0] + ":" + ",".join(fault.columns)
        for row in plan.faulty
        for fault in row.faults
    ]


def _place(session: Session, slug: str) -> Place:
    return session.exec(select(Place).where(Place.slug == slug)).one()


def test_numbers_and_days_beyond_any_are_faults_of_their_cells() -> None:
    for cell in (10**400, float("inf"), float("nan"), -91):
        with pytest.raises(CellFaultError):
            degrees_in(cell, LATITUDE)
    with pytest.raises(CellFaultError):
        as_of_in(date(9999, 12, 31))


def test_our_own_list_comes_back_without_any_difference(database: Database, now: datetime) -> None:
    with database.write(now) as session:
        session.add(
            Place(
                slug="null-stern", name="=Null; Stern", country_code="AU", as_of="2026", lat=-12.5, lon=-0.25,
                partners="Stadt\n'Labor'; \"Haus\"", learnt="-5 Labore\n+1", note_de="@alle: Übung", note_en="'=1",
                source="a | b",
            )
        )  # fmt: skip
        session.flush()
        for language in ("de", "en"):
            for encoding in ("utf-8-sig", "utf-16", "cp1252"):
                rows = list_rows(places(session), language)
                text = csv_bytes(header(language), rows).decode("utf-8-sig")
                assert (";-12,5;-0,25;" if language == "de" else ";-12.5;-0.25;") in text
                content = text.encode(encoding, errors="replace" if encoding == "cp1252" else "strict")
                plan = plan_list(session, _read(content), DAY)
                assert (plan.faulty, plan.made, plan.changed, plan.confirmed, plan.vanished) == (
                    [],
                    [],
                    [],
                    [],
                    [],
                )
                assert plan.unchanged == len(plan.rows) == 59


def test_the_networks_index_gives_names_countries_and_types_only(database: Database, now: datetime) -> None:
    text = (
        INDEX + "hamburg,Hamburg,Germany,city,simulated,0.31,0\nleuven,Leuven,Belgium,city,partial,0.2,0.1\n"
    )
    with database.write(now) as session:
        found = _read(text)
        plan = plan_list(session, found, DAY)
    assert (found.format, found.unread) == (ListFormat.INDEX, ["status", "fci", "fci_low"])
    assert (plan.unchanged, len(plan.vanished)) == (1, 53)
    made = plan.made[0].after
    assert (made["slug"], made["type"], made["country_code"]) == ("leuven", "city", "BE")
    assert (made["membership"], made["activity"], made["as_of"]) == (
        "probable_member",
        "unknown",
        "2026-11-01",
    )
    assert made["source"] == "Liste des Netzwerks (2026-11-01)"


def test_one_broken_row_does_not_stop_the_others(database: Database, now: datetime) -> None:
    text = (
        "Vom Netzwerk\tStand November\n\n"
        "Name\tArt\tLand\tBreitengrad\tLängengrad\tBeitritt im Jahr\n"
        "Ulm\tStadt\tDeutschland\t48,4\t9,99\t2026\n"
        "Nirgends\tStadt\tDeutschland\t0\t0\t\n"
        "Fern\tPlanet\tDeutschland\t91\t9\t\n"
        "Halb\tStadt\tAtlantis\t48\t\t20150\n"
        "\tStadt\t\t\t\t\n"
        "Wien\tStadt\tÖsterreich\t\t\t\n"
        "WIEN\tStadt\tAT\t\t\t\n"
        "Hamburg\tRegion\tDE\t\t\t\n"
        "hamburg\tStadt\tDE\t\t\t\n"
    )
    with database.write(now) as session:
        plan = _plan(session, text)
    assert [row.title for row in plan.made] == ["Ulm"]
    assert (plan.made[0].number, plan.made[0].after["lat"], plan.made[0].after["joined_year"]) == (
        4,
        48.4,
        2026,
    )
    assert _faults(plan) == [
        "0,:lat,lon", "“{value}”:type", "“{value}”:lat", "“{value}”:country_code", "“{value}”:joined_year",
        "Please:lat,lon", "A:name", "A:country_code", "The:", "The:", "The:", "The:",
    ]  # fmt: skip
    assert "hamburg" not in [place.slug for place in plan.vanished]  # faulty, but named


def test_a_place_is_known_by_key_then_by_name_and_country(database: Database, now: datetime) -> None:
    text = "slug,name,country,activity\nboston,Boston MA,,active\nx,sao paulo,BR,inactive\n,Cambridge,GB,active\n"
    with database.write(now) as session:
        plan = _plan(session, text)
        boston, paulo = plan.changed
        assert (boston.title, boston.after["name"], boston.after["activity"]) == (
            "Boston",
            "Boston MA",
            "active",
        )
        assert (paulo.subject_id, "slug" in paulo.after) == (_place(session, "sao-paulo").key, False)
    assert [(row.title, row.after["country_code"]) for row in plan.made] == [("Cambridge", "GB")]


def test_the_day_of_the_list_is_the_state_of_what_it_says(database: Database, now: datetime) -> None:
    text = "name,country,membership,activity\nHamburg,DE,member,active\nDetroit,US,member,active\n"
    with database.write(now) as session:
        plan = _plan(session, text)
        assert [row.title for row in plan.confirmed] == ["Hamburg"]
        detroit = plan.changed[0]
        assert (detroit.before["as_of"], detroit.after["as_of"]) == ("2025-08", "2026-11-01")
        assert detroit.after["source"].endswith(" | Liste des Netzwerks (2026-11-01)")
        again = ListDay("2026-12-01", DAY.name).added_to(detroit.after["source"])
        assert again.count("Liste des Netzwerks") == 1
        old = plan_list(session, _read(text), ListDay("2024", "Alte Liste"))
        assert ("as_of" in old.changed[0].after, len(old.changed[0].remarks), old.confirmed) == (False, 1, [])
        with_day = _plan(session, "name,country,activity,as_of\nHamburg,DE,active,08/2025\nDetroit,US,,\n")
        assert with_day.unchanged == 2


def test_a_similar_name_is_asked_about_and_left_out_unless_answered(
    database: Database, now: datetime
) -> None:
    text = INDEX + "bergisch,Bergisches Städtedreieck,Germany,city,simulated,,\n"
    with database.write(now) as session:
        plan = _plan(session, text)
        assert ([row.title for row in plan.asked], plan.made, plan.changed, plan.unchanged) == (
            ["Bergisches Städtedreieck"], [], [], 0,
        )  # fmt: skip
        same = _plan(session, text, Answers(likeness={2: Likeness.SAME})).changed[0]
        assert (same.subject_id, set(same.after)) == (plan.asked[0].alike.key, {"type", "source"})  # type: ignore[union-attr]
        made = _plan(session, text, Answers(likeness={2: Likeness.NEW})).made
        assert [row.after["slug"] for row in made] == ["bergisch"]


def _import(session: Session, text: str, now: datetime, decisions: dict[int, Vanished]) -> ImportBatch:
    plan = _plan(session, text)
    batch = ImportBatch(kind=ImportKind.PLACES, file_name="liste.csv", uploaded_at=now)
    session.add(batch)
    session.flush()
    rows = [*plan.rows, *decided(plan, decisions, DAY)]
    assert apply_list(session, batch, rows, versions_from(plan.seen), now) == []
    return batch


def test_an_import_asks_about_the_vanished_and_is_taken_back_as_a_whole(
    database: Database, now: datetime
) -> None:
    text = "name,country,activity\nHamburg,DE,inactive\nGent,BE,active\n"
    with database.write(now) as session:
        before = {place.slug: place.model_dump() for place in places(session)}
        linz, paris, brest = (_place(session, slug) for slug in ("linz", "paris", "brest"))
        batch = _import(session, text, now, {linz.key: Vanished.INACTIVE, paris.key: Vanished.LEFT})
        assert (linz.activity, linz.as_of, linz.membership) == (
            Activity.INACTIVE,
            "2026-11-01",
            Membership.MEMBER,
        )
        assert (paris.membership, brest.model_dump()) == (Membership.NOT_MEMBER, before["brest"])
        assert (_place(session, "gent").type, _place(session, "hamburg").activity) == (
            PlaceType.CITY,
            "inactive",
        )
        left = revert(session, batch, now, lambda kind, key: hanging_on(session, kind, key),
                      lambda row: delete_with_hanging(session, row))  # fmt: skip
        assert (left, batch.state) == ([], BatchState.REVERTED)
        after = {place.slug: place.model_dump() for place in places(session)}
    for row in (*before.values(), *after.values()):
        row.pop("version")
    assert after == before


def test_what_an_officer_set_by_hand_stays_unless_the_list_is_chosen(
    database: Database, now: datetime, anna: Officer
) -> None:
    text = "name,country,activity,website\nHamburg,DE,inactive,https://hamburg.example\n"
    with database.write(now.replace(year=2025), anna.key) as session:
        _place(session, "hamburg").activity = Activity.UNKNOWN
        session.commit()
    with database.write(now, anna.key) as session:
        row = _plan(session, text).changed[0]
        assert [(held.column, held.offered, held.edit.officer_id) for held in row.held] == [
            ("activity", "inactive", anna.key)
        ]
        assert set(row.after) == {"website", "source"}
        chosen = _plan(session, text, Answers(frozenset({2}))).changed[0]
        assert (chosen.held, chosen.after["activity"]) == ([], "inactive")
        _import(session, text.replace("inactive", "unknown"), now, {})
        session.commit()
    with database.write(
        now.replace(year=2027), anna.key
    ) as session:  # what an import set is no hand-made value
        row = _plan(session, text.replace("hamburg.example", "neu.example")).changed[0]
        assert ([held.column for held in row.held], row.after["website"]) == (
            ["activity"],
            "https://neu.example",
        )


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\x00\x01", b"nur Text", "Straße;Ort\na;b".encode(), b"name,country\n",
        ("name,country\n" + "x,DE\n" * 2_001).encode(), ("name,country\n" + "x,DE\n" * 50_000).encode(),
    ],
)  # fmt: skip
def test_what_is_no_list_or_too_long_a_one_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(UnreadableError):
        _read(content)
