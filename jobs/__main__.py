"""python -m jobs: the timetable, single jobs, and what operations needs."""

import argparse
import logging
import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Event

from sqlalchemy.exc import OperationalError

from jobs import accounts, check_files, clock, run_by_hand, safekeeping, timetable
from jobs.migrate import NotReadyError, check_ready, migrate
from jobs.self_check import self_check_by_hand
from models.backup import BackupError
from models.catalogue.reading import CatalogueError
from models.database import Database
from models.files import FileStore
from models.job_runs import last_runs
from models.language import moment_text, translator
from settings import Settings, SettingsError, load_settings

_ = translator("de")
log = logging.getLogger("jobs")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m jobs", description=_("Without a command: the timetable, until stopped.")
    )
    commands = parser.add_subparsers(dest="command", metavar=_("COMMAND"))
    run = commands.add_parser("run", help=_("do one job now"))
    run.add_argument("name", choices=[job.name for job in timetable.TIMETABLE])
    run.add_argument(
        "--at", nargs="+", metavar="MOMENT", help=_("send-reminders: show what would be sent then")
    )
    run.add_argument("--for-real", action="store_true", help=_("with --at: do it as if it were that moment"))
    commands.add_parser("list", help=_("print the jobs with their next and last run"))
    bring = commands.add_parser("migrate", help=_("bring the database up to date"))
    bring.add_argument("--first-link", action="store_true", help=_("print the link for the first account"))
    for name, text in (
        ("backup", _("write everything into a new file")),
        ("restore", _("bring a backup back")),
    ):
        commands.add_parser(name, help=text).add_argument("file", type=Path)
    commands.add_parser("first-link", help=_("print the link for the first account"))
    rescue = commands.add_parser(
        "sign-in-link", help=_("print a sign-in link for somebody who is locked out")
    )
    rescue.add_argument("address")
    return parser


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """The exit code: 0 done, 1 something needs a person, 2 refused before anything happened."""
    chosen = _parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # It would quote what failed, and with it names and addresses; the listener of the timetable says what and where.
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL + 1)
    try:
        return _run(chosen, load_settings(environ))
    except (SettingsError, CatalogueError) as error:
        return _refuse(*error.faults)
    except NotReadyError as error:
        return _refuse(_(str(error)))
    except BackupError as error:
        return _refuse(_(error.msgid).format(**error.values))
    except OperationalError as error:
        return _refuse(_("The database cannot be used: {reason}").format(reason=error.orig))
    except Exception as error:  # where it failed; its text might name people
        log.error("%s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
        return 1


def _refuse(*sentences: str) -> int:
    print(*sentences, sep="\n", file=sys.stderr)
    return 2


def _run(chosen: argparse.Namespace, settings: Settings) -> int:
    database = Database(settings.database_url, durable=True)
    try:
        if chosen.command == "migrate":
            migrate(database, settings, clock.now())
            return _first_link(database, settings, chosen) if chosen.first_link else 0
        if chosen.command == "restore":
            return _restore(database, settings, chosen)
        check_ready(database, settings, clock.now())
        return _COMMANDS[chosen.command](database, settings, chosen)
    finally:
        database.close()


def _first_link(database: Database, settings: Settings, _chosen: argparse.Namespace) -> int:
    link = accounts.first_link(database, settings, clock.now())
    if link:
        print(
            _("The first account is made here (the link works once, for 24 hours):"),
            link,
            sep="\n",
            flush=True,
        )
    return 0


def _sign_in_link(database: Database, settings: Settings, chosen: argparse.Namespace) -> int:
    link = accounts.rescue_link(database, settings, chosen.address, clock.now())
    if link is None:
        return _refuse(_("There is no account with this address."))
    print(_("With this link the colleague chooses a new password (once, within 24 hours):"), link, sep="\n")
    return 0


def _back_up(database: Database, settings: Settings, chosen: argparse.Namespace) -> int:
    try:
        manifest = safekeeping.back_up(database, settings, chosen.file.absolute(), clock.now)
    except OSError as error:
        return _refuse(_("The backup could not be written: {reason}").format(reason=error.strerror))
    rows = sum(table.rows for table in manifest.tables.values())
    print(_("Backed up: {rows} rows, {files} files.").format(rows=rows, files=len(manifest.files)))
    if manifest.missing_files:
        print(
            _("These uploaded files are missing or damaged and not in the backup:"),
            *manifest.missing_files,
            sep="\n",
        )
    return int(bool(manifest.missing_files))


def _restore(database: Database, settings: Settings, chosen: argparse.Namespace) -> int:
    try:
        manifest = safekeeping.restore(database, settings, chosen.file.absolute(), clock.now)
    except OSError as error:
        return _refuse(_("The backup could not be restored: {reason}").format(reason=error.strerror))
    rows = sum(table.rows for table in manifest.tables.values())
    print(_("Restored: {rows} rows, {files} files.").format(rows=rows, files=len(manifest.files)))
    print(_("Sending is paused until an officer has seen what would be sent, on the page of reminders."))
    return 0


def _run_job(database: Database, settings: Settings, chosen: argparse.Namespace) -> int:
    if chosen.at is None and chosen.for_real:
        return _refuse(_("--for-real belongs to --at MOMENT."))
    if chosen.at is not None and chosen.name != "send-reminders":
        return _refuse(_("--at is for send-reminders alone."))
    if chosen.at is not None:
        try:
            moment = run_by_hand.parse_moment(" ".join(chosen.at), settings.zone)
        except ValueError:
            return _refuse(_("This is not a moment. Write it like this: --at '2026-11-23 08:00'"))
        code, lines = run_by_hand.as_of(database, settings, moment, for_real=chosen.for_real, _=_)
    elif chosen.name == "send-reminders":
        code, lines = run_by_hand.now_by_hand(database, settings, clock.now, _)
    elif chosen.name == "self-check":
        code, lines = self_check_by_hand(database, settings, clock.now, _)
    elif chosen.name == "check-files":
        store = FileStore(settings.files_dir)
        code, lines = check_files.summary(check_files.check_files(database, store, clock.now), _)
    else:
        timetable.run_by_hand(chosen.name, timetable.Desk(database, settings, clock.now, Event()))
        code, lines = 0, [_("Done.")]
    print(*lines, sep="\n")
    return code


def _list(database: Database, settings: Settings, _chosen: argparse.Namespace) -> int:
    now, zone = clock.now(), settings.zone
    with database.read(now) as session:
        last = {name: (run.started_at, run.failure) for name, run in last_runs(session).items()}
    for job in timetable.TIMETABLE:
        next_at = moment_text(timetable.next_run(job, now, zone), zone, "de")
        started_at, failure = last.get(job.name, (None, ""))
        last_at = moment_text(started_at, zone, "de") if started_at else "–"
        ended = _("last: {at}").format(at=last_at) + (f" ({failure})" if failure else "")
        print(f"{job.name:<16}", _("next: {at}").format(at=next_at), ended, sep="   ")
    return 0


def _timetable(database: Database, settings: Settings, _chosen: argparse.Namespace) -> int:
    stopping = Event()

    def stop(*_signal: object) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    scheduler = timetable.make_scheduler(timetable.Desk(database, settings, clock.now, stopping))
    scheduler.start()
    log.info("the timetable runs")
    stopping.wait()
    log.info("stopping: what is being sent is finished first")
    scheduler.shutdown(wait=True)
    return 0


_COMMANDS: dict[str | None, Callable[[Database, Settings, argparse.Namespace], int]] = {
    None: _timetable, "run": _run_job, "list": _list, "backup": _back_up, "first-link": _first_link,
    "sign-in-link": _sign_in_link,
}  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
