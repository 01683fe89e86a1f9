"""The sender is killed while it sends: nothing twice, nothing silently lost. The full run is ./test --crash."""

import os

import pytest

from tests import services
from tests.crash.postgresql import crashing_postgresql
from tests.crash.run import Plan, run

MAILS, KILLS = 300, 10


def judge(account):
    assert account.faults == ()
    assert account.is_good, account
    assert (account.kills, account.mails) >= (KILLS, 1)


def test_t7_t8_ten_kills_of_one_sender_on_sqlite(tmp_path):
    judge(run(Plan(f"sqlite:///{tmp_path / 'lotse.sqlite3'}", tmp_path, MAILS, KILLS, workers=1, seed=1)))


def test_t7_t8_t10_ten_kills_of_four_senders_on_a_postgresql_that_crashes_as_well(tmp_path):
    try:
        with crashing_postgresql() as (url, restart):
            account = run(Plan(url, tmp_path, MAILS, KILLS, workers=4, seed=1, restart=restart))
    except services.ServiceMissing as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"PostgreSQL: {missing}")
    assert account.restarts > 0
    judge(account)
