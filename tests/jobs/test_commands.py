"""What operations type: sentences, exit codes, and nothing by accident."""

from dataclasses import replace

import pytest
from sqlmodel import select

from jobs.__main__ import main
from jobs.migrate import NotReadyError, check_ready, migrate
from jobs.run_by_hand import parse_moment
from models.catalogue.load import StarterRow
from models.city import City, the_city
from models.commitments.checklist import Commitment
from models.database import Database
from models.officers import Officer, has_any_account
from models.reminders.messages import Reminder, Sender
from models.sign_in import open_link
from tests.jobs.cases import at, environ_of, make_due, with_server
from tests.jobs.fault_server import FaultServer


@pytest.fixture
def run(settings, capsys):
    """A function that runs a command and answers its exit code and what it printed."""

    def call(*arguments, **environ):
        code = main(arguments, environ_of(settings, **environ))
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return call


def test_faulty_settings_are_all_printed(capsys):
    assert main(["list"], {"LOTSE_DATA_DIR": "/proc/nowhere", "LOTSE_DEMO": "x"}) == 2
    printed = capsys.readouterr().err
    assert all(name in printed for name in ("LOTSE_DATA_DIR", "LOTSE_DEMO", "LOTSE_SECRET_KEY"))


def test_a_database_that_is_not_migrated_is_refused(run, empty_database_url):
    for command in (["list"], ["run", "tidy-up"], ["backup", "/tmp/never.zip"], ["first-link"], []):
        code, printed = run(*command, LOTSE_DATABASE_URL=empty_database_url)
        assert code == 2
        assert "migrate" in printed


def test_a_database_that_cannot_be_reached_is_one_sentence(run):
    code, printed = run("list", LOTSE_DATABASE_URL="postgresql+psycopg://nobody@127.0.0.1:1/lotse")
    assert code == 2
    assert "Traceback" not in printed


# Migrate


def test_migrate_twice_loads_once(settings, empty_database_url, now):
    database = Database(empty_database_url)
    for _ in range(2):
        migrate(database, settings, now)
    with database.read(now) as session:
        assert len(session.exec(select(City)).all()) == 1
        assert len(session.exec(select(Sender)).all()) == 1
        assert len(session.exec(select(Commitment)).all()) == 23
    check_ready(database, settings, now)
    database.close()


def test_migrate_sets_the_zone(database, settings, now):
    migrate(database, replace(settings, time_zone="Europe/Lisbon"), now)
    with database.read(now) as session:
        assert the_city(session).zone == "Europe/Lisbon"


def test_migrate_by_command(run, empty_database_url):
    assert run("migrate", LOTSE_DATABASE_URL=empty_database_url)[0] == 0
    assert run("list", LOTSE_DATABASE_URL=empty_database_url)[0] == 0


def test_a_demonstration_and_real_work_never_share_a_database(settings, empty_database_url, database, now):
    with pytest.raises(NotReadyError, match="real work"):
        migrate(database, replace(settings, is_demo=True), now)
    demo = Database(empty_database_url)
    for _ in range(2):
        migrate(demo, replace(settings, is_demo=True), now)
    with demo.read(now) as session:
        assert the_city(session).is_demo
        assert len(session.exec(select(StarterRow).where(StarterRow.file == "demo")).all()) <= 1
    with pytest.raises(NotReadyError, match="demonstration"):
        check_ready(demo, settings, now)
    demo.close()


# Links


def test_the_link_for_the_first_account_is_printed_until_it_is_used(run, fresh_database, now):
    url = fresh_database.url
    first, again = run("first-link", LOTSE_DATABASE_URL=url)[1], run("first-link", LOTSE_DATABASE_URL=url)[1]
    assert first == again
    assert "http://127.0.0.1:8000/zugang/" in first


def test_once_there_is_an_account_no_link_is_printed(run, database, now):
    with database.read(now) as session:
        assert has_any_account(session)
    assert run("first-link") == (0, "")


def test_a_sign_in_link_for_somebody_who_is_locked_out(run, database, anna, now):
    code, printed = run("sign-in-link", f" {anna.email.upper()} ")
    assert code == 0
    secret = printed.strip().rsplit("/zugang/", 1)[1]
    with database.read(now) as session:
        link = open_link(session, secret, now)
        assert link is not None
        assert session.get_one(Officer, link.officer_id).email == anna.email


def test_no_sign_in_link_for_an_unknown_address(run, database):
    code, printed = run("sign-in-link", "nobody@lotse.example")
    assert code == 2
    assert "zugang" not in printed


# A run by hand


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2026-11-23 08:00", at(7)),
        ("2026-11-23T08:00", at(7)),
        ("2026-11-23T08:00Z", at(8)),
        ("2026-11-23 08:00 +05:00", at(3)),
        ("2027-06-23 08:00", at(6, day=23, month=6).replace(year=2027)),
        ("2027-03-28 02:30", at(1, 30, day=28, month=3).replace(year=2027)),  # does not exist: 03:30
        ("2027-10-31 02:30", at(0, 30, day=31, month=10).replace(year=2027)),  # exists twice: the first
    ],
)
def test_t13_moments(settings, typed, expected):
    assert parse_moment(typed, settings.zone) == expected


@pytest.mark.parametrize(
    "typed", ["morgen", "2026-11-23", "23.11.2026 08:00", "2026-13-01 08:00", "2026-11-23 25:00", ""]
)
def test_a_bad_moment_is_a_sentence_and_nothing_happens(run, typed):
    code, printed = run("run", "send-reminders", "--at", typed)
    assert code == 2
    assert "2026-11-23 08:00" in printed
    assert "Traceback" not in printed


def test_for_real_belongs_to_a_moment(run):
    assert run("run", "send-reminders", "--for-real")[0] == 2
    assert run("run", "tidy-up", "--at", "2026-11-23", "08:00")[0] == 2


def test_a_moment_prints_who_would_get_what_and_stores_nothing(run, database, settings, anna, now):
    make_due(database, now)
    code, printed = run("run", "send-reminders", "--at", "2026-11-23", "08:00")
    assert code == 0
    assert f"{anna.name} <{anna.email}>" in printed
    assert "23.11.2026, 08:00" in printed
    with database.read(now) as session:
        assert session.exec(select(Reminder)).all() == []
    assert list(settings.data_dir.glob("mail/*")) == []


def test_a_moment_for_real_delivers_once(run, database, settings, now):
    make_due(database, now)
    with FaultServer() as server:
        url = {"LOTSE_SMTP_URL": server.url, "LOTSE_MAIL_FROM": "lotse@leipzig.example"}
        for _ in range(2):
            assert run("run", "send-reminders", "--at", "2026-11-23 08:00", "--for-real", **url)[0] == 0
    assert len(server.accepted) == 1


def test_trouble_is_told_by_the_exit_code(database, settings, capsys, now):
    make_due(database, now)
    with FaultServer(greeting="554 closed") as server:
        environ = environ_of(with_server(settings, server))
        assert main(["run", "send-reminders", "--at", "2026-11-23 08:00", "--for-real"], environ) == 1
    assert "554 closed" in capsys.readouterr().out


def test_every_job_runs_by_hand_and_is_listed(run, database):
    for name in ("send-reminders", "deliver", "check-files", "tidy-up", "wipe"):
        assert run("run", name)[0] == 0
    code, printed = run("list")
    assert code == 0
    assert [line.split()[0] for line in printed.splitlines()] == [
        "send-reminders",
        "deliver",
        "read-imports",
        "self-check",
        "check-files",
        "wipe",
        "tidy-up",
    ]


# Backup and restore


def test_backup_delete_everything_restore_and_nothing_is_mailed_again(
    run, database, settings, empty_database_url, tmp_path, now
):
    make_due(database, now)
    file = str(tmp_path / "backup.zip")
    assert run("backup", file)[0] == 0
    assert run("run", "send-reminders", "--at", "2026-11-23 08:00", "--for-real")[0] == 0
    mails = list(settings.mail_dir.iterdir())
    other = {"LOTSE_DATABASE_URL": empty_database_url}
    assert run("restore", file, **other)[0] == 0
    for arguments in (
        ["run", "send-reminders"],
        ["run", "send-reminders", "--at", "2026-11-23 08:00", "--for-real"],
    ):
        code, printed = run(*arguments, **other)
        assert code == 1
        assert "restore" in printed.lower() or "wiederher" in printed.lower()
    assert list(settings.mail_dir.iterdir()) == mails


def test_backup_and_restore_refuse_in_a_sentence(run, database, tmp_path):
    (tmp_path / "there.zip").write_text("x")
    for arguments in (
        ["backup", str(tmp_path / "there.zip")],
        ["backup", str(tmp_path / "no" / "folder.zip")],
        ["restore", str(tmp_path / "there.zip")],
        ["restore", str(tmp_path / "none.zip")],
    ):
        code, printed = run(*arguments)
        assert code == 2, arguments
        assert len(printed.splitlines()) == 1
