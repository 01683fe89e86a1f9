"""The door for people: a Flask application over the domain in `models`."""

import os
import secrets
import sys
import traceback
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Flask, g, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import SecurityError
from werkzeug.routing import IntegerConverter
from whitenoise import WhiteNoise

from models.base import N_
from models.database import Database, OutdatedError
from models.overview import Sending, sending
from settings import Settings, SettingsError, load_settings
from webapp import access, database, filters, history_words
from webapp.clock import now, system_clock
from webapp.filters import clock
from webapp.navigation import MENU
from webapp.pages import is_print
from webapp.stylesheets import stylesheets, version
from webapp.words import _, language, ngettext

GUNICORN_CANNOT_LOAD = 4  # the exit code by which gunicorn's master stops instead of trying again
UPLOAD_LIMIT = 26 * 1024 * 1024

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class Key(IntegerConverter):
    """A row's key in an address. No row has a key that an integer column cannot hold."""

    def __init__(self, map: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(map, *args, **{"max": 2**31 - 1, **kwargs})


class Lotse(Flask):
    """Flask, but a failure's log says where it failed: never the address, which may be a key, nor what stood in it."""

    def log_exception(self, exc_info: Any) -> None:
        kind, _error, trace = exc_info
        where = "".join(traceback.format_tb(trace))
        self.logger.error("%s %s: %s\n%s", request.method, request.url_rule, kind.__name__, where)


def create_app(
    settings: Settings, clock: Callable[[], datetime] = system_clock, db: Database | None = None
) -> Flask:
    """The application for these settings; tests hand in their clock and database."""
    app = Lotse(__name__)
    app.url_map.converters["int"] = Key
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="lotse_formular",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_https,
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        MAX_CONTENT_LENGTH=UPLOAD_LIMIT,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_I18N_ENABLED=False,
    )
    app.extensions["lotse_settings"] = settings
    app.extensions["lotse_clock"] = clock
    app.extensions["lotse_database"] = db or Database(settings.database_url)
    _install_language(app)
    _install_context(app, settings)
    for part in (database, access, filters):
        part.install(app)
    _register_rooms(app)
    _install_errors(app)
    app.after_request(_secure)
    app.wsgi_app = WhiteNoise(app.wsgi_app, root=app.static_folder, prefix="static/", max_age=31_536_000)  # type: ignore[method-assign]
    return app


def create_app_from_environment() -> Flask:
    """What gunicorn calls; it ends with plain sentences when the settings are wrong."""
    try:
        return create_app(load_settings(os.environ))
    except SettingsError as error:
        print(*error.faults, sep="\n", file=sys.stderr)
        raise SystemExit(GUNICORN_CANNOT_LOAD) from None


def _register_rooms(app: Flask) -> None:
    from webapp.accounts.views import room as accounts
    from webapp.application.views import room as application
    from webapp.city_profile.views import room as city_profile
    from webapp.comments.views import room as comments
    from webapp.commitments.views import room as commitments
    from webapp.conferences.views import room as conferences
    from webapp.consortium.views import room as consortium
    from webapp.contact_export.views import room as contact_export
    from webapp.contact_import.views import room as contact_import
    from webapp.costs.views import room as costs
    from webapp.council.views import room as council
    from webapp.duplicates.views import room as duplicates
    from webapp.duties.views import room as duties
    from webapp.erasure.views import room as erasure
    from webapp.evidence.views import room as evidence
    from webapp.followups.views import room as followups
    from webapp.health import room as health
    from webapp.imports.views import room as imports
    from webapp.interactions.views import room as interactions
    from webapp.messages.views import room as messages
    from webapp.more.views import room as more
    from webapp.organisations.views import room as organisations
    from webapp.overview.views import room as overview
    from webapp.people.views import room as people
    from webapp.places.views import room as places
    from webapp.privacy.views import room as privacy
    from webapp.readiness.views import room as readiness
    from webapp.reminders.views import room as reminders
    from webapp.reports.views import room as reports
    from webapp.submission.views import room as submission
    from webapp.unsubscribe.views import room as unsubscribe

    rooms = (
        overview, application, consortium, costs, city_profile, duties, council, commitments, evidence, imports,
        places, people, organisations, duplicates, interactions, conferences, reminders, followups,
        messages, more, accounts, unsubscribe, health, readiness, reports,
        submission, comments, privacy, erasure, contact_import, contact_export,
    )  # fmt: skip
    for room in rooms:
        app.register_blueprint(room)


def _install_language(app: Flask) -> None:
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(_=_, gettext=_, ngettext=ngettext, language=language)


def sending_state() -> Sending:
    """The state of the automatic sending, read once in a request."""
    if "sending" not in g:
        g.sending = sending(database.db(), now())
    state: Sending = g.sending
    return state


def sending_line() -> str:
    """One line for foot and overview."""
    state = sending_state()
    if state.is_stale:
        return _("Automatic sending is not running")
    if state.is_paused:
        return _("Automatic sending is paused")
    return _("Automatic sending is running, last at {time}").format(time=clock(state.last_tick_at))


def _print_query() -> str:
    return urlencode(
        [*((k, v) for k, v in request.args.items(multi=True) if k != "ansicht"), ("ansicht", "druck")]
    )


def _install_context(app: Flask, settings: Settings) -> None:
    def asset(name: str) -> str:
        return url_for("static", filename=name, v=version(name))

    def context() -> dict[str, Any]:
        signed_in = g.get("officer")
        return {
            "officer": signed_in,
            "city": database.city() if signed_in else None,
            "menu": MENU,
            "settings": settings,
            "is_demo": settings.is_demo,
        }

    app.context_processor(context)
    app.jinja_env.globals.update(
        asset=asset,
        stylesheets=lambda: [asset(name) for name in stylesheets()],
        is_print=is_print,
        now=now,
        print_query=_print_query,
        sending_state=sending_state,
        sending_line=sending_line,
        column_word=history_words.column_word,
        change_word=history_words.change_word,
        table_word=history_words.table_word,
    )


def _install_errors(app: Flask) -> None:
    pages = {
        400: (N_("Bad request"), N_("The request could not be understood.")),
        403: (N_("Not allowed"), N_("You may not open this page.")),
        404: (N_("Page not found"), N_("There is no page at this address, or what it showed was deleted.")),
        405: (N_("Not possible this way"), N_("This address cannot be opened like this.")),
        409: (
            N_("Somebody was faster"),
            N_("A colleague saved something at the same moment. Please look at it and try again."),
        ),
        413: (N_("Too large"), N_("What you sent is too large. Files may have up to 25 MB.")),
        500: (
            N_("Something went wrong"),
            N_("The program failed here. Nothing of this step was saved. Please try again."),
        ),
    }

    def handler(code: int) -> Callable[[Any], Any]:
        heading, text = pages[code]

        def handle(error: Any) -> Any:
            if isinstance(error, SecurityError):  # a foreign host name: no page can be made for it
                return "Bad host", 400, {"Content-Type": "text/plain"}
            if code in (409, 500):
                database.close_session()
                for name in ("city", "officer", "sending", "officer_names"):
                    g.pop(name, None)  # what was read before may be unusable now
            return render_template("shared/error.html", heading=_(heading), text=_(text)), code

        return handle

    for code in pages:
        app.register_error_handler(code, handler(code))
    # Two at the same moment: each looked before the other had saved, so only the database could say no.
    for overtaken in (IntegrityError, OutdatedError):
        app.register_error_handler(overtaken, handler(409))


def _secure(response: Any) -> Any:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    response.headers["X-Request-Id"] = secrets.token_hex(4)
    return response
