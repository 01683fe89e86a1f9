"""Migration 0003 with data: proofs become revisions, items get an edition; down again nothing of it is lost."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from models.database import Database
from models.migrations import migrate

OLD = (
    "insert into officer (id, version, name, email, role, language, password_hash, wants_digest, wants_information) "
    "values (1, 1, 'Anna', 'a@lotse.example', 'admin', 'de', '', false, true)",
    "insert into application (id, version, network, state, file_number, handbook_url, note) "
    "values (1, 1, 'Netz', 'submitted', '', 'https://handbuch.example', '')",
    "insert into organisation (id, version, search_text, sort_key, name, kind, city, country_code, website, email, "
    "role_de, role_en, source) values (1, 1, '', '', 'Lab', 'lab', '', 'DE', '', '', '', '', '')",
    "insert into phase (id, version, application_id, code, position, label_de, label_en, file_number, note) "
    "values (1, 1, 1, 'idea', 0, 'Idee', 'Idea', '', '')",
    "insert into commitment (id, version, search_text, sort_key, code, position, phase_id, label_de, label_en, who, "
    "wanted_de, wanted_en, origin, certainty, source_de, source_en, timing, state, drop_reason, file_number, note) "
    "values (7, 1, '', '', 'understand', 0, 1, 'Verstanden', '', 'city', '', '', 'own', 'low', '', '', 'before', "
    "'open', '', '', ''), (8, 1, '', '', null, 1, null, 'Eigenes', '', 'city', '', '', 'own', 'low', '', '', "
    "'before', 'open', '', '', '')",
    "insert into evidence (id, version, commitment_id, name, url, sha256, file_name, media_type, size, dated_on, "
    "valid_until, note, added_at, added_by_id) values (3, 1, 7, 'Datei', '', 'ab', 'a.pdf', 'application/pdf', 12, "
    "null, '2027-01-31', 'n', '2026-11-01 08:00:00', 1), (5, 1, 8, 'Link', 'https://x.example', '', '', '', 0, "
    "'2026-10-01', null, '', '2026-11-02 08:00:00', null)",
    "insert into starter_row (file, code, loaded_at) values ('city', 'city', '2026-11-01 08:00:00'), "
    "('phases', 'idea', '2026-11-01 08:00:00'), ('commitments', 'understand', '2026-11-01 08:00:00')",
    "insert into declaration (id, version, application_id, organisation_id, declared_on, signed_by, proof_url, "
    "file_number, note) values (2, 1, 1, 1, '2026-11-03', '', 'https://brief.example', '', '')",
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


def _fill(url: str) -> None:
    _run(url, *OLD)
    if url.startswith("postgresql"):  # keys that were given by hand are not known to the counters
        for table in (
            "officer",
            "application",
            "organisation",
            "phase",
            "commitment",
            "evidence",
            "declaration",
        ):
            _run(
                url, f"select setval(pg_get_serial_sequence('{table}', 'id'), (select max(id) from {table}))"
            )


def test_proofs_items_and_declarations_survive_up_and_down(empty_database_url: str) -> None:
    url = empty_database_url
    migrate(url, "0002")
    _fill(url)
    migrate(url, "head")
    assert _run(
        url, "select evidence_id, kind, url, file_name from evidence_revision order by evidence_id"
    ) == [
        (3, "file", "", "a.pdf"),
        (5, "link", "https://x.example", ""),
        (6, "link", "https://brief.example", ""),
    ]
    assert _run(url, "select id, owner_id from evidence order by id") == [(3, 1), (5, None), (6, None)]
    assert _run(url, "select commitment_id, evidence_id from commitment_proof order by id") == [
        (7, 3),
        (8, 5),
    ]
    assert _run(url, "select code, is_own from commitment order by id") == [
        ("understand", False),
        ("own-8", True),
    ]
    assert _run(url, "select evidence_id, kind from declaration") == [(6, "wish")]
    assert _run(url, "select code, state from handbook_edition") == [("fab-city-2026", "current")]
    migrate(url, "0002")
    assert _run(url, "select id, commitment_id, url, size from evidence order by id") == [
        (3, 7, "", 12),
        (5, 8, "https://x.example", 0),
    ]
    assert _run(url, "select code from commitment order by id") == [("understand",), (None,)]
    assert _run(url, "select proof_url from declaration") == [("https://brief.example",)]
    migrate(url, "head")
    assert len(_run(url, "select id from evidence_revision")) == 3


def test_after_the_migration_the_starter_data_find_their_edition(empty_database_url: str) -> None:
    from models.catalogue.load import load
    from models.commitments.editions import editions, the_edition

    migrate(empty_database_url, "0002")
    _fill(empty_database_url)
    migrate(empty_database_url, "head")
    database, now = Database(empty_database_url), datetime(2026, 11, 23, 7, tzinfo=UTC)
    with database.write(now) as session:
        load(session, now, now.date())
        session.commit()
        assert len(editions(session)) == 1
        assert the_edition(session).code == "fab-city-2026"
    database.close()
