"""Brings the database up to date: the schema, the starter data, the demonstration."""

from datetime import date, datetime
from importlib import import_module
from importlib.util import find_spec

from alembic.util import CommandError
from sqlmodel import Session, select

from models import migrations
from models.base import N_
from models.calendar_days import local_day
from models.catalogue.load import StarterRow, load
from models.city import City, the_city
from models.database import Database
from models.reminders.messages import the_sender
from settings import Settings

DEMO_MODULE = "models.catalogue.demo"
ONE_AT_A_TIME = 7_270_826  # key of a PostgreSQL advisory lock; any number that nobody else uses


class NotReadyError(Exception):
    """This database cannot be worked with. The text is a msgid."""


NEWER = N_("This database was made by a newer version of the program. Please start that version.")
OLDER = N_("The database is not up to date. Please run: python -m jobs migrate")
IS_DEMO = N_(
    "This database holds the demonstration with invented people. It is only opened with LOTSE_DEMO=1."
)
IS_REAL = N_("This database holds real work. The demonstration needs a database of its own.")


def migrate(database: Database, settings: Settings, now: datetime) -> None:
    """Schema, starter data (once), the city's zone, and in a demonstration its invented history (once).
    Raises NotReadyError or CatalogueError; then nothing is loaded."""
    _upgrade(database)
    with database.write(now) as session:
        session.info["unrecorded"] = True  # what the program brings along is not the work of an officer
        if session.connection().dialect.name == "postgresql":
            session.connection().exec_driver_sql(f"select pg_advisory_xact_lock({ONE_AT_A_TIME})")
        _check_kind(session, settings)
        today = local_day(now, settings.zone)
        load(session, now, today)
        city = the_city(session)
        city.zone, city.is_demo = settings.time_zone, settings.is_demo
        the_sender(session)
        if settings.is_demo:
            _load_demo(session, now, today, settings.base_url)
        session.commit()


def _upgrade(database: Database) -> None:
    if migrations.current(database.engine) == migrations.newest():
        return
    try:
        migrations.migrate(database.url)
    except CommandError as error:
        raise NotReadyError(NEWER) from error


def _check_kind(session: Session, settings: Settings) -> None:
    city = session.exec(select(City)).first()
    if city is not None and city.is_demo != settings.is_demo:
        raise NotReadyError(IS_DEMO if city.is_demo else IS_REAL)


def _load_demo(session: Session, now: datetime, today: date, base_url: str) -> None:
    known = session.exec(select(StarterRow).where(StarterRow.file == "demo")).first()
    if known is None and find_spec(DEMO_MODULE) is not None:
        import_module(DEMO_MODULE).load_demo(session, now, today, base_url)
        session.add(StarterRow(file="demo", code="demo", loaded_at=now))


def check_ready(database: Database, settings: Settings, now: datetime) -> None:
    """Raises NotReadyError unless schema and starter data are there and fit these settings."""
    if migrations.current(database.engine) != migrations.newest():
        raise NotReadyError(OLDER)
    with database.read(now) as session:
        _check_kind(session, settings)
        if session.exec(select(City)).first() is None:
            raise NotReadyError(OLDER)
