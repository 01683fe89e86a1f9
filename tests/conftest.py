"""Fixtures: both databases with the starter data, a moment in time, two officers, a signed-in client."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from models import officers as officers_module
from models import sign_in
from models.application.phases import the_application
from models.catalogue.load import load
from models.database import Database
from models.migrations import migrate
from models.officers import Officer, Role
from models.sign_in import start_session
from settings import Settings
from tests import services
from tests.judge import JudgingClient
from webapp import create_app
from webapp.access import COOKIE

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # a Monday, 08:00 in Leipzig
PASSWORD = "ein langes Kennwort"

# Cheap parameters: the tests do not measure Argon2.
sign_in.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


# Long scenarios and pages: every run plays them on SQLite, ./test --all (and so CI) on PostgreSQL too. The rules in
# tests/models and the sender in tests/jobs run on both every time.
SCENARIOS = (
    "test_standstill", "test_moved_dates", "test_clock", "test_recipients_change", "test_database_full",
    "test_changes_in_mid_batch", "test_faults", "test_looking_ahead", "test_texts", "test_demo", "test_backup",
    "test_commands", "test_sheet", "test_catalogue", "test_erased_mails", "test_merging", "test_erasing",
    "test_round_trip", "test_asking", "test_self_check", "test_evidence_pack", "test_carry_over", "test_crashes",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        is_page = item.path.parent.name == "webapp"
        if "postgresql" in item.name and (is_page or item.path.stem in SCENARIOS):
            item.add_marker(pytest.mark.long)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def today() -> date:
    return date(2026, 11, 23)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A throw-away PostgreSQL for this run."""
    with ExitStack() as stack:
        try:
            url = stack.enter_context(services.postgresql())
        except services.ServiceMissing as missing:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"PostgreSQL: {missing}")
        yield url


def _administer(url: str, statement: str) -> None:
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def _fill(url: str) -> None:
    migrate(url)
    database = Database(url)
    with database.write(NOW) as session:
        session.info["unrecorded"] = True
        load(session, NOW, NOW.date())
        hashed = sign_in.hasher.hash(PASSWORD)
        anna = Officer(name="Anna Amt", email="anna@lotse.example", role=Role.ADMIN, password_hash=hashed)
        ben = Officer(name="Ben Büro", email="ben@lotse.example", password_hash=hashed)
        session.add_all([anna, ben])
        session.flush()
        the_application(session).case_lead_id = anna.key
        session.commit()
    database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled SQLite file that tests copy."""
    path = tmp_path_factory.mktemp("template") / "lotse.sqlite3"
    _fill(f"sqlite:///{path}")
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql_url: str) -> str:
    """The name of a filled PostgreSQL database that tests copy."""
    name = f"template_{uuid.uuid4().hex[:8]}"
    _administer(postgresql_url, f"create database {name}")
    _fill(postgresql_url.replace("/postgres", f"/{name}"))
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def kind_of_database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def new_database_url(
    kind_of_database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[bool], str]]:
    """A function that makes another database, filled or empty; all of them are removed after the test."""
    made: list[str] = []

    def make(filled: bool = True) -> str:
        name = f"test_{uuid.uuid4().hex[:10]}"
        if kind_of_database == "sqlite":
            path = tmp_path / f"{name}.sqlite3"
            if filled:
                shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
            return f"sqlite:///{path}"
        server = request.getfixturevalue("postgresql_url")
        template = (
            f" template {request.getfixturevalue('postgresql_template')} strategy file_copy" if filled else ""
        )
        _administer(server, f"create database {name}{template}")
        made.append(name)
        return str(server).replace("/postgres", f"/{name}")

    yield make
    for name in made:
        _administer(request.getfixturevalue("postgresql_url"), f"drop database {name} with (force)")


@pytest.fixture
def empty_database_url(new_database_url: Callable[[bool], str]) -> str:
    return new_database_url(False)


@pytest.fixture
def database(new_database_url: Callable[[bool], str]) -> Iterator[Database]:
    found = Database(new_database_url(True))
    yield found
    found.close()


@pytest.fixture
def fresh_database(empty_database_url: str) -> Iterator[Database]:
    """Starter data, and nobody has an account."""
    migrate(empty_database_url)
    found = Database(empty_database_url)
    with found.write(NOW) as session:
        load(session, NOW, NOW.date())
        session.commit()
    yield found
    found.close()


def _officer(database: Database, name: str) -> Officer:
    with database.read(NOW) as session:
        return next(o for o in officers_module.officers(session) if o.name == name)


@pytest.fixture
def anna(database: Database) -> Officer:
    """Leads the case."""
    return _officer(database, "Anna Amt")


@pytest.fixture
def ben(database: Database) -> Officer:
    return _officer(database, "Ben Büro")


def make_settings(database_url: str, data_dir: Path) -> Settings:
    """Settings without a mail server."""
    return Settings(
        database_url=database_url,
        data_dir=data_dir,
        smtp=None,
        mail_from="lotse@lotse.example",
        base_url="http://127.0.0.1:8000",
        secret_key="nur für Tests, lang genug für alles",
        time_zone="Europe/Berlin",
        trusted_hosts=("localhost", "127.0.0.1"),
        is_demo=False,
    )


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return make_settings(database.url, tmp_path)


@cache
def _shared_app(_secret_key: str) -> Flask:
    """Three hundred addresses are compiled once in a run, not for each test."""
    app = create_app(make_settings("sqlite:///never-opened.sqlite3", Path("none")))
    app.test_client_class = JudgingClient
    return app


@pytest.fixture
def app(settings: Settings, database: Database, now: datetime) -> Iterator[Flask]:
    app = _shared_app(settings.secret_key)
    config = dict(app.config)
    app.extensions.update(lotse_settings=settings, lotse_clock=lambda: now, lotse_database=database)
    yield app
    app.config.clear()
    app.config.update(config)


@pytest.fixture
def visitor(app: Flask) -> JudgingClient:
    """A client that is not signed in."""
    client = app.test_client()
    assert isinstance(client, JudgingClient)
    return client


def signed_in(app: Flask, database: Database, officer: Officer) -> JudgingClient:
    """A client of this officer."""
    with database.write(NOW) as session:
        secret = start_session(session, officer, NOW)
        session.commit()
    client = app.test_client()
    client.set_cookie(COOKIE, secret)
    assert isinstance(client, JudgingClient)
    return client


@pytest.fixture
def client(app: Flask, database: Database, anna: Officer) -> JudgingClient:
    """Anna's client."""
    return signed_in(app, database, anna)


@pytest.fixture
def bens_client(app: Flask, database: Database, ben: Officer) -> JudgingClient:
    return signed_in(app, database, ben)
