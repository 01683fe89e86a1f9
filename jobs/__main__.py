"""python -m jobs: the timetable, single jobs, and what operations needs."""

import argparse
import logging
import os
import sys
from collections.abc import Mapping, Sequence

from sqlalchemy.exc import OperationalError

from jobs import accounts, clock
from jobs.migrate import NotReadyError, check_ready, migrate
from models.catalogue.reading import CatalogueError
from models.database import Database
from models.language import translator
from settings import Settings, SettingsError, load_settings

_ = translator("de")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m jobs", description=_("Without a command: the timetable, until it is stopped.")
    )
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("migrate", help=_("bring the database up to date"))
    commands.add_parser("first-link", help=_("print the link for the first account"))
    rescue = commands.add_parser(
        "sign-in-link", help=_("print a sign-in link for somebody who is locked out")
    )
    rescue.add_argument("address")
    return parser


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """The exit code: 0 done, 1 went wrong on the way, 2 refused before anything happened."""
    chosen = _parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        settings = load_settings(environ)
        return _run(chosen, settings)
    except (SettingsError, CatalogueError) as error:
        return _refuse(*error.faults)
    except NotReadyError as error:
        return _refuse(_(str(error)))
    except OperationalError as error:
        return _refuse(_("The database cannot be used: {reason}").format(reason=error.orig))


def _refuse(*sentences: str) -> int:
    for sentence in sentences:
        print(sentence, file=sys.stderr)
    return 2


def _run(chosen: argparse.Namespace, settings: Settings) -> int:
    database = Database(settings.database_url)
    try:
        if chosen.command == "migrate":
            migrate(database, settings, clock.now())
            return 0
        check_ready(database, settings, clock.now())
        if chosen.command == "first-link":
            return _first_link(database, settings)
        if chosen.command == "sign-in-link":
            return _sign_in_link(database, settings, chosen.address)
    finally:
        database.close()
    return 0


def _first_link(database: Database, settings: Settings) -> int:
    link = accounts.first_link(database, settings, clock.now())
    if link:
        print(
            _("The first account is made here (the link works once, for 24 hours):"),
            link,
            sep="\n",
            flush=True,
        )
    return 0


def _sign_in_link(database: Database, settings: Settings, address: str) -> int:
    link = accounts.rescue_link(database, settings, address, clock.now())
    if link is None:
        return _refuse(_("There is no account with this address."))
    print(_("With this link the colleague chooses a new password (once, within 24 hours):"), link, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
