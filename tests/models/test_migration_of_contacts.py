"""Migration 0004 with data: people get their keys and are found as before; down again nothing of them is lost."""

from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from models.migrations import migrate

OLD = (
    "insert into organisation (id, version, search_text, sort_key, name, kind, city, country_code, website, email, "
    "role_de, role_en, source) values (1, 1, '', '', 'Werkstatt Süd', 'lab', 'Köln', 'DE', '', '', '', '', '')",
    "insert into place (id, version, search_text, sort_key, slug, name, type, country_code, membership, activity, "
    "as_of, joined_event, website, partners, source, certainty, note_de, note_en) values (4, 1, '', '', 'sao', "
    "'São Paulo', 'city', 'BR', 'member', 'active', '', '', '', '', '', 'low', '', '')",
    "insert into person (id, version, search_text, sort_key, given_name, family_name, organisation_id, place_id, "
    "function, email, phone, language, source, note) values "
    "(2, 1, 'zoe ozdemir', 'ozdemir zoe', 'Zoë', 'Özdemir', 1, 4, '', 'Zoe@Lotse.example', '0341 123-4567', 'de', "
    "'Karte', 'ruft gern an'), (5, 1, 'ahre', 'ahre', '', 'Ähre', null, null, '', '', '', 'de', '', '')",
    "insert into import_batch (id, version, kind, sha256, file_name, uploaded_at, mapping, state) "
    "values (3, 1, 'checklist', 'ab', 'liste.xlsx', '2026-11-01 08:00:00', '{}', 'prepared')",
)


def _run(url: str, *statements: str) -> list[Any]:
    engine = create_engine(url, poolclass=NullPool)
    found: list[Any] = []
    with engine.begin() as connection:
        for statement in statements:
            result = connection.execute(text(statement))
            found = [tuple(row) for row in result] if result.returns_rows else []
    engine.dispose()
    return found


def test_people_get_their_keys_and_are_found_by_words_of_their_organisation(empty_database_url: str) -> None:
    url = empty_database_url
    migrate(url, "0003")
    _run(url, *OLD)
    migrate(url, "0004")
    keys = "select state, email_key, phone_key, given_key, origin from person order by id"
    assert _run(url, keys) == [
        ("active", "zoe@lotse.example", "+493411234567", "zoe ozdemir", "unknown"),
        ("active", "", "", "ahre", "unknown"),
    ]
    assert _run(url, "select id from person where search_text like '%werkstatt sud%'") == [(2,)]
    assert _run(url, "select id from person where search_text like '%sao paulo%'") == [(2,)]
    assert _run(url, "select id from person order by state, sort_key, id") == [(5,), (2,)]
    assert _run(url, "select kind, state, done from import_batch") == [("checklist", "prepared", 0)]
    if url.startswith("sqlite"):  # the index knows who was there before, and follows
        found = "select rowid from person_fts where search_text like '%ozdem%'"
        assert _run(url, found) == [(2,)]
        _run(url, "update person set search_text = 'anders' where id = 2")
        assert _run(url, found) == []
        _run(url, "delete from person where id = 5")
        assert _run(url, "select rowid from person_fts where search_text like '%ahre%'") == []


def test_down_again_nothing_of_them_is_lost(empty_database_url: str) -> None:
    url = empty_database_url
    migrate(url, "0003")
    _run(url, *OLD)
    before = _run(
        url, "select id, family_name, phone, note, organisation_id, place_id from person order by id"
    )
    migrate(url, "0004")
    merged = "insert into import_batch (id, version, kind, sha256, file_name, uploaded_at, mapping, state, "
    _run(
        url,
        merged
        + "file_format, done, total, fault) values (9, 1, 'contacts', 'cd', 'k.vcf', '2026-11-01 08:00:00', '{}', "
        "'reading', 'vcard', 1, 2, '')",
        "update person set merged_into_id = 2, state = 'merged' where id = 5",
    )
    migrate(url, "0003")
    after = _run(
        url, "select id, family_name, phone, note, organisation_id, place_id from person order by id"
    )
    assert after == before
    assert _run(url, "select id, state from import_batch") == [(3, "prepared")]
    migrate(url)
    assert _run(url, "select count(*) from person where state = 'active'") == [(2,)]
