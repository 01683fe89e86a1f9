"""Addresses on hold and addresses to which nothing is to go: two facts about one row."""

from datetime import date, datetime

from sqlmodel import select

from models.database import Database
from models.reminders.addresses import (
    block_address,
    blocked_addresses,
    blocked_since,
    is_blocked,
    is_on_hold,
    release_address,
    unblock_address,
)
from models.reminders.messages import MailAddress

HERE = "anna@lotse.example"


def test_blocking_twice_keeps_the_first_day(database: Database, now: datetime, today: date) -> None:
    with database.write(now) as session:
        assert not is_blocked(session, HERE)
        block_address(session, HERE, today)
        session.flush()
        block_address(session, HERE, date(2027, 1, 1))
        session.flush()
        assert blocked_since(session, HERE) == today
        assert blocked_addresses(session) == {HERE}
        assert not is_on_hold(session, HERE)


def test_unblocking_leaves_nothing_behind_and_is_harmless_twice(
    database: Database, now: datetime, today: date
) -> None:
    with database.write(now) as session:
        block_address(session, HERE, today)
        session.flush()
        for _ in range(2):
            unblock_address(session, HERE)
            session.flush()
        assert session.exec(select(MailAddress)).all() == []


def test_a_checked_address_stays_blocked_and_an_unblocked_one_on_hold(
    database: Database, now: datetime, today: date
) -> None:
    with database.write(now) as session:
        session.add(MailAddress(address=HERE, refusals=2, on_hold_since=now, blocked_on=today))
        session.add(MailAddress(address="b@x.example", refusals=2, on_hold_since=now, blocked_on=today))
        session.flush()
        release_address(session, HERE)
        unblock_address(session, "b@x.example")
        session.flush()
        assert (is_on_hold(session, HERE), is_blocked(session, HERE)) == (False, True)
        assert (is_on_hold(session, "b@x.example"), is_blocked(session, "b@x.example")) == (True, False)
        release_address(session, "unknown@x.example")
