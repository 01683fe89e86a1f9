"""A database on a PostgreSQL that can be crashed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from tests import services


@contextmanager
def crashing_postgresql() -> Iterator[tuple[str, Callable[[], None]]]:
    """The address of an empty database, and what crashes its server and starts it again."""
    with services.durable_postgresql() as cluster:
        engine = create_engine(cluster.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql("create database lotse")
        engine.dispose()

        def restart() -> None:
            cluster.stop("immediate")
            cluster.start()

        yield cluster.url.removesuffix("/postgres") + "/lotse", restart
