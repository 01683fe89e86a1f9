"""One database session for each request: reading for GET, writing for everything else. Views commit."""

from contextlib import ExitStack
from datetime import date

from flask import Flask, current_app, g, request

from models.calendar_days import local_day
from models.city import City, the_city
from models.database import Database, LotseSession
from webapp.clock import now


def database() -> Database:
    """The application's database."""
    found: Database = current_app.extensions["lotse_database"]
    return found


def db() -> LotseSession:
    """The session of this request, opened when first asked for."""
    if "db" not in g:
        g.db_stack = ExitStack()
        reads = request.method in ("GET", "HEAD", "OPTIONS")
        opened = database().read(now()) if reads else database().write(now())
        g.db = g.db_stack.enter_context(opened)
    session: LotseSession = g.db
    return session


def city() -> City:
    """The city's row, read once in a request."""
    if "city" not in g:
        g.city = the_city(db())
    found: City = g.city
    return found


def today() -> date:
    """The day of this request in the city's zone."""
    return local_day(now(), city().time_zone)


def close_session(_error: BaseException | None = None) -> None:
    """Whatever was not committed is rolled back."""
    stack: ExitStack | None = g.pop("db_stack", None)
    g.pop("db", None)
    if stack is not None:
        stack.close()


def install(app: Flask) -> None:
    app.teardown_appcontext(close_session)
