"""The schema after all migrations equals the models, on both databases, and migrations carry data up and down."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

import models.tables  # noqa: F401
from models.database import Database
from models.migrations import current, migrate, newest
from models.migrations.search_indexes import MARK


def _is_in_the_metadata(name: str | None, _kind: str, _parents: object) -> bool:
    # Virtual tables and their shadows (SQLite), trigram indexes (PostgreSQL).
    return MARK not in (name or "")


def test_the_schema_after_migrations_equals_the_models(empty_database_url: str) -> None:
    migrate(empty_database_url)
    engine = create_engine(empty_database_url, poolclass=NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": True, "compare_server_default": True, "include_name": _is_in_the_metadata},
        )
        assert compare_metadata(context, SQLModel.metadata) == []
    engine.dispose()


def _checks(inspector: object, table: str) -> set[str]:
    return {str(check["name"]) for check in inspector.get_check_constraints(table)}  # type: ignore[attr-defined]


def test_every_check_constraint_is_in_the_database(empty_database_url: str) -> None:
    # Autogenerate does not compare these, so a new member of an enumeration would be missed.
    migrate(empty_database_url)
    engine = create_engine(empty_database_url, poolclass=NullPool)
    inspector = inspect(engine)
    for table in SQLModel.metadata.sorted_tables:
        wanted = {str(c.name) for c in table.constraints if type(c).__name__ == "CheckConstraint"}
        assert wanted <= _checks(inspector, table.name), table.name
    engine.dispose()


def test_every_member_of_an_enumeration_is_allowed_by_its_check(empty_database_url: str) -> None:
    migrate(empty_database_url)
    engine = create_engine(empty_database_url, poolclass=NullPool)
    inspector = inspect(engine)
    for table in SQLModel.metadata.sorted_tables:
        texts = {str(c["name"]): str(c["sqltext"]) for c in inspector.get_check_constraints(table.name)}
        for column in table.columns:
            members = getattr(column.type, "enums", None)
            if members:
                text = " ".join(t for t in texts.values() if column.name in t)
                for member in members:
                    assert f"'{member}'" in text, (table.name, column.name, member)
    engine.dispose()


def test_migrations_go_down_and_up_again(empty_database_url: str) -> None:
    migrate(empty_database_url)
    migrate(empty_database_url, "base")
    database = Database(empty_database_url)
    assert current(database.engine) is None
    database.close()
    migrate(empty_database_url)
    database = Database(empty_database_url)
    assert current(database.engine) == newest()
    database.close()
