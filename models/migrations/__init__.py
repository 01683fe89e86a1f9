"""Bringing the schema up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

FOLDER = Path(__file__).parent


class MigrationError(Exception):
    """The migrated database breaks a foreign key."""


def config() -> Config:
    """Alembic's configuration; nothing lies in a file."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.set_main_option("path_separator", "os")
    return made


def newest() -> str:
    """The revision that this program works with."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    if head is None:
        raise MigrationError("no migrations found")
    return head


def current(engine: Engine) -> str | None:
    """The database's revision; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def migrate(url: str, revision: str = "head") -> None:
    """Upgrade (or, with an older revision, downgrade). On SQLite foreign keys are off meanwhile, since a rebuilt parent
    table would delete its children by cascade, and checked afterwards."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        made = config()
        made.attributes["connection"] = connection
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("pragma journal_mode=wal")
            connection.exec_driver_sql("pragma foreign_keys=off")
            connection.commit()
        known = MigrationContext.configure(connection).get_current_revision()
        connection.rollback()
        script = ScriptDirectory.from_config(made)
        down = revision == "base" or (
            revision != "head"
            and known is not None
            and revision not in {r.revision for r in script.iterate_revisions("head", known)}
        )
        (command.downgrade if down else command.upgrade)(made, revision)
        connection.commit()
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("pragma foreign_key_check").fetchall()
            if broken:
                raise MigrationError(f"broken foreign keys: {broken[:5]}")
    engine.dispose()
