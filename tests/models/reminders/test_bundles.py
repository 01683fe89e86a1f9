"""Which reminders of one person go into one mail (points 6, 7, 10)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from models.reminders.bundles import Waiting, bundles, next_digest
from models.reminders.messages import Occasion

BERLIN = ZoneInfo("Europe/Berlin")
TOMORROW_AT_8 = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
TODAY_LATE = datetime(2026, 11, 23, 22, 59, tzinfo=UTC)


def due(key: int, **more: object) -> Waiting:
    return Waiting(key, Occasion.DUE, **more)  # type: ignore[arg-type]


def test_a_single_reminder_is_a_mail() -> None:
    assert bundles([due(1)], None) == [(1,)]


def test_t27_twenty_reminders_at_eight_are_one_mail() -> None:
    assert bundles([due(n) for n in range(20)], None) == [tuple(range(20))]


def test_what_is_urgent_or_carries_a_calendar_entry_goes_alone() -> None:
    waiting = [due(1), due(2, is_urgent=True), due(3, has_calendar=True), due(4)]
    assert bundles(waiting, None) == [(2,), (3,), (1, 4)]


@pytest.mark.parametrize("occasion", [Occasion.LATE, Occasion.SHORT])
def test_t6_what_is_behind_takes_everything_else_with_it_but_invitations_and_news(occasion: Occasion) -> None:
    waiting = [
        Waiting(1, occasion),
        due(2, has_calendar=True),
        due(3, is_urgent=True),
        due(4, has_calendar=True, is_invitation=True),
        Waiting(5, Occasion.MOVED),
        Waiting(6, Occasion.CANCELLED),
        Waiting(7, occasion, has_calendar=True, is_invitation=True),
    ]
    assert bundles(waiting, None) == [(4,), (5,), (6,), (1, 2, 3, 7)]


def test_who_wants_one_mail_a_day_gets_at_once_only_what_cannot_wait() -> None:
    waiting = [
        due(1, last_chance=datetime(2026, 12, 1, tzinfo=UTC)),
        due(2, last_chance=TODAY_LATE),
        due(3, is_urgent=True),
        Waiting(4, Occasion.MOVED),
        Waiting(5, Occasion.LATE),
    ]
    assert bundles(waiting, TOMORROW_AT_8) == [(3,), (4,), (2,)]


@pytest.mark.parametrize(
    ("now", "last", "expected"),
    [
        (datetime(2026, 11, 23, 6, 59, tzinfo=UTC), None, datetime(2026, 11, 23, 7, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 7, 0, tzinfo=UTC), None, None),
        (datetime(2026, 11, 23, 15, 0, tzinfo=UTC), datetime(2026, 11, 22, 7, 0, tzinfo=UTC), None),
        (datetime(2026, 11, 23, 15, 0, tzinfo=UTC), datetime(2026, 11, 23, 7, 0, tzinfo=UTC), TOMORROW_AT_8),
        # The evening before the clocks change, eight o'clock is another moment.
        (
            datetime(2027, 3, 27, 20, 0, tzinfo=UTC),
            datetime(2027, 3, 27, 7, 0, tzinfo=UTC),
            datetime(2027, 3, 28, 6, 0, tzinfo=UTC),
        ),
    ],
)
def test_the_mail_of_the_day_goes_at_eight_once(
    now: datetime, last: datetime | None, expected: datetime | None
) -> None:
    assert next_digest(now, last, BERLIN) == expected
